#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "database/test_shop.h"
#include "ledger/ledger.h"

namespace piggy {
namespace {

using namespace test_shop;

// Ann and Bob are contacts of tenant 1, Eve is one of tenant 2.
class Books {
 public:
  static constexpr std::int64_t ann = 11;
  static constexpr std::int64_t bob = 12;
  static constexpr std::int64_t eve = 21;

  Books() {
    for (std::int64_t contact : {ann, bob, eve}) {
      write(contact / 10, [contact](Transaction& transaction) {
        return open_ledger_account(transaction, contact, LedgerAccountKind::contact);
      });
    }
  }

  void write(std::int64_t tenant, const Database::Work& work) {
    auto written = database->write(tenant, work);
    REQUIRE_MESSAGE(written, (written ? "" : written.error().message));
  }

  static Result<Transferred> give(Transaction& transaction, std::int64_t contact,
                                  std::int64_t amount) {
    return transfer(transaction,
                    {.from = TRY(programme_account(transaction, LedgerAccountKind::issuance)),
                     .to = contact,
                     .amount = amount});
  }

  static Result<Transferred> redeem(Transaction& transaction, std::int64_t contact,
                                    std::int64_t amount) {
    return transfer(transaction,
                    {.from = contact,
                     .to = TRY(programme_account(transaction, LedgerAccountKind::redemption)),
                     .amount = amount,
                     .kind = TransferKind::redemption,
                     .may_go_negative = false});
  }

  void give(std::int64_t tenant, std::int64_t contact, std::int64_t amount) {
    write(tenant, [&](Transaction& transaction) -> Result<> {
      TRY(give(transaction, contact, amount));
      return {};
    });
  }

  LedgerFigures verify(std::int64_t tenant = 1) {
    LedgerFigures figures;
    REQUIRE(database->read(tenant, [&](Transaction& transaction) -> Result<> {
      figures = TRY(verify_ledger(transaction));
      return {};
    }));
    return figures;
  }

  std::string problems(std::int64_t tenant = 1) {
    return fmt::format("{}", fmt::join(verify(tenant).problems, "\n"));
  }

  std::int64_t entry_of(std::int64_t amount) {
    auto ids = read_all<std::int64_t>(
        *database,
        fmt::format("SELECT id FROM entry WHERE account_id = $1 AND amount = {}", amount));
    REQUIRE(ids.size() == 1);
    return ids[0];
  }

  // As somebody who can write the file, past everything.
  void tamper(std::string_view sql) {
    write(1, [&](Transaction& transaction) -> Result<> {
      CHECK(TRY(transaction.run(sql)) == 1);
      return {};
    });
  }

