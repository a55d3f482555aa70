#include "reward/reward.h"

#include <fmt/format.h>

#include "operation/numbers.h"

namespace piggy {
namespace {

constexpr AppendTable reward_table = {
    "reward",
    "account_id bigint, id bigint, uuid bytea, title text, description text, reward_type text, "
    "required_credits bigint, is_active bigint, pre_redeemable bigint, "
    "expiration_duration bigint, cost_price double precision, stock bigint, claim_limit bigint, "
    "created_at bigint"};

constexpr std::string_view select_where = R"sql(
  SELECT id, uuid, title, description, reward_type, required_credits, is_active, pre_redeemable,
         expiration_duration, cost_price, stock, claim_limit
  FROM reward WHERE account_id = $1{}
)sql";

constexpr std::string_view update_row = R"sql(
  UPDATE reward SET title = $3, description = $4, required_credits = $5, is_active = $6, stock = $7,
                    claim_limit = $8
  WHERE account_id = $1 AND id = $2
)sql";

template <class P>
Result<RewardRow> reward_where(Transaction& transaction, std::string_view condition,
                               const P& parameter) {
  std::string sql = fmt::format(fmt::runtime(select_where), condition);
  auto reward = TRY(transaction.first<RewardRow>(sql, {parameter}));
  if (!reward) return refuse(ErrorCode::not_found, 6003, "Reward not found.");
  return *std::move(reward);
}

}  // namespace

Result<RewardRow> reward_of(Transaction& transaction, const Uuid& uuid) {
  return reward_where(transaction, " AND uuid = $2", uuid);
}

Result<RewardRow> reward_by_id(Transaction& transaction, std::int64_t id) {
  return reward_where(transaction, " AND id = $2", id);
}

Result<std::vector<RewardRow>> all_rewards(Transaction& transaction) {
  return transaction.all<RewardRow>(fmt::format(fmt::runtime(select_where), " ORDER BY id"));
}

Result<> update_reward(Transaction& transaction, const RewardRow& reward) {
  TRY(transaction.run(update_row,
                      {reward.id, reward.title, reward.description, reward.required_credits,
                       reward.is_active, reward.stock, reward.claim_limit}));
  return {};
}

Result<> make_reward(Transaction& transaction, RewardRow& reward) {
  reward.id = transaction.next_id();
  reward.uuid = transaction.next_uuid();
  return transaction.append(
      reward_table,
      {reward.id, reward.uuid, reward.title, reward.description, reward.reward_type,
       reward.required_credits, reward.is_active, reward.pre_redeemable, reward.expiration_duration,
       reward.cost_price, reward.stock, reward.claim_limit, transaction.now()});
}

}  // namespace piggy
