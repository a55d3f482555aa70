#include "reward/reception_operations.h"

#include <unordered_map>

#include "loyalty/give_back.h"
#include "operation/numbers.h"
#include "reward/code.h"

namespace piggy {
namespace {

constexpr std::int64_t limit_default = 30;
constexpr std::int64_t collectable_max = 500;

// What many have in common is read once.
class Showing {
 public:
  // With `codes` in full, or by their last letters.
  Showing(Transaction& transaction, bool codes) : transaction_(transaction), codes_(codes) {}

  Result<RewardReception> reception(const RewardReceptionRow& row) {
    if (!contacts_.contains(row.contact_id)) {
      contacts_[row.contact_id] = TRY(contact_by_id(transaction_, row.contact_id));
    }
    if (!shops_.contains(row.shop_id)) {
      shops_[row.shop_id] = TRY(shop_by_id(transaction_, row.shop_id));
    }
    if (!rewards_.contains(row.reward_id)) {
      rewards_[row.reward_id] = shown(TRY(reward_by_id(transaction_, row.reward_id)));
    }
    const ContactRow& contact = contacts_[row.contact_id];
    RewardReception out = {
        .uuid = row.uuid,
        .title = row.title,
        .credits = row.credits,
        .created_at = row.created_at,
        .channel = row.channel,
        .contact = {.uuid = contact.uuid,
                    .email = contact.email,
                    .credit_balance = {.id = contact.id, .balance = row.balance_after}},
        .shop = in_reception(shops_[row.shop_id]),
        .reversed_at = row.reversed_at};
    const Reward& reward = rewards_[row.reward_id];
    if (reward.reward_type == RewardType::DIGITAL) {
      out.type = "digital_reward_reception";
      out.digital_reward = reward;
      auto code = TRY(code_of_reception(transaction_, row.id));
      if (code) out.digital_reward_code = RewardCodeGiven{codes_ ? *code : masked_code(*code)};
    } else {
      out.reward = reward;
      out.expires_at = row.expires_at;
      out.has_been_collected = row.collected_at.has_value();
    }
    if (!row.identifier_id) return out;
    auto identifier = TRY(identifier_by_id(transaction_, *row.identifier_id));
    if (identifier) {
      out.contact_identifier = IdentifierReference{
          .name = identifier->name, .value = identifier->value, .active = identifier->active};
    }
    return out;
  }

 private:
  Transaction& transaction_;
  bool codes_;
  std::unordered_map<std::int64_t, ContactRow> contacts_;
  std::unordered_map<std::int64_t, ShopRow> shops_;
  std::unordered_map<std::int64_t, Reward> rewards_;
};

CollectableReward collectable(RewardReception reception) {
  return {.contact = std::move(reception.contact),
          .created_at = reception.created_at,
          .uuid = reception.uuid,
          .title = std::move(reception.title),
          .reward = reception.reward.value_or(Reward{}),
          .expires_at = reception.expires_at,
          .has_been_collected = reception.has_been_collected.value_or(false),
          .status = reception.has_been_collected.value_or(false) ? "COLLECTED" : "WAITING"};
}

// A register is in a shop, whatever the client says.
Result<ShopRow> shop_in(Call& call, const std::optional<Uuid>& uuid) {
  if (call.caller.shop_id) return shop_by_id(call.transaction, call.caller.shop_id);
  if (!uuid) return fail_field("/shop_uuid", "The shop_uuid field is required.");
  return shop_of(call.transaction, *uuid);
}

Result<std::optional<std::int64_t>> identifier_id_of(Call& call, const ContactRow& contact,
                                                     const std::optional<std::string>& value) {
  if (!value) return std::nullopt;
  IdentifierRow identifier = TRY(identifier_of(call.transaction, *value));
  if (identifier.contact_id.value_or(contact.id) != contact.id) {
    return fail_field("/contact_identifier_value",
                      "The contact_identifier_value belongs to another contact.");
  }
  return identifier.id;
}

std::unexpected<Error> not_collectable(std::string why) {
  return refuse(ErrorCode::conflict, 80300, std::move(why));
}

Result<RewardReceptionRow> waiting_row(Call& call, const Uuid& uuid) {
  auto row = reward_reception_of(call.transaction, uuid);
  if (!row && row.error().code == ErrorCode::not_found) {
    return refuse(ErrorCode::not_found, 80300, "Reward not found.");
  }
  if (row && row->reversed_at) return not_collectable("Reward not found.");
  return row;
}

}  // namespace

Result<std::vector<RewardReception>> shown(Call& call,
                                           const std::vector<RewardReceptionRow>& rows) {
  Showing showing(call.transaction, may_read_codes(call.caller));
  std::vector<RewardReception> all;
  for (const RewardReceptionRow& row : rows) all.push_back(TRY(showing.reception(row)));
  return all;
}

Result<RewardReception> CreateRewardReception::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  ShopRow shop = TRY(shop_in(call, input.shop_uuid));
  RewardRow reward = TRY(reward_of(call.transaction, input.reward_uuid));
  RewardReceptionRow row = TRY(claim_reward(
      call.transaction,
      {.reward = reward,
       .contact = contact,
       .shop = shop,
       .identifier_id = TRY(identifier_id_of(call, contact, input.contact_identifier_value)),
       .channel = call.channel()}));
  call.changes("credit balance of " + contact.email, row.balance_after - row.credits,
               row.balance_after);
  if (reward.stock) call.changes("stock of " + reward.title, *reward.stock, *reward.stock - 1);
  // Whoever gives it out hands over the code.
  return Showing(call.transaction, call.caller.persona_id == 0).reception(row);
}

