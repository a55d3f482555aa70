#pragma once

// A code of a digital reward: what a contact gets that takes it. A code is given once: also when
// the reward is taken back it stays spent, because whoever has read it can use it.
//
// The stock of a digital reward is how many of its codes are left; it changes with them here.

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "operation/operation.h"
#include "operation/page.h"
#include "reward/reward.h"

namespace piggy {

// To read codes, not only how many there are and how they end.
inline constexpr std::string_view reward_codes_scope = "rewards:codes";

struct RewardCodeRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string code = {};
  std::optional<std::int64_t> reception_id = {};
  Time added_at = {};
  std::optional<Time> given_at = {};
};

// False when the reward has this code already, given or not.
Result<bool> add_reward_code(Transaction& transaction, const RewardRow& reward,
                             std::string_view code);
// After codes came or went: sets the stock to how many are left, and returns it.
Result<std::int64_t> count_reward_codes(Transaction& transaction, const RewardRow& reward);

// Gives the oldest that is left to a reception. False when there is none.
Result<bool> give_reward_code(Transaction& transaction, std::int64_t reward_id,
                              std::int64_t reception_id);
// The code of a reception; nothing for one of a thing.
Result<std::optional<std::string>> code_of_reception(Transaction& transaction,
                                                     std::int64_t reception_id);

// Oldest first. Fills the total of `page`.
Result<std::vector<RewardCodeRow>> reward_codes_on(Transaction& transaction,
                                                   const RewardRow& reward,
                                                   const std::optional<bool>& given, Page& page);

// Takes codes that are left away: one, or all of the reward. Returns how many.
Result<std::int64_t> remove_reward_codes(Transaction& transaction, const RewardRow& reward,
                                         const std::optional<Uuid>& code);

// Its last three letters, so that it can be told from others; nothing of one that is short.
std::string masked_code(std::string_view code);
// Personas never see codes: what a model reads goes to others.
bool may_read_codes(const Caller& caller);

}  // namespace piggy
