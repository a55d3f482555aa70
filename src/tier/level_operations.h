#pragma once

// What it takes to be in a tier and what it brings: the v3 wire's own list does not say.

#include "operation/operation.h"
#include "tier/tier.h"

namespace piggy {

struct TierLevel {
  Uuid uuid = {};
  std::string name = {};
  std::optional<std::string> description = {};
  std::int64_t position = 0;
  Value media = {};
  std::int64_t credits_required = 0;
  double multiplier = 1;

  static void describe(Fields<TierLevel>& field);
};

struct ListTierLevels {
  static constexpr OperationInfo info = {
      .name = "list_tier_levels",
      .title = "List Tier Levels",
      .about =
          "Lists the tiers, the lowest first, each with the credits that a contact must have "
          "received in all to be in it, and what its contacts' earned credits are multiplied by.",
      .verb = Verb::get,
      .path = "/tiers",
      .scope = "tiers:read",
      .surface = Surface::platform};
  using Input = Empty;
  struct Output {
    std::vector<TierLevel> tiers = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input&);
};

struct UpdateTier {
  static constexpr OperationInfo info = {.name = "update_tier",
                                         .title = "Update Tier",
                                         .about =
                                             "Changes a tier's name, description, the credits it "
                                             "takes, or its multiplier. What is not "
                                             "given stays. Nobody is moved at once: contacts move "
                                             "with their next transaction. Credits "
                                             "that were earned before stay as they are.",
                                         .verb = Verb::put,
                                         .path = "/tiers/{tier_uuid}",
                                         .scope = "tiers:write",
                                         .effect = Effect::write,
                                         .idempotent = true,
                                         .surface = Surface::platform};
  struct Input {
    Uuid tier_uuid = {};
    std::optional<std::string> name = {};
    std::optional<std::string> description = {};
    std::optional<std::int64_t> credits_required = {};
    std::optional<double> multiplier = {};
    static void describe(Fields<Input>& field);
  };
  using Output = TierLevel;
  static Result<Output> run(Call& call, const Input& input);
};

void add_tier_level_operations(Catalogue& catalogue);

}  // namespace piggy
