#pragma once

#include "loyalty/programme.h"
#include "operation/operation.h"

namespace piggy {

struct UnitInProgramme {
  std::string name = {};
  std::string label = {};
  std::string prefix = {};

  static void describe(Fields<UnitInProgramme>& field) {
    field("name", &UnitInProgramme::name, "Its name, which never changes.");
    field("label", &UnitInProgramme::label, "Its name for people.");
    field("prefix", &UnitInProgramme::prefix, "What stands before an amount of it.");
  }
};

struct LoyaltyProgram {
  std::int64_t id = 0;
  std::string name = {};
  std::int64_t max_amount = 0;
  std::string custom_credit_name = {};
  std::optional<UnitInProgramme> unit = {};

  static void describe(Fields<LoyaltyProgram>& field) {
    field("id", &LoyaltyProgram::id, "The number of the programme.");
    field("name", &LoyaltyProgram::name, "Its name.");
    field("max_amount", &LoyaltyProgram::max_amount,
          "The most credits that one reception may give or take.");
    field("custom_credit_name", &LoyaltyProgram::custom_credit_name,
          "What the store calls its credits; empty: credits.");
    field("unit", &LoyaltyProgram::unit, "The default unit.");
  }
};

struct GetLoyaltyProgram {
  static constexpr OperationInfo info = {
      .name = "get_loyalty_program",
      .title = "Get Loyalty Program",
      .about =
          "Shows the account's loyalty programme: its name, what its credits are called, the "
          "most credits one reception may give, the default unit.",
      .verb = Verb::get,
      .path = "/loyalty-program",
      .scope = "loyalty_program:read",
      .on_register = true,
      .tool = true};
  using Input = Empty;
  using Output = LoyaltyProgram;
  static Result<Output> run(Configurations& configurations, Call& call, const Input&);
};

struct UpdateLoyaltyProgram {
  static constexpr OperationInfo info = {
      .name = "update_loyalty_program",
      .title = "Update Loyalty Program",
      .about =
          "Changes the loyalty programme; what is left out stays. Counts from the next "
          "reception on; balances and past receptions stay as they are. The v3 wire has no "
          "way to; the vendor's dashboard does it.",
      .verb = Verb::put,
      .path = "/loyalty-program",
      .scope = "loyalty_program:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    std::optional<std::string> name = {};
    std::optional<std::int64_t> max_amount = {};
    std::optional<std::string> custom_credit_name = {};
    std::optional<bool> allows_negative = {};

    static void describe(Fields<Input>& field) {
      field("name", &Input::name, "Its name.", {.min = 1, .max = 200});
      field("max_amount", &Input::max_amount,
            "The most credits that one reception may give or take.",
            {.min = 1, .max = 1'000'000'000'000});
      field("custom_credit_name", &Input::custom_credit_name, "What the store calls its credits.",
            {.max = 100});
      field("allows_negative", &Input::allows_negative,
            "Whether taking credits and reversals may bring a balance below zero. If not, they are "
            "refused when the balance does not cover them.");
    }
  };
  using Output = LoyaltyProgram;
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

struct UnitOnWire {
  std::string name = {};
  std::string label = {};
  std::string prefix = {};
  bool is_default = false;

  static void describe(Fields<UnitOnWire>& field) {
    field("name", &UnitOnWire::name, "Its name, which never changes.");
    field("label", &UnitOnWire::label, "Its name for people.");
    field("prefix", &UnitOnWire::prefix, "What stands before an amount of it.");
    field("is_default", &UnitOnWire::is_default, "Whether it is meant when none is named.");
  }
};

struct ListUnits {
  static constexpr OperationInfo info = {
      .name = "list_units",
      .title = "List Units",
      .about =
          "Lists the units that values are counted in when credits are earned, such as "
          "purchase_amount. Use it to find the unit_name other calls ask for.",
      .verb = Verb::get,
      .path = "/units",
      .scope = "units:read",
      .on_register = true,
      .tool = true,
      .wire = {.data = "units"}};
  using Input = Empty;
  struct Output {
    std::vector<UnitOnWire> units = {};
    static void describe(Fields<Output>& field) {
      field("units", &Output::units, "All units, oldest first.");
    }
  };
  static Result<Output> run(Configurations& configurations, Call& call, const Input&);
};

struct CreateUnit {
  static constexpr OperationInfo info = {
      .name = "create_unit",
      .title = "Create Unit",
      .about =
          "Adds a unit that values can be counted in (visits, kilometres). Its name never "
          "changes and it cannot be removed. Nothing is earned in it before there is an "
          "earning rule for it.",
      .verb = Verb::post,
      .path = "/units",
      .scope = "units:write",
      .effect = Effect::write,
      .on_register = true};
  struct Input {
    std::string name = {};
    std::string label = {};
    std::optional<bool> is_default = {};
    std::optional<std::string> prefix = {};

    static void describe(Fields<Input>& field) {
      field("name", &Input::name, "Its name, unique, for programs.", {.min = 1, .max = 200});
      field("label", &Input::label, "Its name for people.", {.min = 1, .max = 200});
      field("is_default", &Input::is_default,
            "Whether it is meant from now on when a call names no unit.");
      field("prefix", &Input::prefix,
            "What stands before an amount of it; the first character of the name if missing.",
            {.max = 20});
    }
  };
  struct Output {
    std::int64_t loyalty_program_id = 0;
    std::string name = {};
    std::string label = {};
    bool is_default = false;
    std::string prefix = {};
    std::string format = "int";
    std::string updated_at = {};
    std::string created_at = {};
    std::int64_t id = 0;

    static void describe(Fields<Output>& field) {
      field("loyalty_program_id", &Output::loyalty_program_id, "The programme it belongs to.");
      field("name", &Output::name, "Its name, which never changes.");
      field("label", &Output::label, "Its name for people.");
      field("is_default", &Output::is_default, "Whether it is meant when none is named.");
      field("prefix", &Output::prefix, "What stands before an amount of it.");
      field("format", &Output::format, "Always int.");
      field("updated_at", &Output::updated_at, "When it was changed last.");
      field("created_at", &Output::created_at, "When it was made.");
      field("id", &Output::id, "The number of the unit.");
    }
  };
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

}  // namespace piggy
