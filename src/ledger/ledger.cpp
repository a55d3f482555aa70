#include "ledger/ledger.h"

#include <fmt/format.h>
#include <sodium.h>

#include <unordered_map>

#include "ledger/period.h"
#include "ledger/quarter.h"

namespace piggy {
namespace {

constexpr std::int64_t balance_max = (std::int64_t{1} << 53) - 1;

constexpr HotTable ledger_accounts = {
    .select = R"sql(
      SELECT id, balance, entries, head, head_hash FROM ledger_account
      WHERE account_id = $1 AND id = $2
    )sql",
    .update = {.name = "ledger_account",
               .columns = "account_id bigint, id bigint, balance bigint, entries bigint, "
                          "head bigint, head_hash bytea"}};

constexpr std::string_view select_balances = R"sql(
  SELECT id, balance FROM ledger_account
  WHERE account_id = $1 AND id >= $2 AND id <= $3 ORDER BY id
)sql";

constexpr AppendTable ledger_account_table = {
    "ledger_account",
    "account_id bigint, id bigint, kind text, balance bigint, entries bigint, head bigint, "
    "head_hash bytea"};

constexpr AppendTable entry_table = {
    "entry",
    "account_id bigint, id bigint, ledger_account_id bigint, transfer_id bigint, kind text, "
    "amount bigint, balance_after bigint, previous bigint, hash bytea, created_at bigint"};

// An entry as it is stored, and as its hash covers it.
struct Entry {
  std::int64_t id = 0;
  std::int64_t ledger_account_id = 0;
  std::int64_t transfer_id = 0;
  TransferKind kind = TransferKind::reception;
  std::int64_t amount = 0;
  std::int64_t balance_after = 0;
  std::int64_t previous = 0;
  Hash hash = {};
  Time created_at = {};
};

Hash hash_of(const Entry& entry, const Hash& previous) {
  std::int64_t numbers[] = {entry.id,          entry.ledger_account_id,
                            entry.transfer_id, static_cast<std::int64_t>(entry.kind),
                            entry.amount,      entry.balance_after,
                            entry.previous,    entry.created_at.microseconds};
  Hash hash;
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, hash.size());
  crypto_generichash_update(&state, previous.data(), previous.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(numbers),
                            sizeof numbers);
  crypto_generichash_final(&state, hash.data(), hash.size());
  return hash;
}

// The programme's accounts have fixed negative ids; minted ids are positive.
std::int64_t fixed_id(Transaction& transaction, LedgerAccountKind kind) {
  return -(transaction.account() * 10 + static_cast<std::int64_t>(kind));
}

Result<LedgerAccount*> account_in_play(Transaction& transaction, std::int64_t id) {
  LedgerAccount* account = TRY(transaction.hot<LedgerAccount>(ledger_accounts, id));
  if (!account) return fail(ErrorCode::not_found, "There is no such ledger account.");
  return account;
}

Result<> enter(Transaction& transaction, LedgerAccount& account, const Transfer& why,
               std::int64_t amount) {
  Entry entry{.id = transaction.next_id(),
              .ledger_account_id = account.id,
              .transfer_id = why.transfer_id,
              .kind = why.kind,
              .amount = amount,
              .balance_after = account.balance + amount,
              .previous = account.head,
              .created_at = transaction.now()};
  entry.hash = hash_of(entry, account.head_hash);
  account.balance = entry.balance_after;
  account.entries++;
  account.head = entry.id;
  account.head_hash = entry.hash;
  if (account.id < 0) add_to(*TRY(quarter_in_play(transaction)), why.kind, amount);
  return transaction.append(
      entry_table, {entry.id, entry.ledger_account_id, entry.transfer_id, entry.kind, entry.amount,
                    entry.balance_after, entry.previous, entry.hash, entry.created_at});
}

Result<> may_hold(const LedgerAccount& account, std::int64_t amount, bool may_go_negative) {
  std::int64_t after = 0;
  if (__builtin_add_overflow(account.balance, amount, &after) || after > balance_max ||
      after < -balance_max) {
    return fail({.code = ErrorCode::conflict,
                 .message = "Maximum amount of credits reached.",
                 .number = 1015});
  }
  bool contact = account.id > 0;
  if (contact && !may_go_negative && after < 0 && amount < 0) {
    return fail({.code = ErrorCode::conflict,
                 .message = "Onvoldoende punten | Insufficient credits.",
                 .number = 1017});
  }
  return {};
}

}  // namespace

