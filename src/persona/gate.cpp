#include "persona/gate.h"

#include <fmt/format.h>

#include <algorithm>

#include "persona/plan.h"

namespace piggy {

struct Gate::UsageRow {
  std::int64_t id = 0;
  std::int64_t calls = 0;
  std::int64_t plan_credits = 0;
  std::int64_t points = 0;
};

namespace {

constexpr HotTable usages = {
    .select = R"sql(
      SELECT id, calls, plan_credits, points FROM persona_usage WHERE account_id = $1 AND id = $2
    )sql",
    .update = {.name = "persona_usage",
               .columns = "account_id bigint, id bigint, calls bigint, plan_credits bigint, "
                          "points bigint"}};

constexpr std::string_view select_usage = R"sql(
  SELECT id FROM persona_usage
  WHERE account_id = $1 AND day = $2 AND persona_id = $3 AND tool = $4
)sql";

constexpr std::string_view insert_usage = R"sql(
  INSERT INTO persona_usage (account_id, id, persona_id, tool, day, calls, plan_credits, points)
  VALUES ($1, $2, $3, $4, $5, 0, 0, 0)
)sql";

constexpr std::int64_t microseconds_per_minute = 60 * microseconds_per_second;

std::int64_t day_number(const Date& date) {
  return date.year * 10'000 + date.month * 100 + date.day;
}

std::unexpected<Error> ask(std::string reason) {
  return fail(ErrorCode::needs_approval, std::move(reason));
}

}  // namespace

Result<> Gate::allowed(const Persona& persona, const ToolCalled& tool) const {
  if (persona.state == PersonaState::stopped) {
    return fail({.code = ErrorCode::forbidden,
                 .message = fmt::format("The persona {} is stopped.", persona.name),
                 .number = 403});
  }
  if (tool.info.ungranted || persona.may_call(catalogue_, tool.key)) return {};
  return fail(
      {.code = ErrorCode::forbidden,
       .message = fmt::format("The persona {} has no grant for {}.", persona.name, tool.info.title),
       .number = 403});
}

Result<Admitted> Gate::admit(const Caller& caller, const ToolCalled& tool) {
  Admitted admitted;
  if (caller.persona_id == 0) return admitted;
  TRY(database_.read(caller.account_id, [&](Transaction& transaction) -> Result<> {
    admitted.persona = TRY(personas_.find(transaction, caller.persona_id));
    return {};
  }));
  TRY(allowed(*admitted.persona, tool));
  TRY(pace(caller, *admitted.persona, tool));
  admitted.price = price_of(tool.info);
  return admitted;
}

Result<> Gate::check(Transaction& transaction, const Caller& caller, const ToolCalled& tool) {
  if (caller.persona_id == 0) return {};
  return allowed(*TRY(personas_.find(transaction, caller.persona_id)), tool);
}

Result<> Gate::pace(const Caller& caller, const Persona& persona, const ToolCalled& tool) {
  const Grant* grant = persona.grant(tool.key);
  if (!grant || !grant->limits.calls_per_minute) return {};
  std::int64_t now = database_.clock().now().microseconds;
  std::int64_t minute = now / microseconds_per_minute;
  std::lock_guard lock(pace_mutex_);
  Minute& counted = pace_[{caller.persona_id, grant->tool}];
  if (counted.minute != minute) counted = {.minute = minute};
  if (counted.calls >= *grant->limits.calls_per_minute) {
    std::int64_t wait = (minute + 1) * microseconds_per_minute - now;
    return fail({.code = ErrorCode::too_many,
                 .message = fmt::format("{} may call {} {} times a minute, and has.", persona.name,
                                        tool.info.title, *grant->limits.calls_per_minute),
                 .number = 429,
                 .retry_after_seconds = static_cast<int>(wait / microseconds_per_second + 1)});
  }
  counted.calls++;
  return {};
}

std::string Gate::must_ask(const Persona& persona, const ToolCalled& tool) const {
  if (tool.info.effect == Effect::destructive) {
    return fmt::format("{} cannot be undone.", tool.info.title);
  }
  const Grant* grant = persona.grant(tool.key);
  if (grant && grant->ask == Ask::always && tool.info.effect != Effect::read) {
    return fmt::format("{} is granted to {} with approval only.", tool.info.title, persona.name);
  }
  return {};
}

Result<> Gate::settle(Transaction& transaction, const Caller& caller, const Admitted& admitted,
                      const ToolCalled& tool, const Amounts& amounts, bool approved) {
  if (!admitted.persona) return {};
  const Persona& persona = *admitted.persona;
  const Grant* grant = persona.grant(tool.key);
  const Limits limits = grant && !approved ? grant->limits : Limits{};
  UsageRow* usage = TRY(usage_today(transaction, caller, tool.key));
  if (limits.plan_credits_per_day &&
      usage->plan_credits + admitted.price > *limits.plan_credits_per_day) {
    return ask(fmt::format("{} may spend {} plan credits a day on {}, and has spent {}.",
                           persona.name, *limits.plan_credits_per_day, tool.info.title,
                           usage->plan_credits));
  }
  if (limits.points_per_day && usage->points + amounts.points > *limits.points_per_day) {
    return ask(fmt::format("{} may give {} points a day and has given {}; this would give {}.",
                           persona.name, *limits.points_per_day, usage->points, amounts.points));
  }
  if (limits.vouchers_per_call && amounts.vouchers > *limits.vouchers_per_call) {
    return ask(fmt::format("{} may make {} vouchers a call; this would make {}.", persona.name,
                           *limits.vouchers_per_call, amounts.vouchers));
  }
  if (limits.contacts_per_call && amounts.contacts > *limits.contacts_per_call) {
    return ask(fmt::format("{} may write to {} contacts a call; this would write to {}.",
                           persona.name, *limits.contacts_per_call, amounts.contacts));
  }
  TRY(charge(transaction, caller, admitted.price));
  usage->calls++;
  usage->plan_credits += admitted.price;
  usage->points += amounts.points;
  return {};
}

// Of the day on which it is given back, whichever it was taken on: only what is left can be given.
Result<> Gate::give_back(Transaction& transaction, const Caller& caller, std::string_view tool,
                         std::int64_t price, std::int64_t points) {
  TRY(refund(transaction, caller, price));
  UsageRow* usage = TRY(usage_today(transaction, caller, tool));
  usage->calls = std::max<std::int64_t>(0, usage->calls - 1);
  usage->plan_credits = std::max<std::int64_t>(0, usage->plan_credits - price);
  usage->points = std::max<std::int64_t>(0, usage->points - points);
  return {};
}

Result<> Gate::count_points(Transaction& transaction, const Caller& caller, std::string_view tool,
                            std::int64_t points) {
  TRY(usage_today(transaction, caller, tool))->points += points;
  return {};
}

Result<Gate::UsageRow*> Gate::usage_today(Transaction& transaction, const Caller& caller,
                                          std::string_view tool) {
  std::int64_t day = day_number(local_date(transaction.now(), caller.time_zone));
  Place& place = places_[{caller.persona_id, std::string(tool)}];
  if (place.day == day) {
    if (UsageRow* row = TRY(transaction.hot<UsageRow>(usages, place.id))) return row;
  }
  auto id = TRY(transaction.first<std::int64_t>(select_usage, {day, caller.persona_id, tool}));
  if (!id) {
    id = transaction.next_id();
    TRY(transaction.run(insert_usage, {*id, caller.persona_id, tool, day}));
  }
  place = {.day = day, .id = *id};
  UsageRow* row = TRY(transaction.hot<UsageRow>(usages, *id));
  ASSERT(row);
  return row;
}

}  // namespace piggy
