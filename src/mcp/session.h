#pragma once

// Sessions, which the revisions before 2026-07-28 have: what a client declared when it began, what
// it is waiting for, what it was asked, and its streams. A session belongs to the principal that
// began it; for anybody else it does not exist.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "mcp/exchange.h"
#include "mcp/in_flight.h"
#include "mcp/replay.h"

namespace piggy::mcp {

// Thread-safe.
class Session {
 public:
  struct Parts {
    std::string id = {};  // "" for the one session of a pipe.
    Principal principal = {};
    std::shared_ptr<const ToolList> tools = {};  // As its principal sees them now.
    std::string version = {};
    std::shared_ptr<const Value> capabilities = {};
    std::size_t replay_bytes_max = 0;
    // Where messages go that belong to no request; nothing: to the stream of a GET.
    std::function<void(std::string)> broadcast = {};
  };

  explicit Session(Parts parts)
      : replay(parts.replay_bytes_max),
        parts_(std::move(parts)),
        principal_(parts_.principal),
        told_(parts_.tools) {}

  const std::string& id() const { return parts_.id; }
  const std::string& principal_key() const { return parts_.principal.key; }
  // As it last came: what lets it in is renewed while the session goes on.
  Principal principal();
  void came(Principal principal);
  // Tells the client when these are not the tools it was last told of.
  void tell_of(std::shared_ptr<const ToolList> tools);
  const std::string& version() const { return parts_.version; }
  const std::shared_ptr<const Value>& capabilities() const { return parts_.capabilities; }
  // An event without data comes first on a stream; older clients stumble over it.
  bool primes() const { return version() == "2025-11-25"; }

  // Sends every question on the exchange's stream. `done` gets the answers by key, or the first
  // refusal; it is called once, and not at all when the exchange ends before.
  void ask(const std::shared_ptr<Exchange>& exchange, const std::vector<InputRequest>& requests,
           Time deadline, std::function<void(Result<Value>)> done);
  // A response of the client. Unknown ones are ignored: the question may have timed out.
  void answer(Message response);
  void expire_questions(Time now);

  void subscribe(std::string uri);
  void unsubscribe(const std::string& uri);
  bool subscribed(const std::string& uri);

  void broadcast(std::string message);
  // Cancels what is in flight and closes all streams.
  void end();

  std::atomic<LogLevel> log_level = LogLevel::info;
  std::atomic<std::int64_t> used_at = 0;
  std::shared_ptr<InFlight> in_flight = std::make_shared<InFlight>();
  Replay replay;

 private:
  // Questions that were asked together and are answered together.
  struct Round {
    Value responses = Value::object();
    std::size_t open = 0;
    Time deadline = {};
    std::function<void(Result<Value>)> done = {};
  };
  struct Question {
    std::shared_ptr<Round> round = {};
    std::string key = {};
  };

  // Takes the round's questions away; what is left is to call `done`. Needs the mutex.
  void drop(const std::shared_ptr<Round>& round);

  const Parts parts_;
  std::mutex mutex_;
  Principal principal_;
  std::shared_ptr<const ToolList> told_;
  std::unordered_map<std::string, Question> questions_;  // By id, as JSON text.
  std::uint64_t last_question_ = 0;
  std::set<std::string> subscriptions_;
};

// An answer in a session: resumable once it has become a stream.
class SessionOutlet final : public Outlet {
 public:
  SessionOutlet(http::Responder responder, Accepts accepts, std::shared_ptr<Session> session)
      : responder_(std::move(responder)), accepts_(accepts), session_(std::move(session)) {}

  void send(std::string message) override;
  void finish(int status, std::string message) override;
  void abandon() override;
  bool can_send() const override { return accepts_.stream; }
  void release() override;
  void keep_alive() override { start(); }  // The session keeps its streams alive from then on.

 private:
  bool start();

  http::Responder responder_;
  Accepts accepts_;
  std::shared_ptr<Session> session_;
  std::uint64_t stream_ = 0;  // 0: not yet a stream.
};

// All sessions of a server. Thread-safe.
class Sessions {
 public:
  Sessions(const Clock& clock, std::size_t sessions_max) : clock_(clock), max_(sessions_max) {}

  // With a fresh id. When there are too many, the one unused for longest ends: of this principal if
  // it has a good part of them, so that nobody can push out everybody else's.
  std::shared_ptr<Session> begin(Session::Parts parts);
  // Of a pipe: it ends when `end` says so, and cannot be found by an id.
  std::shared_ptr<Session> begin_pipe(Session::Parts parts);
  // Nullptr for an unknown id and for another principal's session. Counts as use.
  std::shared_ptr<Session> find(std::string_view id, const Principal& principal);
  void end(const std::shared_ptr<Session>& session);
  // Server::refresh, of all sessions.
  void refresh(Service& service);

  void each(std::string_view principal_key, const std::function<void(Session&)>& call);
  void expire(Time unused_since, Time now);
  void end_all();

 private:
  std::shared_ptr<Session> take_oldest(std::string_view principal_key);

  const Clock& clock_;
  const std::size_t max_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<Session>> sessions_;
};

}  // namespace piggy::mcp
