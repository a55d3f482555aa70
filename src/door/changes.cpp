#include "door/changes.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "activity/news.h"
#include "audit/news.h"
#include "chat/news.h"
#include "door/rest.h"
#include "event/event.h"
#include "event/news.h"
#include "event/signal.h"
#include "flow/news.h"
#include "webhook/news.h"

// What is told stands in the store, so that a stream that broke is resumed by anybody, and what
// another process committed is seen as well. The thread looks when the outbox says so, and a few
// times a second without being told: the rest of what it follows gives no signal.

namespace piggy {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view path = "/platform/events";
// Names of operations and ids of things: for whoever may read the record of calls.
constexpr std::string_view scope = "audit:read";
constexpr std::size_t streams_max = 1'000;
constexpr std::int64_t told_one_by_one_max = 200;
constexpr auto look_interval = std::chrono::milliseconds(250);
// Between two looks, so that much that happens is told in few.
constexpr auto gathering = std::chrono::milliseconds(50);
constexpr auto check_interval = std::chrono::seconds(1);
constexpr auto heartbeat_interval = std::chrono::seconds(15);

using Sources = std::vector<NewsSource>;

// A call of a connection's tool is of no operation that is known here: what it does is told.
Sources all_sources(const Catalogue& catalogue) {
  auto writes = [&catalogue](std::string_view name) {
    const Operation* operation = catalogue.find(name);
    return !operation || operation->writes();
  };
  auto calls = [writes](Transaction& transaction, const NewsSpan& span) {
    return calls_after(transaction, span, writes);
  };
  return {event_news(),    {.after = calls, .newest = newest_call},
          chat_news(),     activity_news(),
          flow_run_news(), flow_step_news(),
          webhook_news()};
}

Result<std::int64_t> newest_of(Transaction& transaction, const Sources& sources) {
  std::int64_t newest = 0;
  for (const NewsSource& source : sources) {
    newest = std::max(newest, TRY(source.newest(transaction)));
  }
  return newest;
}

// What is said twice counts where it was said last, and what is of no interest not at all.
void tidy(std::vector<News>& news) {
  std::set<std::pair<std::string_view, std::string_view>> said;
  std::vector<News> once;
  for (auto one = news.rbegin(); one != news.rend(); ++one) {
    if (one->type.empty()) continue;
    if (said.emplace(one->type, one->subject).second) once.push_back(*one);
  }
  std::ranges::reverse(once);
  news = std::move(once);
}

struct Lot {
  std::vector<News> news = {};
  std::int64_t last = 0;
};

Result<Lot> news_after(Transaction& transaction, const Sources& sources, std::int64_t id) {
  Lot lot{.last = id};
  for (const NewsSource& source : sources) {
    auto more = TRY(source.after(transaction, {.after = id, .max = told_one_by_one_max + 1}));
    lot.news.insert(lot.news.end(), more.begin(), more.end());
  }
  if (lot.news.empty()) return lot;
  if (static_cast<std::int64_t>(lot.news.size()) > told_one_by_one_max) {
    lot.last = TRY(newest_of(transaction, sources));
    lot.news = {{.id = lot.last, .type = "any"}};
    return lot;
  }
  std::ranges::sort(lot.news, {}, &News::id);
  lot.last = lot.news.back().id;
  tidy(lot.news);
  return lot;
}

std::string text_of(const News& news) {
  Value subject = news.subject.empty() ? Value(nullptr) : Value(news.subject);
  return to_json(Value::object({{"type", news.type}, {"subject", std::move(subject)}}));
}

}  // namespace

struct Changes::State {
  struct Follower {
    std::int64_t account_id = 0;
    std::int64_t seen = 0;  // The thread's own once it is among all.
    StillMay still = {};
    std::shared_ptr<http::EventStream> stream = {};
    std::atomic<bool> ended = false;  // Set on the stream's thread.
  };
  using FollowerRef = std::shared_ptr<Follower>;

  Database& database;
  const Sources sources;
  std::mutex mutex = {};
  std::condition_variable_any joined = {};
  std::vector<FollowerRef> all = {};
  bool stopped = false;
  std::jthread thread = {};

  std::vector<FollowerRef> present(const std::stop_token& stop);
  bool look(std::span<const FollowerRef> followers);
  bool look(std::int64_t account, std::vector<Follower*>& followers);
  void loop(const std::stop_token& stop);
};

// Waits for somebody to be there.
std::vector<Changes::State::FollowerRef> Changes::State::present(const std::stop_token& stop) {
  std::unique_lock lock(mutex);
  std::erase_if(all, [](const FollowerRef& one) { return one->ended.load(); });
  joined.wait(lock, stop, [&] { return !all.empty(); });
  return all;
}

