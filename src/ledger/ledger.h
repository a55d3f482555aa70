#pragma once

// Double entry in whole credits, append only. Every transfer takes from one account and gives to
// another, so all balances of a tenant add up to zero. A contact's account has the contact's id.
//
// Each entry carries the hash of the entry before it in its account: history cannot be changed
// without being seen (`verify`).

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "shape/shape.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(LedgerAccountKind, contact, issuance, redemption, expiry)
BOOST_DEFINE_ENUM_CLASS(TransferKind, reception, reversal, redemption, merge, expiry)

// The accounts of the programme itself are few and fixed; contacts' accounts are many.
struct LedgerAccount {
  std::int64_t id = 0;
  std::int64_t balance = 0;
  std::int64_t entries = 0;
  std::int64_t head = 0;  // The id of the newest entry, 0 for none.
  Hash head_hash = {};
};

// Opens an account with nothing on it. Contacts: `id` is the contact's.
Result<> open_ledger_account(Transaction& transaction, std::int64_t id, LedgerAccountKind kind);

// The account of the programme of that kind; every tenant has one of each.
Result<std::int64_t> programme_account(Transaction& transaction, LedgerAccountKind kind);

// What is on an account now, as this transaction sees it. `not_found` when there is none.
Result<std::int64_t> balance_of(Transaction& transaction, std::int64_t account_id);

// The balances of all contacts whose ids lie between the two, both included, by id. Sees what is
// committed: for reading transactions.
struct ContactBalance {
  std::int64_t id = 0;
  std::int64_t balance = 0;
};
Result<std::vector<ContactBalance>> balances_between(Transaction& transaction, std::int64_t first,
                                                     std::int64_t last);

// The newest entry of an account, as this transaction sees it; 0 for none.
Result<std::int64_t> newest_entry_of(Transaction& transaction, std::int64_t account_id);

// The beginning of a statement that goes through the history of an account, entry by entry, without
// an index: a table `history (id, kind, transfer_id, previous)`, in no certain order. $2 is the
// newest entry. Includes what was entered in accounts before they were merged into this one.
extern const std::string_view with_history;

struct Transfer {
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::int64_t amount = 0;  // May be negative: then it goes the other way.
  TransferKind kind = TransferKind::reception;
  std::int64_t transfer_id = 0;  // The row that says why (a reception's id).
  bool may_go_negative = true;   // Whether a contact's balance may fall below zero.
};

struct Transferred {
  std::int64_t from_balance = 0;
  std::int64_t to_balance = 0;
};

// Refused with `conflict` (1017) when a contact's balance would fall below zero and must not, and
// when a balance would no longer fit 53 bits, which every client can read exactly.
Result<Transferred> transfer(Transaction& transaction, const Transfer& transfer);

struct LedgerFigures {
  std::int64_t accounts = 0;
  std::int64_t entries = 0;
  std::int64_t issued = 0;  // What the issuance account has given out, net of reversals.
  std::int64_t held = 0;    // What contacts hold.
  std::vector<std::string> problems =
      {};  // In plain words, the first entry that does not fit first.
};

// Re-derives every balance, every link and every hash from the entries alone.
Result<LedgerFigures> verify_ledger(Transaction& transaction);

}  // namespace piggy
