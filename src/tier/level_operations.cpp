#include "tier/level_operations.h"

#include <algorithm>

#include "operation/numbers.h"
#include "tier/rule_stamp.h"

namespace piggy {
namespace {

constexpr std::string_view update_row = R"sql(
  UPDATE tier SET name = $3, description = $4, credits_required = $5, multiplier = $6
  WHERE account_id = $1 AND id = $2
)sql";

TierLevel level(const TierRow& row) {
  return {.uuid = row.uuid,
          .name = row.name,
          .description = row.description,
          .position = row.position,
          .media = row.media.value_or(Value()),
          .credits_required = row.credits_required,
          .multiplier = row.multiplier};
}

}  // namespace

Result<ListTierLevels::Output> ListTierLevels::run(Call& call, const Input&) {
  Output output;
  for (const TierRow& row : TRY(all_tiers(call.transaction))) output.tiers.push_back(level(row));
  return output;
}

Result<TierLevel> UpdateTier::run(Call& call, const Input& input) {
  std::vector<TierRow> tiers = TRY(all_tiers(call.transaction));
  auto found = std::ranges::find(tiers, input.tier_uuid, &TierRow::uuid);
  if (found == tiers.end()) return model_not_found();
  for (const TierRow& other : tiers) {
    if (other.id != found->id && other.name == input.name) {
      return fail_field("/name", "There is a tier of that name already.");
    }
  }
  TierRow before = *found;
  TierRow& row = *found;
  row.name = input.name.value_or(row.name);
  if (input.description) row.description = input.description;
  row.credits_required = input.credits_required.value_or(row.credits_required);
  row.multiplier = input.multiplier.value_or(row.multiplier);
  auto note = [&](std::string_view what, Value was, Value is) {
    if (was == is) return;
    call.changes(std::string(what) + " of tier " + before.name, std::move(was), std::move(is));
  };
  note("name", before.name, row.name);
  note("credits", before.credits_required, row.credits_required);
  note("multiplier", before.multiplier, row.multiplier);
  TRY(call.transaction.run(
      update_row, {row.id, row.name, row.description, row.credits_required, row.multiplier}));
  TRY(stamp_rules(call.transaction));
  return level(row);
}

void add_tier_level_operations(Catalogue& catalogue) {
  catalogue.add<ListTierLevels>();
  catalogue.add<UpdateTier>();
}

// Descriptions ------------------------------------------------------------------------------------

void TierLevel::describe(Fields<TierLevel>& field) {
  field("uuid", &TierLevel::uuid, "The tier.");
  field("name", &TierLevel::name, "Its name.");
  field("description", &TierLevel::description, "What it stands for.");
  field("position", &TierLevel::position, "Its place in lists.");
  field("media", &TierLevel::media, "A picture, as {type, value}.");
  field("credits_required", &TierLevel::credits_required,
        "Credits a contact must have received in all to be in it.");
  field("multiplier", &TierLevel::multiplier,
        "What earned credits are multiplied by for contacts in it.");
}

void ListTierLevels::Output::describe(Fields<Output>& field) {
  field("tiers", &Output::tiers, "All tiers, the lowest first.");
}

void UpdateTier::Input::describe(Fields<Input>& field) {
  field("tier_uuid", &Input::tier_uuid, "The tier.");
  field("name", &Input::name, "Its name.", {.min = 1, .max = 200});
  field("description", &Input::description, "What it stands for.", {.max = 2000});
  field("credits_required", &Input::credits_required,
        "Credits a contact must have received in all to be in it.",
        {.min = 0, .max = 1'000'000'000'000});
  field("multiplier", &Input::multiplier,
        "What earned credits are multiplied by for contacts in it. Six decimals count.",
        {.min = 0, .max = 1000});
}

}  // namespace piggy
