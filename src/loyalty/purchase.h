#pragma once

// What contacts bought, as far as receptions tell.

#include <functional>

#include "base/error.h"
#include "database/database.h"

namespace piggy {

// Each reception that a value earned and that is no order's on record: whose, and when; the oldest
// first. Reads all receptions.
Result<> each_purchase(Transaction& transaction,
                       const std::function<void(std::int64_t, Time)>& sink);

}  // namespace piggy
