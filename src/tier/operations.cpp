#include "tier/operations.h"

#include "tier/level_operations.h"
#include "tier/rule_stamp.h"

namespace piggy {
namespace {

constexpr std::size_t tiers_max = 100;

constexpr AppendTable tier_table = {
    "tier",
    "account_id bigint, id bigint, uuid bytea, name text, description text, position bigint, "
    "media text, credits_required bigint, multiplier double precision, created_at bigint"};

}  // namespace

Result<ListTiers::Output> ListTiers::run(Call& call, const Input&) {
  Output output;
  for (const TierRow& row : TRY(all_tiers(call.transaction))) output.tiers.push_back(shown(row));
  return output;
}

Result<CreateTier::Output> CreateTier::run(Call& call, const Input& input) {
  std::int64_t position = 0;
  std::vector<TierRow> tiers = TRY(all_tiers(call.transaction));
  if (tiers.size() >= tiers_max) return fail(ErrorCode::conflict, "There are 100 tiers already.");
  for (const TierRow& row : tiers) {
    if (row.name == input.name) return fail_field("/name", "There is a tier of that name already.");
    position = std::max(position, row.position);
  }
  TierRow tier{.id = call.transaction.next_id(),
               .uuid = call.transaction.next_uuid(),
               .name = input.name,
               .description = input.description,
               .position = input.position.value_or(position + 1),
               .credits_required = input.credits_required,
               .multiplier = input.multiplier.value_or(1)};
  if (input.image_url) tier.media = Value::object({{"type", "image"}, {"value", *input.image_url}});
  TRY(call.transaction.append(
      tier_table, {tier.id, tier.uuid, tier.name, tier.description, tier.position, tier.media,
                   tier.credits_required, tier.multiplier, call.now()}));
  TRY(stamp_rules(call.transaction));
  call.changes("tier " + tier.name, nullptr, "created");
  return shown(tier);
}

void add_tier_operations(Catalogue& catalogue) {
  catalogue.add<ListTiers>();
  catalogue.add<CreateTier>();
  add_tier_level_operations(catalogue);
}

}  // namespace piggy
