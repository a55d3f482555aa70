#pragma once

// A clock for trying things out: it begins where it is told, goes as fast as the machine's, and can
// be moved ahead by hand. It never goes back. Any thread.

#include <atomic>
#include <chrono>

#include "base/time.h"

namespace piggy {

class SandboxClock final : public Clock {
 public:
  explicit SandboxClock(Time begin) : ahead_(begin.microseconds - elapsed()) {}

  Time now() const override { return {ahead_ + elapsed()}; }

  // False when that is over already; then nothing is changed.
  bool advance_to(Time time) {
    std::int64_t ahead = ahead_;
    std::int64_t wanted = 0;
    do {
      wanted = time.microseconds - elapsed();
      if (wanted < ahead) return false;
    } while (!ahead_.compare_exchange_weak(ahead, wanted));
    return true;
  }

 private:
  static std::int64_t elapsed() {
    auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since).count();
  }

  std::atomic<std::int64_t> ahead_;  // Of the machine's steady clock.
};

}  // namespace piggy