Result<> open_ledger_account(Transaction& transaction, std::int64_t id, LedgerAccountKind kind) {
  if (kind == LedgerAccountKind::contact) TRY(quarter_in_play(transaction))->opened++;
  return transaction.append(ledger_account_table, {id, kind, 0, 0, 0, Hash{}});
}

Result<std::int64_t> programme_account(Transaction& transaction, LedgerAccountKind kind) {
  ASSERT(kind != LedgerAccountKind::contact);
  std::int64_t id = fixed_id(transaction, kind);
  LedgerAccount* account = TRY(transaction.hot<LedgerAccount>(ledger_accounts, id));
  if (!account) TRY(open_ledger_account(transaction, id, kind));
  return id;
}

Result<ProgrammeBalance> programme_balance(Transaction& transaction, LedgerAccountKind kind) {
  std::int64_t id = fixed_id(transaction, kind);
  LedgerAccount* account = TRY(transaction.hot<LedgerAccount>(ledger_accounts, id));
  return ProgrammeBalance{id, account ? account->balance : 0};
}

Result<std::int64_t> balance_of(Transaction& transaction, std::int64_t account_id) {
  return TRY(account_in_play(transaction, account_id))->balance;
}

Result<std::int64_t> newest_entry_of(Transaction& transaction, std::int64_t account_id) {
  return TRY(account_in_play(transaction, account_id))->head;
}

// An entry that receives from a merged account stands right behind the one that took from it (see
// `transfer`), where that account's history begins.
constexpr std::string_view with_history = R"sql(
  WITH RECURSIVE history (id, kind, transfer_id, previous) AS (
    SELECT e.id, e.kind, e.transfer_id, e.previous FROM entry e
    WHERE e.account_id = $1 AND e.id = $2
    UNION ALL
    SELECT e.id, e.kind, e.transfer_id, e.previous
    FROM history h
    JOIN entry e ON e.account_id = $1
      AND e.id IN (h.previous, CASE WHEN h.kind = 'merge' THEN h.id - 1 ELSE h.previous END)
      AND (e.id = h.previous OR (e.kind = 'merge' AND e.transfer_id = h.transfer_id))
  )
)sql";

Result<std::vector<ContactBalance>> balances_between(Transaction& transaction, std::int64_t first,
                                                     std::int64_t last) {
  ASSERT(!transaction.writes());
  return transaction.all<ContactBalance>(select_balances, {first, last});
}

Result<Transferred> transfer(Transaction& transaction, const Transfer& transfer) {
  ASSERT(transfer.from != transfer.to);
  LedgerAccount* from = TRY(account_in_play(transaction, transfer.from));
  LedgerAccount* to = TRY(account_in_play(transaction, transfer.to));
  TRY(may_hold(*from, -transfer.amount, transfer.may_go_negative));
  TRY(may_hold(*to, transfer.amount, transfer.may_go_negative));
  TRY(enter(transaction, *from, transfer, -transfer.amount));
  TRY(enter(transaction, *to, transfer, transfer.amount));
  return Transferred{.from_balance = from->balance, .to_balance = to->balance};
}

namespace {

constexpr std::string_view select_accounts = R"sql(
  SELECT id, kind, balance, entries, head, head_hash FROM ledger_account WHERE account_id = $1
)sql";

constexpr std::size_t problems_told = 20;

// Rows that cannot be what we wrote.
constexpr std::string_view count_unreadable = R"sql(
  SELECT
    (SELECT count(*) FROM entry WHERE account_id = $1 AND (length(hash) <> 32 OR kind NOT IN
      ('reception', 'reversal', 'redemption', 'merge', 'expiry'))) +
    (SELECT count(*) FROM ledger_account WHERE account_id = $1 AND (length(head_hash) <> 32 OR
      kind NOT IN ('contact', 'issuance', 'redemption', 'expiry')))
)sql";

// By entry ids, so that memory does not grow with history.
constexpr std::string_view select_entries = R"sql(
  SELECT id, ledger_account_id, transfer_id, kind, amount, balance_after, previous, hash,
         created_at
  FROM entry WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT 10000
)sql";

struct AccountRow {
  std::int64_t id = 0;
  LedgerAccountKind kind = {};
  std::int64_t balance = 0;
  std::int64_t entries = 0;
  std::int64_t head = 0;
  Hash head_hash = {};
};

// An account as the entries so far make it.
struct Derived {
  std::int64_t balance = 0;
  std::int64_t entries = 0;
  std::int64_t head = 0;
  Hash head_hash = {};
};

class Verification {
 public:
  explicit Verification(Transaction& transaction) : transaction_(transaction) {}

