#include "database/crash_point.h"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace piggy {
namespace {

std::string file_named() {
  const char* name = std::getenv("PIGGY_CRASH_POINT");
  return name ? name : "";
}

[[noreturn]] void die() {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

}  // namespace

CrashPoint::CrashPoint() : file_(file_named()) {}

void CrashPoint::before_commit() {
  if (file_.empty()) return;
  if (left_ == 0) {
    std::ifstream file(file_);
    std::string side;
    if (!(file >> side >> left_)) left_ = 0;
    after_ = side == "after";
  }
  if (left_ == 1 && !after_) die();
}

void CrashPoint::after_commit() {
  if (left_ == 0) return;
  if (left_ == 1) die();
  left_--;
}

}  // namespace piggy