  TestDatabase database;
};

struct StoredEntry {
  std::int64_t ledger_account_id = 0;
  std::int64_t amount = 0;
  std::int64_t balance_after = 0;
};

}  // namespace

TEST_CASE("a transfer is two entries, which add up to nothing and say the balance after them") {
  Books books;
  books.give(1, books.ann, 50);
  books.write(1, [](Transaction& transaction) -> Result<> {
    TRY(Books::redeem(transaction, Books::ann, 20));
    return {};
  });

  auto entries = read_all<StoredEntry>(
      *books.database,
      "SELECT ledger_account_id, amount, balance_after FROM entry WHERE account_id = $1 "
      "ORDER BY id");

  REQUIRE(entries.size() == 4);
  CHECK(entries[0].amount == -50);
  CHECK(entries[0].balance_after == -50);
  CHECK(entries[1].ledger_account_id == books.ann);
  CHECK(entries[1].balance_after == 50);
  CHECK(entries[2].ledger_account_id == books.ann);
  CHECK(entries[2].amount == -20);
  CHECK(entries[2].balance_after == 30);
  CHECK(entries[3].amount == 20);
  LedgerFigures figures = books.verify();
  CHECK(figures.problems.empty());
  CHECK(figures.accounts == 4);
  CHECK(figures.entries == 4);
  CHECK(figures.issued == 50);
  CHECK(figures.held == 30);
}

TEST_CASE("a transaction sees the balance and the newest entry that it made itself") {
  Books books;
  books.write(1, [](Transaction& transaction) -> Result<> {
    CHECK(TRY(newest_entry_of(transaction, Books::ann)) == 0);
    CHECK(TRY(balance_of(transaction, Books::ann)) == 0);
    TRY(Books::give(transaction, Books::ann, 5));
    std::int64_t newest = TRY(newest_entry_of(transaction, Books::ann));
    CHECK(newest > 0);
    TRY(Books::give(transaction, Books::ann, -2));
    CHECK(TRY(newest_entry_of(transaction, Books::ann)) > newest);
    CHECK(TRY(balance_of(transaction, Books::ann)) == 3);
    return {};
  });
}

TEST_CASE("who spends may not fall below zero, and a refusal that is borne leaves nothing") {
  Books books;
  books.give(1, books.ann, 10);
  books.write(1, [](Transaction& transaction) -> Result<> {
    auto refused = Books::redeem(transaction, Books::ann, 11);
    CHECK_FALSE(refused);
    CHECK(refused.error().number == 1017);
    CHECK(TRY(balance_of(transaction, Books::ann)) == 10);
    CHECK(TRY(Books::redeem(transaction, Books::ann, 4)).from_balance == 6);
    return {};
  });
  LedgerFigures figures = books.verify();
  CHECK(figures.problems.empty());
  CHECK(figures.entries == 4);
  CHECK(figures.held == 6);
}

TEST_CASE("tenants keep books of their own") {
  Books books;
  books.give(1, books.ann, 10);
  books.give(2, books.eve, 7);
  CHECK(books.verify(1).held == 10);
  CHECK(books.verify(2).held == 7);
  CHECK(books.verify(2).accounts == 2);
  REQUIRE(books.database->read(2, [](Transaction& transaction) -> Result<> {
    CHECK(TRY(balances_between(transaction, 1, 100)).size() == 1);
    CHECK(balance_of(transaction, Books::bob).error().code == ErrorCode::not_found);
    CHECK(newest_entry_of(transaction, Books::bob).error().code == ErrorCode::not_found);
    return {};
  }));
}

TEST_CASE("what was changed is found, said of the entry, and no other tenant's fault") {
  Books books;
  for (std::int64_t amount : {10, 20, 30, 40}) books.give(1, books.ann, amount);
  books.give(2, books.eve, 30);
  std::string named = fmt::format("entry {} of ledger account 11 ", books.entry_of(30));
  auto set = [&](std::string_view change) {
    books.tamper(fmt::format("UPDATE entry SET {} WHERE account_id = $1 AND amount = 30", change));
  };
  SUBCASE("its hash") {
    set("hash = (SELECT f.hash FROM entry f WHERE f.account_id = $1 AND f.amount = 20)");
    named += "was changed: its hash differs";
  }
  SUBCASE("its balance") {
    set("balance_after = 61");
    named += "says the balance is 61, its entries make 60";
  }
  SUBCASE("its amount") {
    books.tamper("UPDATE entry SET amount = 33 WHERE account_id = $1 AND amount = 30");
    named += "says the balance is 60, its entries make 63";
  }
  SUBCASE("its time, by a microsecond") {
    set("created_at = created_at + 1");
    named += "was changed: its hash differs";
  }
  SUBCASE("its link, to the one before the one before") {
    set("previous = (SELECT f.id FROM entry f WHERE f.account_id = $1 AND f.amount = 10)");
    named += "follows entry ";
  }
  CHECK_MESSAGE(books.problems().starts_with(named), books.problems());
  CHECK(books.problems(2) == "");
}

TEST_CASE("an entry that is gone is missed by the next one, which says whom it followed") {
  Books books;
  for (std::int64_t amount : {10, 20, 30}) books.give(1, books.ann, amount);
  std::int64_t gone = books.entry_of(20);
  std::string expected = fmt::format("entry {} of ledger account 11 follows entry {}, not {}",
                                     books.entry_of(30), gone, books.entry_of(10));
  books.tamper("DELETE FROM entry WHERE account_id = $1 AND amount = 20");
  CHECK_MESSAGE(books.problems().starts_with(expected), books.problems());
  CHECK(books.problems(2) == "");
}

TEST_CASE("an entry that was made up is found") {
  Books books;
  books.give(1, books.ann, 10);
  books.tamper(fmt::format(R"sql(
    INSERT INTO entry (account_id, id, ledger_account_id, transfer_id, kind, amount, balance_after,
                       previous, hash, created_at)
    SELECT account_id, id + 1000, ledger_account_id, transfer_id, kind, 5, 15, id, hash, created_at
    FROM entry WHERE account_id = $1 AND id = {}
  )sql",
                           books.entry_of(10)));
  std::string expected =
      fmt::format("entry {} of ledger account 11 was changed", books.entry_of(5));
  CHECK_MESSAGE(books.problems().starts_with(expected), books.problems());
}

