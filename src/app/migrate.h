#pragma once

#include <string>

#include "app/configuration.h"
#include "base/error.h"

namespace piggy {

struct MigrateOptions {
  std::string from = {};
  std::string to = {};
  std::string account = {};  // "": everything.
};

// Copies all tables, and proves it by counts and sums of both sides. Neither may be in use.
Result<> migrate_database(const MigrateOptions& options);

// Every row of an account as a line of JSON on standard output: {"table": …, "row": {…}}. Secrets
// and hashes of tokens stay behind.
Result<> export_account(const RunConfiguration& configuration, const std::string& account);

}  // namespace piggy
