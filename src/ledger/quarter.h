#pragma once

// The ledger summed by quarters of an hour, kept by the transfers themselves. Every time zone's
// days begin at a quarter, so that the numbers of a day, a month or a year anywhere are sums of a
// few rows, however many entries there are. `verify_ledger` proves them by the entries.

#include <functional>
#include <vector>

#include "ledger/ledger.h"

namespace piggy {

inline constexpr std::int64_t microseconds_per_quarter = 900 * microseconds_per_second;

// Never negative, but for takings beyond what was given.
struct LedgerQuarter {
  std::int64_t id = 0;
  std::int64_t issued = 0;    // Given out to contacts.
  std::int64_t reversed = 0;  // Taken back of that.
  std::int64_t redeemed = 0;  // Spent by contacts.
  std::int64_t expired = 0;   // Lost by contacts.
  std::int64_t opened = 0;    // Contacts' accounts.

  // By how much it changed what contacts hold.
  std::int64_t held() const { return issued - reversed - redeemed - expired; }
  bool operator==(const LedgerQuarter&) const = default;
};

// The row's id, and the moment at which the quarter of a row begins.
std::int64_t quarter_id(std::int64_t account, Time moment);
Time quarter_begin(const LedgerQuarter& quarter);

// What a transfer put on an account of the programme.
void add_to(LedgerQuarter& quarter, TransferKind kind, std::int64_t amount);

// The one of now, to be changed in place. For the ledger alone.
Result<LedgerQuarter*> quarter_in_play(Transaction& transaction);

// Those that begin at a moment or later, oldest first; those in which nothing happened are left
// out. Sees what is committed.
Result<std::vector<LedgerQuarter>> quarters_since(Transaction& transaction, Time from);

// Each entry by which contacts received credits or had some taken back, oldest first: whose, and
// when.
Result<> each_reception(Transaction& transaction,
                        const std::function<void(std::int64_t, Time)>& sink);

}  // namespace piggy
