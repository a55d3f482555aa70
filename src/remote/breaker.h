#pragma once

// Spares a host that does not answer, and those who would wait for it. After five failures in a row
// nobody is let through for half a minute; then one try goes ahead of the others, and its outcome
// decides for all. Thread-safe.

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/time.h"

namespace piggy {

class Breaker {
 public:
  static constexpr int failures_max = 5;
  static constexpr std::int64_t rest_seconds = 30;

  // 0 when a try may be made now; its outcome must then be told. Otherwise the seconds to wait.
  int closed_for_seconds(Time now);
  void succeeded();
  void failed(Time now);

 private:
  std::mutex mutex_;
  int failures_ = 0;  // In a row.
  Time rests_until_ = {};
  bool probing_ = false;
};

// One for each host, shared by all connections to it.
class Breakers {
 public:
  Breaker& of(const std::string& host);  // Lives as long as this.

 private:
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Breaker>, std::less<>> breakers_;
};

}  // namespace piggy
