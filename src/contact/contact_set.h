#pragma once

// Many contacts at once, in one statement each: for who goes through all of them.

#include <string>
#include <vector>

#include "contact/contact.h"
#include "contact/subscription.h"

namespace piggy {

// How many at most.
constexpr std::size_t contacts_at_once = 500;

// "$2, $3, …" for a list of values in a statement. Fills the values up with the last of them, so
// that there are few statements of different lengths to prepare.
std::string padded_places(std::size_t first, std::vector<Parameter>& values);

// In the order of their ids; those that are not there are left out, deleted ones are not.
Result<std::vector<ContactRow>> contacts_by_ids(Transaction& transaction,
                                                const std::vector<std::int64_t>& ids);

// What they said to this type, in no order; who said nothing has none.
Result<std::vector<SubscriptionRow>> subscriptions_of(Transaction& transaction,
                                                      const std::vector<std::int64_t>& contact_ids,
                                                      std::int64_t subscription_type_id);

}  // namespace piggy
