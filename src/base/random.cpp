#include "base/random.h"

#include <sodium.h>

#include <cstring>

#include "base/assert.h"

namespace piggy {

std::uint64_t Random::next() {
  std::uint64_t value = 0;
  fill({reinterpret_cast<std::uint8_t*>(&value), sizeof value});
  return value;
}

std::uint64_t Random::below(std::uint64_t bound) {
  ASSERT(bound > 0);
  std::uint64_t uneven = (0 - bound) % bound;  // 2^64 mod bound: draws below it would be favoured.
  for (;;) {
    std::uint64_t value = next();
    if (value >= uneven) return value % bound;
  }
}

std::string Random::text(std::size_t length, std::string_view alphabet) {
  std::string text(length, '\0');
  for (char& c : text) c = alphabet[below(alphabet.size())];
  return text;
}

void SecureRandom::fill(std::span<std::uint8_t> bytes) {
  if (bytes.size() > sizeof buffer_) return randombytes_buf(bytes.data(), bytes.size());
  if (used_ + bytes.size() > sizeof buffer_) {
    randombytes_buf(buffer_, sizeof buffer_);
    used_ = 0;
  }
  std::memcpy(bytes.data(), buffer_ + used_, bytes.size());
  sodium_memzero(buffer_ + used_, bytes.size());
  used_ += bytes.size();
}

void SeededRandom::fill(std::span<std::uint8_t> bytes) {
  for (std::uint8_t& byte : bytes) {  // splitmix64
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    byte = static_cast<std::uint8_t>(z >> 56);
  }
}

Uuid UuidMint::next(Time now, Random& random) {
  std::uint64_t milliseconds = static_cast<std::uint64_t>(now.microseconds / 1000);
  std::uint64_t stamp = milliseconds << 16;
  // Within a millisecond the counter grows; 12 of its bits are kept, an overflow borrows from the
  // future, which the next quiet millisecond pays back.
  last_ = stamp > last_ ? stamp : last_ + 1;
  if ((last_ & 0xffff) > 0x0fff) last_ = ((last_ >> 16) + 1) << 16;
  Uuid uuid;
  for (int i = 0; i < 6; i++) uuid.bytes[i] = static_cast<std::uint8_t>(last_ >> (56 - 8 * i));
  uuid.bytes[6] = static_cast<std::uint8_t>(0x70 | ((last_ >> 8) & 0x0f));
  uuid.bytes[7] = static_cast<std::uint8_t>(last_);
  random.fill({uuid.bytes.data() + 8, 8});
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);
  return uuid;
}

}  // namespace piggy
