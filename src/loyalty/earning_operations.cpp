#include "loyalty/earning_operations.h"

#include <algorithm>

#include "loyalty/reception.h"
#include "operation/numbers.h"
#include "shape/read.h"

namespace piggy {
namespace {

constexpr std::size_t rules_max = 100;  // So that their sum fits 128 bits (see evaluation.cpp).
constexpr std::int64_t rate_max = 1'000'000;

Result<EarningRule> shown(Transaction& transaction, const Configuration& configuration,
                          const EarningRuleRow& row) {
  EarningRule rule{.uuid = row.uuid,
                   .name = row.name,
                   .credits_per_unit = row.credits_per_unit,
                   .minimum_value = row.minimum_value,
                   .rounding = row.rounding,
                   .starts_at = row.starts_at,
                   .ends_at = row.ends_at,
                   .active = row.active};
  if (const UnitRow* unit = configuration.unit_by_id(row.unit_id)) rule.unit_name = unit->name;
  if (row.shop_id) rule.shop_uuid = TRY(shop_by_id(transaction, *row.shop_id)).uuid;
  if (row.tier_id) {
    if (const TierRow* tier = configuration.tier_by_id(*row.tier_id)) rule.tier_uuid = tier->uuid;
  }
  return rule;
}

Result<> check(const EarningRuleRow& rule) {
  if (rule.starts_at && rule.ends_at && *rule.ends_at <= *rule.starts_at)
    return fail_field("/ends_at", "The ends_at must be after starts_at.");
  return {};
}

Result<std::int64_t> tier_named(const Configuration& configuration, const Uuid& uuid) {
  for (const TierRow& tier : configuration.tiers) {
    if (tier.uuid == uuid) return tier.id;
  }
  return fail_field("/tier_uuid", "There is no such tier.");
}

}  // namespace

Result<ListEarningRules::Output> ListEarningRules::run(Configurations& configurations, Call& call,
                                                       const Input&) {
  Output output;
  auto configuration = TRY(configurations.of(call.transaction));
  for (const EarningRuleRow& row : configuration->rules)
    output.earning_rules.push_back(TRY(shown(call.transaction, *configuration, row)));
  return output;
}

Result<EarningRule> CreateEarningRule::run(Configurations& configurations, Call& call,
                                           const Input& input) {
  auto configuration = TRY(configurations.of(call.transaction));
  if (configuration->rules.size() >= rules_max)
    return fail(ErrorCode::conflict, "There are 100 earning rules already.");
  EarningRuleRow rule{.name = input.name,
                      .unit_id = TRY(unit_of(*configuration, input.unit_name))->id,
                      .credits_per_unit = input.credits_per_unit,
                      .minimum_value = input.minimum_value.value_or(0),
                      .rounding = input.rounding.value_or(Rounding::down),
                      .starts_at = input.starts_at,
                      .ends_at = input.ends_at,
                      .active = input.active.value_or(true)};
  if (input.shop_uuid) rule.shop_id = TRY(shop_of(call.transaction, *input.shop_uuid)).id;
  if (input.tier_uuid) rule.tier_id = TRY(tier_named(*configuration, *input.tier_uuid));
  TRY(check(rule));
  rule = TRY(add_rule(call.transaction, std::move(rule)));
  call.changes("earning rule " + rule.name, nullptr, "created");
  return shown(call.transaction, *configuration, rule);
}

Result<EarningRule> UpdateEarningRule::run(Configurations& configurations, Call& call,
                                           const Input& input) {
  auto configuration = TRY(configurations.of(call.transaction));
  auto found =
      std::ranges::find(configuration->rules, input.earning_rule_uuid, &EarningRuleRow::uuid);
  if (found == configuration->rules.end()) return model_not_found();
  EarningRuleRow rule = *found;
  if (input.name) rule.name = *input.name;
  if (input.credits_per_unit) rule.credits_per_unit = *input.credits_per_unit;
  if (input.minimum_value) rule.minimum_value = *input.minimum_value;
  if (input.rounding) rule.rounding = *input.rounding;
  if (input.starts_at) rule.starts_at = input.starts_at;
  if (input.ends_at) rule.ends_at = input.ends_at;
  if (input.active) rule.active = *input.active;
  TRY(check(rule));
  TRY(update_rule(call.transaction, rule));
  EarningRule after = TRY(shown(call.transaction, *configuration, rule));
  if (call.dry_run) {
    EarningRule before = TRY(shown(call.transaction, *configuration, *found));
    call.changes("earning rule " + found->name, TRY(parse_json(to_json(before))),
                 TRY(parse_json(to_json(after))));
  }
  return after;
}

Result<Evaluation> ExplainEarning::run(Configurations& configurations, Call& call,
                                       const Input& input) {
  if (input.credit_reception_uuid) {
    StoredReception stored = TRY(reception_of(call.transaction, *input.credit_reception_uuid));
    Value evaluation = TRY(evaluation_of(call.transaction, stored.id));
    if (evaluation.is_null()) {
      return fail_field("/credit_reception_uuid",
                        "Its credits were given outright (or reversed), not earned by rules.");
    }
    return read<Evaluation>(evaluation, Reading::lenient);
  }
  if (!input.shop_uuid)
    return fail_field("/shop_uuid", "The shop_uuid field is required without a reception.");
  if (!input.unit_value)
    return fail_field("/unit_value", "The unit_value field is required without a reception.");
  auto configuration = TRY(configurations.of(call.transaction));
  ShopRow shop = TRY(shop_of(call.transaction, *input.shop_uuid));
  std::int64_t tier_id = 0;
  if (input.contact_uuid) {
    ContactRow contact = TRY(contact_of(call.transaction, *input.contact_uuid));
    if (MemberRow* member = TRY(member_of(call.transaction, contact.id))) tier_id = member->tier_id;
  }
  return evaluate(*configuration, {.unit = *TRY(unit_of(*configuration, input.unit_name)),
                                   .unit_value = *input.unit_value,
                                   .shop_id = shop.id,
                                   .tier_id = tier_id,
                                   .at = call.now()});
}

void CreateEarningRule::Input::describe(Fields<Input>& field) {
  field("name", &Input::name, "Its name.", {.min = 1, .max = 200});
  field("unit_name", &Input::unit_name, "What values it counts; the default unit if missing.",
        {.max = 200});
  field("credits_per_unit", &Input::credits_per_unit,
        "Credits for each 1 of the unit, such as 0.5. Six decimals count.",
        {.min = 0, .max = rate_max});
  field("minimum_value", &Input::minimum_value, "Below it the rule gives nothing; 0 if missing.",
        {.min = 0, .max = 1'000'000'000});
  field("rounding", &Input::rounding, "How fractions of a credit are rounded; down if missing.");
  field("shop_uuid", &Input::shop_uuid, "The only shop it is for; every shop if missing.");
  field("tier_uuid", &Input::tier_uuid, "The only tier it is for; every contact if missing.");
  field("starts_at", &Input::starts_at, "From when on.");
  field("ends_at", &Input::ends_at, "Until when, excluded.");
  field("active", &Input::active, "Whether it is switched on; it is if missing.");
}

void UpdateEarningRule::Input::describe(Fields<Input>& field) {
  field("earning_rule_uuid", &Input::earning_rule_uuid, "The rule.");
  field("name", &Input::name, "Its name.", {.min = 1, .max = 200});
  field("credits_per_unit", &Input::credits_per_unit,
        "Credits for each 1 of the unit. Six decimals count.", {.min = 0, .max = rate_max});
  field("minimum_value", &Input::minimum_value, "Below it the rule gives nothing.",
        {.min = 0, .max = 1'000'000'000});
  field("rounding", &Input::rounding, "How fractions of a credit are rounded.");
  field("starts_at", &Input::starts_at, "From when on.");
  field("ends_at", &Input::ends_at, "Until when, excluded.");
  field("active", &Input::active, "Whether it is switched on.");
}

void ExplainEarning::Input::describe(Fields<Input>& field) {
  field("credit_reception_uuid", &Input::credit_reception_uuid,
        "A reception that was earned by rules; the other fields are not needed then.");
  field("shop_uuid", &Input::shop_uuid, "Where it would be earned.");
  field("unit_value", &Input::unit_value, "What would be spent, in the unit, such as 10.40.",
        {.min = 0, .max = 1'000'000'000});
  field("unit_name", &Input::unit_name, "What it is counted in; the default unit if missing.",
        {.max = 200});
  field("contact_uuid", &Input::contact_uuid, "Whose tier counts; nobody's if missing.");
}

}  // namespace piggy
