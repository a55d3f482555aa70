#pragma once

// An event stream in two halves: the EventStream that a caller holds on any thread, and the queue
// of text between it and the connection that sends it.

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "http/inbox.h"
#include "http/message.h"

namespace piggy::http {

constexpr std::size_t unsent_events_bytes_max = 1 << 20;

class EventQueue {
 public:
  EventQueue(std::weak_ptr<Wakeable> connection, std::shared_ptr<Inbox> inbox)
      : connection_(std::move(connection)), inbox_(std::move(inbox)) {}

  // The caller's half, on any thread.
  void add(std::string_view text);
  void close();
  void on_end(std::function<void()> call);

  // The connection's half. Moves out what is unsent.
  enum class Next { more, last, cut };  // `cut`: the other side was too slow; hang up.
  Next take(std::string& unsent);
  // Would `take` say `cut`? To be asked after a wake-up while sending is stuck.
  bool is_cut();
  // Nothing will be taken again. Calls what `on_end` was given; further calls do nothing.
  void end();

 private:
  void ring(std::unique_lock<std::mutex>& lock);

  std::weak_ptr<Wakeable> connection_;
  std::shared_ptr<Inbox> inbox_;
  std::mutex mutex_;
  std::string unsent_;
  std::function<void()> on_end_;
  bool rung_ = false;  // The connection knows already that there is something to take.
  bool closed_ = false;
  bool cut_ = false;
  bool ended_ = false;
};

std::shared_ptr<EventStream> make_event_stream(std::shared_ptr<EventQueue> queue);

}  // namespace piggy::http
