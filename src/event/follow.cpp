#include "event/follow.h"

#include <fmt/format.h>
#include "base/log.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "event/event.h"
#include "event/signal.h"

// Ids are given out by the one writer in the order of its commits, so whoever has seen an event has
// seen all that have a smaller id. A follower's place is a row; it is moved only from where it was
// read, so that two programs that follow do nothing twice. Events of no interest are passed over in
// memory alone, now and then in the row: to see them again after a crash does no harm.

namespace piggy {
namespace {

constexpr std::int64_t together_max = 256;
constexpr std::int64_t passed_over_max = 16'384;
constexpr int tries_max = 3;
constexpr auto look_interval = std::chrono::seconds(1);
constexpr auto gathering = std::chrono::milliseconds(5);

constexpr std::string_view select_events = R"sql(
  SELECT account_id, id, type, subject, payload, created_at FROM event
  WHERE id > $1 ORDER BY id LIMIT $2
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
    std::vector<std::string> types = {};     // Empty: all.
    std::optional<std::int64_t> place = {};  // Unknown at first, and after it was lost to another.
    std::int64_t seen = 0;                   // From `place` to there nothing was of interest.
    std::int64_t passed_over = 0;            // How many.
    int tries = 0;                           // Of the next event alone, after it failed.

    bool wants(std::string_view type) const {
      return types.empty() || std::ranges::find(types, type) != types.end();
    }
  };
  // What comes next, read once for all who are there. What nobody wants is not even read whole.
  struct Lot {
    std::vector<EventRow> events = {};
    std::int64_t last = 0;
    std::int64_t count = 0;
  };
  // What of a lot is one follower's, who then is at `last`.
  struct Share {
    Follower* follower = nullptr;
    std::vector<std::reference_wrapper<const EventRow>> events = {};
    std::int64_t last = 0;
  };

  Database& database;
  std::vector<std::unique_ptr<Follower>> all = {};
  std::jthread thread = {};

  Result<std::int64_t> find_place(const Follower& follower);
  Result<Lot> look_ahead(std::int64_t from);
  Result<bool> take(Transaction& transaction, const Share& share);
  Result<> act(std::span<const Share> shares);
  Result<> act_alone(const Share& share);
  Result<> pass_over(Follower& follower, const EventRow& event, const Error& why);
  Result<std::int64_t> go_on();
  void loop(const std::stop_token& stop);
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

Result<Followers::State::Lot> Followers::State::look_ahead(std::int64_t from) {
  Lot lot{.last = from};
  TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
    return transaction.each(select_events, {from, together_max}, [&](const Row& row) {
      lot.last = row.integer(1);
      lot.count++;
      bool wanted = std::ranges::any_of(
          all, [type = row.text(2)](const auto& one) { return one->wants(type); });
      if (wanted) read_row(row, lot.events.emplace_back());
    });
  }));
  return lot;
}

// Moves the place, and acts. False when another program was first; then nothing is done.
Result<bool> Followers::State::take(Transaction& transaction, const Share& share) {
  Follower& follower = *share.follower;
  bool mine = TRY(transaction.run(move_place, {follower.name, *follower.place, share.last})) == 1;
  if (!mine) return false;
  for (std::span rest(share.events); !rest.empty();) {
    std::int64_t account = rest[0].get().account_id;
    std::size_t count = 1;
    while (count < rest.size() && rest[count].get().account_id == account) count++;
    Transaction tenant = transaction.of(account);
    TRY(follower.act(tenant, rest.first(count)));
    rest = rest.subspan(count);
  }
  return true;
}

// All of it or nothing.
Result<> Followers::State::act(std::span<const Share> shares) {
  std::vector<char> mine(shares.size());
  TRY(database.write(0, [&](Transaction& transaction) -> Result<> {
    for (std::size_t i = 0; i < shares.size(); i++) mine[i] = TRY(take(transaction, shares[i]));
    return {};
  }));
  for (std::size_t i = 0; i < shares.size(); i++) {
    Follower& follower = *shares[i].follower;
    if (mine[i]) {
      follower.place = follower.seen = shares[i].last;
      follower.passed_over = 0;
    } else {
      follower.place.reset();
    }
  }
  return {};
}

// After somebody failed: as a whole, and if it was this one, event by event up to the one that is
// to blame.
Result<> Followers::State::act_alone(const Share& share) {
  Result<> done = act({&share, 1});
  if (done || done.error().code == ErrorCode::unavailable) return done;
  for (const EventRow& event : share.events) {
    Share one{.follower = share.follower, .events = {event}, .last = event.id};
    Result<> acted = act({&one, 1});
    if (!acted && acted.error().code != ErrorCode::unavailable) {
      acted = pass_over(*share.follower, event, acted.error());
    }
    TRY(std::move(acted));
    if (!share.follower->place) return {};
  }
  return {};
}

