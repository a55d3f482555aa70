#include "loyalty/reception.h"

#include "loyalty/test_programme.h"

namespace piggy {
namespace {

int number_of(const auto& result) { return result ? 0 : result.error().number; }

TEST_CASE("a value earns one credit for each whole unit of money") {
  TestProgramme programme;

  auto reception = programme.earn(programme.ann, 10.40);

  REQUIRE(reception);
  CHECK(reception->credits == 10);
  CHECK(reception->unit_value == 10.40);
  CHECK(reception->contact.credit_balance.balance == 10);
  CHECK(reception->unit.name == "purchase_amount");
  CHECK(reception->channel == "OAUTH_API");
  CHECK(programme.balance(programme.ann) == 10);
}

TEST_CASE("a reception has the shape of the wire") {
  TestProgramme programme;

  std::string json = to_json(*programme.earn(programme.ann, 10.40));

  CHECK(json.starts_with(R"({"type":"credit_reception","uuid":")"));
  CHECK(
      json.find(R"("credits":10,"created_at":"2023-11-14T22:13:20+00:00","channel":"OAUTH_API")") !=
      std::string::npos);
  CHECK(json.find(R"("contact_identifier":null,"unit":{"id":)") != std::string::npos);
  CHECK(json.find(R"("house_number":null,"postal_code":null}})") != std::string::npos);
  CHECK(json.ends_with(R"("unit_value":10.4})"));
}

TEST_CASE("explicit credits pass by the rules, may be negative, and win over a value") {
  TestProgramme programme;

  auto given = programme.run<CreateCreditReception>({.shop_uuid = programme.shop,
                                                     .contact_uuid = programme.ann.uuid,
                                                     .credits = 50,
                                                     .unit_value = 10.0},
                                                    programme.configurations);
  auto taken = programme.give(programme.ann, -70);

  REQUIRE(given);
  CHECK(given->credits == 50);
  CHECK(given->unit_value == 10.0);
  REQUIRE(taken);
  CHECK(!taken->unit_value);
  CHECK(programme.balance(programme.ann) == -20);
  CHECK(programme.verify().problems.empty());
}

TEST_CASE("a reversal takes back what was given, once") {
  TestProgramme programme;
  CreditReception original = *programme.earn(programme.ann, 99.99);

  auto reversal = programme.reverse(original.uuid);

  REQUIRE(reversal);
  CHECK(reversal->credits == -99);
  CHECK(reversal->uuid != original.uuid);
  CHECK(reversal->contact.credit_balance.balance == 0);
  CHECK(number_of(programme.reverse(original.uuid)) == 1003);
  CHECK(number_of(programme.reverse(reversal->uuid)) == 1003);
  CHECK(number_of(programme.reverse(programme.shop)) == 1028);
  CHECK(programme.balance(programme.ann) == 0);
}

TEST_CASE("who and where must exist") {
  TestProgramme programme;
  auto number = [&](CreateCreditReception::Input input) {
    return number_of(programme.run<CreateCreditReception>(input, programme.configurations));
  };
  Uuid shop = programme.shop;
  Uuid ann = programme.ann.uuid;

  CHECK(number({.shop_uuid = ann, .contact_uuid = ann, .credits = 1}) == 1008);
  CHECK(number({.shop_uuid = shop, .contact_uuid = shop, .credits = 1}) == 55031);
  CHECK(number({.shop_uuid = shop, .credits = 1}) == 1003);
  CHECK(number({.shop_uuid = shop, .contact_uuid = ann}) == 1003);
  CHECK(number({.shop_uuid = shop, .contact_uuid = ann, .credits = 1, .unit_name = "x"}) == 60007);
  CHECK(number({.shop_uuid = shop, .contact_uuid = ann, .credits = 1'000'001}) == 1015);
  CHECK(number({.shop_uuid = shop, .contact_uuid = ann, .unit_value = 1e9}) == 1015);
  CHECK(number({.shop_uuid = shop,
                .contact_uuid = ann,
                .credits = 1,
                .contact_identifier_value = "unknown"}) == 60003);
  CHECK(
      number({.shop_uuid = shop, .contact_uuid = ann, .credits = 1, .pos_transaction_uuid = "1"}) ==
      1027);
  CHECK(programme.balance(programme.ann) == 0);
}

TEST_CASE("another tenant's contacts, shops and receptions are not there") {
  TestProgramme programme;
  auto other = programme.other_tenant();
  CreditReception reception = *programme.give(programme.ann, 5);
  REQUIRE(programme.database().write(other->account_id, [](Transaction& transaction) {
    return open_programme(transaction, "Other");
  }));
  Uuid their_shop = programme.run_as<CreateShop>(*other, {.name = "Theirs"})->uuid;

  auto create = [&](const Uuid& shop) {
    return number_of(programme.run_as<CreateCreditReception>(
        *other, {.shop_uuid = shop, .contact_uuid = programme.ann.uuid, .credits = 1},
        programme.configurations));
  };
  CHECK(create(their_shop) == 55031);
  CHECK(create(programme.shop) == 55031);
  CHECK(number_of(programme.run_as<ReverseCreditReception>(
            *other, {.credit_reception_uuid = reception.uuid}, programme.configurations)) == 1028);
  CHECK(number_of(programme.run_as<GetCreditReception>(
            *other, {.credit_reception_uuid = reception.uuid}, programme.configurations)) == 1028);
}

TEST_CASE("calculate says what a reception would give, and stores nothing") {
  TestProgramme programme;

  auto calculated = programme.run<CalculateCredits>(
      {.shop_uuid = programme.shop, .unit_value = 10.99}, programme.configurations);

  REQUIRE(calculated);
  CHECK(calculated->credits == 10);
  CHECK(programme.verify().entries == 0);
}

}  // namespace
}  // namespace piggy
