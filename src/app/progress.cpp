#include "app/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace piggy {

void Progress::show(std::int64_t done, std::int64_t all) {
  bool terminal = isatty(STDERR_FILENO);
  auto now = Clock::now();
  auto pause = terminal ? std::chrono::milliseconds(100) : std::chrono::milliseconds(10'000);
  if (now - shown_ < pause && done != all) return;
  if (!terminal && shown_ == Clock::time_point{} && done != all) {
    shown_ = now;
    return;
  }
  shown_ = now;
  double share = all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 0;
  double seconds = std::chrono::duration<double>(now - started_).count();
  double left = share > 0 ? seconds / share - seconds : 0;
  if (!terminal) {
    fmt::print(stderr, "{}: {} of {} ({:.0f}%), {:.0f} s\n", what_, done, all, share * 100,
               seconds);
    return;
  }
  constexpr std::size_t width = 30;
  std::size_t full = std::min(width, static_cast<std::size_t>(share * width));
  fmt::print(stderr, "\r\033[K{} [{}{}] {:3.0f}%  {} of {}  {:.0f} s left", what_,
             std::string(full, '#'), std::string(width - full, '.'), share * 100, done, all, left);
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::clear() {
  if (drawn_) fmt::print(stderr, "\r\033[K");
  drawn_ = false;
}

}  // namespace piggy
