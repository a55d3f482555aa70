#pragma once

// What a value earns, and why: the active rules of its unit are added up exactly, multiplied by the
// tier's factor, and only then rounded. Rules that round alike are rounded together.

#include "loyalty/programme.h"
#include "shape/shape.h"

namespace piggy {

struct RuleTrace {
  Uuid uuid = {};
  std::string name = {};
  bool fired = false;
  std::optional<std::string> credits = {};  // Exact, before rounding.
  std::optional<std::string> why_not = {};

  static void describe(Fields<RuleTrace>& field) {
    field("uuid", &RuleTrace::uuid, "The earning rule.");
    field("name", &RuleTrace::name, "Its name at that time.");
    field("fired", &RuleTrace::fired, "Whether it gave anything.");
    field("credits", &RuleTrace::credits, "What it gave, exactly and before rounding.");
    field("why_not", &RuleTrace::why_not, "Why it gave nothing.");
  }
};

struct Evaluation {
  std::int64_t credits = 0;
  std::string unit = {};
  double unit_value = 0;
  std::optional<std::string> tier = {};
  double multiplier = 1;
  std::vector<RuleTrace> rules = {};

  static void describe(Fields<Evaluation>& field) {
    field("credits", &Evaluation::credits, "What the value earns, rounded.");
    field("unit", &Evaluation::unit, "What the value is counted in.");
    field("unit_value", &Evaluation::unit_value, "The value.");
    field("tier", &Evaluation::tier, "The contact's tier at that time.");
    field("multiplier", &Evaluation::multiplier, "The factor of that tier.");
    field("rules", &Evaluation::rules, "Every rule of the unit, those that gave nothing as well.");
  }
};

struct Earning {
  const UnitRow& unit;
  double unit_value = 0;
  std::int64_t shop_id = 0;
  std::int64_t tier_id = 0;  // 0: none, or no contact.
  Time at = {};
};

// 1015 when it comes to more than the programme allows in one reception.
Result<Evaluation> evaluate(const Configuration& configuration, const Earning& earning);

}  // namespace piggy
