#pragma once

// The schema: one ordered list of SQL files in migration/, written in PostgreSQL's words and
// translated for SQLite. A store remembers which of them it has run.

#include "database/connection.h"

namespace piggy {

// Runs what is missing, each file in a transaction of its own. Refused: a store that a newer
// version has made.
Result<> bring_up_to_date(Store& store, Connection& connection);

int schema_version();

}  // namespace piggy
