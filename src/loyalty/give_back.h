#pragma once

// Credits that were paid for a reward come back: a reception like any other, but for what it means.
// Nothing was earned with it, so that it counts for no tier, and in the ledger it lessens what was
// redeemed, not what was given out.

#include "loyalty/reception.h"

namespace piggy {

// The reception needs a source and a reference, its natural key: `conflict` when it is there
// already.
Result<GivenReception> give_back_credits(Transaction& transaction, const NewReception& reception);

// The source of receptions that give back what a reward cost.
inline constexpr std::string_view reward_source = "reward";

}  // namespace piggy
