#pragma once

// One connection, from accept to close, and what it shares with the others of its thread.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/inbox.h"
#include "http/message.h"
#include "http/server.h"

namespace boost::asio {
class io_context;
}

namespace piggy::http {

// How many connections are open on all threads together. Thread-safe.
class Census {
 public:
  void enter() { open_++; }
  void leave();
  std::size_t open() const { return open_; }
  // False when time was up before all had left.
  bool wait_until_empty(std::chrono::seconds at_most);

 private:
  std::atomic<std::size_t> open_ = 0;
  std::mutex mutex_;
  std::condition_variable empty_;
};

// All of it happens on its group's thread. A connection keeps itself alive until it is closed.
class Connection : public Wakeable {
 public:
  // Is its time up? If so, ends what it is doing.
  virtual void check_time() = 0;
  // Closes at once.
  virtual void abort() = 0;

  std::size_t index = 0;  // In its group's list.
};

// What the connections of one thread share. Touched on that thread alone.
struct ConnectionGroup {
  boost::asio::io_context& io;
  const ServerOptions& options;
  const Handler& handler;
  std::size_t thread;
  Census& census;
  std::shared_ptr<Inbox> inbox;
  // The time of the last sweep. Connections read this instead of a clock; it is as exact as the
  // sweeps are frequent.
  std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now();
  // Connections finish what they have begun and close; wake them all after setting it.
  bool stopping = false;
  std::vector<Connection*> open = {};
};

constexpr std::chrono::milliseconds sweep_interval{250};

struct AcceptedSocket {
  int descriptor = -1;  // Non-blocking. The connection closes it.
  int family = 0;       // AF_INET, AF_INET6 or AF_UNIX.
  std::string peer = {};
  bool local = false;
  bool refused = false;  // There are too many: it is told so and closed.
};

void serve_connection(ConnectionGroup& group, AcceptedSocket socket);

}  // namespace piggy::http
