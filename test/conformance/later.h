#pragma once

// Runs things a little later, on one thread of its own, in the order of their times.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace piggy::conformance {

class Later {
 public:
  Later() : thread_([this] { work(); }) {}
  ~Later() { stop(); }

  // What has not run yet never will.
  void stop() {
    {
      std::scoped_lock lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  void run(std::chrono::milliseconds delay, std::function<void()> call) {
    {
      std::scoped_lock lock(mutex_);
      calls_.emplace(std::chrono::steady_clock::now() + delay, std::move(call));
    }
    changed_.notify_all();
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    while (!ended_) {
      if (calls_.empty()) {
        changed_.wait(lock);
      } else if (calls_.begin()->first > std::chrono::steady_clock::now()) {
        changed_.wait_until(lock, calls_.begin()->first);
      } else {
        auto next = calls_.extract(calls_.begin());
        lock.unlock();
        next.mapped()();
        lock.lock();
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<std::chrono::steady_clock::time_point, std::function<void()>> calls_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace piggy::conformance
