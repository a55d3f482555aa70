#pragma once

// Conditions that come with the program, for templates to make segments of.

#include "base/uuid.h"
#include "shape/value.h"

namespace piggy {

// New active users: created in the last 7 days; ordered, came by, clicked or redeemed a voucher in
// the last 7 days; subscribed to mail of that type; an address that can be written to, from which
// no mail came back and nobody complained.
Value new_active_users(const Uuid& subscription_type);

}  // namespace piggy
