#pragma once

// Earning rules: what a value is worth in credits. Ours alone; the v3 wire shows only their effect.

#include "loyalty/evaluation.h"
#include "operation/operation.h"

namespace piggy {

struct EarningRule {
  Uuid uuid = {};
  std::string name = {};
  std::string unit_name = {};
  double credits_per_unit = 0;
  double minimum_value = 0;
  Rounding rounding = Rounding::down;
  std::optional<Uuid> shop_uuid = {};
  std::optional<Uuid> tier_uuid = {};
  std::optional<Time> starts_at = {};
  std::optional<Time> ends_at = {};
  bool active = true;

  static void describe(Fields<EarningRule>& field) {
    field("uuid", &EarningRule::uuid, "The rule.");
    field("name", &EarningRule::name, "Its name.");
    field("unit_name", &EarningRule::unit_name, "What values it counts.");
    field("credits_per_unit", &EarningRule::credits_per_unit, "Credits for each 1 of the unit.");
    field("minimum_value", &EarningRule::minimum_value, "Below it the rule gives nothing.");
    field("rounding", &EarningRule::rounding, "How fractions of a credit are rounded.");
    field("shop_uuid", &EarningRule::shop_uuid, "The only shop it is for; null: every shop.");
    field("tier_uuid", &EarningRule::tier_uuid, "The only tier it is for; null: every contact.");
    field("starts_at", &EarningRule::starts_at, "From when on; null: always was.");
    field("ends_at", &EarningRule::ends_at, "Until when, excluded; null: without end.");
    field("active", &EarningRule::active, "Whether it is switched on.");
  }
};

struct ListEarningRules {
  static constexpr OperationInfo info = {
      .name = "list_earning_rules",
      .title = "List Earning Rules",
      .about =
          "Lists the rules that turn a purchase into credits. All active ones that fit are "
          "added up, multiplied by the contact's tier, and rounded.",
      .verb = Verb::get,
      .path = "/earning-rules",
      .scope = "earning_rules:read",
      .surface = Surface::platform};
  using Input = Empty;
  struct Output {
    std::vector<EarningRule> earning_rules = {};
    static void describe(Fields<Output>& field) {
      field("earning_rules", &Output::earning_rules, "All rules, oldest first.");
    }
  };
  static Result<Output> run(Configurations& configurations, Call& call, const Input&);
};

struct CreateEarningRule {
  static constexpr OperationInfo info = {
      .name = "create_earning_rule",
      .title = "Create Earning Rule",
      .about =
          "Adds a rule that turns values into credits, beside the rules there are: a second "
          "rule of 1 credit per unit doubles what is earned. Limit it to a shop, a tier, a "
          "time (a happy hour) or a minimum. Past receptions stay as they are.",
      .verb = Verb::post,
      .path = "/earning-rules",
      .scope = "earning_rules:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string name = {};
    std::optional<std::string> unit_name = {};
    double credits_per_unit = 0;
    std::optional<double> minimum_value = {};
    std::optional<Rounding> rounding = {};
    std::optional<Uuid> shop_uuid = {};
    std::optional<Uuid> tier_uuid = {};
    std::optional<Time> starts_at = {};
    std::optional<Time> ends_at = {};
    std::optional<bool> active = {};

    static void describe(Fields<Input>& field);
  };
  using Output = EarningRule;
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

struct UpdateEarningRule {
  static constexpr OperationInfo info = {
      .name = "update_earning_rule",
      .title = "Update Earning Rule",
      .about =
          "Changes an earning rule, or switches it off with active = false; what is left out "
          "stays. Counts from the next reception on; past receptions and their reversals stay "
          "as they were.",
      .verb = Verb::put,
      .path = "/earning-rules/{earning_rule_uuid}",
      .scope = "earning_rules:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid earning_rule_uuid = {};
    std::optional<std::string> name = {};
    std::optional<double> credits_per_unit = {};
    std::optional<double> minimum_value = {};
    std::optional<Rounding> rounding = {};
    std::optional<Time> starts_at = {};
    std::optional<Time> ends_at = {};
    std::optional<bool> active = {};

    static void describe(Fields<Input>& field);
  };
  using Output = EarningRule;
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

struct ExplainEarning {
  static constexpr OperationInfo info = {
      .name = "explain_earning",
      .title = "Explain Earning",
      .about =
          "Says why a purchase earned what it earned: every rule, what it gave, and for those "
          "that gave nothing why not. With credit_reception_uuid as it was judged then; "
          "otherwise for a value as it would be judged now. Use it when a customer asks where "
          "their credits are.",
      .verb = Verb::get,
      .path = "/earning-rules/explain",
      .scope = "earning_rules:read",
      .surface = Surface::platform,
      .tool = true};
  struct Input {
    std::optional<Uuid> credit_reception_uuid = {};
    std::optional<Uuid> shop_uuid = {};
    std::optional<double> unit_value = {};
    std::optional<std::string> unit_name = {};
    std::optional<Uuid> contact_uuid = {};

    static void describe(Fields<Input>& field);
  };
  using Output = Evaluation;
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

}  // namespace piggy
