// The generic cell rate algorithm: a slot holds the moment at which all that came would have been
// let through at an even pace. It may lie ahead of now by as much as may come at once.

#include "form/rate_limit.h"

#include <arpa/inet.h>
#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace piggy {
namespace {

constexpr std::int64_t minute = 60 * microseconds_per_second;
constexpr std::int64_t ahead_max = 2 * minute;

std::string network_of(std::string_view address) {
  in6_addr bytes;
  if (::inet_pton(AF_INET6, std::string(address).c_str(), &bytes) != 1) {
    return std::string(address);
  }
  // Within which an IPv4 address may stand, of which each is its own.
  if (IN6_IS_ADDR_V4MAPPED(&bytes)) return std::string(address);
  return std::string(reinterpret_cast<const char*>(&bytes), 8);
}

}  // namespace

RateLimit::RateLimit(std::int64_t per_minute)
    : interval_(minute / std::max<std::int64_t>(1, per_minute)), full_at_(slots) {
  randombytes_buf(secret_, sizeof secret_);
}

std::optional<int> RateLimit::wait_seconds(std::string_view key, Time now) {
  std::uint64_t hash = 0;
  static_assert(sizeof hash == crypto_shorthash_BYTES &&
                sizeof secret_ == crypto_shorthash_KEYBYTES);
  crypto_shorthash(reinterpret_cast<unsigned char*>(&hash),
                   reinterpret_cast<const unsigned char*>(key.data()), key.size(), secret_);
  std::atomic<std::int64_t>& slot = full_at_[hash % slots];
  std::int64_t known = slot.load(std::memory_order_relaxed);
  for (;;) {
    std::int64_t next = std::max(known, now.microseconds) + interval_;
    std::int64_t over = next - now.microseconds - ahead_max;
    if (over > 0) return static_cast<int>(over / microseconds_per_second + 1);
    if (slot.compare_exchange_weak(known, next, std::memory_order_relaxed)) return std::nullopt;
  }
}

std::optional<int> FormLimits::wait_seconds(std::string_view address, const Uuid& form, Time now) {
  if (auto wait = addresses_.wait_seconds(network_of(address), now)) return wait;
  return forms_.wait_seconds(to_string(form), now);
}

}  // namespace piggy
