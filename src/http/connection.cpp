// A connection is one coroutine that reads a request, asks the handler, sends the answer and begins
// again. It sleeps in one place only, `co_await Sleep`, and is woken by anything that happens to
// it: bytes came, the socket takes bytes again, another thread answered, time is up, the server
// stops. Whoever waits therefore looks again at what it waits for, as with a condition variable. So
// no event can be lost, several may come at once, and there is no timer and no cancellation per
// operation.

#include "http/connection.h"

#include "base/log.h"

#include <exception>

#include "http/answer.h"
#include "http/coroutine.h"
#include "http/event_stream.h"
#include "http/request_reader.h"
#include "http/wire.h"

namespace piggy::http {

namespace {

using std::chrono::milliseconds;

// Answers to pipelined requests gather up to this much before they are sent.
constexpr std::size_t gathered_bytes_max = 64 << 10;
// How long a connection that we hang up on may take to hear why.
constexpr milliseconds farewell_timeout{2000};

class ServedConnection final : public Connection,
                               public Responder::Target,
                               public std::enable_shared_from_this<ServedConnection> {
 public:
  ServedConnection(ConnectionGroup& group, AcceptedSocket accepted);

  // `self` keeps this alive while it runs.
  Detached run(std::shared_ptr<ServedConnection> self);

  void wake() override;
  void check_time() override;
  void abort() override;

  // From any thread.
  void respond(Response response) override;
  void respond_by(std::move_only_function<Response()> make) override;
  std::shared_ptr<EventStream> stream(Response head) override;

 private:
  enum class Phase { idle, receiving, answering, sending, streaming, farewell };
  // Whose move it is with the answer. Either side moves it with one exchange, so that exactly one
  // of them sees that the other was first.
  enum class Turn { none, asked, sleeping, answered, over };

  // Suspends until the next `wake`.
  struct Sleep {
    ServedConnection& connection;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> sleeper) { connection.sleeper_ = sleeper; }
    void await_resume() {}
  };

  Step receive();
  void ask();
  Step answer();
  Step send_events();
  Step flush_rest();
  Step say_farewell();
  void end();

  void refuse(const Response& refusal);
  void log_answer();
  void enter(Phase phase);
  milliseconds time_allowed() const;
  bool dead() const { return aborted_ || time_is_up_ || wire_->broken(); }

  ConnectionGroup& group_;
  std::shared_ptr<Inbox> inbox_;
  std::unique_ptr<Wire> wire_;
  std::string peer_;
  bool local_ = false;
  // The last answer tells the other side why we hang up; make sure that it is heard.
  bool refused_ = false;

  std::coroutine_handle<> sleeper_ = {};
  Phase phase_ = Phase::idle;
  std::chrono::steady_clock::time_point since_ = {};
  bool time_is_up_ = false;
  bool aborted_ = false;

