#include "contact/contact.h"

#include <doctest/doctest.h>

#include "app/test_engine.h"
#include "ledger/ledger.h"

namespace piggy {
namespace {

TEST_CASE("a contact is found by its address in any case") {
  TestEngine engine;
  Result<> done = engine.write([](Transaction& transaction) -> Result<> {
    ContactRow made = TRY(make_contact(transaction, {.email = "Ann@Example.com"}));
    CHECK(made.email == "ann@example.com");
    auto found = TRY(contact_by_email(transaction, "ANN@example.COM"));
    REQUIRE(found);
    CHECK(found->id == made.id);
    return {};
  });
  CHECK(done);
}

TEST_CASE("an address is given once") {
  TestEngine engine;
  Result<> done = engine.write([](Transaction& transaction) -> Result<> {
    TRY(make_contact(transaction, {.email = "ann@example.com"}));
    auto again = make_contact(transaction, {.email = "ANN@example.com"});
    REQUIRE(!again);
    CHECK(again.error().number == 60005);
    return {};
  });
  CHECK(done);
}

TEST_CASE("joining two contacts adds their credits and removes the source") {
  TestEngine engine;
  ContactRow source;
  ContactRow destination;
  Result<> made = engine.write([&](Transaction& transaction) -> Result<> {
    source = TRY(make_contact(transaction, {.is_anonymous = true}));
    destination = TRY(make_contact(transaction, {.email = "ann@example.com"}));
    auto bank = TRY(programme_account(transaction, LedgerAccountKind::issuance));
    TRY(transfer(transaction, {.from = bank, .to = source.id, .amount = 30, .transfer_id = 1}));
    TRY(transfer(transaction, {.from = bank, .to = destination.id, .amount = 12}));
    return {};
  });
  REQUIRE(made);

  int moved = 0;
  ContactMoves moves = {
      [&](Transaction&, const ContactRow& from, const ContactRow& to) -> Result<> {
        CHECK(from.id == source.id);
        CHECK(to.id == destination.id);
        moved++;
        return {};
      }};
  Result<> joined = engine.write([&](Transaction& transaction) -> Result<> {
    return join_contacts(transaction, source, destination, moves);
  });
  REQUIRE(joined);

  CHECK(moved == 1);
  Result<> checked = engine.write([&](Transaction& transaction) -> Result<> {
    CHECK(TRY(balance_of(transaction, destination.id)) == 42);
    CHECK(TRY(balance_of(transaction, source.id)) == 0);
    auto gone = contact_of(transaction, source.uuid);
    REQUIRE(!gone);
    CHECK(gone.error().number == 55031);
    LedgerFigures figures = TRY(verify_ledger(transaction));
    CHECK(figures.problems.empty());
    return {};
  });
  CHECK(checked);
}

}  // namespace
}  // namespace piggy
