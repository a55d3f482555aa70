#include "persona/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace piggy {
namespace {

constexpr Plan all_plans[] = {
    {.name = "starter", .title = "Starter", .credits_per_month = 5'000, .euros_per_month = 0},
    {.name = "team", .title = "Team", .credits_per_month = 50'000, .euros_per_month = 49},
    {.name = "pro", .title = "Pro", .credits_per_month = 500'000, .euros_per_month = 249}};

constexpr std::array<std::string_view, 12> month_names = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

struct MonthRow {
  std::int64_t id = 0;
  std::int64_t used = 0;
};

struct AccountPlanRow {
  std::int64_t id = 0;
  std::int64_t pack_credits = 0;
};

constexpr HotTable months = {
    .select = "SELECT id, used FROM plan_month WHERE account_id = $1 AND id = $2",
    .update = {.name = "plan_month", .columns = "account_id bigint, id bigint, used bigint"}};

constexpr HotTable account_plans = {
    .select = "SELECT id, pack_credits FROM account_plan WHERE account_id = $1 AND id = $2",
    .update = {.name = "account_plan",
               .columns = "account_id bigint, id bigint, pack_credits bigint"}};

constexpr std::string_view insert_month = R"sql(
  INSERT INTO plan_month (account_id, id, used) VALUES ($1, $2, 0)
)sql";

constexpr std::string_view insert_account_plan = R"sql(
  INSERT INTO account_plan (account_id, id, plan, pack_credits) VALUES ($1, $1, $2, 0)
)sql";

constexpr std::string_view select_plan = R"sql(
  SELECT plan FROM account_plan WHERE account_id = $1 AND id = $1
)sql";

constexpr std::string_view update_plan = R"sql(
  UPDATE account_plan SET plan = $2 WHERE account_id = $1 AND id = $1
)sql";

const Plan* plan_named(std::string_view name) {
  auto found = std::ranges::find(all_plans, name, &Plan::name);
  return found == std::end(all_plans) ? nullptr : &*found;
}

// The id of a row must be unlike those of other accounts'.
std::int64_t month_id(std::int64_t account, const Date& date) {
  return account * 16'384 + date.year % 1'000 * 12 + date.month;
}

Result<MonthRow*> month_in_play(Transaction& transaction, const Date& date) {
  std::int64_t id = month_id(transaction.account(), date);
  MonthRow* month = TRY(transaction.hot<MonthRow>(months, id));
  if (month || !transaction.writes()) return month;
  TRY(transaction.run(insert_month, {id}));
  return transaction.hot<MonthRow>(months, id);
}

Result<AccountPlanRow*> account_plan_in_play(Transaction& transaction) {
  AccountPlanRow* row = TRY(transaction.hot<AccountPlanRow>(account_plans, transaction.account()));
  if (row || !transaction.writes()) return row;
  TRY(transaction.run(insert_account_plan, {all_plans[0].name}));
  return transaction.hot<AccountPlanRow>(account_plans, transaction.account());
}

// The plan changes rarely, so that it need not be in a hot row; it is read only where it matters.
Result<const Plan*> plan_of(Transaction& transaction) {
  auto name = TRY(transaction.first<std::string>(select_plan));
  const Plan* plan = name ? plan_named(*name) : &all_plans[0];
  ASSERT(plan);
  return plan;
}

}  // namespace

void PlanStatus::describe(Fields<PlanStatus>& field) {
  field("plan", &PlanStatus::plan, "The plan's name.");
  field("title", &PlanStatus::title, "The plan's name for people.");
  field("month", &PlanStatus::month, "The month, in the account's zone.");
  field("credits_per_month", &PlanStatus::credits_per_month, "What the plan gives each month.");
  field("used", &PlanStatus::used, "What was used this month, packs included.");
  field("pack_credits", &PlanStatus::pack_credits, "What is left of packs.");
  field("left", &PlanStatus::left, "What can still be used this month, packs included.");
}

std::span<const Plan> plans() { return all_plans; }

std::int64_t price_of(const OperationInfo& info) {
  if (info.ungranted) return 0;
  switch (info.effect) {
    case Effect::read:
      return 1;
    case Effect::write:
      return 2;
    case Effect::destructive:
      return 5;
  }
  return 0;
}

Result<PlanStatus> plan_status(Transaction& transaction, const Caller& caller) {
  const Plan* plan = TRY(plan_of(transaction));
  Date today = local_date(transaction.now(), caller.time_zone);
  MonthRow* month = TRY(month_in_play(transaction, today));
  AccountPlanRow* packs = TRY(account_plan_in_play(transaction));
  PlanStatus status{.plan = std::string(plan->name),
                    .title = std::string(plan->title),
                    .month = fmt::format("{:04}-{:02}", today.year, today.month),
                    .credits_per_month = plan->credits_per_month,
                    .used = month ? month->used : 0,
                    .pack_credits = packs ? packs->pack_credits : 0};
  status.left =
      std::max<std::int64_t>(0, plan->credits_per_month - status.used) + status.pack_credits;
  return status;
}

Result<> charge(Transaction& transaction, const Caller& caller, std::int64_t credits) {
  ASSERT(credits >= 0);
  if (credits == 0) return {};
  Date today = local_date(transaction.now(), caller.time_zone);
  MonthRow* month = TRY(month_in_play(transaction, today));
  // Nearly always the smallest plan suffices, and what the plan is need not be asked.
  if (month->used + credits > all_plans[0].credits_per_month) {
    const Plan* plan = TRY(plan_of(transaction));
    std::int64_t after = std::max(month->used + credits, plan->credits_per_month);
    std::int64_t beyond = after - std::max(month->used, plan->credits_per_month);
    AccountPlanRow* packs = TRY(account_plan_in_play(transaction));
    if (beyond > packs->pack_credits) {
      return fail(
          {.code = ErrorCode::conflict,
           .message = fmt::format(
               "This costs {} plan credits. The {} plan's {} for {} are used up; there are new "
               "ones on 1 {}. An owner can add a pack or choose a larger plan.",
               credits, plan->title, plan->credits_per_month, month_names[today.month - 1],
               month_names[today.month % 12]),
           .number = 402});
    }
    packs->pack_credits -= beyond;
  }
  month->used += credits;
  return {};
}

Result<> refund(Transaction& transaction, const Caller& caller, std::int64_t credits) {
  ASSERT(credits >= 0);
  if (credits == 0) return {};
  MonthRow* month =
      TRY(month_in_play(transaction, local_date(transaction.now(), caller.time_zone)));
  const Plan* plan = TRY(plan_of(transaction));
  // What went beyond the month's credits was the packs'.
  std::int64_t beyond = std::clamp<std::int64_t>(month->used - plan->credits_per_month, 0, credits);
  month->used = std::max<std::int64_t>(0, month->used - credits);
  if (beyond == 0) return {};
  AccountPlanRow* packs = TRY(account_plan_in_play(transaction));
  packs->pack_credits += beyond;
  return {};
}

Result<> choose_plan(Transaction& transaction, std::string_view name) {
  if (!plan_named(name)) {
    return fail_field("/plan", fmt::format("There is no plan {}.", name));
  }
  TRY(account_plan_in_play(transaction));
  TRY(transaction.run(update_plan, {name}));
  return {};
}

Result<> add_pack(Transaction& transaction, std::int64_t credits) {
  AccountPlanRow* packs = TRY(account_plan_in_play(transaction));
  packs->pack_credits += credits;
  return {};
}

}  // namespace piggy
