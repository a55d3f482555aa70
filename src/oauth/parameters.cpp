#include "oauth/parameters.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "http/form.h"

namespace piggy::oauth {
namespace {

constexpr std::size_t parameters_max = 50;

Result<std::string> decode(std::string_view text) {
  auto decoded = http::percent_decode(text, true);
  bool fine = decoded && simdjson::validate_utf8(decoded->data(), decoded->size()) &&
              !decoded->contains('\0');
  if (!fine) return fail(ErrorCode::invalid, "The parameters are not encoded as they should be.");
  return *std::move(decoded);
}

}  // namespace

Result<Parameters> Parameters::read(std::string_view text) {
  Parameters parameters;
  while (!text.empty()) {
    std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(pair.size() == text.size() ? text.size() : pair.size() + 1);
    if (pair.empty()) continue;
    std::size_t equals = std::min(pair.find('='), pair.size());
    std::string name = TRY(decode(pair.substr(0, equals)));
    std::string value = TRY(decode(pair.substr(std::min(pair.size(), equals + 1))));
    if (parameters.values_.size() == parameters_max) {
      return fail(ErrorCode::invalid, "There are too many parameters.");
    }
    if (!parameters.values_.emplace(std::move(name), std::move(value)).second) {
      return fail(ErrorCode::invalid, "A parameter is given twice.");
    }
  }
  return parameters;
}

std::string_view Parameters::operator[](std::string_view name) const {
  auto found = values_.find(name);
  return found == values_.end() ? std::string_view() : found->second;
}

}  // namespace piggy::oauth
