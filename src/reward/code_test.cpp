#include "reward/code.h"

#include <set>
#include <thread>

#include "access/person.h"
#include "door/test_office.h"
#include "loyalty/test_programme.h"
#include "reward/code_operations.h"
#include "reward/reception_operations.h"
#include "reward/transaction_operations.h"

namespace piggy {
namespace {

// A shop that gives out cinema tickets.
class Cinema : public TestProgramme {
 public:
  Cinema() {
    REQUIRE(give(ann, 100));
    ticket =
        run<CreateReward>(
            {.title = "Cinema ticket", .required_credits = 10, .reward_type = RewardType::DIGITAL})
            ->uuid;
  }

  AddRewardCodes::Output add(std::vector<std::string> codes) {
    auto added = run<AddRewardCodes>({.reward_uuid = ticket, .codes = std::move(codes)});
    REQUIRE(added);
    return *added;
  }
  Result<RewardReception> claim(const ContactRow& contact) {
    return run<CreateRewardReception>(
        {.contact_uuid = contact.uuid, .reward_uuid = ticket, .shop_uuid = shop});
  }
  std::optional<std::int64_t> stock() { return run<GetReward>({.reward_uuid = ticket})->stock; }
  std::vector<RewardCode> codes(std::optional<RewardCodeState> state = {}) {
    auto list = run<ListRewardCodes>({.reward_uuid = ticket, .state = state});
    REQUIRE(list);
    return list->codes;
  }

