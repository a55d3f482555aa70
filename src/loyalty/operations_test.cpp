#include "loyalty/operations.h"

#include "loyalty/earning_operations.h"
#include "loyalty/perk_operations.h"
#include "loyalty/programme_operations.h"
#include "loyalty/test_programme.h"
#include "loyalty/transaction_operations.h"
#include "reward/transaction_operations.h"
#include "shape/read.h"

namespace piggy {
namespace {

int number_of(const auto& result) { return result ? 0 : result.error().number; }

template <class O>
auto call(TestProgramme& programme, const typename O::Input& input) {
  return programme.run<O>(input, programme.configurations);
}

std::int64_t calculated(TestProgramme& programme, double unit_value) {
  return call<CalculateCredits>(programme, {.shop_uuid = programme.shop, .unit_value = unit_value})
      ->credits;
}

TEST_CASE("amounts are exact: a decimal is never a little less than it says") {
  CHECK(micros_of(10.40) == 10'400'000);
  CHECK(micros_of(0.1 + 0.2) == 300'000);
  CHECK(micros_of(999'999'999.999999) == 999'999'999'999'999);
  CHECK(rounded(2'500'000, micros_per_one, Rounding::nearest) == 3);
  CHECK(rounded(2'499'999, micros_per_one, Rounding::nearest) == 2);
  CHECK(rounded(2'000'001, micros_per_one, Rounding::up) == 3);
  CHECK(rounded(-2'500'000, micros_per_one, Rounding::down) == -2);
  CHECK(decimal_text(10'400'000, 6) == "10.4");
  CHECK(decimal_text(-50, 2) == "-0.5");
  CHECK(decimal_text(0, 6) == "0");
  CHECK(decimal_text(10'000'000, 6) == "10");
}

TEST_CASE("rules are added up before they are rounded") {
  TestProgramme programme;
  EarningRule first = call<ListEarningRules>(programme, {})->earning_rules.at(0);
  REQUIRE(call<UpdateEarningRule>(programme,
                                  {.earning_rule_uuid = first.uuid, .credits_per_unit = 0.1}));
  REQUIRE(call<CreateEarningRule>(programme, {.name = "twenty", .credits_per_unit = 0.2}));

  CHECK(calculated(programme, 10) == 3);
  CHECK(calculated(programme, 3.33) == 0);
  CHECK(calculated(programme, 3.34) == 1);

  REQUIRE(call<UpdateEarningRule>(programme, {.earning_rule_uuid = first.uuid, .active = false}));
  CHECK(calculated(programme, 10) == 2);
}

TEST_CASE("a contact's receptions are listed through the ledger, with those of merged contacts") {
  TestProgramme programme;
  ContactRow bob = programme.enrol("bob@example.com");
  ContactRow eve = programme.enrol("eve@example.com");
  auto listed = [&](const ContactRow& contact) {
    std::vector<std::int64_t> credits;
    auto page = call<ListLoyaltyTransactions>(programme, {.contact_uuid = contact.uuid});
    for (const auto& row : page->loyalty_transactions) credits.push_back(row.credits);
    CHECK(page->page.total == static_cast<std::int64_t>(credits.size()));
    return credits;
  };
  auto merge = [&](const ContactRow& source, const ContactRow& destination) {
    REQUIRE(programme.write([&](Transaction& transaction) {
      return join_contacts(transaction, source, destination, {move_receptions});
    }));
  };
  using Credits = std::vector<std::int64_t>;
  CHECK(listed(eve) == Credits{});
  programme.give(programme.ann, 1);
  programme.give(bob, 2);
  programme.give(eve, 3);
  CreditReception taken_back = *programme.give(bob, 4);
  programme.reverse(taken_back.uuid);
  programme.give(bob, -2);
  CHECK(listed(bob) == Credits{-2, -4, 4, 2});

  // Nothing is on bob's account, yet his history goes with him; eve's follows a second time.
  merge(bob, eve);
  programme.give(eve, 5);
  merge(eve, programme.ann);
  programme.give(programme.ann, 6);

  CHECK(listed(programme.ann) == Credits{6, 5, -2, -4, 4, 3, 2, 1});
  CHECK(programme.balance(programme.ann) == 15);
  CHECK(programme.verify().problems.empty());
}

TEST_CASE("the tier's factor counts, and a tier that is reached is told") {
  TestProgramme programme;
  REQUIRE(programme.run<CreateTier>({.name = "Gold", .credits_required = 100, .multiplier = 1.5}));

  CHECK(programme.earn(programme.ann, 100)->credits == 100);
  CHECK(programme.earn(programme.ann, 10.99)->credits == 16);
  CHECK(call<CalculateCredits>(
            programme,
            {.shop_uuid = programme.shop, .unit_value = 10, .contact_uuid = programme.ann.uuid})
            ->credits == 15);
  CHECK(calculated(programme, 10) == 10);
  std::int64_t told = 0;
  REQUIRE(programme.write([&](Transaction& transaction) -> Result<> {
    told = TRY(transaction.one<std::int64_t>(
        "SELECT count(*) FROM event WHERE account_id = $1 AND type = 'tier_reached'"));
    return {};
  }));
  CHECK(told == 1);
}

TEST_CASE("a dry run tells of the balance and the tier, and leaves both") {
  TestProgramme programme;
  REQUIRE(programme.run<CreateTier>({.name = "Gold", .credits_required = 100}));
  std::vector<EffectLine> effects;

  REQUIRE(programme.write([&](Transaction& transaction) -> Result<> {
    Call call{.transaction = transaction,
              .caller = programme.caller(),
              .settings = programme.settings,
              .dry_run = true};
    TRY(CreateCreditReception::run(
        programme.configurations, call,
        {.shop_uuid = programme.shop, .contact_uuid = programme.ann.uuid, .unit_value = 100.0}));
    effects = call.effects;
    transaction.discard();
    return {};
  }));

  REQUIRE(effects.size() == 2);
  CHECK(effects[0].what == "credit balance of ann@example.com");
  CHECK(effects[0].before == Value(0));
  CHECK(effects[0].after == Value(100));
  CHECK(effects[1].after == Value("Gold"));
  CHECK(programme.balance(programme.ann) == 0);
}

TEST_CASE("what is kept in memory of a programme follows every change, also one undone") {
  TestProgramme programme;
  CHECK(programme.earn(programme.ann, 10)->credits == 10);

  auto undone = programme.write([&](Transaction& transaction) -> Result<> {
    Configuration now = *TRY(programme.configurations.of(transaction));
    now.rules[0].credits_per_unit = 7;
    TRY(update_rule(transaction, now.rules[0]));
    CHECK(TRY(programme.configurations.of(transaction))->rules[0].credits_per_unit == 7);
    return fail(ErrorCode::conflict, "undone");
  });
  CHECK(!undone);
  CHECK(programme.earn(programme.ann, 10)->credits == 10);

  REQUIRE(call<UpdateLoyaltyProgram>(programme, {.max_amount = 5, .custom_credit_name = "Stars"}));
  CHECK(number_of(programme.earn(programme.ann, 10)) == 1015);
  CHECK(call<GetLoyaltyProgram>(programme, {})->custom_credit_name == "Stars");
}

TEST_CASE("a programme that allows no negative balance refuses to take more than there is") {
  TestProgramme programme;
  REQUIRE(call<UpdateLoyaltyProgram>(programme, {.allows_negative = false}));
  CreditReception given = *programme.give(programme.ann, 10);
  REQUIRE(programme.give(programme.ann, -4));

  CHECK(number_of(programme.reverse(given.uuid)) == 1017);
  CHECK(programme.balance(programme.ann) == 6);
}

TEST_CASE("explaining names the rules that gave nothing, and tells of then, not of now") {
  TestProgramme programme;
  EarningRule first = call<ListEarningRules>(programme, {})->earning_rules.at(0);
  REQUIRE(call<CreateEarningRule>(programme,
                                  {.name = "big", .credits_per_unit = 5, .minimum_value = 100}));
  CreditReception reception = *programme.earn(programme.ann, 10.40);
  REQUIRE(call<UpdateEarningRule>(programme, {.earning_rule_uuid = first.uuid, .active = false}));

  Evaluation then = *call<ExplainEarning>(programme, {.credit_reception_uuid = reception.uuid});
  Evaluation now =
      *call<ExplainEarning>(programme, {.shop_uuid = programme.shop, .unit_value = 10.40});

  CHECK(then.credits == 10);
  REQUIRE(then.rules.size() == 2);
  CHECK(then.rules[0].fired);
  CHECK(then.rules[0].credits == "10.4");
  CHECK(then.rules[1].why_not == "The value is below its minimum of 100.");
  CHECK(now.credits == 0);
  CHECK(now.rules[0].why_not == "The rule is switched off.");
}

TEST_CASE("units are unique, and one of them is the default") {
  TestProgramme programme;

  auto made =
      call<CreateUnit>(programme, {.name = "visits", .label = "Visits", .is_default = true});

  REQUIRE(made);
  CHECK(made->prefix == "v");
  CHECK(made->format == "int");
  CHECK(made->created_at == "2023-11-14T22:13:20.000000Z");
  CHECK(number_of(call<CreateUnit>(programme, {.name = "visits", .label = "V"})) == 55045);
  auto units = call<ListUnits>(programme, {})->units;
  REQUIRE(units.size() == 2);
  CHECK(!units[0].is_default);
  CHECK(units[1].is_default);
  CHECK(call<GetLoyaltyProgram>(programme, {})->unit->name == "visits");
}

TEST_CASE("attributes come in and go out as keys of the reception itself") {
  TestProgramme programme;
  auto made = programme.run<CreateLoyaltyTransactionAttribute>(
      {.name = "plu", .data_type = "text", .options = Value::object({{"b", "Blue"}})});
  REQUIRE(made);
  CHECK(made->options.at(0).label == "Blue");
  CHECK(number_of(programme.run<CreateLoyaltyTransactionAttribute>(
            {.name = "plu", .data_type = "text"})) == 60009);
  CHECK(number_of(programme.run<CreateLoyaltyTransactionAttribute>(
            {.name = "credits", .data_type = "text"})) == 1003);

  auto input = read<CreateCreditReception::Input>(
      Value::object({{"shop_uuid", to_string(programme.shop)},
                     {"contact_uuid", to_string(programme.ann.uuid)},
                     {"unit_value", "10.4"},
                     {"plu", "ABC"},
                     {"unknown", 1}}),
      Reading::lenient);
  REQUIRE(input);
  std::string with = to_json(*call<CreateCreditReception>(programme, *input));
  std::string without = to_json(*programme.give(programme.ann, 1));
  std::string listed = to_json(*call<ListLoyaltyTransactions>(programme, {}));

  CHECK(with.ends_with(R"("unit_value":10.4,"plu":"ABC"})"));
  CHECK(without.ends_with(R"("unit_value":null,"plu":null})"));
  CHECK(listed.find(R"("plu":"ABC")") != std::string::npos);
}

TEST_CASE("transactions are listed newest first, in pages, by contact, shop and time") {
  TestProgramme programme;
  ContactRow bob = programme.enrol("bob@example.com");
  for (int i = 1; i <= 3; i++) {
    REQUIRE(programme.give(programme.ann, i));
    programme.clock().time = programme.clock().time + 60 * microseconds_per_second;
  }
  REQUIRE(programme.give(bob, 100));
  auto credits = [&](ListLoyaltyTransactions::Input input) {
    std::vector<std::int64_t> credits;
    for (const LoyaltyTransaction& one :
         call<ListLoyaltyTransactions>(programme, input)->loyalty_transactions)
      credits.push_back(one.credits);
    return credits;
  };
  using Credits = std::vector<std::int64_t>;

  CHECK(credits({}) == Credits{100, 3, 2, 1});
  CHECK(credits({.contact_uuid = programme.ann.uuid, .limit = 2}) == Credits{3, 2});
  CHECK(credits({.contact_uuid = programme.ann.uuid, .page = 2, .limit = 2}) == Credits{1});
  CHECK(credits({.shop_uuid = programme.shop, .sort = "created_at"}) == Credits{1, 2, 3, 100});
  CHECK(credits({.type = LoyaltyTransactionType::reward_reception}) == Credits{});
  Time first{1'700'000'000 * microseconds_per_second};
  CHECK(credits({.created_at = TimeRange{.gt = first, .lt = programme.clock().now()}}) ==
        Credits{3, 2});
  // What is shown has whole seconds: the one that was seen last is not shown again.
  programme.clock().time = Time{1'800'000'000 * microseconds_per_second + 7};
  REQUIRE(programme.give(bob, 5));
  Time shown{1'800'000'000 * microseconds_per_second};
  CHECK(credits({.created_at = TimeRange{.gt = shown}}) == Credits{});
  CHECK(credits({.created_at = TimeRange{.gte = shown}}) == Credits{5});
  CHECK(credits({.created_at = TimeRange{.gt = first, .lte = shown}}) == Credits{5, 100, 3, 2});
  CHECK(number_of(call<ListLoyaltyTransactions>(programme, {.sort = "name"})) == 1003);
  auto page = call<ListContactLoyaltyTransactions>(programme, {.contact_uuid = bob.uuid});
  CHECK(page->page.total == 2);
  CHECK(page->loyalty_transactions.at(0).contact.credit_balance.balance == 105);
}

TEST_CASE("a perk has one default, and a boolean one only true and false") {
  TestProgramme programme;
  auto create = [&](std::string label, PerkType type, std::vector<CreatePerk::Option> options) {
    return programme.run<CreatePerk>(
        {.label = label, .name = label, .data_type = type, .options = std::move(options)});
  };
  using Options = std::vector<CreatePerk::Option>;

  auto perk =
      create("Discount", PerkType::single_select,
             {{.label = "None", .value = "0", .is_default = true}, {.label = "Ten", .value = 10}});
  REQUIRE(perk);
  CHECK(perk->options[1].value == "10");
  CHECK(number_of(create("Discount", PerkType::boolean,
                         {{.label = "Yes", .value = true, .is_default = true}})) == 1003);
  CHECK(number_of(create("Odd", PerkType::boolean,
                         {{.label = "Odd", .value = "odd", .is_default = true}})) == 1003);
  CHECK(number_of(create("None", PerkType::boolean, Options{{.label = "No", .value = false}})) ==
        1003);

  REQUIRE(programme.run<UpdatePerk>({.perk_uuid = perk->uuid, .label = "Rebate"}));
  CHECK(programme.run<ListPerks>({})->perks.at(0).label == "Rebate");
  REQUIRE(programme.run<DeletePerk>({.perk_uuid = perk->uuid}));
  CHECK(number_of(programme.run<GetPerk>({.perk_uuid = perk->uuid})) == 110000);
}

}  // namespace
}  // namespace piggy
