#pragma once

// What a legacy session has sent on its streams, so that a client whose connection broke can fetch
// what it missed (`Last-Event-ID`). An event's id is "<stream>-<number>". Messages are kept within
// a bound of bytes, the oldest go first; a client that comes back later than that misses them.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "http/message.h"

namespace piggy::mcp {

// Thread-safe.
class Replay {
 public:
  explicit Replay(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // The stream of a GET, for what belongs to no request. Nothing is kept before it is first opened.
  static constexpr std::uint64_t standalone = 0;

  // A new stream. `prime` sends an event without data first, so that the client has an id to resume
  // from even when it loses the connection at once, and knows how long to wait before it does.
  std::uint64_t open(std::shared_ptr<http::EventStream> stream, bool prime);
  void open_standalone(std::shared_ptr<http::EventStream> stream, bool prime);

  void send(std::uint64_t number, std::string message);
  // The last message; "" for none. The stream closes.
  void finish(std::uint64_t number, std::string message);
  // Closes the connection, not the stream: what follows waits for a client that resumes.
  void release(std::uint64_t number);
  // Sends what came after that event, and whatever is still to come. False for an id we never gave
  // or no longer know.
  bool resume(std::string_view last_event_id, std::shared_ptr<http::EventStream> stream);

  void keep_alive();
  void close_all();

 private:
  struct Event {
    std::uint64_t number = 0;
    std::string message = {};
  };
  struct Stream {
    std::deque<Event> events = {};
    std::uint64_t last = 0;
    bool finished = false;
    std::shared_ptr<http::EventStream> live = {};
  };

  void add(std::uint64_t number, Stream& stream, std::string message);
  void trim();

  const std::size_t bytes_max_;
  std::mutex mutex_;
  std::map<std::uint64_t, Stream> streams_;  // The oldest first.
  std::uint64_t last_stream_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace piggy::mcp
