#pragma once

// What happened in the ledger between two moments.

#include "ledger/ledger.h"

namespace piggy {

struct LedgerPeriod {
  std::int64_t issued = 0;     // Given out to contacts.
  std::int64_t reversed = 0;   // Taken back of that.
  std::int64_t redeemed = 0;   // Spent by contacts.
  std::int64_t expired = 0;    // Lost by contacts.
  std::int64_t liability = 0;  // What contacts held at the end.
  std::int64_t liability_change = 0;
};
// `from` included, `to` not. For reading transactions. Costs as much as there was entered since.
Result<LedgerPeriod> ledger_period(Transaction& transaction, Time from, Time to);

// An account of the programme as it stands, also when nothing was ever entered there.
struct ProgrammeBalance {
  std::int64_t id = 0;
  std::int64_t balance = 0;
};
Result<ProgrammeBalance> programme_balance(Transaction& transaction, LedgerAccountKind kind);

}  // namespace piggy
