#pragma once

// A copy of a SQLite database that is in use.

#include <string>

#include "base/error.h"

struct sqlite3;

namespace piggy {

// Writes what `source` sees now into a new file that only its owner may read. `source` is a
// connection of its own in WAL mode, so neither the writer nor readers wait for the copy; meanwhile
// the log cannot start over, and grows. The file is on the disk when this returns, and not there
// at all when it fails. `conflict` when there is such a file already.
Result<> back_up(sqlite3* source, const std::string& file);

}  // namespace piggy
