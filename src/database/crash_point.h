#pragma once

// For tests of crashes alone: ends this process with SIGKILL at a chosen commit, so that a test can
// go through all of them instead of waiting for chance.
//
// It does nothing unless PIGGY_CRASH_POINT names a file. Once that file is there and says
// "before 3" or "after 3", the process dies right before or right after its third commit from then
// on: what was done outside since the commit before is done and not noted, or what is noted has
// been told nobody.

#include <cstdint>
#include <string>

namespace piggy {

class CrashPoint {
 public:
  CrashPoint();  // Reads the environment.
  void before_commit();
  void after_commit();

 private:
  const std::string file_;
  std::uint64_t left_ = 0;  // Commits up to and with the chosen one; 0 until the file is there.
  bool after_ = false;
};

}  // namespace piggy
