#pragma once

// A reward: what credits buy.

#include <string>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "shape/shape.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(RewardType, PHYSICAL, DIGITAL)

struct RewardRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string title = {};
  std::optional<std::string> description = {};
  RewardType reward_type = RewardType::PHYSICAL;
  std::int64_t required_credits = 0;
  bool is_active = true;
  bool pre_redeemable = false;
  std::optional<std::int64_t> expiration_duration = {};  // Seconds.
  std::optional<double> cost_price = {};
  // Null for any number. Of a digital reward, how many codes are left.
  std::optional<std::int64_t> stock = {};
  std::optional<std::int64_t> claim_limit =
      {};  // How many a contact may take; null for any number.
};

// 6003 when there is none.
Result<RewardRow> reward_of(Transaction& transaction, const Uuid& uuid);
Result<RewardRow> reward_by_id(Transaction& transaction, std::int64_t id);
// Oldest first.
Result<std::vector<RewardRow>> all_rewards(Transaction& transaction);
// Mints id and uuid of the row.
Result<> make_reward(Transaction& transaction, RewardRow& reward);
// Writes title, description, price, stock, limit and whether it is active.
Result<> update_reward(Transaction& transaction, const RewardRow& reward);

}  // namespace piggy