TEST_CASE("a changed count of entries is found") {
  Books books;
  books.give(1, books.ann, 10);
  books.tamper("UPDATE ledger_account SET entries = 9 WHERE account_id = $1 AND id = 11");
  CHECK(books.problems() ==
        "ledger account 11 holds 10 after 9 entries; its entries make 10 after 1");
}

TEST_CASE(
    "a changed link from an account to its newest entry is found, and told in so many words") {
  Books books;
  books.give(1, books.ann, 10);
  books.give(1, books.ann, 20);
  std::string newest = std::to_string(books.entry_of(20));
  SUBCASE("which entry") {
    books.tamper("UPDATE ledger_account SET head = head - 2 WHERE account_id = $1 AND id = 11");
  }
  SUBCASE("its hash") {
    books.tamper(R"sql(
      UPDATE ledger_account
      SET head_hash = (SELECT f.hash FROM entry f WHERE f.account_id = $1 AND f.amount = 10)
      WHERE account_id = $1 AND id = 11
    )sql");
  }
  std::string problems = books.problems();
  CHECK(problems.contains("ledger account 11"));
  CHECK_FALSE_MESSAGE(problems.contains("holds 30 after 2 entries; its entries make 30 after 2"),
                      problems);
  CHECK_MESSAGE(problems.contains(newest), problems);
}

TEST_CASE("a history of more than one page is verified to its end") {
  Books books;
  books.write(1, [](Transaction& transaction) -> Result<> {
    for (int i = 0; i < 5'100; i++) TRY(Books::give(transaction, Books::ann, 1));
    TRY(Books::give(transaction, Books::bob, 7));
    return {};
  });
  LedgerFigures figures = books.verify();
  CHECK(figures.problems.empty());
  CHECK(figures.entries == 10'202);
  CHECK(figures.held == 5'107);

  books.tamper("UPDATE entry SET transfer_id = 8 WHERE account_id = $1 AND amount = 7");
  std::string expected =
      fmt::format("entry {} of ledger account 12 was changed: its hash differs", books.entry_of(7));
  CHECK(books.problems() == expected);
}

TEST_CASE("of a long history with many problems, an account in good order is not blamed") {
  Books books;
  books.write(1, [](Transaction& transaction) -> Result<> {
    TRY(Books::give(transaction, Books::ann, 3));
    for (int i = 0; i < 5'100; i++) TRY(Books::give(transaction, Books::ann, 1));
    TRY(Books::give(transaction, Books::bob, 7));
    return {};
  });
  books.tamper("DELETE FROM entry WHERE account_id = $1 AND amount = 3");
  std::string problems = books.problems();
  CHECK(problems.contains("ledger account 11"));
  auto blamed = problems.find("ledger account 12");
  CHECK_MESSAGE(blamed == std::string::npos, problems.substr(std::min(blamed, problems.size())));
}

}  // namespace piggy