Result<CreditReception> ReverseRewardReception::run(Configurations& configurations, Call& call,
                                                    const Input& input) {
  auto row = TRY(reward_reception_of(call.transaction, input.reward_reception_uuid));
  TRY(note_reversed(call.transaction, row));
  auto configuration = TRY(configurations.of(call.transaction));
  // By its uuid, so that one who was deleted is not found.
  ContactRow known = TRY(contact_by_id(call.transaction, row.contact_id));
  ContactRow contact = TRY(contact_of(call.transaction, known.uuid));
  ShopRow shop = TRY(shop_by_id(call.transaction, row.shop_id));
  const UnitRow& unit = *TRY(unit_of(*configuration, std::nullopt));
  NewReception reception = {.contact = contact,
                            .shop = shop,
                            .unit = unit,
                            .credits = -row.credits,
                            .channel = call.channel(),
                            .source = std::string(reward_source),
                            .reference = to_string(row.uuid)};
  if (row.identifier_id) {
    reception.identifier = TRY(identifier_by_id(call.transaction, *row.identifier_id));
  }
  GivenReception given = TRY(give_back_credits(call.transaction, reception));
  call.changes("credit balance of " + contact.email, given.balance_before, given.balance);
  return shown(*configuration, reception, given);
}

Result<ListRewardReceptions::Output> ListRewardReceptions::run(Call& call, const Input& input) {
  RewardReceptionFilter filter = {.waiting = input.waiting.value_or(false)};
  if (input.contact_uuid) {
    filter.contact_id = TRY(contact_of(call.transaction, *input.contact_uuid)).id;
  }
  if (input.reward_uuid) {
    filter.reward_id = TRY(reward_of(call.transaction, *input.reward_uuid)).id;
  }
  Output output = {.page = page_of(input.page, input.limit, limit_default)};
  auto rows = TRY(reward_receptions_on(call.transaction, filter, output.page));
  output.reward_receptions = TRY(shown(call, rows));
  return output;
}

Result<ListCollectableRewards::Output> ListCollectableRewards::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  Page page = {.limit = collectable_max};
  auto rows = TRY(
      reward_receptions_on(call.transaction, {.contact_id = contact.id, .waiting = true}, page));
  Output output;
  for (RewardReception& one : TRY(shown(call, rows))) {
    output.collectable_rewards.push_back(collectable(std::move(one)));
  }
  return output;
}

Result<CollectableReward> CollectReward::run(Call& call, const Input& input) {
  RewardReceptionRow row = TRY(waiting_row(call, input.loyalty_transaction_uuid));
  if (row.collected_at) return not_collectable("Reward is collected already.");
  if (row.expires_at && *row.expires_at <= call.now()) return not_collectable("Reward is expired.");
  row.collected_at = call.now();
  TRY(set_collected(call.transaction, row, row.collected_at));
  call.changes("reward " + row.title, "waiting", "collected");
  return collectable(TRY(Showing(call.transaction, false).reception(row)));
}

Result<ReverseCollectedReward::Output> ReverseCollectedReward::run(Call& call, const Input& input) {
  RewardReceptionRow row = TRY(waiting_row(call, input.redemption_uuid));
  RewardRow reward = TRY(reward_by_id(call.transaction, row.reward_id));
  if (!row.collected_at || !reward.pre_redeemable) {
    return not_collectable("This reward was not collected in a shop.");
  }
  TRY(set_collected(call.transaction, row, std::nullopt));
  call.changes("reward " + row.title, "collected", "waiting");
  return Output{.uuid = row.uuid};
}

