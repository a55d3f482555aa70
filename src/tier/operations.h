#pragma once

#include "operation/operation.h"
#include "tier/tier.h"

namespace piggy {

struct ListTiers {
  static constexpr OperationInfo info = {
      .name = "list_tiers",
      .title = "List Tiers",
      .about =
          "Lists the tiers of the loyalty programme, the lowest first. Use it to see which "
          "levels a contact can reach; a contact's own tier is part of the contact.",
      .verb = Verb::get,
      .path = "/tiers",
      .scope = "tiers:read",
      .tool = true,
      .wire = {.meta = Meta::list, .data = "tiers"}};
  using Input = Empty;
  struct Output {
    std::vector<Tier> tiers = {};
    static void describe(Fields<Output>& field) {
      field("tiers", &Output::tiers, "All tiers, the lowest first.");
    }
  };
  static Result<Output> run(Call& call, const Input&);
};

struct CreateTier {
  static constexpr OperationInfo info = {
      .name = "create_tier",
      .title = "Create Tier",
      .about =
          "Adds a tier to the loyalty programme. Contacts move into it with their next "
          "transaction, once what they received in all reaches credits_required; whoever is "
          "in it earns multiplier times as much. Nobody is moved at once. The v3 wire has no "
          "way to add tiers; the vendor's dashboard does it.",
      .verb = Verb::post,
      .path = "/tiers",
      .scope = "tiers:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string name = {};
    std::optional<std::string> description = {};
    std::int64_t credits_required = 0;
    std::optional<double> multiplier = {};
    std::optional<std::int64_t> position = {};
    std::optional<std::string> image_url = {};

    static void describe(Fields<Input>& field) {
      field("name", &Input::name, "Its name.", {.min = 1, .max = 200});
      field("description", &Input::description, "What it stands for.", {.max = 2000});
      field("credits_required", &Input::credits_required,
            "Credits a contact must have received in all to be in it.",
            {.min = 0, .max = 1'000'000'000'000});
      field(
          "multiplier", &Input::multiplier,
          "What earned credits are multiplied by for contacts in it; 1 when missing. Six decimals "
          "count.",
          {.min = 0, .max = 1000});
      field("position", &Input::position, "Its place in lists; after the last one when missing.",
            {.min = 0, .max = 1'000'000});
      field("image_url", &Input::image_url, "A picture.", {.max = 2000, .format = Format::uri});
    }
  };
  using Output = Tier;
  static Result<Output> run(Call& call, const Input& input);
};

void add_tier_operations(Catalogue& catalogue);

}  // namespace piggy
