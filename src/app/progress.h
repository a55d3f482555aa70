#pragma once

// A progress bar on standard error, when that is a terminal; otherwise a line now and then.

#include <chrono>
#include <cstdint>
#include <string>

namespace piggy {

class Progress {
 public:
  explicit Progress(std::string what) : what_(std::move(what)) {}
  ~Progress() { clear(); }

  void show(std::int64_t done, std::int64_t all);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  std::string what_;
  Clock::time_point started_ = Clock::now();
  Clock::time_point shown_ = {};
  bool drawn_ = false;
};

}  // namespace piggy
