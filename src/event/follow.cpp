#include "event/follow.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "event/event.h"
#include "event/signal.h"

// Ids are given out by the one writer in the order of its commits, so whoever has seen an event has
// seen all that have a smaller id. A follower's place is a row; it is moved only from where it was
// read, so that two programs that follow do nothing twice.

namespace piggy {
namespace {

constexpr std::size_t together_max = 256;
constexpr int tries_max = 3;
constexpr auto look_interval = std::chrono::seconds(1);

constexpr std::string_view select_events = R"sql(
  SELECT account_id, id, type, subject, payload, created_at FROM event
  WHERE id > $1 ORDER BY id LIMIT 256
)sql";

constexpr std::string_view select_since = R"sql(
  SELECT account_id, id, type, subject, payload, created_at FROM event
  WHERE account_id = $1 AND id > $2 AND type = $3 ORDER BY id LIMIT 100
)sql";

constexpr std::string_view select_newest = "SELECT coalesce(max(id), 0) FROM event";
// Places stand beside the counter of ids, and travel with it when a store is copied.
constexpr std::string_view select_place = "SELECT value FROM counter WHERE name = $1";
constexpr std::string_view insert_place = "INSERT INTO counter (name, value) VALUES ($1, $2)";
constexpr std::string_view move_place =
    "UPDATE counter SET value = $3 WHERE name = $1 AND value = $2";

}  // namespace

struct Followers::State {
  struct Follower {
    std::string name;
    Act act;
    std::optional<std::int64_t> place = {};  // Unknown at first, and after it was lost to another.
    int tries = 0;                           // Of the next event alone, after it failed.
  };

  Database& database;
  std::vector<std::unique_ptr<Follower>> all = {};
  std::vector<std::jthread> threads = {};

  Result<std::int64_t> find_place(const Follower& follower);
  Result<std::vector<EventRow>> events_after(std::int64_t place);
  Result<bool> act_on(Follower& follower, std::span<const EventRow> events);
  Result<bool> pass_over(Follower& follower, const EventRow& event, const Error& why);
  Result<bool> go_on(Follower& follower);
  void loop(const std::stop_token& stop, Follower& follower);
};

Result<std::int64_t> Followers::State::find_place(const Follower& follower) {
  std::int64_t place = 0;
  TRY(database.write(0, [&](Transaction& transaction) -> Result<> {
    auto known = TRY(transaction.first<std::int64_t>(select_place, {follower.name}));
    place = known ? *known : TRY(transaction.one<std::int64_t>(select_newest));
    if (!known) TRY(transaction.run(insert_place, {follower.name, place}));
    return {};
  }));
  return place;
}

Result<std::vector<EventRow>> Followers::State::events_after(std::int64_t place) {
  std::vector<EventRow> events;
  TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
    events = TRY(transaction.all<EventRow>(select_events, {place}));
    return {};
  }));
  static_assert(together_max == 256);  // As the statement has it.
  return events;
}

// False when another program was first; then nothing is done.
Result<bool> Followers::State::act_on(Follower& follower, std::span<const EventRow> events) {
  bool mine = false;
  std::int64_t last = events.back().id;
  TRY(database.write(0, [&](Transaction& transaction) -> Result<> {
    mine = TRY(transaction.run(move_place, {follower.name, *follower.place, last})) == 1;
    if (!mine) return {};
    for (auto rest = events; !rest.empty();) {
      std::size_t count = 1;
      while (count < rest.size() && rest[count].account_id == rest[0].account_id) count++;
      Transaction tenant = transaction.of(rest[0].account_id);
      TRY(follower.act(tenant, rest.first(count)));
      rest = rest.subspan(count);
    }
    return {};
  }));
  if (mine)
    follower.place = last;
  else
    follower.place.reset();
  return mine;
}

Result<bool> Followers::State::pass_over(Follower& follower, const EventRow& event,
                                         const Error& why) {
  if (++follower.tries < tries_max) return std::unexpected(why);
  spdlog::error("{} passes over the event {} ({}): {}", follower.name, event.id, event.type,
                why.message);
  follower.tries = 0;
  auto nothing = [](Transaction&, std::span<const EventRow>) -> Result<> { return {}; };
  Follower passing{.name = follower.name, .act = nothing, .place = follower.place};
  auto passed = act_on(passing, {&event, 1});
  follower.place = passing.place;
  return passed;
}

// Whether there was anything.
Result<bool> Followers::State::go_on(Follower& follower) {
  if (!follower.place) follower.place = TRY(find_place(follower));
  std::vector<EventRow> events = TRY(events_after(*follower.place));
  if (events.empty()) return false;
  Result<bool> done = act_on(follower, events);
  if (done || done.error().code == ErrorCode::unavailable) return done;
  // One by one, up to the one that is to blame.
  for (const EventRow& event : events) {
    Result<bool> one = act_on(follower, {&event, 1});
    if (!one && one.error().code != ErrorCode::unavailable) {
      one = pass_over(follower, event, one.error());
    }
    if (!one || !*one) return one;
  }
  return true;
}

void Followers::State::loop(const std::stop_token& stop, Follower& follower) {
  Signal::Waiter waiter(event_signal());
  while (!stop.stop_requested()) {
    Result<bool> found = go_on(follower);
    if (found && *found) continue;
    if (!found) spdlog::warn("{} waits: {}", follower.name, found.error().message);
    waiter.wait(stop, false, look_interval);
  }
}

Result<std::vector<EventRow>> events_since(Transaction& transaction, std::int64_t id,
                                           std::string_view type) {
  return transaction.all<EventRow>(select_since, {id, type});
}

Followers::Followers(Database& database) : state_(new State{.database = database}) {}

Followers::~Followers() { stop(); }

void Followers::follow(std::string_view name, Act act) {
  ASSERT(state_->threads.empty());
  state_->all.push_back(
      std::make_unique<State::Follower>("follower " + std::string(name), std::move(act)));
}

void Followers::start() {
  State* state = state_.get();
  for (auto& follower : state->all) {
    state->threads.emplace_back(
        [state, it = follower.get()](const std::stop_token& stop) { state->loop(stop, *it); });
  }
}

void Followers::stop() {
  for (auto& thread : state_->threads) thread.request_stop();
  state_->threads.clear();  // Joins.
}

Result<> Followers::catch_up() {
  for (bool more = true; more;) {
    more = false;
    for (auto& follower : state_->all) {
      auto found = state_->go_on(*follower);
      // One that fails alone is tried again, and passed over in the end.
      if (!found && follower->tries == 0) return std::unexpected(found.error());
      more = more || !found || *found;
    }
  }
  return {};
}

}  // namespace piggy
