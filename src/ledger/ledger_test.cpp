#include "ledger/ledger.h"

#include <doctest/doctest.h>

#include "database/test_shop.h"

namespace piggy {
namespace {

using namespace test_shop;

constexpr std::int64_t balance_max = (std::int64_t{1} << 53) - 1;  // What a double holds exactly.

// Ann and Bob are contacts of tenant 1, Eve is one of tenant 2.
class TestLedger {
 public:
  static constexpr std::int64_t ann = 11;
  static constexpr std::int64_t bob = 12;
  static constexpr std::int64_t eve = 21;

  TestLedger() {
    for (std::int64_t contact : {ann, bob, eve}) {
      REQUIRE(database->write(contact / 10, [&](Transaction& transaction) {
        return open_ledger_account(transaction, contact, LedgerAccountKind::contact);
      }));
    }
  }

  static Result<Transferred> give(Transaction& transaction, std::int64_t contact,
                                  std::int64_t amount, bool may_go_negative = true) {
    return transfer(transaction,
                    {.from = TRY(programme_account(transaction, LedgerAccountKind::issuance)),
                     .to = contact,
                     .amount = amount,
                     .transfer_id = 7,
                     .may_go_negative = may_go_negative});
  }

  Result<Transferred> give(std::int64_t contact, std::int64_t amount, bool may_go_negative = true,
                           std::int64_t tenant = 1) {
    Transferred transferred;
    TRY(database->write(tenant, [&](Transaction& transaction) -> Result<> {
      transferred = TRY(give(transaction, contact, amount, may_go_negative));
      return {};
    }));
    return transferred;
  }

  std::int64_t balance(std::int64_t contact, std::int64_t tenant = 1) {
    std::int64_t balance = 0;
    REQUIRE(database->read(tenant, [&](Transaction& transaction) -> Result<> {
      balance = TRY(balance_of(transaction, contact));
      return {};
    }));
    return balance;
  }

  LedgerFigures verify(std::int64_t tenant = 1) {
    LedgerFigures figures;
    REQUIRE(database->read(tenant, [&](Transaction& transaction) -> Result<> {
      figures = TRY(verify_ledger(transaction));
      return {};
    }));
    return figures;
  }

  // As somebody who can write the file, past everything.
  void tamper(std::string_view sql) {
    REQUIRE(database->write(1, [&](Transaction& transaction) -> Result<> {
      CHECK(TRY(transaction.run(sql)) > 0);
      return {};
    }));
  }

