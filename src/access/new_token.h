#pragma once

// What a token is to be, as whoever makes one says it.

#include <string>
#include <vector>

#include "access/access.h"
#include "operation/operation.h"

namespace piggy {

// "90d", "12h", "30m", or a moment that lies ahead.
Result<Time> expiry(std::string_view text, Time now);

// The shop of a cash register; the account's first one when none is said.
Result<std::int64_t> shop_of_register(Transaction& transaction, std::int64_t account,
                                      const std::optional<Uuid>& shop);

// A scope that nothing asks for is a slip of the hand, and a token with it alone could do nothing.
Result<> check_scopes(const Catalogue& catalogue, const std::vector<std::string>& scopes);

}  // namespace piggy