bool Changes::State::look(std::span<const FollowerRef> followers) {
  std::map<std::int64_t, std::vector<Follower*>> by_account;
  for (const FollowerRef& one : followers) by_account[one->account_id].push_back(one.get());
  bool found = false;
  for (auto& [account, of_it] : by_account) found = look(account, of_it) || found;
  return found;
}

// From one view of the store, so that all are equally far after it.
bool Changes::State::look(std::int64_t account, std::vector<Follower*>& followers) {
  std::map<std::int64_t, Lot> lots;
  std::int64_t last = 0;
  Result<> read = database.read(account, [&](Transaction& transaction) -> Result<> {
    lots.clear();
    for (const Follower* one : followers) {
      if (lots.contains(one->seen)) continue;
      Lot lot = TRY(news_after(transaction, sources, one->seen));
      last = std::max(last, lot.last);
      lots.emplace(one->seen, std::move(lot));
    }
    return {};
  });
  if (!read) {
    // The pages come back with what they have seen.
    for (Follower* one : followers) one->stream->close();
    return false;
  }
  bool found = false;
  for (Follower* one : followers) {
    for (const News& news : lots.at(one->seen).news) {
      one->stream->send(text_of(news), std::to_string(news.id), "change");
      found = true;
    }
    one->seen = last;
  }
  return found;
}

void Changes::State::loop(const std::stop_token& stop) {
  Signal::Waiter waiter(event_signal());
  auto next_check = SteadyClock::now();
  auto next_heartbeat = next_check + heartbeat_interval;
  while (!stop.stop_requested()) {
    std::vector<FollowerRef> followers = present(stop);
    auto now = SteadyClock::now();
    if (now >= next_check) {
      next_check = now + check_interval;
      for (const FollowerRef& one : followers) {
        if (!one->still()) one->stream->close();
      }
    }
    if (now >= next_heartbeat) {
      next_heartbeat = now + heartbeat_interval;
      for (const FollowerRef& one : followers) one->stream->comment("");
    }
    bool found = look(followers);
    waiter.rest(stop, gathering);
    waiter.wait(stop, found, look_interval);
  }
}

Changes::Changes(Database& database, const Catalogue& catalogue)
    : state_(new State{.database = database, .sources = all_sources(catalogue)}) {}

Changes::~Changes() { stop(); }

bool Changes::serves(const http::Request& request) {
  return request.method == http::Method::get && request.path == path;
}

void Changes::follow(const http::Request& request, std::shared_ptr<const Caller> caller,
                     StillMay still, http::Responder responder) {
  auto refuse = [&](ErrorCode code, std::string message, int number) {
    responder.respond(
        error_response({.code = code, .message = std::move(message), .number = number}, true));
  };
  if (caller->persona_id || !caller->account_id || !caller->may(scope)) {
    return refuse(ErrorCode::forbidden, "Events are for people who may read what is on record.",
                  403);
  }
  auto follower = std::make_shared<State::Follower>();
  follower->account_id = caller->account_id;
  follower->still = std::move(still);
  std::string_view said = request.header("last-event-id");
  std::from_chars(said.data(), said.data() + said.size(), follower->seen);
  Result<> read =
      state_->database.read(caller->account_id, [&](Transaction& transaction) -> Result<> {
        std::int64_t newest = TRY(newest_of(transaction, state_->sources));
        if (said.empty() || follower->seen > newest) follower->seen = newest;
        return {};
      });
  if (!read) return responder.respond(error_response(read.error(), true));
  std::lock_guard lock(state_->mutex);
  std::erase_if(state_->all, [](const auto& one) { return one->ended.load(); });
  if (state_->stopped || state_->all.size() >= streams_max) {
    return refuse(ErrorCode::unavailable, "Too many streams are open, or the server stops.", 503);
  }
  http::Response head{.content_type = "text/event-stream",
                      .fixed_headers = "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\n"};
  follower->stream = responder.stream(std::move(head));
  follower->stream->retry_after(std::chrono::seconds(1));
  follower->stream->on_end([weak = std::weak_ptr(follower)] {
    if (auto one = weak.lock()) one->ended = true;
  });
  state_->all.push_back(std::move(follower));
  state_->joined.notify_one();
}

void Changes::start() {
  State* state = state_.get();
  state->thread = std::jthread([state](const std::stop_token& stop) { state->loop(stop); });
}

void Changes::stop() {
  if (state_->thread.joinable()) {
    state_->thread.request_stop();
    state_->thread.join();
  }
  std::vector<State::FollowerRef> all;
  {
    std::lock_guard lock(state_->mutex);
    state_->stopped = true;
    all.swap(state_->all);
  }
  for (const auto& one : all) one->stream->close();
}

}  // namespace piggy