  TestDatabase database;
};

}  // namespace

TEST_CASE("a transfer takes as much as it gives, and tells both balances") {
  TestLedger ledger;
  auto first = ledger.give(ledger.ann, 100);
  REQUIRE(first);
  CHECK(first->to_balance == 100);
  CHECK(first->from_balance == -100);
  auto back = ledger.give(ledger.ann, -30);
  REQUIRE(back);
  CHECK(back->to_balance == 70);
  CHECK(back->from_balance == -70);
  REQUIRE(ledger.give(ledger.bob, 5));

  LedgerFigures figures = ledger.verify();
  CHECK(figures.problems.empty());
  CHECK(figures.accounts == 3);
  CHECK(figures.entries == 6);
  CHECK(figures.issued == 75);
  CHECK(figures.held == 75);
}

TEST_CASE("a balance falls below zero only where it may") {
  TestLedger ledger;
  REQUIRE(ledger.give(ledger.ann, 10));
  auto refused = ledger.give(ledger.ann, -11, false);
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(refused.error().number == 1017);
  CHECK(ledger.balance(ledger.ann) == 10);
  CHECK(ledger.give(ledger.ann, -10, false)->to_balance == 0);
  CHECK(ledger.give(ledger.ann, -1)->to_balance == -1);
  // What is below zero may rise, if not all the way.
  CHECK(ledger.give(ledger.ann, -9)->to_balance == -10);
  CHECK(ledger.give(ledger.ann, 4, false)->to_balance == -6);
}

TEST_CASE("a balance stays within what every client reads exactly") {
  TestLedger ledger;
  REQUIRE(ledger.give(ledger.ann, balance_max));
  for (std::int64_t more :
       {std::int64_t{1}, balance_max, std::numeric_limits<std::int64_t>::max()}) {
    auto refused = ledger.give(ledger.ann, more);
    REQUIRE(!refused);
    CHECK(refused.error().number == 1015);
  }
  CHECK(ledger.balance(ledger.ann) == balance_max);
  CHECK(ledger.give(ledger.bob, 1).error().number == 1015);  // The issuance account is full.
  CHECK(ledger.verify().entries == 2);
}

TEST_CASE("another tenant's account is not there, and another's books are not touched") {
  TestLedger ledger;
  REQUIRE(ledger.give(ledger.ann, 10));
  REQUIRE(ledger.give(ledger.eve, 3, true, 2));
  CHECK(ledger.give(ledger.eve, 1).error().code == ErrorCode::not_found);
  CHECK(ledger.give(99, 1).error().code == ErrorCode::not_found);
  CHECK(ledger.balance(ledger.eve, 2) == 3);
  ledger.tamper("UPDATE entry SET amount = 11 WHERE account_id = $1 AND amount = 10");
  CHECK_FALSE(ledger.verify(1).problems.empty());
  CHECK(ledger.verify(2).problems.empty());
}

TEST_CASE("of many transfers in one batch each counts once, and a failed one not at all") {
  TestLedger ledger;
  std::vector<Database::Work> works;
  for (int i = 0; i < 60; i++) {
    works.push_back([i](Transaction& transaction) -> Result<> {
      TRY(TestLedger::give(transaction, i % 2 ? TestLedger::ann : TestLedger::bob, 1));
      if (i % 3 == 0) return fail(ErrorCode::conflict, "Refused.");
      return {};
    });
  }
  in_one_batch(*ledger.database, works);
  CHECK(ledger.balance(ledger.ann) == 20);
  CHECK(ledger.balance(ledger.bob) == 20);
  ledger.database.reopen();
  LedgerFigures figures = ledger.verify();
  CHECK(figures.problems.empty());
  CHECK(figures.entries == 80);
  CHECK(figures.held == 40);
}

TEST_CASE("whatever is changed behind the ledger's back is found and named") {
  TestLedger ledger;
  for (int i = 1; i <= 4; i++) REQUIRE(ledger.give(ledger.ann, i * 10));
  REQUIRE(ledger.verify().problems.empty());
  std::string_view expected;
  // The third of ann's entries is the one of 30.
  SUBCASE("the amount of an entry") {
    ledger.tamper("UPDATE entry SET amount = 31 WHERE account_id = $1 AND amount = 30");
    expected = "says the balance is 60, its entries make 61";
  }
  SUBCASE("an amount and the balance after it") {
    ledger.tamper(
        "UPDATE entry SET amount = 31, balance_after = 61 WHERE account_id = $1 AND amount = 30");
    expected = "its hash differs";
  }
  SUBCASE("when it was") {
    ledger.tamper("UPDATE entry SET created_at = 5 WHERE account_id = $1 AND amount = 30");
    expected = "its hash differs";
  }
  SUBCASE("why it was") {
    ledger.tamper("UPDATE entry SET transfer_id = 8 WHERE account_id = $1 AND amount = 30");
    expected = "its hash differs";
  }
  SUBCASE("the kind of an entry") {
    ledger.tamper("UPDATE entry SET kind = 'expiry' WHERE account_id = $1 AND amount = 30");
    expected = "its hash differs";
  }
  SUBCASE("a link") {
    ledger.tamper("UPDATE entry SET previous = 0 WHERE account_id = $1 AND amount = 30");
    expected = "follows entry 0, not ";
  }
  SUBCASE("an entry that is gone from the middle") {
    ledger.tamper("DELETE FROM entry WHERE account_id = $1 AND amount = 30");
    expected = "of ledger account 11 follows entry ";
  }
  SUBCASE("the newest entry, gone") {
    ledger.tamper("DELETE FROM entry WHERE account_id = $1 AND amount = 40");
    expected = "ledger account 11 holds 100 after 4 entries; its entries make 60 after 3";
  }
  SUBCASE("an entry that was given to somebody else") {
    ledger.tamper("UPDATE entry SET ledger_account_id = 12 WHERE account_id = $1 AND amount = 30");
    expected = "of ledger account 12 follows entry ";
  }
  SUBCASE("a balance") {
    ledger.tamper("UPDATE ledger_account SET balance = 1000 WHERE account_id = $1 AND id = 12");
    expected = "ledger account 12 holds 1000 after 0 entries; its entries make 0 after 0";
  }
  SUBCASE("an account that is gone") {
    ledger.tamper("DELETE FROM ledger_account WHERE account_id = $1 AND id = 11");
    expected = "entries name ledger account 11, which is not there";
  }
  LedgerFigures figures = ledger.verify();
  bool found = std::ranges::any_of(
      figures.problems, [&](const std::string& problem) { return problem.contains(expected); });
  std::string all;
  for (const std::string& problem : figures.problems) all += problem + "; ";
  CHECK_MESSAGE(found, all);
}

TEST_CASE("the books do not balance when money appears on one side") {
  TestLedger ledger;
  REQUIRE(ledger.give(ledger.ann, 10));
  ledger.tamper("UPDATE ledger_account SET balance = 25 WHERE account_id = $1 AND id = 11");
  auto problems = ledger.verify().problems;
  REQUIRE_FALSE(problems.empty());
  CHECK(problems.back() == "all balances together are 15, not 0");
}

TEST_CASE("balances are listed by number, and an account knows its newest entry") {
  TestLedger ledger;
  REQUIRE(ledger.give(ledger.ann, 10));
  REQUIRE(ledger.give(ledger.bob, 20));
  REQUIRE(ledger.database->read(1, [&](Transaction& transaction) -> Result<> {
    auto both = TRY(balances_between(transaction, 1, 1'000));
    REQUIRE(both.size() == 2);
    CHECK(both[0].id == ledger.ann);
    CHECK(both[1].balance == 20);
    CHECK(TRY(balances_between(transaction, 12, 12)).size() == 1);
    CHECK(TRY(newest_entry_of(transaction, ledger.bob)) >
          TRY(newest_entry_of(transaction, ledger.ann)));
    return {};
  }));
}

}  // namespace piggy
