#include "app/operations.h"

#include <algorithm>
#include <filesystem>

#include "access/access.h"
#include "access/operations.h"
#include "audit/audit.h"
#include "base/sandbox_clock.h"
#include "campaign/send.h"
#include "event/signal.h"
#include "flow/flow.h"
#include "giftcard/transaction.h"
#include "ledger/ledger.h"
#include "loyalty/programme.h"
#include "sequence/enrollment.h"

namespace piggy {
namespace {

constexpr std::string_view select_accounts = R"sql(SELECT id, name FROM account ORDER BY id)sql";

constexpr std::int64_t advance_max = 400 * microseconds_per_day;

struct AccountRow {
  std::int64_t id = 0;
  std::string name = {};
};

}  // namespace

Result<> must_be_time_zone(std::string_view name) {
  if (is_time_zone(name)) return {};
  return fail_field("/time_zone", "The time_zone is none that is known, such as Europe/Amsterdam.");
}

Result<> must_be_currency(std::string_view name) {
  auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (name.size() == 3 && std::ranges::all_of(name, is_capital)) return {};
  return fail_field("/currency", "The currency must be three capital letters, such as EUR.");
}

Result<NewlyMade> open_account(Transaction& transaction, const NewAccount& account) {
  TRY(must_be_time_zone(account.time_zone));
  TRY(must_be_currency(account.currency));
  NewlyMade made = TRY(make_account(transaction, account));
  Transaction tenant = transaction.of(made.id);
  TRY(open_programme(tenant, account.company));
  return made;
}

Result<CreateAccount::Output> CreateAccount::run(Call& call, const Input& input) {
  TRY(above_tenants(call));
  NewAccount account{.name = input.name, .company = input.company.value_or(input.name)};
  if (input.time_zone) account.time_zone = *input.time_zone;
  if (input.currency) account.currency = *input.currency;
  NewlyMade made = TRY(open_account(call.transaction, account));
  call.changes("account " + input.name, nullptr, "created");
  return Output{.uuid = made.uuid, .name = input.name};
}

void Verify::Account::describe(Fields<Account>& field) {
  field("name", &Account::name, "The account.");
  field("accounts", &Account::accounts, "How many ledger accounts it has.");
  field("entries", &Account::entries, "How many entries were read.");
  field("issued", &Account::issued, "Credits given out, less those taken back.");
  field("held", &Account::held, "Credits that contacts hold.");
  field("calls", &Account::calls, "How many calls are on record.");
  field("problems", &Account::problems, "What does not fit, the first one first.");
}

Result<Verify::Output> Verify::run(Installation& installation, Call& call, const Input&) {
  TRY(above_tenants(call));
  ASSERT(installation.database != nullptr);
  auto audits = TRY(verify_audit(*installation.database, call.transaction));
  Output output;
  for (const AccountRow& row : TRY(call.transaction.all<AccountRow>(select_accounts))) {
    Transaction tenant = call.transaction.of(row.id);
    LedgerFigures figures = TRY(verify_ledger(tenant));
    auto cards = TRY(verify_giftcards(tenant));
    figures.problems.insert(figures.problems.end(), cards.begin(), cards.end());
    const AuditFigures& audit = audits[row.id];
    figures.problems.insert(figures.problems.end(), audit.problems.begin(), audit.problems.end());
    output.clean = output.clean && figures.problems.empty();
    output.accounts.push_back({.name = row.name,
                               .accounts = figures.accounts,
                               .entries = figures.entries,
                               .issued = figures.issued,
                               .held = figures.held,
                               .calls = audit.calls,
                               .problems = std::move(figures.problems)});
  }
  return output;
}

Result<Backup::Output> Backup::run(Installation& installation, Call& call, const Input& input) {
  TRY(above_tenants(call));
  std::error_code ignored;
  if (std::filesystem::exists(input.file, ignored)) {
    return fail_field("/file", "The file exists already; a backup does not write over anything.");
  }
  std::filesystem::path folder = std::filesystem::path(input.file).parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored)) {
    return fail_field("/file", "The file must be in a folder that is there.");
  }
  ASSERT(installation.database != nullptr);
  TRY(installation.database->store().backup(input.file));
  return Output{
      .file = input.file,
      .bytes = static_cast<std::int64_t>(std::filesystem::file_size(input.file, ignored))};
}

// Outside of the transaction, which may be run again: that is why the clock is told a moment, and
// not a span.
Result<AdvanceClock::Output> AdvanceClock::run(Installation& installation, Call& call,
                                               const Input& input) {
  if (!installation.sandbox) {
    return fail(ErrorCode::conflict,
                "This server has the real time. Only one that was started with --sandbox-clock can "
                "be moved ahead.");
  }
  if (input.to - call.now() > advance_max) {
    return fail_field("/to", "The to must be no more than 400 days ahead.");
  }
  call.changes("the clock", to_atom(call.now()), to_atom(std::max(call.now(), input.to)));
  if (call.dry_run) return Output{.now = std::max(call.now(), input.to)};
  installation.sandbox->advance_to(input.to);
  for (Signal* signal : {&flow_signal(), &enrollment_signal(), &send_signal()}) signal->give();
  return Output{.now = installation.sandbox->now()};
}

}  // namespace piggy
