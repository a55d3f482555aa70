#include "reward/reward.h"

#include "operation/numbers.h"

namespace piggy {
namespace {

constexpr AppendTable reward_table = {
    "reward",
    "account_id bigint, id bigint, uuid bytea, title text, description text, reward_type text, "
    "required_credits bigint, is_active bigint, pre_redeemable bigint, "
    "expiration_duration bigint, cost_price double precision, stock bigint, created_at bigint"};

constexpr std::string_view select_by_uuid = R"sql(
  SELECT id, uuid, title, description, reward_type, required_credits, is_active, pre_redeemable,
         expiration_duration, cost_price, stock
  FROM reward WHERE account_id = $1 AND uuid = $2
)sql";

constexpr std::string_view select_all = R"sql(
  SELECT id, uuid, title, description, reward_type, required_credits, is_active, pre_redeemable,
         expiration_duration, cost_price, stock
  FROM reward WHERE account_id = $1 ORDER BY id
)sql";

}  // namespace

Result<RewardRow> reward_of(Transaction& transaction, const Uuid& uuid) {
  auto reward = TRY(transaction.first<RewardRow>(select_by_uuid, {uuid}));
  if (!reward) return refuse(ErrorCode::not_found, 6003, "Reward not found.");
  return *std::move(reward);
}

Result<std::vector<RewardRow>> all_rewards(Transaction& transaction) {
  return transaction.all<RewardRow>(select_all);
}

Result<> make_reward(Transaction& transaction, RewardRow& reward) {
  reward.id = transaction.next_id();
  reward.uuid = transaction.next_uuid();
  return transaction.append(
      reward_table,
      {reward.id, reward.uuid, reward.title, reward.description, reward.reward_type,
       reward.required_credits, reward.is_active, reward.pre_redeemable, reward.expiration_duration,
       reward.cost_price, reward.stock, transaction.now()});
}

}  // namespace piggy
