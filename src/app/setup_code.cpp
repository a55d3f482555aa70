#include "app/setup_code.h"

#include <sodium.h>

#include <algorithm>

#include "base/random.h"

namespace piggy {
namespace {

// No letters that look like others: it may be typed from one screen into another.
constexpr std::string_view alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
constexpr std::size_t code_length = 26;
constexpr std::int64_t failures_free = 5;
constexpr std::int64_t pause_max = 3'600 * microseconds_per_second;

}  // namespace

std::string SetupCode::make() {
  std::lock_guard lock(mutex_);
  code_ = SecureRandom().text(code_length, alphabet);
  return code_;
}

Result<bool> SetupCode::is_right(std::string_view said, Time now) {
  std::lock_guard lock(mutex_);
  if (next_try_at_ > now) {
    std::int64_t wait = next_try_at_ - now;
    return fail({.code = ErrorCode::too_many,
                 .message = "Too many wrong codes. Try again later.",
                 .number = 429,
                 .retry_after_seconds = static_cast<int>(wait / microseconds_per_second + 1)});
  }
  bool right = !code_.empty() && said.size() == code_.size() &&
               sodium_memcmp(said.data(), code_.data(), code_.size()) == 0;
  failures_ = right ? 0 : failures_ + 1;
  if (failures_ >= failures_free) {
    std::int64_t doublings = std::min<std::int64_t>(failures_ - failures_free, 20);
    next_try_at_ = now + std::min(microseconds_per_second << doublings, pause_max);
  }
  return right;
}

}  // namespace piggy
