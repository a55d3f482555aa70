#include "http/event_stream.h"

namespace piggy::http {

namespace {

void append_field(std::string& out, std::string_view name, std::string_view value);

class QueuedEventStream : public EventStream {
 public:
  explicit QueuedEventStream(std::shared_ptr<EventQueue> queue) : queue_(std::move(queue)) {}
  ~QueuedEventStream() override { queue_->close(); }

  void send(std::string_view data, std::string_view id, std::string_view event) override {
    std::string text;
    if (!id.empty()) append_field(text, "id", id);
    if (!event.empty()) append_field(text, "event", event);
    // A line break inside data would end the field; sent as several, the client joins them again.
    while (true) {
      std::size_t end = data.find_first_of("\r\n");
      append_field(text, "data", data.substr(0, end));
      if (end == data.npos) break;
      data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
    }
    text += '\n';
    queue_->add(text);
  }

  void comment(std::string_view text) override {
    std::string line;
    append_field(line, "", text);
    line += '\n';
    queue_->add(line);
  }

  // A field of the event that follows, if one does; it counts as soon as its line has arrived.
  void retry_after(std::chrono::milliseconds pause) override {
    std::string line;
    append_field(line, "retry", std::to_string(pause.count()));
    queue_->add(line);
  }

  void close() override { queue_->close(); }
  void on_end(std::function<void()> call) override { queue_->on_end(std::move(call)); }

 private:
  std::shared_ptr<EventQueue> queue_;
};

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  for (char c : value) {
    if (c != '\r' && c != '\n' && c != '\0') out += c;
  }
  out += '\n';
}

}  // namespace

std::shared_ptr<EventStream> make_event_stream(std::shared_ptr<EventQueue> queue) {
  return std::make_shared<QueuedEventStream>(std::move(queue));
}

void EventQueue::add(std::string_view text) {
  std::unique_lock lock(mutex_);
  if (closed_ || ended_ || cut_) return;
  if (unsent_.size() + text.size() > unsent_events_bytes_max) {
    cut_ = true;
    unsent_ = {};
    rung_ = false;  // Rings again: a connection that is stuck has been rung but takes nothing.
  } else {
    unsent_ += text;
  }
  ring(lock);
}

void EventQueue::close() {
  std::unique_lock lock(mutex_);
  if (closed_ || ended_) return;
  closed_ = true;
  ring(lock);
}

void EventQueue::on_end(std::function<void()> call) {
  {
    std::lock_guard lock(mutex_);
    if (!ended_) {
      on_end_ = std::move(call);
      return;
    }
  }
  call();
}

EventQueue::Next EventQueue::take(std::string& unsent) {
  std::lock_guard lock(mutex_);
  unsent.clear();
  unsent.swap(unsent_);
  rung_ = false;
  if (cut_) return Next::cut;
  return closed_ ? Next::last : Next::more;
}

bool EventQueue::is_cut() {
  std::lock_guard lock(mutex_);
  return cut_;
}

void EventQueue::end() {
  std::function<void()> call;
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
    unsent_ = {};
    call.swap(on_end_);
  }
  if (call) call();
}

// The inbox has a lock of its own, so ours is given back first.
void EventQueue::ring(std::unique_lock<std::mutex>& lock) {
  if (std::exchange(rung_, true)) return;
  lock.unlock();
  if (auto connection = connection_.lock()) inbox_->put(std::move(connection));
}

}  // namespace piggy::http
