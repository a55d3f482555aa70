#include <fmt/format.h>

#include "vault/token_key.h"

namespace piggy {
namespace {

std::unexpected<Error> invalid(std::string_view why) {
  return fail(ErrorCode::invalid, fmt::format("The pkcs11: URI of a master key {}.", why));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i++) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0 || (high == 0 && low == 0)) return invalid("has a wrong % in it");
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

// Takes the part up to the separator off the front.
std::string_view eat_part(std::string_view& text, char separator) {
  std::string_view part = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(text.size(), part.size() + 1));
  return part;
}

Result<> take(std::string_view part, TokenAddress& address) {
  std::string_view name = part.substr(0, part.find('='));
  if (name.size() == part.size()) return invalid("has a part without a value");
  // The value of a PIN shall not even be looked at.
  if (name == "pin-value") return invalid("must not hold the PIN; name its place by pin-source");
  std::string* place = name == "token"         ? &address.token
                       : name == "object"      ? &address.object
                       : name == "module-path" ? &address.module_path
                       : name == "pin-source"  ? &address.pin_source
                                               : nullptr;
  if (name == "type" && part == "type=secret-key") return {};
  if (!place) return invalid("may have token, object, module-path and pin-source alone");
  if (!place->empty()) return invalid("says something twice");
  *place = TRY(decoded(part.substr(name.size() + 1)));
  return {};
}

}  // namespace

Result<TokenAddress> parse_token_address(std::string_view uri) {
  TokenAddress address;
  if (!uri.starts_with(token_scheme)) return invalid("must begin with pkcs11:");
  uri.remove_prefix(token_scheme.size());
  std::string_view path = eat_part(uri, '?');
  while (!path.empty()) TRY(take(eat_part(path, ';'), address));
  while (!uri.empty()) TRY(take(eat_part(uri, '&'), address));
  if (address.token.empty() || address.object.empty() || address.module_path.empty()) {
    return invalid("needs token, object and module-path");
  }
  bool has_pin = (address.pin_source.starts_with("file:") && address.pin_source.size() > 5) ||
                 (address.pin_source.starts_with("env:") && address.pin_source.size() > 4);
  if (!has_pin) return invalid("needs pin-source=file:PATH or pin-source=env:NAME");
  return address;
}

}  // namespace piggy
