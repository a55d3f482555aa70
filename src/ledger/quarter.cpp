#include "ledger/quarter.h"

namespace piggy {
namespace {

constexpr std::int64_t quarters_max = std::int64_t{1} << 24;  // Until the year 2448.

constexpr HotTable quarters = {
    .select = R"sql(
      SELECT id, issued, reversed, redeemed, expired, opened FROM ledger_quarter
      WHERE account_id = $1 AND id = $2
    )sql",
    .update = {.name = "ledger_quarter",
               .columns = "account_id bigint, id bigint, issued bigint, reversed bigint, "
                          "redeemed bigint, expired bigint, opened bigint"}};

constexpr AppendTable quarter_table = {
    "ledger_quarter",
    "account_id bigint, id bigint, issued bigint, reversed bigint, redeemed bigint, "
    "expired bigint, opened bigint"};

constexpr std::string_view select_since = R"sql(
  SELECT id, issued, reversed, redeemed, expired, opened FROM ledger_quarter
  WHERE account_id = $1 AND id >= $2 ORDER BY id
)sql";

constexpr std::string_view select_receptions = R"sql(
  SELECT ledger_account_id, created_at FROM entry
  WHERE account_id = $1 AND ledger_account_id > 0 AND (kind = 'reception' OR kind = 'reversal')
  ORDER BY id
)sql";

}  // namespace

std::int64_t quarter_id(std::int64_t account, Time moment) {
  return account * quarters_max + moment.microseconds / microseconds_per_quarter;
}

Time quarter_begin(const LedgerQuarter& quarter) {
  return {quarter.id % quarters_max * microseconds_per_quarter};
}

void add_to(LedgerQuarter& quarter, TransferKind kind, std::int64_t amount) {
  switch (kind) {
    case TransferKind::reception:
      quarter.issued -= amount;
      break;
    case TransferKind::reversal:
      quarter.reversed += amount;
      break;
    case TransferKind::redemption:
      quarter.redeemed += amount;
      break;
    case TransferKind::expiry:
      quarter.expired += amount;
      break;
    case TransferKind::merge:
      break;  // From one contact to another.
  }
}

Result<LedgerQuarter*> quarter_in_play(Transaction& transaction) {
  std::int64_t id = quarter_id(transaction.account(), transaction.now());
  LedgerQuarter* quarter = TRY(transaction.hot<LedgerQuarter>(quarters, id));
  if (quarter) return quarter;
  TRY(transaction.append(quarter_table, {id, 0, 0, 0, 0, 0}));
  quarter = TRY(transaction.hot<LedgerQuarter>(quarters, id));
  ASSERT(quarter);
  return quarter;
}

Result<std::vector<LedgerQuarter>> quarters_since(Transaction& transaction, Time from) {
  return transaction.all<LedgerQuarter>(select_since, {quarter_id(transaction.account(), from)});
}

Result<> each_reception(Transaction& transaction,
                        const std::function<void(std::int64_t, Time)>& sink) {
  return transaction.each(select_receptions, {},
                          [&](const Row& row) { sink(row.integer(0), Time{row.integer(1)}); });
}

}  // namespace piggy
