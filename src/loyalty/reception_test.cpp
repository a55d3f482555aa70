#include "loyalty/reception.h"

#include <latch>
#include <map>
#include <thread>

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

TEST_CASE("a register's reception goes to whom the card belongs") {
  TestProgramme programme;
  REQUIRE(programme.write([&](Transaction& transaction) -> Result<> {
    constexpr std::string_view insert = R"sql(
      INSERT INTO contact_identifier (account_id, id, value, name, active, contact_id, is_default,
                                      created_at)
      VALUES ($1, $2, $3, $3, $4, $5, 0, 0)
    )sql";
    TRY(transaction.run(insert, {transaction.next_id(), "card", 1, programme.ann.id}));
    TRY(transaction.run(insert, {transaction.next_id(), "blocked", 0, programme.ann.id}));
    TRY(transaction.run(insert, {transaction.next_id(), "loose", 1, std::nullopt}));
    return {};
  }));
  Caller till = programme.caller();
  till.kind = "register";
  auto show = [&](std::string card) {
    return programme.run_as<CreateCreditReception>(
        till,
        {.shop_uuid = programme.shop, .credits = 5, .contact_identifier_value = std::move(card)},
        programme.configurations);
  };

  auto reception = show("card");

  REQUIRE(reception);
  CHECK(reception->channel == "REGISTER_API");
  CHECK(reception->contact.email == "ann@example.com");
  CHECK(reception->contact_identifier->value == "card");
  CHECK(programme.balance(programme.ann) == 5);
  CHECK(number_of(show("blocked")) == 60004);
  CHECK(number_of(show("loose")) == 60011);
  CHECK(programme.reverse(reception->uuid)->contact_identifier->value == "card");
}

TEST_CASE("a natural key pays once") {
  TestProgramme programme;
  auto pay = [&] {
    return programme.write([&](Transaction& transaction) -> Result<> {
      auto configuration = TRY(programme.configurations.of(transaction));
      ShopRow shop = TRY(shop_of(transaction, programme.shop));
      TRY(give_credits(transaction, *configuration,
                       {.contact = programme.ann,
                        .shop = shop,
                        .unit = configuration->units[0],
                        .credits = 5,
                        .source = "store",
                        .reference = "1001"}));
      return {};
    });
  };

  CHECK(pay());
  CHECK(pay().error().code == ErrorCode::conflict);
  CHECK(programme.balance(programme.ann) == 5);
  CHECK(programme.verify().problems.empty());
}

TEST_CASE("receptions of one contact at the same time are all counted, and reversed once") {
  TestProgramme programme;
  constexpr int threads = 4;
  constexpr int each = 25;
  std::vector<Uuid> made(threads * each);
  std::atomic<int> reversals = 0;
  {
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < threads; worker++) {
      workers.emplace_back([&, worker] {
        for (int i = 0; i < each; i++)
          made[static_cast<std::size_t>(worker * each + i)] =
              programme.earn(programme.ann, 10.40)->uuid;
      });
    }
  }
  CHECK(programme.balance(programme.ann) == 10 * threads * each);
  {
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < threads; worker++) {
      workers.emplace_back([&] {
        for (int i = 0; i < 20; i++)
          if (programme.reverse(made[static_cast<std::size_t>(i)])) reversals++;
      });
    }
  }
  CHECK(reversals == 20);
  CHECK(programme.balance(programme.ann) == 10 * (threads * each - 20));
  CHECK(programme.verify().problems.empty());
}

TEST_CASE("random receptions keep to a plain model, through reversals and merges") {
  TestProgramme programme;
  SeededRandom random(7);
  std::vector<ContactRow> contacts = {programme.ann};
  for (int i = 0; i < 6; i++)
    contacts.push_back(programme.enrol(fmt::format("c{}@example.com", i)));
  std::map<std::int64_t, std::int64_t> model;
  struct Made {
    Uuid uuid;
    std::int64_t contact;
    std::int64_t credits;
    bool reversed;
  };
  std::vector<Made> made;
  for (int step = 0; step < 400; step++) {
    const ContactRow& contact = contacts[random.below(contacts.size())];
    std::uint64_t kind = random.below(10);
    if (kind < 8) {
      auto cents = static_cast<std::int64_t>(random.below(20'000));
      bool outright = kind < 3;
      auto reception = outright ? programme.give(contact, cents / 50 - 150)
                                : programme.earn(contact, static_cast<double>(cents) / 100);
      REQUIRE(reception);
      CHECK(reception->credits == (outright ? cents / 50 - 150 : cents / 100));
      model[contact.id] += reception->credits;
      made.push_back({reception->uuid, contact.id, reception->credits, false});
    } else if (!made.empty()) {
      Made& one = made[random.below(made.size())];
      CHECK(programme.reverse(one.uuid).has_value() == !one.reversed);
      if (!one.reversed) model[one.contact] -= one.credits;
      one.reversed = true;
    }
    if (step % 100 == 99) {
      ContactRow gone = contacts.back();
      contacts.pop_back();
      REQUIRE(programme.write([&](Transaction& transaction) {
        return join_contacts(transaction, gone, programme.ann, {move_receptions});
      }));
      model[programme.ann.id] += std::exchange(model[gone.id], 0);
      for (Made& one : made) {
        if (one.contact == gone.id) one.contact = programme.ann.id;
      }
    }
  }
  for (const ContactRow& contact : contacts) CHECK(programme.balance(contact) == model[contact.id]);
  CHECK(programme.verify().problems.empty());
}

}  // namespace
}  // namespace piggy