void add_reward_reception_operations(Catalogue& catalogue, Configurations& configurations) {
  catalogue.add<CreateRewardReception>();
  catalogue.add<ReverseRewardReception>(configurations);
  catalogue.add<ListRewardReceptions>();
  catalogue.add<ListCollectableRewards>();
  catalogue.add<CollectReward>();
  catalogue.add<ReverseCollectedReward>();
}

// Descriptions ------------------------------------------------------------------------------------

void RewardCodeGiven::describe(Fields<RewardCodeGiven>& field) {
  field("code", &RewardCodeGiven::code,
        "The code that was given; its last letters for who may not read codes.",
        {.untrusted = true});
}

void RewardReception::describe(Fields<RewardReception>& field) {
  field("type", &RewardReception::type, "reward_reception, or digital_reward_reception.");
  field("uuid", &RewardReception::uuid, "The reception; needed to reverse or to collect it.");
  field("title", &RewardReception::title, "The reward's name when it was taken.");
  field("credits", &RewardReception::credits, "What it cost, as a negative number.");
  field("created_at", &RewardReception::created_at, "When.");
  field("channel", &RewardReception::channel, "How it came in.");
  field("contact", &RewardReception::contact, "Who took it, with the balance after it.");
  field("shop", &RewardReception::shop, "Where.");
  field("contact_identifier", &RewardReception::contact_identifier, "The card that was shown.");
  field("reward", &RewardReception::reward, "The reward as it is now; null for a digital one.");
  field("expires_at", &RewardReception::expires_at, "Until when it can be collected.");
  field("has_been_collected", &RewardReception::has_been_collected,
        "Whether it was handed over, at once unless it is pre-redeemable; null for a digital one.");
  field("digital_reward", &RewardReception::digital_reward,
        "The digital reward as it is now; null for a thing.");
  field("digital_reward_code", &RewardReception::digital_reward_code,
        "What the contact got; null for a thing.");
  field("reversed_at", &RewardReception::reversed_at, "When it was taken back.");
}

void CreateRewardReception::Input::describe(Fields<Input>& field) {
  field("contact_uuid", &Input::contact_uuid, "Who takes it.");
  field("reward_uuid", &Input::reward_uuid, "What is taken; see list_rewards.");
  field("shop_uuid", &Input::shop_uuid, "Where; needed unless a register asks.");
  field("contact_identifier_value", &Input::contact_identifier_value,
        "The card or number the customer showed.", {.max = 500});
}

void ReverseRewardReception::Input::describe(Fields<Input>& field) {
  field("reward_reception_uuid", &Input::reward_reception_uuid, "The reward reception.");
}

void ListRewardReceptions::Input::describe(Fields<Input>& field) {
  field("contact_uuid", &Input::contact_uuid, "Only of this contact.");
  field("reward_uuid", &Input::reward_uuid, "Only of this reward.");
  field("waiting", &Input::waiting, "Only what can still be collected.");
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 30 when not given.", {.min = 1, .max = 500});
}

void ListRewardReceptions::Output::describe(Fields<Output>& field) {
  field("reward_receptions", &Output::reward_receptions, "The receptions, newest first.");
  field("page", &Output::page, "Which part of the list this is.");
}

void CollectableReward::describe(Fields<CollectableReward>& field) {
  field("contact", &CollectableReward::contact, "Who took it, with the balance after it.");
  field("created_at", &CollectableReward::created_at, "When it was taken.");
  field("uuid", &CollectableReward::uuid, "The reward reception.");
  field("title", &CollectableReward::title, "The reward's name when it was taken.");
  field("reward", &CollectableReward::reward, "The reward as it is now.");
  field("expires_at", &CollectableReward::expires_at, "Until when it can be collected.");
  field("has_been_collected", &CollectableReward::has_been_collected,
        "Whether it was handed over.");
  field("status", &CollectableReward::status, "WAITING or COLLECTED.");
}

void ListCollectableRewards::Input::describe(Fields<Input>& field) {
  field("contact_uuid", &Input::contact_uuid, "Whose.");
}

void ListCollectableRewards::Output::describe(Fields<Output>& field) {
  field("collectable_rewards", &Output::collectable_rewards, "What waits, newest first.");
}

void CollectReward::Input::describe(Fields<Input>& field) {
  field("loyalty_transaction_uuid", &Input::loyalty_transaction_uuid, "The reward reception.");
}

void ReverseCollectedReward::Input::describe(Fields<Input>& field) {
  field("redemption_uuid", &Input::redemption_uuid, "The reward reception.");
}

void ReverseCollectedReward::Output::describe(Fields<Output>& field) {
  field("uuid", &Output::uuid, "The reward reception.");
  field("status", &Output::status, "Always REVERSED.");
}

}  // namespace piggy