  Uuid ticket = {};
};

}  // namespace

TEST_CASE("who takes a digital reward gets the oldest code, and nobody gets it again") {
  Cinema cinema;
  CHECK(cinema.stock() == 0);
  CHECK(cinema.claim(cinema.ann).error().number == 1018);
  auto added = cinema.add({"SEAT-0001-AAA", "SEAT-0002-BBB", "SEAT-0001-AAA"});
  CHECK(added.added == 2);
  CHECK(added.stock == 2);
  REQUIRE(added.known.size() == 1);  // Twice in what was sent.
  CHECK(added.known[0].number == 3);
  CHECK(added.known[0].code == "\u2022\u2022\u2022\u2022AAA");
  CHECK(cinema.stock() == 2);

  auto taken = cinema.claim(cinema.ann);
  REQUIRE(taken);
  CHECK(taken->type == "digital_reward_reception");
  CHECK(taken->digital_reward->title == "Cinema ticket");
  CHECK(taken->digital_reward->stock == 1);
  CHECK(taken->digital_reward_code->code == "SEAT-0001-AAA");
  CHECK(!taken->reward);
  CHECK(!taken->has_been_collected);
  CHECK(cinema.claim(cinema.ann)->digital_reward_code->code == "SEAT-0002-BBB");
  CHECK(cinema.claim(cinema.ann).error().number == 1018);
  CHECK(cinema.balance(cinema.ann) == 80);
  CHECK(cinema.add({"SEAT-0001-AAA"}).added == 0);  // It was given out.
  auto list = cinema.codes(RewardCodeState::given);
  REQUIRE(list.size() == 2);
  CHECK(list[0].contact->email == "ann@example.com");
  CHECK(list[0].reward_reception_uuid == taken->uuid);
  CHECK(cinema.codes(RewardCodeState::left).empty());
}

TEST_CASE("a code stays spent when its reward is taken back") {
  Cinema cinema;
  cinema.add({"SEAT-0001-AAA", "SEAT-0002-BBB"});
  auto taken = cinema.claim(cinema.ann);
  REQUIRE(taken);
  REQUIRE(cinema.run<ReverseRewardReception>({.reward_reception_uuid = taken->uuid},
                                             cinema.configurations));
  CHECK(cinema.balance(cinema.ann) == 100);
  CHECK(cinema.stock() == 1);
  CHECK(cinema.claim(cinema.ann)->digital_reward_code->code == "SEAT-0002-BBB");
  CHECK(cinema.claim(cinema.ann).error().number == 1018);
  auto history = cinema.run<ListLoyaltyTransactions>(
      {.type = LoyaltyTransactionType::reward_receptions}, cinema.configurations);
  REQUIRE(history->loyalty_transactions.size() == 2);
  CHECK(history->loyalty_transactions[1].type == "digital_reward_reception");
  CHECK(history->loyalty_transactions[1].digital_reward_code->code == "SEAT-0001-AAA");
  CHECK(cinema.verify().problems.empty());
}

TEST_CASE("a claim that fails spends no code") {
  Cinema cinema;
  cinema.add({"SEAT-0001-AAA"});
  ContactRow poor = cinema.enrol("poor@example.com");
  CHECK(cinema.claim(poor).error().number == 1017);
  CHECK(cinema.stock() == 1);
  CHECK(cinema.codes(RewardCodeState::left).size() == 1);
  CHECK(cinema.claim(cinema.ann)->digital_reward_code->code == "SEAT-0001-AAA");
}

TEST_CASE("of many who take at once no two get the same code, and no more get one than there are") {
  Cinema cinema;
  constexpr int codes = 40, takers = 8, tries = 10;
  std::vector<std::string> all;
  for (int i = 0; i < codes; i++) all.push_back(fmt::format("SEAT-{:08}", i));
  cinema.add(all);
  std::vector<ContactRow> people;
  for (int i = 0; i < takers; i++) {
    people.push_back(cinema.enrol(fmt::format("taker{}@example.com", i)));
    REQUIRE(cinema.give(people.back(), 1'000));
  }
  std::vector<std::vector<std::string>> got(takers);
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < takers; i++) {
    threads.emplace_back([&, i] {
      for (int at = 0; at < tries; at++) {
        auto taken = cinema.claim(people[i]);
        if (taken) {
          got[i].push_back(taken->digital_reward_code->code);
        } else if (taken.error().number == 1018) {
          refused++;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> different;
  std::size_t given = 0;
  for (int i = 0; i < takers; i++) {
    different.insert(got[i].begin(), got[i].end());
    given += got[i].size();
    CHECK(cinema.balance(people[i]) == 1'000 - 10 * std::ssize(got[i]));
  }
  CHECK(given == codes);
  CHECK(different.size() == codes);
  CHECK(refused == takers * tries - codes);
  CHECK(cinema.stock() == 0);
}

TEST_CASE("codes that are left can be removed, those that were given cannot") {
  Cinema cinema;
  cinema.add({"SEAT-0001-AAA", "SEAT-0002-BBB", "SEAT-0003-CCC"});
  REQUIRE(cinema.claim(cinema.ann));
  auto list = cinema.codes();
  REQUIRE(list.size() == 3);
  auto one =
      cinema.run<RemoveRewardCodes>({.reward_uuid = cinema.ticket, .code_uuid = list[1].uuid});
  CHECK(one->removed == 1);
  CHECK(one->stock == 1);
  CHECK(cinema.run<RemoveRewardCodes>({.reward_uuid = cinema.ticket, .code_uuid = list[0].uuid})
            .error()
            .code == ErrorCode::not_found);
  CHECK(cinema.run<RemoveRewardCodes>({.reward_uuid = cinema.ticket})->removed == 1);
  CHECK(cinema.stock() == 0);
  CHECK(cinema.codes().size() == 1);
}

TEST_CASE("what is no code and no digital reward is refused by its field") {
  Cinema cinema;
  auto thing = cinema.run<CreateReward>({.title = "Jar of honey", .required_credits = 1});
  auto path = [](const auto& result) { return result.error().fields.at(0).path; };
  CHECK(path(cinema.run<AddRewardCodes>({.reward_uuid = thing->uuid, .codes = {"A"}})) ==
        "/reward_uuid");
  CHECK(path(cinema.run<AddRewardCodes>({.reward_uuid = cinema.ticket, .codes = {"A", " \t"}})) ==
        "/codes/1");
  CHECK(path(cinema.run<AddRewardCodes>(
            {.reward_uuid = cinema.ticket, .codes = {std::string(501, 'x')}})) == "/codes/0");
  CHECK(path(cinema.run<UpdateReward>({.reward_uuid = cinema.ticket, .stock = 5})) == "/stock");
  CHECK(cinema.run<UpdateReward>({.reward_uuid = cinema.ticket, .title = "Film", .stock = 0}));
  CHECK(path(cinema.run<CreateReward>({.title = "Film",
                                       .required_credits = 1,
                                       .reward_type = RewardType::DIGITAL,
                                       .stock = 5})) == "/stock");
  CHECK(path(cinema.run<CreateReward>({.title = "Film",
                                       .required_credits = 1,
                                       .reward_type = RewardType::DIGITAL,
                                       .pre_redeemable = true})) == "/pre_redeemable");
  std::string hostile = "<b>'; DROP TABLE reward_code;--\u202e{{7*7}}";
  CHECK(cinema.add({hostile}).added == 1);
  CHECK(cinema.claim(cinema.ann)->digital_reward_code->code == hostile);
}

TEST_CASE("a masked code shows three letters of nine or more") {
  std::string dots = "\u2022\u2022\u2022\u2022";
  CHECK(masked_code("ABCDEFGHI") == dots + "GHI");
  CHECK(masked_code("ABCDEFGH") == dots);
  CHECK(masked_code("") == dots);
  CHECK(masked_code("\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9") ==
        dots + "\u00e9\u00e9\u00e9");
}

TEST_CASE("another tenant's codes are neither seen nor changed") {
  Cinema cinema;
  cinema.add({"SEAT-0001-AAA"});
  auto other = cinema.other_tenant();
  CHECK(cinema.run_as<ListRewardCodes>(*other, {.reward_uuid = cinema.ticket}).error().number ==
        6003);
  CHECK(cinema.run_as<AddRewardCodes>(*other, {.reward_uuid = cinema.ticket, .codes = {"X"}})
            .error()
            .number == 6003);
  CHECK(cinema.run_as<RemoveRewardCodes>(*other, {.reward_uuid = cinema.ticket}).error().number ==
        6003);
  CHECK(cinema.stock() == 1);
}

TEST_CASE("codes are added once by a key, stand nowhere on record, and are read with the scope") {
  Office office;
  std::string reward(
      Office::must(office.call(office.owner(), "create_reward",
                               R"({"title":"Film","required_credits":0,"reward_type":"DIGITAL"})"))
          .text_of("uuid"));
  std::string add =
      fmt::format(R"({{"reward_uuid":"{}","codes":["SEAT-0001-AAA","SEAT-0002-BBB"]}})", reward);
  for (int i = 0; i < 2; i++) {
    Value added = Office::must(office.call(office.boss, "add_reward_codes", add, "once"));
    CHECK(*added.find("added")->integer() == 2);
  }
  Office::must(
      office.call(office.boss, "create_reward_reception",
                  fmt::format(R"({{"contact_uuid":"{}","reward_uuid":"{}","shop_uuid":"{}"}})",
                              office.ann, reward, office.shop)));
  std::string record = to_json(Office::must(office.call(office.boss, "list_audit_calls", "{}")));
  CHECK(record.find("add_reward_codes") != std::string::npos);
  CHECK(record.find("0002") == std::string::npos);

  auto viewer = std::make_shared<Caller>(*office.owner());
  viewer->scopes = scopes_of(Role::viewer);
  auto told = [&](Office::Who who, std::string_view operation) {
    return to_json(Office::must(
        office.call(std::move(who), operation, fmt::format(R"({{"reward_uuid":"{}"}})", reward))));
  };
  for (const char* operation : {"list_reward_codes", "list_reward_receptions"}) {
    CHECK(told(office.boss, operation).find("SEAT-0001-AAA") != std::string::npos);
    std::string masked = told(viewer, operation);
    CHECK(masked.find("SEAT") == std::string::npos);
    CHECK(masked.find("AAA") != std::string::npos);
  }
  CHECK(
      to_json(Office::must(office.call(viewer, "list_loyalty_transactions", "{}"))).find("SEAT") ==
      std::string::npos);
  CHECK(office.call(viewer, "add_reward_codes", add).error().code == ErrorCode::forbidden);
  CHECK(office.call(viewer, "remove_reward_codes", fmt::format(R"({{"reward_uuid":"{}"}})", reward))
            .error()
            .code == ErrorCode::forbidden);
  auto stranger = std::make_shared<Caller>(*office.owner());
  stranger->scopes = {"vouchers:*"};
  CHECK(office.call(stranger, "list_reward_codes", fmt::format(R"({{"reward_uuid":"{}"}})", reward))
            .error()
            .code == ErrorCode::forbidden);
}

}  // namespace piggy
