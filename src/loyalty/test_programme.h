#pragma once

// A programme in a test: an engine, its programme, a shop, contacts.

#include <doctest/doctest.h>

#include "app/test_engine.h"
#include "contact/contact.h"
#include "loyalty/reception_operations.h"
#include "shop/operations.h"
#include "tier/operations.h"

namespace piggy {

class TestProgramme : public TestEngine {
 public:
  TestProgramme() {
    REQUIRE(write([](Transaction& transaction) { return open_programme(transaction, "Test"); }));
    shop = run<CreateShop>({.name = "Corner"})->uuid;
    ann = enrol("ann@example.com");
  }

  ContactRow enrol(std::string_view email) {
    ContactRow row;
    REQUIRE(write([&](Transaction& transaction) -> Result<> {
      row = TRY(make_contact(transaction, {.email = std::string(email)}));
      return {};
    }));
    return row;
  }

  std::int64_t balance(const ContactRow& contact) {
    std::int64_t balance = 0;
    REQUIRE(database().read(caller().account_id, [&](Transaction& transaction) -> Result<> {
      balance = TRY(balance_of(transaction, contact.id));
      return {};
    }));
    return balance;
  }

  Result<CreditReception> earn(const ContactRow& contact, double unit_value) {
    return run<CreateCreditReception>(
        {.shop_uuid = shop, .contact_uuid = contact.uuid, .unit_value = unit_value},
        configurations);
  }

  Result<CreditReception> give(const ContactRow& contact, std::int64_t credits) {
    return run<CreateCreditReception>(
        {.shop_uuid = shop, .contact_uuid = contact.uuid, .credits = credits}, configurations);
  }

  Result<CreditReception> reverse(const Uuid& reception) {
    return run<ReverseCreditReception>({.credit_reception_uuid = reception}, configurations);
  }

  LedgerFigures verify() {
    LedgerFigures figures;
    REQUIRE(database().read(caller().account_id, [&](Transaction& transaction) -> Result<> {
      figures = TRY(verify_ledger(transaction));
      return {};
    }));
    return figures;
  }

  Configurations configurations;
  Uuid shop = {};
  ContactRow ann = {};
};

}  // namespace piggy
