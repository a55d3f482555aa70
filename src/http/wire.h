#pragma once

// A connected socket with the bytes that came and the bytes that shall go. It never blocks and
// never waits: where there is nothing to do now, it arranges for its owner to be woken.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "http/inbox.h"

namespace boost::asio {
class io_context;
}

namespace piggy::http {

// On the thread of its io_context alone.
class Wire {
 public:
  // Takes over a connected, non-blocking socket. At most `buffer_size` bytes wait unread.
  Wire(boost::asio::io_context& io, int descriptor, int family, std::size_t buffer_size);
  ~Wire();

  // What came and was not consumed. Stays in place until the next `start_reading`.
  std::string_view unread() const { return {buffer_.get() + begin_, end_ - begin_}; }
  void consume(std::size_t count) { begin_ += count; }
  // Reads once, in the background; wakes the owner, and keeps it alive until then. Does nothing
  // while a read is on its way. False when the buffer is full.
  bool start_reading(std::shared_ptr<Wakeable> owner);
  bool reading() const { return reading_; }
  // Makes a read on its way end soon, with or without bytes.
  void cancel_reading();
  // Reads what is there this instant. False when that is nothing. Not while `reading`.
  bool read_now();
  // The other side sends no more, or has gone.
  bool peer_done() const { return peer_done_; }

  // What shall go is appended here.
  std::string& out() { return out_; }
  // Sends what the socket takes now, which is nearly always all of it: going round through the
  // event loop first would double the work of a small answer. False when something is left.
  bool flush();
  // Wakes the owner when the socket may take more, and keeps it alive until then. Does nothing
  // while such a wait is on its way.
  void await_room(std::shared_ptr<Wakeable> owner);
  bool awaiting_room() const { return awaiting_room_; }
  // Nothing can be sent any more.
  bool broken() const { return broken_; }

  // Are there bytes that came and will not be read? Closing would then reset the connection.
  bool anything_unread() const;
  void finish_sending();  // The other side sees the end of our bytes; it may still send.
  // Ends whatever is on its way and lets go of the event loop; nothing but questions after that.
  void close();

 private:
  struct Socket;

  std::unique_ptr<Socket> socket_;
  std::size_t buffer_size_;
  std::unique_ptr<char[]> buffer_;  // Unread bytes stand from begin_ to end_.
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::string out_ = {};  // Unsent bytes stand from sent_ on.
  std::size_t sent_ = 0;
  bool reading_ = false;  // It fills the buffer from end_ on.
  bool awaiting_room_ = false;
  bool peer_done_ = false;
  bool broken_ = false;
};

}  // namespace piggy::http
