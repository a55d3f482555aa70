#include "http/form.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/lower_case.h"
#include "http/form_tree.h"
#include "shape/json.h"

namespace piggy::http {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string_view trim(std::string_view text) {
  std::size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool is_json(std::string_view type) {
  return type == "application/json" || type == "text/json" ||
         (type.starts_with("application/") && type.ends_with("+json"));
}

}  // namespace

Result<Value> parse_body(std::string_view content_type, std::string_view body) {
  if (body.empty()) return Value();
  std::string type = lower_case(trim(content_type.substr(0, content_type.find(';'))));
  if (is_json(type)) return parse_json(body);
  if (type == "application/x-www-form-urlencoded") return parse_form(body);
  if (type == "multipart/form-data") {
    auto boundary = header_parameter(content_type, "boundary");
    if (!boundary) return fail(ErrorCode::invalid, "The multipart body has no boundary.");
    return parse_multipart(body, *boundary);
  }
  if (type.empty()) {
    return fail(ErrorCode::invalid,
                "The body has no Content-Type; send application/json with JSON.");
  }
  return fail(ErrorCode::invalid,
              "A body of that Content-Type cannot be read; send application/json, "
              "application/x-www-form-urlencoded or multipart/form-data.");
}

Result<Value> parse_form(std::string_view text) {
  FormTree tree;
  while (!text.empty()) {
    std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, equals), true);
    auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) {
      return fail(ErrorCode::invalid, "The form has a percent sign without two digits behind it.");
    }
    TRY(tree.add(*name, std::move(*value)));
  }
  return tree.take();
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); i++) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] == '%') {
      if (text.size() - i < 3) return {};
      int high = hex_digit(text[i + 1]);
      int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return {};
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '-' || c == '_' || c == '.' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::optional<std::string> header_parameter(std::string_view header, std::string_view name) {
  std::size_t at = std::min(header.find(';'), header.size());
  while (at < header.size()) {
    at++;  // The semicolon.
    std::size_t equals = header.find_first_of(";=", at);
    if (equals == header.npos) return {};
    bool wanted = lower_case(trim(header.substr(at, equals - at))) == name;
    at = equals;
    if (header[at] == ';') continue;
    at = std::min(header.find_first_not_of(" \t", at + 1), header.size());

    std::string value;
    if (at < header.size() && header[at] == '"') {
      for (at++; at < header.size() && header[at] != '"'; at++) {
        // Some clients send Windows paths without doubling the backslash, so only what needs
        // escaping counts as escaped.
        bool escapes = header[at] == '\\' && at + 1 < header.size() &&
                       (header[at + 1] == '"' || header[at + 1] == '\\');
        value += header[escapes ? ++at : at];
      }
      if (at == header.size()) return {};  // The quote never ends.
      at = std::min(header.find(';', at), header.size());
    } else {
      std::size_t end = std::min(header.find(';', at), header.size());
      value = trim(header.substr(at, end - at));
      at = end;
    }
    if (wanted) return value;
  }
  return {};
}

}  // namespace piggy::http
