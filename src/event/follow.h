#pragma once

// Those who act on what happened, by what stands in the outbox. What a follower does and its mark
// that it has done it commit together: it sees every event once, in the order in which they were
// written, whatever crashes in between.

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "database/database.h"

namespace piggy {

struct EventRow {
  std::int64_t account_id = 0;
  std::int64_t id = 0;
  std::string type = {};
  Uuid subject = {};
  Value payload = {};
  Time created_at = {};
};

using EventRefs = std::span<const std::reference_wrapper<const EventRow>>;

// The contact an event is about: beside what happened, in it, or what happened itself.
std::optional<Uuid> contact_in(const EventRow& event);

// Those of a type after an event or any other id, the oldest first, a hundred at most.
Result<std::vector<EventRow>> events_since(Transaction& transaction, std::int64_t id,
                                           std::string_view type);

class Followers {
 public:
  // What one does with events of one account, in their transaction, which the others share. Runs on
  // the writer's thread and must not block; it may be run again from the start. An event that it
  // fails with alone, several times, is passed over and logged: nobody else waits for it.
  using Act = std::function<Result<>(Transaction&, EventRefs)>;

  explicit Followers(Database& database);  // Borrowed; outlives it.
  ~Followers();

  // All are told before `start`. One that was never here before begins with what happens from then
  // on. `name` is its own for good. Where `types` are named it sees events of these alone.
  void follow(std::string_view name, Act act, std::initializer_list<std::string_view> types = {});

  // Follows on a thread of its own.
  void start();
  void stop();
  // Follows on this thread until nothing is left: for tests and one-shot commands.
  Result<> catch_up();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace piggy
