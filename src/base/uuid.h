#pragma once

// A UUID (RFC 9562). Ours are version 7: 48 bits of milliseconds, then a counter and chance, so
// that ids minted one after the other also sort one after the other, and an index over them only
// ever grows at its right edge.

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace piggy {

struct Uuid {
  std::array<std::uint8_t, 16> bytes = {};

  auto operator<=>(const Uuid&) const = default;
  bool is_nil() const { return *this == Uuid{}; }
};

// Takes the 36-character form, either case. Nothing else is a UUID.
std::optional<Uuid> parse_uuid(std::string_view text);

// The 36-character lower-case form, appended.
void append(std::string& out, const Uuid& uuid);
std::string to_string(const Uuid& uuid);

}  // namespace piggy

template <>
struct std::hash<piggy::Uuid> {
  std::size_t operator()(const piggy::Uuid& uuid) const noexcept {
    std::size_t low = 0;
    __builtin_memcpy(&low, uuid.bytes.data() + 8, sizeof low);
    std::size_t high = 0;
    __builtin_memcpy(&high, uuid.bytes.data(), sizeof high);
    return low ^ (high * 0x9e3779b97f4a7c15u);
  }
};
