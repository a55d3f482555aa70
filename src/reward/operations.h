#pragma once

#include "operation/operation.h"
#include "reward/reward.h"

namespace piggy {

// There is no member called `attributes`: it crashes the official client.
struct Reward {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string title = {};
  std::optional<std::string> description = {};
  RewardType type = RewardType::PHYSICAL;
  RewardType reward_type = RewardType::PHYSICAL;
  std::int64_t required_credits = 0;
  Value media = {};
  bool is_active = true;
  bool active = true;
  bool pre_redeemable = false;
  std::optional<std::int64_t> expiration_duration = {};
  std::optional<double> cost_price = {};
  std::optional<std::int64_t> stock = {};
  std::optional<std::int64_t> claim_limit = {};

  static void describe(Fields<Reward>& field);
};
Reward shown(const RewardRow& row);

struct ListRewards {
  static constexpr OperationInfo info = {
      .name = "list_rewards",
      .title = "List Rewards",
      .about =
          "Lists what credits can buy, with the price of each in credits. For a contact: only "
          "rewards that can be claimed now. Whether the contact has enough credits is not "
          "looked at; compare with get_contact_credit_balance.",
      .verb = Verb::get,
      .path = "/rewards",
      .scope = "rewards:read",
      .on_register = true,
      .tool = true,
      .wire = {.meta = Meta::object, .data = "rewards"}};
  struct Input {
    std::optional<Uuid> shop_uuid = {};
    std::optional<Uuid> contact_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<Reward> rewards = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetReward {
  static constexpr OperationInfo info = {.name = "get_reward",
                                         .title = "Get Reward",
                                         .about = "Shows one reward.",
                                         .verb = Verb::get,
                                         .path = "/rewards/{reward_uuid}",
                                         .scope = "rewards:read",
                                         .on_register = true,
                                         .wire = {.meta = Meta::object}};
  struct Input {
    Uuid reward_uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Reward;
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateReward {
  static constexpr OperationInfo info = {
      .name = "create_reward",
      .title = "Create Reward",
      .about =
          "Adds a reward that credits can buy. The v3 wire has no way to; the vendor's "
          "dashboard does it.",
      .verb = Verb::post,
      .path = "/rewards",
      .scope = "rewards:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string title = {};
    std::int64_t required_credits = 0;
    std::optional<std::string> description = {};
    std::optional<RewardType> reward_type = {};
    std::optional<bool> is_active = {};
    std::optional<bool> pre_redeemable = {};
    std::optional<std::int64_t> expiration_duration = {};
    std::optional<double> cost_price = {};
    std::optional<std::int64_t> stock = {};
    std::optional<std::int64_t> claim_limit = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Reward;
  static void check(const Input& input, std::vector<FieldError>& problems);
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdateReward {
  static constexpr OperationInfo info = {
      .name = "update_reward",
      .title = "Update Reward",
      .about =
          "Changes title, description and price of a reward, how many there are, how many one "
          "contact may take, and whether it can be claimed. What contacts took before stays as it "
          "was. What is not given stays.",
      .verb = Verb::put,
      .path = "/rewards/{reward_uuid}",
      .scope = "rewards:write",
      .effect = Effect::write,
      .idempotent = true,
      .wire = {.meta = Meta::object}};
  struct Input {
    Uuid reward_uuid = {};
    std::optional<std::string> title = {};
    std::optional<std::string> description = {};
    std::optional<std::int64_t> required_credits = {};
    std::optional<bool> is_active = {};
    std::optional<std::int64_t> stock = {};
    std::optional<std::int64_t> claim_limit = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Reward;
  static Result<Output> run(Call& call, const Input& input);
};

class Configurations;

// `configurations` is borrowed and outlives the catalogue.
void add_reward_operations(Catalogue& catalogue, Configurations& configurations);

}  // namespace piggy
