#pragma once

// Plan credits: what personas' calls cost an account, by the month of its own zone.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "database/database.h"
#include "operation/operation.h"

namespace piggy {

struct Plan {
  std::string_view name;
  std::string_view title;
  std::int64_t credits_per_month = 0;
  std::int64_t euros_per_month = 0;
};

// Every plan includes every tool; they differ in credits alone. The first is what an account has
// until it chooses.
std::span<const Plan> plans();

// What a call costs, in plan credits.
std::int64_t price_of(const OperationInfo& info);
// What a model's tokens cost, rounded up.
inline constexpr std::int64_t tokens_per_credit = 1'000;
constexpr std::int64_t price_of_tokens(std::int64_t tokens) {
  return (tokens + tokens_per_credit - 1) / tokens_per_credit;
}

struct PlanStatus {
  std::string plan = {};
  std::string title = {};
  std::string month = {};  // "2026-11"
  std::int64_t credits_per_month = 0;
  std::int64_t used = 0;
  std::int64_t pack_credits = 0;  // Left of packs; used when the month's are gone.
  std::int64_t left = 0;          // Of both.
  static void describe(Fields<PlanStatus>& field);
};

Result<PlanStatus> plan_status(Transaction& transaction, const Caller& caller);

// Takes credits. Refused with `conflict` when the month's and the packs' do not suffice, with a
// sentence that says what there is and when there is more.
Result<> charge(Transaction& transaction, const Caller& caller, std::int64_t credits);

// Gives back what was taken for a call that then could not be done: to the month's own credits
// first, and the rest to the packs.
Result<> refund(Transaction& transaction, const Caller& caller, std::int64_t credits);

// `not_found` for an unknown plan.
Result<> choose_plan(Transaction& transaction, std::string_view name);
Result<> add_pack(Transaction& transaction, std::int64_t credits);

}  // namespace piggy
