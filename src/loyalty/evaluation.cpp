#include "loyalty/evaluation.h"

#include <fmt/format.h>

#include <array>

#include "operation/numbers.h"

namespace piggy {
namespace {

// Value, rate and multiplier have six decimals each.
constexpr int exact_decimals = 18;
constexpr Wide exact_one = Wide(micros_per_one) * micros_per_one * micros_per_one;

std::optional<std::string> why_not(const EarningRuleRow& rule, const Earning& earning) {
  if (!rule.active) return "The rule is switched off.";
  if (rule.shop_id && *rule.shop_id != earning.shop_id) return "It is for another shop.";
  if (rule.tier_id && *rule.tier_id != earning.tier_id)
    return "It is for contacts of another tier.";
  if (rule.starts_at && earning.at < *rule.starts_at) {
    return fmt::format("It starts at {}.", to_atom(*rule.starts_at));
  }
  if (rule.ends_at && earning.at >= *rule.ends_at) {
    return fmt::format("It ended at {}.", to_atom(*rule.ends_at));
  }
  if (micros_of(earning.unit_value) < micros_of(rule.minimum_value)) {
    return fmt::format("The value is below its minimum of {}.",
                       decimal_text(micros_of(rule.minimum_value), 6));
  }
  return std::nullopt;
}

}  // namespace

Result<Evaluation> evaluate(const Configuration& configuration, const Earning& earning) {
  const TierRow* tier = configuration.tier_by_id(earning.tier_id);
  Evaluation evaluation{.unit = earning.unit.name,
                        .unit_value = earning.unit_value,
                        .multiplier = tier ? tier->multiplier : 1};
  if (tier) evaluation.tier = tier->name;
  Wide factor = Wide(micros_of(earning.unit_value)) * micros_of(evaluation.multiplier);
  std::array<Wide, 3> sums = {};  // By rounding.
  for (const EarningRuleRow& rule : configuration.rules) {
    if (rule.unit_id != earning.unit.id) continue;
    RuleTrace& trace =
        evaluation.rules.emplace_back(RuleTrace{.uuid = rule.uuid, .name = rule.name});
    trace.why_not = why_not(rule, earning);
    if (trace.why_not) continue;
    Wide credits = factor * micros_of(rule.credits_per_unit);
    trace.fired = true;
    trace.credits = decimal_text(credits, exact_decimals);
    sums[static_cast<std::size_t>(rule.rounding)] += credits;
  }
  Wide total = 0;
  for (std::size_t i = 0; i < sums.size(); i++)
    total += rounded(sums[i], exact_one, static_cast<Rounding>(i));
  if (total > configuration.programme.max_amount || total < -configuration.programme.max_amount)
    return refuse(ErrorCode::conflict, 1015, "Maximum amount of credits reached.");
  evaluation.credits = static_cast<std::int64_t>(total);
  return evaluation;
}

}  // namespace piggy
