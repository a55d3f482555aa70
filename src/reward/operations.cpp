#include "reward/operations.h"

#include "contact/contact.h"
#include "shop/shop.h"

namespace piggy {
namespace {

Reward shown(const RewardRow& row) {
  return {.id = row.id,
          .uuid = row.uuid,
          .title = row.title,
          .description = row.description,
          .type = row.reward_type,
          .reward_type = row.reward_type,
          .required_credits = row.required_credits,
          .is_active = row.is_active,
          .active = row.is_active,
          .pre_redeemable = row.pre_redeemable,
          .expiration_duration = row.expiration_duration,
          .cost_price = row.cost_price,
          .stock = row.stock};
}

}  // namespace

Result<ListRewards::Output> ListRewards::run(Call& call, const Input& input) {
  if (input.shop_uuid) TRY(shop_of(call.transaction, *input.shop_uuid));
  if (input.contact_uuid) TRY(contact_of(call.transaction, *input.contact_uuid));
  Output output;
  for (const RewardRow& row : TRY(all_rewards(call.transaction))) {
    bool claimable = row.is_active && row.stock != 0;
    if (!input.contact_uuid || claimable) output.rewards.push_back(shown(row));
  }
  return output;
}

Result<GetReward::Output> GetReward::run(Call& call, const Input& input) {
  return shown(TRY(reward_of(call.transaction, input.reward_uuid)));
}

Result<CreateReward::Output> CreateReward::run(Call& call, const Input& input) {
  RewardRow row = {.title = input.title,
                   .description = input.description,
                   .reward_type = input.reward_type.value_or(RewardType::PHYSICAL),
                   .required_credits = input.required_credits,
                   .is_active = input.is_active.value_or(true),
                   .pre_redeemable = input.pre_redeemable.value_or(false),
                   .expiration_duration = input.expiration_duration,
                   .cost_price = input.cost_price,
                   .stock = input.stock};
  TRY(make_reward(call.transaction, row));
  call.changes("reward " + row.title, nullptr, "created");
  return shown(row);
}

void add_reward_operations(Catalogue& catalogue) {
  catalogue.add<ListRewards>();
  catalogue.add<GetReward>();
  catalogue.add<CreateReward>();
}

// Descriptions ------------------------------------------------------------------------------------

void Reward::describe(Fields<Reward>& field) {
  field("id", &Reward::id, "The number of the reward.");
  field("uuid", &Reward::uuid, "The reward.");
  field("title", &Reward::title, "Its name.");
  field("description", &Reward::description, "What it is.");
  field("type", &Reward::type, "The same as reward_type, under its older name.");
  field("reward_type", &Reward::reward_type, "A thing, or a code.");
  field("required_credits", &Reward::required_credits, "Its price in credits.");
  field("media", &Reward::media, "A picture, as {type, value}; null for none.");
  field("is_active", &Reward::is_active, "Whether it can be claimed.");
  field("active", &Reward::active, "The same as is_active, under its older name.");
  field("pre_redeemable", &Reward::pre_redeemable,
        "Whether a claim waits to be collected in the shop.");
  field("expiration_duration", &Reward::expiration_duration,
        "How many seconds a claim waits; null for ever.");
  field("cost_price", &Reward::cost_price, "What it costs the shop.");
  field("stock", &Reward::stock, "How many are left; null for any number.");
}

void ListRewards::Input::describe(Fields<Input>& field) {
  field("shop_uuid", &Input::shop_uuid, "The shop; all shops offer the same rewards.");
  field("contact_uuid", &Input::contact_uuid, "Only what this contact can claim now.");
}

void ListRewards::Output::describe(Fields<Output>& field) {
  field("rewards", &Output::rewards, "The rewards, oldest first.");
}

void GetReward::Input::describe(Fields<Input>& field) {
  field("reward_uuid", &Input::reward_uuid, "The reward.");
}

void CreateReward::Input::describe(Fields<Input>& field) {
  field("title", &Input::title, "Its name.", {.min = 1, .max = 200});
  field("required_credits", &Input::required_credits, "Its price in credits.",
        {.min = 0, .max = 1'000'000'000});
  field("description", &Input::description, "What it is.", {.max = 2000});
  field("reward_type", &Input::reward_type, "PHYSICAL (the default) or DIGITAL.");
  field("is_active", &Input::is_active, "Whether it can be claimed; yes by default.");
  field("pre_redeemable", &Input::pre_redeemable,
        "Whether a claim waits to be collected in the shop; no by default.");
  field("expiration_duration", &Input::expiration_duration,
        "How many seconds a claim waits; for ever by default.", {.min = 1, .max = 3'153'600'000});
  field("cost_price", &Input::cost_price, "What it costs the shop.",
        {.min = 0, .max = 1'000'000'000});
  field("stock", &Input::stock, "How many there are; any number by default.",
        {.min = 0, .max = 1'000'000'000});
}

}  // namespace piggy
