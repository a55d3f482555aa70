#pragma once

#include "loyalty/reception.h"
#include "operation/operation.h"
#include "operation/page.h"
#include "reward/operations.h"
#include "reward/reception.h"

namespace piggy {

struct RewardCodeGiven {
  std::string code = {};
  static void describe(Fields<RewardCodeGiven>& field);
};

// As the wire shows it (piggy-api-v3, section 9.10). Of a digital reward, which is given at once,
// `digital_reward` and its code stand in the place of `reward`, `expires_at` and
// `has_been_collected`.
struct RewardReception {
  std::string type = "reward_reception";
  Uuid uuid = {};
  std::string title = {};
  std::int64_t credits = 0;
  Time created_at = {};
  std::string channel = {};
  ContactWithBalance contact = {};
  ShopInReception shop = {};
  std::optional<IdentifierReference> contact_identifier = {};
  std::optional<Reward> reward = {};
  std::optional<Time> expires_at = {};
  std::optional<bool> has_been_collected = {};
  std::optional<Reward> digital_reward = {};
  std::optional<RewardCodeGiven> digital_reward_code = {};
  std::optional<Time> reversed_at = {};

  static void describe(Fields<RewardReception>& field);
};

struct CreateRewardReception {
  static constexpr OperationInfo info = {
      .name = "create_reward_reception",
      .title = "Create Reward Reception",
      .about =
          "Gives a reward to a contact, who pays its price in credits at once. Refused when the "
          "reward is inactive or out of stock, when the contact has taken as many as one may, or "
          "has not enough credits. A pre-redeemable reward then waits to be collected. "
          "reverse_reward_reception gives the credits back.",
      .verb = Verb::post,
      .path = "/reward-receptions",
      .scope = "rewards:write",
      .effect = Effect::write,
      .on_register = true,
      .undone_by = "reverse_reward_reception"};
  struct Input {
    Uuid contact_uuid = {};
    Uuid reward_uuid = {};
    std::optional<Uuid> shop_uuid = {};
    std::optional<std::string> contact_identifier_value = {};
    static void describe(Fields<Input>& field);
  };
  using Output = RewardReception;
  static Result<Output> run(Call& call, const Input& input);
};

struct ReverseRewardReception {
  static constexpr OperationInfo info = {
      .name = "reverse_reward_reception",
      .title = "Reverse Reward Reception",
      .about =
          "Takes a reward back from a contact: its credits come back by a credit reception, which "
          "is the answer, and its piece of the stock as well; a code stays spent. A reversal "
          "cannot itself "
          "be reversed; give the reward again instead.",
      .verb = Verb::post,
      .path = "/reward-receptions/{reward_reception_uuid}/reverse",
      .scope = "rewards:write",
      .effect = Effect::write,
      .on_register = true};
  struct Input {
    Uuid reward_reception_uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = CreditReception;
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

struct ListRewardReceptions {
  static constexpr OperationInfo info = {
      .name = "list_reward_receptions",
      .title = "List Reward Receptions",
      .about =
          "Lists who took which reward, newest first, of one contact or one reward if asked, or "
          "only what waits to be collected.",
      .verb = Verb::get,
      .path = "/reward-receptions",
      .scope = "rewards:read",
      .surface = Surface::platform};
  struct Input {
    std::optional<Uuid> contact_uuid = {};
    std::optional<Uuid> reward_uuid = {};
    std::optional<bool> waiting = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<RewardReception> reward_receptions = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

// A reward that waits in the shop (section 10.18).
struct CollectableReward {
  ContactWithBalance contact = {};
  Time created_at = {};
  Uuid uuid = {};
  std::string title = {};
  Reward reward = {};
  std::optional<Time> expires_at = {};
  bool has_been_collected = false;
  std::string status = "WAITING";

  static void describe(Fields<CollectableReward>& field);
};

struct ListCollectableRewards {
  static constexpr OperationInfo info = {
      .name = "list_collectable_rewards",
      .title = "List Collectable Rewards",
      .about = "Lists the rewards that a contact has paid and not yet collected, newest first.",
      .verb = Verb::get,
      .path = "/collectable-rewards",
      .scope = "rewards:read",
      .on_register = true,
      .wire = {.data = "collectable_rewards"}};
  struct Input {
    Uuid contact_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<CollectableReward> collectable_rewards = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct CollectReward {
  static constexpr OperationInfo info = {
      .name = "collect_reward",
      .title = "Collect Reward",
      .about =
          "Notes that a reward that was paid before has been handed over. Refused when it was "
          "collected already, was reversed, or has expired. reverse_collected_reward lets it wait "
          "again.",
      .verb = Verb::put,
      .path = "/collectable-rewards/collect/{loyalty_transaction_uuid}",
      .scope = "rewards:write",
      .effect = Effect::write,
      .on_register = true};
  struct Input {
    Uuid loyalty_transaction_uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = CollectableReward;
  static Result<Output> run(Call& call, const Input& input);
};

struct ReverseCollectedReward {
  static constexpr OperationInfo info = {
      .name = "reverse_collected_reward",
      .title = "Reverse Collected Reward",
      .about = "Lets a reward that was handed over wait to be collected again.",
      .verb = Verb::post,
      .path = "/collectable-rewards/{redemption_uuid}/reverse",
      .scope = "rewards:write",
      .effect = Effect::write,
      .on_register = true};
  struct Input {
    Uuid redemption_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    Uuid uuid = {};
    std::string status = "REVERSED";
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

// Many at once, each contact, shop and reward read once. Codes as the caller may read them.
Result<std::vector<RewardReception>> shown(Call& call, const std::vector<RewardReceptionRow>& rows);

void add_reward_reception_operations(Catalogue& catalogue, Configurations& configurations);

}  // namespace piggy
