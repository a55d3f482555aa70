#pragma once

// Requests that have no answer yet: found by their id when the client cancels one, and gone through
// when it is time to tell clients that we are still here.

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "mcp/exchange.h"

namespace piggy::mcp {

// Those of one connection or session. Thread-safe; outlives its exchanges by being shared.
class InFlight : public std::enable_shared_from_this<InFlight> {
 public:
  // False when a request with this id is already in flight.
  bool add(const std::shared_ptr<Exchange>& exchange);
  // `id` is JSON text. Nothing happens for one that is answered or unknown.
  void cancel(std::string_view id);
  void cancel_all();
  // Waits until all but listeners are answered, at most so long.
  void wait(std::chrono::seconds at_most);

 private:
  void remove(const std::string& id);

  std::mutex mutex_;
  std::condition_variable removed_;
  std::unordered_map<std::string, std::weak_ptr<Exchange>> exchanges_;
};

// Those of the whole server that were not answered at once.
class Waiting : public std::enable_shared_from_this<Waiting> {
 public:
  void add(const std::shared_ptr<Exchange>& exchange, Time now);
  // Those that were silent since `before`, which then count as heard at `now`.
  void keep_alive(Time before, Time now);

 private:
  struct Entry {
    std::weak_ptr<Exchange> exchange = {};
    Time heard = {};
  };

  std::mutex mutex_;
  std::unordered_map<const Exchange*, Entry> entries_;
};

}  // namespace piggy::mcp
