#pragma once

// A counter with gift cards, in a test.

#include <doctest/doctest.h>

#include "app/test_engine.h"
#include "giftcard/operations.h"
#include "giftcard/program_operations.h"
#include "giftcard/transaction_operations.h"
#include "shop/operations.h"

namespace piggy {

class TestCards : public TestEngine {
 public:
  TestCards() { shop = run<CreateShop>({.name = "Corner"})->uuid; }

  Uuid program(CreateGiftcardProgram::Input input = {}) {
    if (input.name.empty()) input.name = "Gift card";
    auto made = run<CreateGiftcardProgram>(input);
    REQUIRE(made);
    return made->uuid;
  }

  Giftcard card(const Uuid& program, std::optional<std::int64_t> cents = {}) {
    auto made = run<IssueGiftcards>(
        {.giftcard_program_uuid = program, .amount_in_cents = cents, .shop_uuid = shop});
    REQUIRE(made);
    return made->giftcards.at(0);
  }

  Result<GiftcardTransaction> move(const Giftcard& card, std::int64_t cents) {
    return run<CreateGiftcardTransaction>(
        {.giftcard_uuid = card.uuid, .amount_in_cents = cents, .shop_uuid = shop});
  }

  Result<GiftcardTransaction> reverse(const GiftcardTransaction& transaction) {
    return run<ReverseGiftcardTransaction>({.uuid = transaction.uuid});
  }

  std::int64_t balance(const Giftcard& card) {
    auto shown = run<GetGiftcard>({.uuid = card.uuid});
    REQUIRE(shown);
    return shown->amount_in_cents;
  }

  std::vector<std::string> problems() {
    std::vector<std::string> found;
    REQUIRE(database().read(caller().account_id, [&](Transaction& transaction) -> Result<> {
      found = TRY(verify_giftcards(transaction));
      return {};
    }));
    return found;
  }

  ContactRow contact(const std::string& email) {
    ContactRow row;
    REQUIRE(write([&](Transaction& transaction) -> Result<> {
      row = TRY(make_contact(transaction, {.email = email}));
      return {};
    }));
    return row;
  }

  Uuid shop = {};
};

}  // namespace piggy
