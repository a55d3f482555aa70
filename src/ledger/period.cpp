#include "ledger/period.h"

#include <array>

#include "database/id_since.h"

namespace piggy {
namespace {

constexpr std::string_view sum_by_kind = R"sql(
  SELECT kind, CAST(coalesce(sum(amount), 0) AS bigint) FROM entry
  WHERE account_id = $1 AND id >= $2 AND id < $3
    AND (ledger_account_id = $4 OR ledger_account_id = $5 OR ledger_account_id = $6)
  GROUP BY kind
)sql";

struct KindSum {
  TransferKind kind = TransferKind::reception;
  std::int64_t amount = 0;
};

using Programme = std::array<std::int64_t, 3>;

Result<std::vector<KindSum>> sums(Transaction& transaction, const Programme& accounts,
                                  std::int64_t begin, std::int64_t end) {
  return transaction.all<KindSum>(sum_by_kind, {begin, end, accounts[0], accounts[1], accounts[2]});
}

}  // namespace

// Everything adds up to zero: what contacts hold is what the programme's own accounts owe.
Result<LedgerPeriod> ledger_period(Transaction& transaction, Time from, Time to) {
  Programme accounts;
  std::int64_t owed = 0;
  constexpr LedgerAccountKind kinds[] = {LedgerAccountKind::issuance, LedgerAccountKind::redemption,
                                         LedgerAccountKind::expiry};
  for (std::size_t i = 0; i < accounts.size(); i++) {
    ProgrammeBalance account = TRY(programme_balance(transaction, kinds[i]));
    accounts[i] = account.id;
    owed -= account.balance;
  }
  std::int64_t begin = TRY(id_since(transaction, "entry", from));
  std::int64_t end = TRY(id_since(transaction, "entry", to));
  LedgerPeriod period;
  for (const KindSum& sum :
       TRY(sums(transaction, accounts, end, std::numeric_limits<std::int64_t>::max()))) {
    owed += sum.amount;
  }
  period.liability = owed;
  for (const KindSum& sum : TRY(sums(transaction, accounts, begin, end))) {
    period.liability_change -= sum.amount;
    switch (sum.kind) {
      case TransferKind::reception:
        period.issued = -sum.amount;
        break;
      case TransferKind::reversal:
        period.reversed = sum.amount;
        break;
      case TransferKind::redemption:
        period.redeemed = sum.amount;
        break;
      case TransferKind::expiry:
        period.expired = sum.amount;
        break;
      case TransferKind::merge:
        break;  // From one contact to another.
    }
  }
  return period;
}

}  // namespace piggy
