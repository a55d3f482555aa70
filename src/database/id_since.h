#pragma once

// Where a span of time begins in a table that only grows.

#include <string_view>

#include "database/database.h"

namespace piggy {

// The id from which on the rows of the account were made at this moment or later; they have a
// column created_at. Ids grow with time, so that no index by time is needed: a few dozen looks by
// id.
Result<std::int64_t> id_since(Transaction& transaction, std::string_view table, Time moment);

}  // namespace piggy
