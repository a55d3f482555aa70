#include "reward/operations.h"

#include "contact/contact.h"
#include "event/event.h"
#include "reward/code_operations.h"
#include "reward/reception_operations.h"
#include "reward/transaction_operations.h"
#include "shop/shop.h"

namespace piggy {

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
          .stock = row.stock,
          .claim_limit = row.claim_limit};
}

namespace {

constexpr std::string_view stock_is_codes =
    "The stock of a digital reward is how many codes are left: add codes instead.";

// What a contact can claim now: one that is there, and not yet taken as often as one may.
Result<bool> is_claimable(Transaction& transaction, const RewardRow& row, std::int64_t contact_id) {
  if (!row.is_active || row.stock == 0) return false;
  if (!row.claim_limit) return true;
  return TRY(standing_claims(transaction, row.id, contact_id)) < *row.claim_limit;
}

}  // namespace

Result<ListRewards::Output> ListRewards::run(Call& call, const Input& input) {
  if (input.shop_uuid) TRY(shop_of(call.transaction, *input.shop_uuid));
  std::optional<std::int64_t> contact_id;
  if (input.contact_uuid) contact_id = TRY(contact_of(call.transaction, *input.contact_uuid)).id;
  Output output;
  for (const RewardRow& row : TRY(all_rewards(call.transaction))) {
    if (contact_id && !TRY(is_claimable(call.transaction, row, *contact_id))) continue;
    output.rewards.push_back(shown(row));
  }
  return output;
}

Result<GetReward::Output> GetReward::run(Call& call, const Input& input) {
  return shown(TRY(reward_of(call.transaction, input.reward_uuid)));
}

void CreateReward::check(const Input& input, std::vector<FieldError>& problems) {
  if (input.reward_type != RewardType::DIGITAL) return;
  if (input.stock) problems.push_back({"/stock", std::string(stock_is_codes)});
  if (input.pre_redeemable.value_or(false)) {
    problems.push_back({"/pre_redeemable", "A digital reward is given at once, by its code."});
  }
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
                   .stock = input.stock,
                   .claim_limit = input.claim_limit};
  if (row.reward_type == RewardType::DIGITAL) row.stock = 0;  // Until it has codes.
  TRY(make_reward(call.transaction, row));
  call.changes("reward " + row.title, nullptr, "created");
  return shown(row);
}

Result<UpdateReward::Output> UpdateReward::run(Call& call, const Input& input) {
  RewardRow row = TRY(reward_of(call.transaction, input.reward_uuid));
  RewardRow before = row;
  if (input.title) row.title = *input.title;
  if (input.description) row.description = *input.description;
  row.required_credits = input.required_credits.value_or(row.required_credits);
  row.is_active = input.is_active.value_or(row.is_active);
  if (input.stock && row.reward_type == RewardType::DIGITAL && input.stock != row.stock) {
    return fail_field("/stock", std::string(stock_is_codes));
  }
  if (input.stock) row.stock = input.stock;
  if (input.claim_limit) row.claim_limit = input.claim_limit;
  auto note = [&](std::string_view what, Value was, Value is) {
    if (was == is) return;
    call.changes(std::string(what) + " of reward " + before.title, std::move(was), std::move(is));
  };
  auto number = [](const std::optional<std::int64_t>& of) { return of ? Value(*of) : Value(); };
  note("title", before.title, row.title);
  note("price", before.required_credits, row.required_credits);
  note("state", before.is_active ? "active" : "inactive", row.is_active ? "active" : "inactive");
  note("stock", number(before.stock), number(row.stock));
  note("limit", number(before.claim_limit), number(row.claim_limit));
  TRY(update_reward(call.transaction, row));
  Value about = Value::object({{"uuid", to_string(row.uuid)}, {"title", row.title}});
  TRY(emit(call.transaction, "reward_updated", row.uuid,
           Value::object({{"reward", std::move(about)}})));
  return shown(row);
}

void add_reward_operations(Catalogue& catalogue, Configurations& configurations) {
  catalogue.add<ListRewards>();
  catalogue.add<GetReward>();
  catalogue.add<CreateReward>();
  catalogue.add<UpdateReward>();
  add_reward_code_operations(catalogue);
  add_reward_reception_operations(catalogue, configurations);
  add_loyalty_transaction_operations(catalogue, configurations);
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
  field("stock", &Reward::stock,
        "How many are left, of a digital reward how many codes; null for any number.");
  field("claim_limit", &Reward::claim_limit, "How many one contact may take; null for any number.");
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
  field("reward_type", &Input::reward_type,
        "PHYSICAL (the default), or DIGITAL: then its codes are added by add_reward_codes.");
  field("is_active", &Input::is_active, "Whether it can be claimed; yes by default.");
  field("pre_redeemable", &Input::pre_redeemable,
        "Whether a claim waits to be collected in the shop; no by default.");
  field("expiration_duration", &Input::expiration_duration,
        "How many seconds a claim waits; for ever by default.", {.min = 1, .max = 3'153'600'000});
  field("cost_price", &Input::cost_price, "What it costs the shop.",
        {.min = 0, .max = 1'000'000'000});
  field("stock", &Input::stock,
        "How many there are; any number by default. Not for a digital reward.",
        {.min = 0, .max = 1'000'000'000});
  field("claim_limit", &Input::claim_limit, "How many one contact may take; any number by default.",
        {.min = 1, .max = 1'000'000});
}

void UpdateReward::Input::describe(Fields<Input>& field) {
  field("reward_uuid", &Input::reward_uuid, "The reward.");
  field("title", &Input::title, "Its name.", {.min = 1, .max = 200});
  field("description", &Input::description, "What it is.", {.max = 2000});
  field("required_credits", &Input::required_credits, "Its price in credits.",
        {.min = 0, .max = 1'000'000'000});
  field("is_active", &Input::is_active, "Whether it can be claimed.");
  field("stock", &Input::stock, "How many are left.", {.min = 0, .max = 1'000'000'000});
  field("claim_limit", &Input::claim_limit, "How many one contact may take.",
        {.min = 1, .max = 1'000'000});
}

}  // namespace piggy
