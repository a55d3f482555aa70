#pragma once

// How often forms may be sent in, from one address and to one form. See README.md.

#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "base/uuid.h"

namespace piggy {

// Each key may come `per_minute` times a minute in the long run, and twice that at once. Memory is
// the same however many keys there are: keys share slots by chance, so that one may be refused for
// another, once in a great while. Any thread.
class RateLimit {
 public:
  explicit RateLimit(std::int64_t per_minute);

  // Counts one; or says after how many seconds to come back, and counts nothing.
  std::optional<int> wait_seconds(std::string_view key, Time now);

  static constexpr std::size_t slots = 1 << 16;

 private:
  const std::int64_t interval_;
  std::uint8_t secret_[16];  // Nobody can choose keys that share a slot with another's.
  std::vector<std::atomic<std::int64_t>> full_at_;
};

class FormLimits {
 public:
  struct Options {
    std::int64_t per_address = 60;  // A minute.
    std::int64_t per_form = 1'200;
  };
  explicit FormLimits(const Options& options)
      : addresses_(options.per_address), forms_(options.per_form) {}

  // Of IPv6 the /64 counts, which is one household or machine.
  std::optional<int> wait_seconds(std::string_view address, const Uuid& form, Time now);

 private:
  RateLimit addresses_;
  RateLimit forms_;
};

}  // namespace piggy
