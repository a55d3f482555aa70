#pragma once

// Chance. Everything that must not be guessed (codes, tokens, keys) comes from a SecureRandom;
// tests use a seeded one and are exact.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "base/uuid.h"

namespace piggy {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;

  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound);  // Even over 0 .. bound-1; bound > 0.
  // `length` characters, each drawn evenly from `alphabet`.
  std::string text(std::size_t length, std::string_view alphabet);
};

// The kernel's generator through libsodium, buffered per object. One thread at a time.
class SecureRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override;

 private:
  std::uint8_t buffer_[512] = {};
  std::size_t used_ = sizeof buffer_;
};

// Repeatable: the same seed, the same chance. For tests and made-up data alone.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> bytes) override;

 private:
  std::uint64_t state_;
};

// Mints version 7 UUIDs that strictly grow, also within one millisecond and when the clock stands
// still. One thread at a time.
class UuidMint {
 public:
  Uuid next(Time now, Random& random);

 private:
  std::uint64_t last_ = 0;  // Milliseconds in the upper 48 bits, a counter in the lower 16.
};

inline constexpr std::string_view alphanumerics =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

}  // namespace piggy
