#include "mcp/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "shape/json.h"

namespace piggy::mcp {
namespace {

constexpr std::size_t subscriptions_max = 1000;
constexpr std::size_t greedy_part = 10;  // A tenth of all sessions is a good part of them.

}  // namespace

void Session::ask(const std::shared_ptr<Exchange>& exchange,
                  const std::vector<InputRequest>& requests, Time deadline,
                  std::function<void(Result<Value>)> done) {
  auto round = std::make_shared<Round>();
  round->open = requests.size();
  round->deadline = deadline;
  round->done = std::move(done);
  std::vector<std::string> messages;
  {
    std::scoped_lock lock(mutex_);
    for (const InputRequest& request : requests) {
      std::string id = fmt::format("\"ask-{}\"", ++last_question_);
      messages.push_back(call_message(id, request.method, to_json(request.params)));
      questions_.emplace(std::move(id), Question{round, request.key});
    }
  }
  for (std::string& message : messages) exchange->send(std::move(message));
}

void Session::answer(Message response) {
  std::function<void(Result<Value>)> done;
  Result<Value> outcome;
  {
    std::scoped_lock lock(mutex_);
    auto found = questions_.find(response.id);
    if (found == questions_.end()) return;
    Question question = std::move(found->second);
    questions_.erase(found);
    Round& round = *question.round;
    if (!response.error.empty()) {
      outcome = fail(ErrorCode::conflict, response.error);
      drop(question.round);
    } else {
      round.responses.set(question.key, std::move(response.result));
      if (--round.open > 0) return;
      outcome = std::move(round.responses);
    }
    done = std::move(round.done);
  }
  done(std::move(outcome));
}

void Session::expire_questions(Time now) {
  std::vector<std::shared_ptr<Round>> late;
  {
    std::scoped_lock lock(mutex_);
    for (auto& [id, question] : questions_) {
      bool known = std::ranges::find(late, question.round) != late.end();
      if (question.round->deadline < now && !known) late.push_back(question.round);
    }
    for (auto& round : late) drop(round);
  }
  for (auto& round : late) {
    round->done(fail(ErrorCode::conflict, "The client did not answer in time."));
  }
}

void Session::drop(const std::shared_ptr<Round>& round) {
  std::erase_if(questions_, [&](const auto& entry) { return entry.second.round == round; });
}

void Session::subscribe(std::string uri) {
  std::scoped_lock lock(mutex_);
  if (subscriptions_.size() < subscriptions_max) subscriptions_.insert(std::move(uri));
}

void Session::unsubscribe(const std::string& uri) {
  std::scoped_lock lock(mutex_);
  subscriptions_.erase(uri);
}

bool Session::subscribed(const std::string& uri) {
  std::scoped_lock lock(mutex_);
  return subscriptions_.contains(uri);
}

Principal Session::principal() {
  std::scoped_lock lock(mutex_);
  return principal_;
}

void Session::came(Principal principal) {
  std::scoped_lock lock(mutex_);
  std::swap(principal_, principal);  // The old one is let go of after the lock.
}

void Session::tell_of(std::shared_ptr<const ToolList> tools) {
  {
    std::scoped_lock lock(mutex_);
    if (told_ == tools) return;
    told_.swap(tools);
  }
  broadcast(call_message({}, "notifications/tools/list_changed", {}));
}

void Session::broadcast(std::string message) {
  if (parts_.broadcast) return parts_.broadcast(std::move(message));
  replay.send(Replay::standalone, std::move(message));
}

void Session::end() {
  in_flight->cancel_all();
  std::unordered_map<std::string, Question> open;  // Let go of without the lock.
  {
    std::scoped_lock lock(mutex_);
    open.swap(questions_);
  }
  replay.close_all();
}

void SessionOutlet::send(std::string message) {
  if (start()) session_->replay.send(stream_, std::move(message));
}

void SessionOutlet::finish(int status, std::string message) {
  bool only_stream = accepts_.stream && !accepts_.json && status == 200;
  if (!stream_ && !only_stream) {
    return responder_.respond(json_response(status, std::move(message)));
  }
  start();
  session_->replay.finish(stream_, std::move(message));
}

void SessionOutlet::abandon() {
  if (!stream_) return responder_.respond(json_response(202, {}));
  session_->replay.finish(stream_, {});
}

// Without the event that names the stream a client would have nothing to resume from.
void SessionOutlet::release() {
  if (session_->primes() && start()) session_->replay.release(stream_);
}

bool SessionOutlet::start() {
  if (stream_) return true;
  if (!accepts_.stream) return false;
  stream_ = session_->replay.open(responder_.stream(stream_head()), session_->primes());
  return true;
}

std::shared_ptr<Session> Sessions::begin(Session::Parts parts) {
  SecureRandom random;
  parts.id = random.text(32, alphanumerics);
  auto session = std::make_shared<Session>(std::move(parts));
  session->used_at = clock_.now().microseconds;
  std::shared_ptr<Session> oldest;
  {
    std::scoped_lock lock(mutex_);
    if (sessions_.size() >= max_) oldest = take_oldest(session->principal_key());
    sessions_.emplace(session->id(), session);
  }
  if (oldest) oldest->end();
  return session;
}

std::shared_ptr<Session> Sessions::begin_pipe(Session::Parts parts) {
  auto session = std::make_shared<Session>(std::move(parts));
  session->used_at = INT64_MAX;  // Ends with its pipe, however quiet it is.
  std::scoped_lock lock(mutex_);
  sessions_.emplace(fmt::format("pipe {}", static_cast<void*>(session.get())), session);
  return session;
}

std::shared_ptr<Session> Sessions::find(std::string_view id, const Principal& principal) {
  std::shared_ptr<Session> session;
  {
    std::scoped_lock lock(mutex_);
    auto found = sessions_.find(std::string(id));
    if (found == sessions_.end() || found->second->id().empty()) return nullptr;
    if (found->second->principal_key() != principal.key) return nullptr;
    session = found->second;
  }
  session->used_at = clock_.now().microseconds;
  session->came(principal);
  return session;
}

void Sessions::end(const std::shared_ptr<Session>& session) {
  {
    std::scoped_lock lock(mutex_);
    std::erase_if(sessions_, [&](const auto& entry) { return entry.second == session; });
  }
  session->end();
}

// The session stays for whoever comes back with what lets them in, such as a renewed token.
void Sessions::refresh(Service& service) {
  each({}, [&](Session& session) {
    Principal principal = session.principal();
    if (service.still_let_in(principal)) return session.tell_of(service.tools(principal));
    session.tell_of(nullptr);
    session.replay.release(Replay::standalone);
  });
}

void Sessions::each(std::string_view principal_key, const std::function<void(Session&)>& call) {
  std::vector<std::shared_ptr<Session>> chosen;
  {
    std::scoped_lock lock(mutex_);
    for (auto& [id, session] : sessions_) {
      if (principal_key.empty() || session->principal_key() == principal_key) {
        chosen.push_back(session);
      }
    }
  }
  for (auto& session : chosen) call(*session);
}

void Sessions::expire(Time unused_since, Time now) {
  std::vector<std::shared_ptr<Session>> expired;
  {
    std::scoped_lock lock(mutex_);
    std::erase_if(sessions_, [&](const auto& entry) {
      bool late = entry.second->used_at < unused_since.microseconds;
      if (late) expired.push_back(entry.second);
      return late;
    });
  }
  for (auto& session : expired) session->end();
  each({}, [&](Session& session) { session.expire_questions(now); });
}

void Sessions::end_all() {
  std::unordered_map<std::string, std::shared_ptr<Session>> all;
  {
    std::scoped_lock lock(mutex_);
    all.swap(sessions_);
  }
  for (auto& [id, session] : all) session->end();
}

std::shared_ptr<Session> Sessions::take_oldest(std::string_view principal_key) {
  auto theirs = [&](const auto& entry) { return entry.second->principal_key() == principal_key; };
  auto count = static_cast<std::size_t>(std::ranges::count_if(sessions_, theirs));
  bool greedy = count * greedy_part >= max_;
  auto oldest = sessions_.end();
  for (auto at = sessions_.begin(); at != sessions_.end(); at++) {
    if (greedy && !theirs(*at)) continue;
    bool older = oldest == sessions_.end() || at->second->used_at < oldest->second->used_at;
    if (older) oldest = at;
  }
  std::shared_ptr<Session> session = std::move(oldest->second);
  sessions_.erase(oldest);
  return session;
}

}  // namespace piggy::mcp
