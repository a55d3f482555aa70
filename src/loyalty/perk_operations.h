#pragma once

// Perks: what a tier brings besides credits, as a choice or a yes or no.

#include "operation/operation.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(PerkType, single_select, boolean)

struct PerkOption {
  std::string label = {};
  std::string value = {};
  bool is_default = false;

  static void describe(Fields<PerkOption>& field) {
    field("label", &PerkOption::label, "Its name for people.");
    field("value", &PerkOption::value, "Its name for programs.");
    field("default", &PerkOption::is_default, "Whether every tier has it unless told otherwise.");
  }
};

struct Perk {
  Uuid uuid = {};
  std::string label = {};
  std::string name = {};
  PerkType data_type = PerkType::boolean;
  std::vector<PerkOption> options = {};

  static void describe(Fields<Perk>& field) {
    field("uuid", &Perk::uuid, "The perk.");
    field("label", &Perk::label, "Its name for people.");
    field("name", &Perk::name, "Its name for programs.");
    field("data_type", &Perk::data_type, "Whether it is a choice or a yes or no.");
    field("options", &Perk::options, "What it can be.");
  }
};

struct ListPerks {
  static constexpr OperationInfo info = {
      .name = "list_perks",
      .title = "List Perks",
      .about =
          "Lists the perks that tiers bring besides credits (free shipping, a discount), each "
          "with the options it can have and which of them is the default. Use it to say what "
          "a programme offers. Changes nothing.",
      .verb = Verb::get,
      .path = "/perks",
      .scope = "perks:read",
      .on_register = true,
      .tool = true,
      .wire = {.meta = Meta::none, .data = "perks"}};
  using Input = Empty;
  struct Output {
    std::vector<Perk> perks = {};
    static void describe(Fields<Output>& field) {
      field("perks", &Output::perks, "All perks, oldest first.");
    }
  };
  static Result<Output> run(Call& call, const Input&);
};

struct CreatePerk {
  static constexpr OperationInfo info = {
      .name = "create_perk",
      .title = "Create Perk",
      .about =
          "Adds a perk. Exactly one of its options is the default, which every tier has until "
          "told otherwise.",
      .verb = Verb::post,
      .path = "/perks",
      .scope = "perks:write",
      .effect = Effect::write,
      .on_register = true};
  // As clients send it: a value may be text, a number, or true.
  struct Option {
    std::string label = {};
    Value value = {};
    std::optional<bool> is_default = {};

    static void describe(Fields<Option>& field) {
      field("label", &Option::label, "Its name for people.", {.min = 1, .max = 200});
      field("value", &Option::value, "Its name for programs.");
      field("default", &Option::is_default, "Whether it is the default; not if missing.");
    }
  };
  struct Input {
    std::string label = {};
    std::string name = {};
    PerkType data_type = PerkType::boolean;
    std::vector<Option> options = {};

    static void describe(Fields<Input>& field) {
      field("label", &Input::label, "Its name for people, unique.", {.min = 1, .max = 200});
      field("name", &Input::name, "Its name for programs.", {.min = 1, .max = 200});
      field("data_type", &Input::data_type,
            "single_select: one of the options; boolean: options true and false alone.",
            {.alias = "dataType"});
      field("options", &Input::options, "What it can be; one of them with default = true.",
            {.min = 1, .max = 100});
    }
  };
  using Output = Perk;
  static Result<Output> run(Call& call, const Input& input);
};

struct GetPerk {
  static constexpr OperationInfo info = {.name = "get_perk",
                                         .title = "Get Perk",
                                         .about = "Shows one perk with its options.",
                                         .verb = Verb::get,
                                         .path = "/perks/{perk_uuid}",
                                         .scope = "perks:read",
                                         .on_register = true};
  struct Input {
    Uuid perk_uuid = {};
    static void describe(Fields<Input>& field) {
      field("perk_uuid", &Input::perk_uuid, "The perk.");
    }
  };
  using Output = Perk;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdatePerk {
  static constexpr OperationInfo info = {
      .name = "update_perk",
      .title = "Update Perk",
      .about = "Changes a perk's label. Its name, type and options stay as they are.",
      .verb = Verb::put,
      .path = "/perks/{perk_uuid}",
      .scope = "perks:write",
      .effect = Effect::write,
      .idempotent = true,
      .on_register = true};
  struct Input {
    Uuid perk_uuid = {};
    std::string label = {};
    static void describe(Fields<Input>& field) {
      field("perk_uuid", &Input::perk_uuid, "The perk.");
      field("label", &Input::label, "Its new name for people, unique.", {.min = 1, .max = 200});
    }
  };
  using Output = Perk;
  static Result<Output> run(Call& call, const Input& input);
};

struct DeletePerk {
  static constexpr OperationInfo info = {.name = "delete_perk",
                                         .title = "Delete Perk",
                                         .about = "Removes a perk from every tier, for good.",
                                         .verb = Verb::del,
                                         .path = "/perks/{perk_uuid}",
                                         .scope = "perks:write",
                                         .effect = Effect::destructive,
                                         .on_register = true,
                                         .wire = {.data = null_data}};
  struct Input {
    Uuid perk_uuid = {};
    static void describe(Fields<Input>& field) {
      field("perk_uuid", &Input::perk_uuid, "The perk.");
    }
  };
  using Output = Empty;
  static Result<Output> run(Call& call, const Input& input);
};

}  // namespace piggy
