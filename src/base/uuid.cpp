#include "base/uuid.h"

namespace piggy {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool hyphen_before(std::size_t byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

}  // namespace

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid uuid;
  std::size_t at = 0;
  for (std::size_t i = 0; i < 16; i++) {
    if (hyphen_before(i) && text[at++] != '-') return std::nullopt;
    int high = digit_of(text[at++]);
    int low = digit_of(text[at++]);
    if (high < 0 || low < 0) return std::nullopt;
    uuid.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return uuid;
}

void append(std::string& out, const Uuid& uuid) {
  constexpr char digits[] = "0123456789abcdef";
  char text[36];
  char* at = text;
  for (std::size_t i = 0; i < 16; i++) {
    if (hyphen_before(i)) *at++ = '-';
    *at++ = digits[uuid.bytes[i] >> 4];
    *at++ = digits[uuid.bytes[i] & 15];
  }
  out.append(text, sizeof text);
}

std::string to_string(const Uuid& uuid) {
  std::string text;
  append(text, uuid);
  return text;
}

}  // namespace piggy