  RequestReader reader_;
  AnswerForm form_ = {};
  std::string asked_ = {};  // Method and path, when answers are logged.
  std::chrono::steady_clock::time_point asked_at_ = {};
  std::atomic<Turn> turn_ = Turn::none;
  // The responder's until the turn is `answered`, then ours.
  Response response_ = {};
  std::move_only_function<Response()> make_response_ = {};
  std::shared_ptr<EventQueue> streaming_ = {};  // The stream that is being sent.
  std::shared_ptr<EventQueue> events_ = {};  // The same. If there is one, the answer is a stream.
};

ServedConnection::ServedConnection(ConnectionGroup& group, AcceptedSocket accepted)
    : group_(group),
      inbox_(group.inbox),
      wire_(std::make_unique<Wire>(group.io, accepted.descriptor, accepted.family,
                                   group.options.header_bytes_max)),
      peer_(std::move(accepted.peer)),
      local_(accepted.local),
      refused_(accepted.refused),
      since_(group.now),
      reader_({.body_bytes_max = accepted.local ? group.options.local_body_bytes_max
                                                : group.options.body_bytes_max,
               .header_bytes_max = group.options.header_bytes_max}) {
  index = group.open.size();
  group.open.push_back(this);
  group.census.enter();
}

Detached ServedConnection::run([[maybe_unused]] std::shared_ptr<ServedConnection> self) {
  if (refused_) {
    Response busy = error_response(503, "There are too many connections; try again soon.");
    busy.headers.push_back({"Retry-After", "1"});
    refuse(busy);
  } else {
    while (co_await receive()) {
      ask();
      if (!co_await answer() || !form_.keep_alive) break;
    }
  }
  co_await say_farewell();
  end();
}

// Reads until a whole request is there. False when there will be none.
Step ServedConnection::receive() {
  enter(Phase::idle);
  bool told_to_continue = false;
  while (true) {
    if (!wire_->unread().empty()) {
      if (phase_ == Phase::idle) enter(Phase::receiving);
      wire_->consume(reader_.feed(wire_->unread()));
      if (reader_.state() == RequestReader::State::complete) co_return true;
    }
    if (reader_.state() == RequestReader::State::refused) {
      refuse(reader_.refusal());
      co_return false;
    }
    if (reader_.waits_for_continue() && !std::exchange(told_to_continue, true)) {
      wire_->out() += "HTTP/1.1 100 Continue\r\n\r\n";
    }
    if (!wire_->flush()) {
      Phase phase = phase_;
      if (!co_await flush_rest()) co_return false;
      enter(phase);
    }

    if (wire_->peer_done() || !wire_->start_reading(shared_from_this())) co_return false;
    while (wire_->reading() && !dead() && !(group_.stopping && phase_ == Phase::idle)) {
      co_await Sleep{*this};
    }
    if (wire_->reading() && !dead()) {
      // The server stops and nothing was asked, as far as we know; but bytes may have come just
      // now.
      wire_->cancel_reading();
      while (wire_->reading() && !dead()) co_await Sleep{*this};
      if (wire_->unread().empty() && !wire_->read_now()) co_return false;
    }
    if (time_is_up_ && phase_ == Phase::receiving) {
      time_is_up_ = false;  // The farewell has a time of its own.
      refuse(error_response(408, "The request took too long to arrive."));
      co_return false;
    }
    if (dead()) co_return false;
  }
}

// Hands the request to the handler. The answer may be there when this returns.
void ServedConnection::ask() {
  Request request = reader_.take();
  request.peer = peer_;
  request.local = local_;
  request.thread = group_.thread;
  if (spdlog::should_log(spdlog::level::debug)) {
    // The query stays out: it may hold addresses and tokens.
    asked_ = fmt::format("{} {}", name_of(request.method), request.path);
    asked_at_ = std::chrono::steady_clock::now();
  }
  form_ = {.head = request.method == Method::head,
           .http_1_1 = reader_.http_1_1(),
           .keep_alive = reader_.keep_alive()};
  enter(Phase::answering);
  turn_.store(Turn::asked, std::memory_order_relaxed);
  try {
    group_.handler(std::move(request), Responder(shared_from_this()));
  } catch (const std::exception& exception) {
    // Its Responder was destroyed on the way here, and so has answered 500.
    spdlog::error("a request's handler threw: {}", exception.what());
  }
}

// Waits for the answer if need be, and sends it unless further requests are already here: then
// theirs go out with it. False when the connection is of no more use.
Step ServedConnection::answer() {
  if (turn_.load(std::memory_order_acquire) != Turn::answered) {
    if (!wire_->flush() && !co_await flush_rest()) co_return false;
    enter(Phase::answering);
    Turn asked = Turn::asked;
    if (turn_.compare_exchange_strong(asked, Turn::sleeping, std::memory_order_acq_rel)) {
      while (turn_.load(std::memory_order_acquire) != Turn::answered) {
        if (dead()) co_return false;
        co_await Sleep{*this};
      }
    }
  }
  turn_.store(Turn::none, std::memory_order_relaxed);
  if (group_.stopping) form_.keep_alive = false;
  if (events_) co_return co_await send_events();

  if (make_response_) response_ = std::exchange(make_response_, {})();
  if (!asked_.empty()) log_answer();
  append_answer(wire_->out(), response_, form_);
  response_.body = {};
  bool more = !wire_->unread().empty() && wire_->out().size() < gathered_bytes_max;
  if (more && form_.keep_alive) co_return true;
  co_return wire_->flush() || co_await flush_rest();
}

void ServedConnection::log_answer() {
  std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - asked_at_;
  spdlog::debug("{} {} in {:.1f} ms, {} bytes to {}", std::exchange(asked_, {}), response_.status,
                took.count(), response_.body.size(), local_ ? "the local socket" : peer_);
}

// Sends events until either side ends it. Reads beside it, to notice when the other side goes; what
// comes is kept for the next request.
Step ServedConnection::send_events() {
  using Next = EventQueue::Next;
  streaming_ = std::move(events_);
  if (!form_.http_1_1) form_.keep_alive = false;  // Only the connection's end ends such a body.
  append_stream_head(wire_->out(), response_, form_);
  Next next = form_.head ? Next::last : Next::more;
  std::string unsent;
  bool good = true;
  while (good && next == Next::more) {
    next = streaming_->take(unsent);
    append_piece(wire_->out(), unsent, form_);
    if (next == Next::more && group_.stopping) next = Next::last;
    if (next != Next::more) break;
    if (!wire_->out().empty()) {
      good = wire_->flush() || co_await flush_rest();
      continue;  // More may have come while it was sent.
    }
    enter(Phase::streaming);
    wire_->start_reading(shared_from_this());
    co_await Sleep{*this};
    good = !wire_->peer_done() && !dead();
  }
  if (next == Next::cut) good = false;
  if (good) {
    if (!form_.head) append_last_piece(wire_->out(), form_);
    good = wire_->flush() || co_await flush_rest();
  }
  if (!good) aborted_ = true;
  if (group_.stopping) form_.keep_alive = false;
  std::exchange(streaming_, nullptr)->end();
  co_return good;
}

// Sends all there is, as fast as the other side takes it. False when it does not.
Step ServedConnection::flush_rest() {
  while (!dead() && !wire_->flush()) {
    if (dead()) break;
    enter(Phase::sending);  // Time starts again with every bit of progress.
    wire_->await_room(shared_from_this());
    while (wire_->awaiting_room() && !dead()) {
      co_await Sleep{*this};
      if (streaming_ && streaming_->is_cut()) aborted_ = true;
    }
  }
  co_return !dead();
}

// A socket that is closed with unread bytes in it resets the connection, and the other side may
// then never see our last answer. So where bytes may be left, they are read and dropped, for a
// while.
Step ServedConnection::say_farewell() {
  if (dead() || !(wire_->flush() || co_await flush_rest())) co_return false;
  if (!refused_ && !wire_->anything_unread()) co_return true;
  wire_->finish_sending();
  enter(Phase::farewell);
  while (!wire_->peer_done() && !dead()) {
    wire_->consume(wire_->unread().size());
    wire_->start_reading(shared_from_this());
    while (wire_->reading() && !dead()) co_await Sleep{*this};
  }
  co_return true;
}

// After this nothing touches the group or the event loop, for a Responder may keep this object
// alive for longer than the server.
void ServedConnection::end() {
  wire_->close();
  aborted_ = true;
  if (turn_.exchange(Turn::over, std::memory_order_acq_rel) == Turn::answered && events_) {
    events_->end();
  }
  group_.open[index] = group_.open.back();
  group_.open[index]->index = index;
  group_.open.pop_back();
  group_.census.leave();
}

void ServedConnection::wake() {
  if (sleeper_) std::exchange(sleeper_, {}).resume();
}

void ServedConnection::check_time() {
  milliseconds allowed = time_allowed();
  // A sweep is late by up to its interval, and `since_` early by as much.
  if (allowed == milliseconds::zero() || group_.now - since_ < allowed + sweep_interval) return;
  time_is_up_ = true;
  wake();
}

void ServedConnection::abort() {
  aborted_ = true;
  wake();
}

void ServedConnection::respond(Response response) {
  response_ = std::move(response);
  if (turn_.exchange(Turn::answered, std::memory_order_acq_rel) == Turn::sleeping) {
    inbox_->put(shared_from_this());
  }
}

void ServedConnection::respond_by(std::move_only_function<Response()> make) {
  make_response_ = std::move(make);
  respond({});
}

std::shared_ptr<EventStream> ServedConnection::stream(Response head) {
  auto events = std::make_shared<EventQueue>(weak_from_this(), inbox_);
  response_ = std::move(head);
  events_ = events;
  Turn before = turn_.exchange(Turn::answered, std::memory_order_acq_rel);
  if (before == Turn::sleeping) inbox_->put(shared_from_this());
  if (before == Turn::over) events->end();
  return make_event_stream(std::move(events));
}

void ServedConnection::refuse(const Response& refusal) {
  refused_ = true;
  append_answer(wire_->out(), refusal, {.keep_alive = false});
}

void ServedConnection::enter(Phase phase) {
  phase_ = phase;
  since_ = group_.now;
}

// Zero: as long as it takes. The handler decides how long an answer takes, and a stream may rest.
milliseconds ServedConnection::time_allowed() const {
  switch (phase_) {
    case Phase::idle:
    case Phase::sending:
      return group_.options.idle_timeout;
    case Phase::receiving:
      return group_.options.receive_timeout;
    case Phase::farewell:
      return farewell_timeout;
    case Phase::answering:
    case Phase::streaming:
      break;
  }
  return milliseconds::zero();
}

}  // namespace

void Census::leave() {
  if (--open_ > 0) return;
  std::lock_guard lock(mutex_);
  empty_.notify_all();
}

bool Census::wait_until_empty(std::chrono::seconds at_most) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, at_most, [this] { return open_ == 0; });
}

void serve_connection(ConnectionGroup& group, AcceptedSocket socket) {
  auto connection = std::make_shared<ServedConnection>(group, std::move(socket));
  connection->run(connection);
}

}  // namespace piggy::http