Result<> Followers::State::pass_over(Follower& follower, const EventRow& event, const Error& why) {
  if (++follower.tries < tries_max) return std::unexpected(why);
  spdlog::error("{} passes over the event {} ({}): {}", follower.name, event.id, event.type,
                why.message);
  follower.tries = 0;
  Share nothing{.follower = &follower, .last = event.id};
  return act({&nothing, 1});
}

// How many events were ahead, of interest or not. Those who are behind the others go first.
Result<std::int64_t> Followers::State::go_on() {
  std::int64_t from = std::numeric_limits<std::int64_t>::max();
  for (auto& follower : all) {
    if (!follower->place) follower->place = follower->seen = TRY(find_place(*follower));
    from = std::min(from, follower->seen);
  }
  if (all.empty()) return 0;
  Lot lot = TRY(look_ahead(from));
  if (lot.count == 0) return 0;
  std::vector<Share> shares;
  for (auto& follower : all) {
    if (follower->seen != from) continue;
    Share share{.follower = follower.get(), .last = lot.last};
    for (const EventRow& event : lot.events) {
      if (follower->wants(event.type)) share.events.emplace_back(event);
    }
    if (!share.events.empty() || follower->passed_over + lot.count > passed_over_max) {
      shares.push_back(std::move(share));
    } else {
      follower->seen = lot.last;
      follower->passed_over += lot.count;
    }
  }
  if (shares.empty()) return lot.count;
  Result<> done = act(shares);
  if (done) return lot.count;
  if (done.error().code == ErrorCode::unavailable) return std::unexpected(done.error());
  // Nobody waits for the one that fails: the first error is told when all have had their turn.
  done = {};
  for (const Share& share : shares) {
    Result<> alone = act_alone(share);
    if (!alone && done) done = std::move(alone);
  }
  TRY(std::move(done));
  return lot.count;
}

// Each lot is a write, which others wait for: so a few events are let gather.
void Followers::State::loop(const std::stop_token& stop) {
  Signal::Waiter waiter(event_signal());
  while (!stop.stop_requested()) {
    Result<std::int64_t> found = go_on();
    if (!found) spdlog::warn("events wait: {}", found.error().message);
    if (!found || *found == 0) {
      waiter.wait(stop, false, look_interval);
    } else if (*found < together_max) {
      waiter.rest(stop, gathering);
    }
  }
}

std::optional<Uuid> contact_in(const EventRow& event) {
  const Value* contact = event.payload.find("contact");
  if (const auto* members = event.payload.members(); members && !contact) {
    for (const Member& member : *members) {
      if (!contact) contact = member.value.find("contact");
    }
  }
  if (auto uuid = contact ? parse_uuid(contact->text_of("uuid")) : std::nullopt) return uuid;
  bool itself = event.type.starts_with("contact_") && !event.subject.is_nil();
  return itself ? std::optional(event.subject) : std::nullopt;
}

Result<std::vector<EventRow>> events_since(Transaction& transaction, std::int64_t id,
                                           std::string_view type) {
  return transaction.all<EventRow>(select_since, {id, type});
}

Followers::Followers(Database& database) : state_(new State{.database = database}) {}

Followers::~Followers() { stop(); }

void Followers::follow(std::string_view name, Act act,
                       std::initializer_list<std::string_view> types) {
  ASSERT(!state_->thread.joinable());
  state_->all.push_back(
      std::make_unique<State::Follower>(State::Follower{.name = "follower " + std::string(name),
                                                        .act = std::move(act),
                                                        .types = {types.begin(), types.end()}}));
}

void Followers::start() {
  State* state = state_.get();
  state->thread = std::jthread([state](const std::stop_token& stop) { state->loop(stop); });
}

void Followers::stop() {
  if (!state_->thread.joinable()) return;
  state_->thread.request_stop();
  state_->thread.join();
}

Result<> Followers::catch_up() {
  for (;;) {
    auto found = state_->go_on();
    if (found && *found == 0) return {};
    // One event that fails alone is tried again, and passed over in the end.
    bool tries = std::ranges::any_of(state_->all, [](const auto& one) { return one->tries > 0; });
    if (!found && !tries) return std::unexpected(found.error());
  }
}

}  // namespace piggy
