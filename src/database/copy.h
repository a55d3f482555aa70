#pragma once

// Copies a database, or one account of it, from one store into another of either kind, with all
// ids, and proves that it has: see Tally.
//
// Both databases are held for writing, so neither may be in use. The source is only read. Until the
// copy is proved, a mark in the target says that it is incomplete, and nobody opens it. After an
// error everything that was copied is removed again, and then the mark; if that cannot be done (a
// power cut, a lost connection), the mark stays, and the next copy to this target removes it all
// before it begins.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database/database.h"

namespace piggy {

struct CopyProgress {
  enum class Step { copying, comparing, checking } step = Step::copying;
  std::string_view table;
  std::int64_t rows = 0;  // Of the table, so far.
};

struct CopyOptions {
  std::string from = {};  // A store's URL.
  std::string to = {};    // Another's. Must hold no account; for one account, not this one, and
                          // nothing with an id that the account uses.
  std::optional<std::string> account = {};  // The name of the only account to copy.
  // Looks at each copied account in the target, before it is opened to anybody. What it fails with
  // undoes the copy.
  std::function<Result<>(Transaction&)> check = {};
  std::function<void(const CopyProgress&)> progress = {};
  std::function<Result<std::unique_ptr<Store>>(std::string)> open = open_store;
};

struct CopiedTable {
  std::string name = {};
  std::int64_t rows = 0;
  std::int64_t sums = 0;  // How many columns were added up on both sides, with the same result.
};

struct CopyFigures {
  std::vector<CopiedTable> tables = {};
  std::int64_t rows = 0;
  std::vector<std::string> accounts = {};
};

// `conflict` when the target holds what it must not, when either is in use, and when the proof
// fails; `not_found` when there is nothing to copy.
Result<CopyFigures> copy_database(const CopyOptions& options);

}  // namespace piggy
