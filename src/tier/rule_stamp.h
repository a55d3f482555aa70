#pragma once

// When what decides about credits (programme, units, earning rules, tiers, attributes of
// receptions) last changed. Whoever keeps these in memory compares the stamp with the one they were
// read at, and whoever changes them stamps anew in the same transaction.
//
// A stamp is never used twice, also not after a failure: a copy made inside of a transaction that
// was undone never looks valid again.

#include <cstdint>

#include "base/error.h"
#include "database/database.h"

namespace piggy {

Result<std::int64_t> rule_stamp(Transaction& transaction);  // 0: nothing was ever set up.
Result<> stamp_rules(Transaction& transaction);

}  // namespace piggy
