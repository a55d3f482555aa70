#pragma once

// What the orders on record add up to, by when they were ordered.

#include <functional>

#include "base/error.h"
#include "database/database.h"

namespace piggy {

struct PlacedOrder {
  Time ordered_at = {};
  std::int64_t amount_in_cents = 0;  // Below zero for a cancellation.
  std::int64_t contact_id = 0;       // 0: nobody who is known.
};
// Each order of which anything was booked, in no certain order.
Result<> each_order(Transaction& transaction, const std::function<void(const PlacedOrder&)>& sink);

}  // namespace piggy
