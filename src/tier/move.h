#pragma once

// From which tier contacts went to which.

#include <vector>

#include "tier/tier.h"

namespace piggy {

// Puts a contact into a tier (0: none) and writes down that it moved. False when it is there.
Result<bool> change_tier(Transaction& transaction, MemberRow& member, std::int64_t tier_id);
// A contact that is gone is in no tier.
Result<> leave_tier(Transaction& transaction, std::int64_t contact_id);

struct TierMoves {
  std::int64_t from_tier = 0;
  std::int64_t to_tier = 0;
  std::int64_t moves = 0;
  std::int64_t contacts = 0;  // Each once.
};
// `from` included, `to` not.
Result<std::vector<TierMoves>> tier_moves(Transaction& transaction, Time from, Time to);

// How many contacts are in each now. Reads them all.
struct TierCount {
  std::int64_t tier_id = 0;
  std::int64_t contacts = 0;
};
Result<std::vector<TierCount>> count_members(Transaction& transaction);

}  // namespace piggy
