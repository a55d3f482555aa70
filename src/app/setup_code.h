#pragma once

// The code by which an empty Piggy is begun (first_run.h).

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"

namespace piggy {

// The code, in memory alone, and how often somebody guessed. Any thread.
class SetupCode {
 public:
  // Makes a new one. Returns it, to be shown to whoever started the program.
  std::string make();

  // Whether it is the one. After five wrong ones in a row the pause before the next try doubles,
  // from a second to an hour; `too_many` until it is over.
  Result<bool> is_right(std::string_view said, Time now);

 private:
  std::mutex mutex_;
  std::string code_;  // "": none was made, and none is right.
  std::int64_t failures_ = 0;
  Time next_try_at_ = {};
};

}  // namespace piggy