  Result<LedgerFigures> run() {
    if (auto rows = TRY(transaction_.one<std::int64_t>(count_unreadable)); rows > 0) {
      figures_.problems.push_back(fmt::format(
          "{} entries or ledger accounts are of no kind we know, or their hash is cut", rows));
      return figures_;
    }
    std::int64_t after = 0;
    for (;;) {
      auto entries = TRY(transaction_.all<Entry>(select_entries, {after}));
      if (entries.empty()) break;
      for (const Entry& entry : entries) check(entry);
      after = entries.back().id;
      // What the rest of the entries would make of the accounts is not known then.
      if (figures_.problems.size() > problems_told) return figures_;
    }
    TRY(compare_accounts());
    TRY(compare_quarters());
    return figures_;
  }

 private:
  void check(const Entry& entry) {
    Derived& derived = derived_[entry.ledger_account_id];
    figures_.entries++;
    if (entry.ledger_account_id < 0) {
      std::int64_t id = quarter_id(transaction_.account(), entry.created_at);
      add_to(quarters_[id], entry.kind, entry.amount);
    }
    if (entry.previous != derived.head) {
      return problem(entry, fmt::format("follows entry {}, not {}", entry.previous, derived.head));
    }
    derived.balance += entry.amount;
    if (entry.balance_after != derived.balance) {
      problem(entry, fmt::format("says the balance is {}, its entries make {}", entry.balance_after,
                                 derived.balance));
    }
    if (entry.hash != hash_of(entry, derived.head_hash))
      problem(entry, "was changed: its hash differs");
    derived.entries++;
    derived.head = entry.id;
    derived.head_hash = entry.hash;
  }

  Result<> compare_accounts() {
    std::int64_t sum = 0;
    for (const AccountRow& row : TRY(transaction_.all<AccountRow>(select_accounts))) {
      figures_.accounts++;
      Derived derived = derived_[row.id];
      derived_.erase(row.id);
      sum += row.balance;
      if (row.kind == LedgerAccountKind::contact) {
        figures_.held += row.balance;
        contacts_++;
      }
      if (row.kind == LedgerAccountKind::issuance) figures_.issued -= row.balance;
      bool same = row.balance == derived.balance && row.entries == derived.entries;
      if (same && (row.head != derived.head || row.head_hash != derived.head_hash)) {
        figures_.problems.push_back(fmt::format(
            "ledger account {} names entry {} as its newest, or its hash, wrongly: that "
            "is entry {}",
            row.id, row.head, derived.head));
      }
      if (!same) {
        figures_.problems.push_back(
            fmt::format("ledger account {} holds {} after {} entries; its entries make {} after {}",
                        row.id, row.balance, row.entries, derived.balance, derived.entries));
      }
    }
    for (const auto& [id, derived] : derived_) {
      figures_.problems.push_back(
          fmt::format("entries name ledger account {}, which is not there", id));
    }
    if (sum != 0) {
      figures_.problems.push_back(fmt::format("all balances together are {}, not 0", sum));
    }
    return {};
  }

  // When an account was opened no entry says; how many were is known.
  Result<> compare_quarters() {
    std::int64_t opened = 0;
    for (LedgerQuarter row : TRY(quarters_since(transaction_, {}))) {
      LedgerQuarter derived = quarters_[row.id];
      quarters_.erase(row.id);
      derived.id = row.id;
      opened += std::exchange(row.opened, 0);
      if (row != derived) wrong_sums(quarter_begin(row));
    }
    for (auto& [id, derived] : quarters_) {
      derived.id = id;
      if (derived != LedgerQuarter{.id = id}) wrong_sums(quarter_begin(derived));
    }
    if (opened != contacts_) {
      figures_.problems.push_back(fmt::format(
          "the sums say that {} contacts' accounts were opened; there are {}", opened, contacts_));
    }
    return {};
  }

  void wrong_sums(Time begin) {
    if (figures_.problems.size() > problems_told) return;
    figures_.problems.push_back(fmt::format(
        "the sums of the quarter of an hour at {} are not those of its entries", to_atom(begin)));
  }

  void problem(const Entry& entry, std::string_view what) {
    if (figures_.problems.size() > problems_told) return;
    figures_.problems.push_back(
        fmt::format("entry {} of ledger account {} {}", entry.id, entry.ledger_account_id, what));
  }

  Transaction& transaction_;
  LedgerFigures figures_;
  std::unordered_map<std::int64_t, Derived> derived_;
  std::unordered_map<std::int64_t, LedgerQuarter> quarters_;  // As the entries make them.
  std::int64_t contacts_ = 0;
};

}  // namespace

Result<LedgerFigures> verify_ledger(Transaction& transaction) {
  return Verification(transaction).run();
}

}  // namespace piggy
