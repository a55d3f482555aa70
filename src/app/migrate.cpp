#include "app/migrate.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "app/export.h"
#include "database/copy.h"
#include "giftcard/transaction.h"
#include "ledger/ledger.h"

namespace piggy {
namespace {

constexpr std::string_view clear_line = "\r\x1b[K";

Result<> ledger_is_clean(Transaction& transaction) {
  LedgerFigures figures = TRY(verify_ledger(transaction));
  if (!figures.problems.empty()) {
    return fail(ErrorCode::conflict, fmt::format("The ledger of account {} does not add up: {}.",
                                                 transaction.account(), figures.problems.front()));
  }
  auto cards = TRY(verify_giftcards(transaction));
  if (cards.empty()) return {};
  return fail(ErrorCode::conflict, fmt::format("The gift cards of account {} do not add up: {}.",
                                               transaction.account(), cards.front()));
}

std::string_view doing(CopyProgress::Step step) {
  switch (step) {
    case CopyProgress::Step::copying:
      return "Copying";
    case CopyProgress::Step::comparing:
      return "Comparing";
    case CopyProgress::Step::checking:
      return "Checking the ledger of";
  }
  return "";
}

// For people alone: a program that reads standard error gets only errors.
void show(const CopyProgress& progress) {
  fmt::print(stderr, "{}{} {}", clear_line, doing(progress.step), progress.table);
  if (progress.rows) fmt::print(stderr, ": {} rows", progress.rows);
  std::fflush(stderr);
}

void print_figures(const CopyFigures& figures, double seconds) {
  fmt::print("{:<24} {:>12}  {}\n", "table", "rows", "sums equal");
  for (const CopiedTable& table : figures.tables) {
    if (table.rows) fmt::print("{:<24} {:>12}  {}\n", table.name, table.rows, table.sums);
  }
  std::size_t accounts = figures.accounts.size();
  fmt::print("{:<24} {:>12}\n", "all", figures.rows);
  fmt::print("Copied and proved {} account{} in {:.1f} seconds; the other {} tables are empty.\n",
             accounts, accounts == 1 ? "" : "s", seconds,
             std::ranges::count(figures.tables, 0, &CopiedTable::rows));
}

Result<> cannot_print() {
  return fail(ErrorCode::unavailable,
              fmt::format("The export could not be written: {}.", std::strerror(errno)));
}

}  // namespace

Result<> migrate_database(const MigrateOptions& options) {
  CopyOptions copy{.from = options.from, .to = options.to, .check = ledger_is_clean};
  if (!options.account.empty()) copy.account = options.account;
  bool watched = ::isatty(STDERR_FILENO);
  if (watched) copy.progress = show;
  auto begun = std::chrono::steady_clock::now();
  Result<CopyFigures> figures = copy_database(copy);
  if (watched) fmt::print(stderr, "{}", clear_line);
  if (!figures) return fail(std::move(figures).error());
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begun;
  print_figures(*figures, seconds.count());
  return {};
}

Result<> export_account(const RunConfiguration& configuration, const std::string& account) {
  if (!configuration.database && !std::filesystem::is_directory(configuration.data)) {
    return fail(ErrorCode::not_found,
                fmt::format("There is no data directory {}.", configuration.data));
  }
  std::unique_ptr<Store> store = TRY(open_store(configuration.database_url()));
  TRY(export_rows(*store, account, [](std::string_view line) -> Result<> {
    if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size()) return cannot_print();
    return {};
  }));
  return std::fflush(stdout) == 0 ? Result<>() : cannot_print();
}

}  // namespace piggy
