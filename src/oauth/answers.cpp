#include "oauth/answers.h"

#include <fmt/format.h>

#include <boost/algorithm/string/predicate.hpp>

#include "shape/json.h"

namespace piggy::oauth {
namespace {

constexpr std::size_t form_bytes_max = 64 << 10;

constexpr std::string_view headers =
    "Cache-Control: no-store\r\nAccess-Control-Allow-Origin: *\r\n"
    "X-Content-Type-Options: nosniff\r\n";

}  // namespace

http::Response json_answer(int status, const Value& body) {
  return {.status = status, .body = to_json(body), .fixed_headers = headers};
}

http::Response error_answer(int status, std::string_view error, std::string_view description) {
  return json_answer(status, Value::object({{"error", error}, {"error_description", description}}));
}

http::Response failure_answer(const Error& error) {
  if (error.code == ErrorCode::invalid) return error_answer(400, "invalid_request", error.message);
  bool later = error.retry_after_seconds > 0 || error.code == ErrorCode::unavailable;
  if (!later) return error_answer(500, "server_error", "Something went wrong here.");
  http::Response response = error_answer(error.code == ErrorCode::too_many ? 429 : 503,
                                         "temporarily_unavailable", error.message);
  response.headers.push_back(
      {"Retry-After", fmt::format("{}", std::max(1, error.retry_after_seconds))});
  return response;
}

http::Response wrong_method(std::string_view allowed) {
  http::Response response = error_answer(405, "invalid_request", "This takes other methods.");
  response.headers.push_back({"Allow", std::string(allowed)});
  return response;
}

http::Response redirect_to(std::string_view url) {
  return {.status = 303,
          .content_type = "",
          .headers = {{"Location", std::string(url)}},
          .fixed_headers = "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"};
}

Result<> must_be_form(const http::Request& request) {
  std::string_view type = request.header("content-type");
  type = type.substr(0, type.find_first_of("; "));
  if (!boost::algorithm::iequals(type, "application/x-www-form-urlencoded")) {
    return fail(ErrorCode::invalid, "The body must be application/x-www-form-urlencoded.");
  }
  if (request.body.size() > form_bytes_max) {
    return fail(ErrorCode::invalid, "The body is too large.");
  }
  return {};
}

}  // namespace piggy::oauth
