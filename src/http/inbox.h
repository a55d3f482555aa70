#pragma once

// Where other threads leave word for a loop: "this connection has something to do". A storage
// thread that answers fifty requests in a row rings the loop once, not fifty times: only the first
// word in an empty inbox does.

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace piggy::http {

// What can be woken; on its loop's thread alone.
class Wakeable {
 public:
  virtual ~Wakeable() = default;
  virtual void wake() = 0;
};

// Shared by a loop and everything that may outlive it.
class Inbox {
 public:
  // `ring` makes the loop call `deliver` soon; it is called from any thread.
  explicit Inbox(std::function<void()> ring) : ring_(std::move(ring)) {}

  // From any thread. After `close` it does nothing.
  void put(std::shared_ptr<Wakeable> wakeable);
  // On the loop's thread: wakes all, each in its turn.
  void deliver();
  // When this returns, `ring` is not running and will not be called again.
  void close();

 private:
  std::mutex mutex_;
  std::function<void()> ring_;
  std::vector<std::shared_ptr<Wakeable>> waiting_;
  std::vector<std::shared_ptr<Wakeable>> delivered_;  // Kept for its memory; the loop's alone.
  bool closed_ = false;
};

}  // namespace piggy::http
