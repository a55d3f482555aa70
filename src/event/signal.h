#pragma once

// Says within this program that something was written which somebody waits for. A hint and nothing
// else: it comes before the commit and may come from an operation that is undone, so whoever waits
// looks again, in growing pauses, and now and then without being told.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace piggy {

class Signal {
 public:
  void give() {
    count_.fetch_add(1);
    if (waiting_.load() == 0) return;
    std::lock_guard lock(mutex_);
    given_.notify_all();
  }

  // One who waits, or rests; its own thread's.
  class Waiter {
   public:
    explicit Waiter(Signal& signal) : signal_(signal), seen_(signal.count_.load()) {}

    // Until there may be something to see, `longest` at most. `found`: whether the last look, made
    // since the last wait, found something.
    void wait(std::stop_token stop, bool found, std::chrono::microseconds longest) {
      std::uint64_t count = signal_.count_.load();
      if (count != seen_ || found) {
        seen_ = count;
        pause_ = shortest;
      } else {
        pause_ = std::min(pause_ * 2, std::chrono::microseconds(std::chrono::hours(1)));
      }
      auto pause = std::min(pause_, longest);
      std::unique_lock lock(signal_.mutex_);
      signal_.waiting_.fetch_add(1);
      signal_.given_.wait_for(lock, stop, pause, [&] { return signal_.count_.load() != seen_; });
      signal_.waiting_.fetch_sub(1);
    }

    // For so long, whatever is given: so that there is more to do at the next look.
    void rest(std::stop_token stop, std::chrono::microseconds time) {
      std::unique_lock lock(resting_);
      rested_.wait_for(lock, stop, time, [] { return false; });
    }

   private:
    static constexpr std::chrono::microseconds shortest{500};
    Signal& signal_;
    std::uint64_t seen_;
    std::chrono::microseconds pause_ = shortest;
    std::mutex resting_;
    std::condition_variable_any rested_;
  };

 private:
  std::atomic<std::uint64_t> count_{0};
  std::atomic<int> waiting_{0};
  std::mutex mutex_;
  std::condition_variable_any given_;
};

}  // namespace piggy
