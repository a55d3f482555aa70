#pragma once

// From which tier contacts went to which.

#include <vector>

#include "tier/tier.h"

namespace piggy {

// A contact that is new begins in a tier (0: none): it is counted there, and has not moved.
Result<> enter_first_tier(Transaction& transaction, std::int64_t tier_id);
// Puts a contact into a tier (0: none) and writes down that it moved. False when it is there.
Result<bool> change_tier(Transaction& transaction, MemberRow& member, std::int64_t tier_id);
// A contact that is gone for good is in no tier, and not counted among those in none either. Once.
Result<> leave_tier(Transaction& transaction, std::int64_t contact_id);

struct TierMoves {
  std::int64_t from_tier = 0;
  std::int64_t to_tier = 0;
  std::int64_t moves = 0;
  std::int64_t contacts = 0;  // Each once.
};
// `from` included, `to` not.
Result<std::vector<TierMoves>> tier_moves(Transaction& transaction, Time from, Time to);

// How many contacts are in each now, as counted when they move: a few rows. Tiers that nobody was
// ever in are left out.
struct TierCount {
  std::int64_t tier_id = 0;
  std::int64_t contacts = 0;
};
Result<std::vector<TierCount>> count_members(Transaction& transaction);

}  // namespace piggy
