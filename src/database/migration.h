#pragma once

// The schema: one ordered list of SQL files in migration/, written in PostgreSQL's words and
// translated for SQLite. A store remembers which of them it has run.

#include <optional>

#include "database/connection.h"

namespace piggy {

// Runs what is missing, each file in a transaction of its own. Refused: a store that a newer
// version has made.
Result<> bring_up_to_date(Store& store, Connection& connection);

int schema_version();

// For who only reads: refused unless `reader` sees a database of piggy, of this version, complete.
Result<> must_be_up_to_date(const Store& store, Connection& reader);

// A copy into this database that was begun and not finished (database/copy.h): of which account,
// 0 for everything. The database must be up to date.
Result<std::optional<std::int64_t>> incomplete_copy(Connection& connection);
Result<> refuse_incomplete_copy(Connection& connection);

// The name of the counter that says so.
inline constexpr std::string_view incomplete_copy_counter = "incomplete_copy";

// The text of all of them, in order.
std::string all_migrations();

}  // namespace piggy
