// Proves what is on the cards by their transactions alone.

#include <fmt/format.h>

#include <unordered_map>

#include "giftcard/transaction.h"

namespace piggy {
namespace {

constexpr std::size_t problems_told = 20;

// By ids, so that memory does not grow with history.
constexpr std::string_view select_transactions = R"sql(
  SELECT id, giftcard_id, amount, balance_after, previous, coalesce(reverses, 0)
  FROM giftcard_transaction WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT 10000
)sql";

constexpr std::string_view select_cards = R"sql(
  SELECT g.id, g.balance, g.loads, g.newest, p.max_amount
  FROM giftcard g LEFT JOIN giftcard_program p ON p.account_id = $1 AND p.id = g.program_id
  WHERE g.account_id = $1 AND g.id > $2 ORDER BY g.id LIMIT 10000
)sql";

struct Posted {
  std::int64_t id = 0;
  std::int64_t giftcard_id = 0;
  std::int64_t amount = 0;
  std::int64_t balance_after = 0;
  std::int64_t previous = 0;
  std::int64_t reverses = 0;
};

struct Stored {
  std::int64_t id = 0;
  std::int64_t balance = 0;
  std::int64_t loads = 0;
  std::int64_t newest = 0;
  std::optional<std::int64_t> max_amount = {};
};

// A card as its transactions so far make it.
struct Derived {
  std::int64_t balance = 0;
  std::int64_t highest = 0;
  std::int64_t loads = 0;
  std::int64_t newest = 0;
  std::int64_t newest_amount = 0;
};

class Verification {
 public:
  explicit Verification(Transaction& transaction) : transaction_(transaction) {}

  Result<std::vector<std::string>> run() {
    for (std::int64_t after = 0;;) {
      auto rows = TRY(transaction_.all<Posted>(select_transactions, {after}));
      if (rows.empty()) break;
      for (const Posted& row : rows) check(row);
      after = rows.back().id;
    }
    for (std::int64_t after = 0;;) {
      auto rows = TRY(transaction_.all<Stored>(select_cards, {after}));
      if (rows.empty()) break;
      for (const Stored& row : rows) compare(row);
      after = rows.back().id;
    }
    for (const auto& [id, derived] : derived_) {
      problem(fmt::format("transactions name gift card {}, which is not there", id));
    }
    return std::move(problems_);
  }

 private:
  void check(const Posted& row) {
    Derived& card = derived_[row.giftcard_id];
    auto wrong = [&](const std::string& what) {
      problem(fmt::format("transaction {} of gift card {} {}", row.id, row.giftcard_id, what));
    };
    if (row.previous != card.newest) {
      wrong(fmt::format("follows {}, not {}", row.previous, card.newest));
    }
    bool reversal = row.reverses != 0;
    if (reversal && (row.reverses != card.newest || row.amount != -card.newest_amount)) {
      wrong("does not take back the one before it");
    }
    card.balance += row.amount;
    if (row.balance_after != card.balance) {
      wrong(fmt::format("leaves {}; all so far make {}", row.balance_after, card.balance));
    }
    if (card.balance < 0) wrong("takes more than there was");
    card.highest = std::max(card.highest, card.balance);
    if ((row.amount > 0) != reversal) card.loads += reversal ? -1 : 1;
    card.newest = row.id;
    card.newest_amount = row.amount;
  }

  void compare(const Stored& row) {
    Derived card;
    if (auto found = derived_.find(row.id); found != derived_.end()) {
      card = found->second;
      derived_.erase(found);
    }
    if (row.balance != card.balance || row.loads != card.loads || row.newest != card.newest) {
      problem(fmt::format("gift card {} holds {} after {} loads; its transactions make {} after {}",
                          row.id, row.balance, row.loads, card.balance, card.loads));
    }
    if (row.max_amount && card.highest > *row.max_amount) {
      problem(
          fmt::format("gift card {} held {}, more than its program allows", row.id, card.highest));
    }
  }

  void problem(std::string what) {
    if (problems_.size() < problems_told) problems_.push_back(std::move(what));
  }

  Transaction& transaction_;
  std::unordered_map<std::int64_t, Derived> derived_;
  std::vector<std::string> problems_;
};

}  // namespace

Result<std::vector<std::string>> verify_giftcards(Transaction& transaction) {
  return Verification(transaction).run();
}

}  // namespace piggy
