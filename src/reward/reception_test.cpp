#include "reward/reception.h"

#include "loyalty/test_programme.h"
#include "reward/reception_operations.h"
#include "reward/transaction_operations.h"

namespace piggy {
namespace {

class Counter : public TestProgramme {
 public:
  Counter() { REQUIRE(give(ann, 100)); }

  Uuid reward(CreateReward::Input input) {
    if (input.title.empty()) input.title = "Jar of honey";
    auto made = run<CreateReward>(input);
    REQUIRE(made);
    return made->uuid;
  }

  Result<RewardReception> claim(const Uuid& reward, const ContactRow& contact) {
    return run<CreateRewardReception>(
        {.contact_uuid = contact.uuid, .reward_uuid = reward, .shop_uuid = shop});
  }

  Result<CreditReception> take_back(const RewardReception& reception) {
    return run<ReverseRewardReception>({.reward_reception_uuid = reception.uuid}, configurations);
  }

  std::optional<std::int64_t> stock(const Uuid& reward) {
    return run<GetReward>({.reward_uuid = reward})->stock;
  }

  LoyaltyTransactionPage transactions(const ListLoyaltyTransactions::Input& input) {
    auto page = run<ListLoyaltyTransactions>(input, configurations);
    REQUIRE(page);
    return *page;
  }
};

}  // namespace

TEST_CASE("a reward costs its credits and one of the stock, and both come back with a reversal") {
  Counter counter;
  Uuid honey = counter.reward({.required_credits = 40, .stock = 5});
  auto taken = counter.claim(honey, counter.ann);
  REQUIRE(taken);
  CHECK(taken->credits == -40);
  CHECK(taken->contact.credit_balance.balance == 60);
  CHECK(taken->has_been_collected == true);
  CHECK(taken->reward->stock == 4);
  CHECK(counter.balance(counter.ann) == 60);
  auto back = counter.take_back(*taken);
  REQUIRE(back);
  CHECK(back->type == "credit_reception");
  CHECK(back->credits == 40);
  CHECK(counter.balance(counter.ann) == 100);
  CHECK(counter.stock(honey) == 5);
  CHECK(counter.take_back(*taken).error().fields[0].path == "/reward_reception_uuid");
  CHECK(counter.balance(counter.ann) == 100);
  // What gave credits back is not itself reversed, nor does it count as earned.
  CHECK(counter.reverse(back->uuid).error().number == 1003);
  CHECK(counter.verify().problems.empty());
  CHECK(counter.verify().issued == 100);
}

TEST_CASE("credits that come back from a reward bring nobody into a tier") {
  Counter counter;
  REQUIRE(counter.run<CreateTier>({.name = "Gold", .credits_required = 120}));
  auto taken = counter.claim(counter.reward({.required_credits = 50}), counter.ann);
  REQUIRE(taken);
  REQUIRE(counter.take_back(*taken));
  REQUIRE(counter.give(counter.ann, 1));
  std::int64_t received = 0;
  REQUIRE(counter.write([&](Transaction& transaction) -> Result<> {
    MemberRow* member = TRY(member_of(transaction, counter.ann.id));
    received = member->received;
    CHECK(member->tier_id == 0);
    return {};
  }));
  CHECK(received == 101);
}

TEST_CASE("a claim is refused by its number, and then nothing changes") {
  Counter counter;
  Uuid dear = counter.reward({.required_credits = 101, .stock = 3});
  CHECK(counter.claim(dear, counter.ann).error().number == 1017);
  CHECK(counter.stock(dear) == 3);
  Uuid off = counter.reward({.required_credits = 1, .is_active = false});
  CHECK(counter.claim(off, counter.ann).error().number == 1052);
  Uuid gone = counter.reward({.required_credits = 1, .stock = 0});
  CHECK(counter.claim(gone, counter.ann).error().number == 1018);
  Uuid digital = counter.reward({.required_credits = 1, .reward_type = RewardType::DIGITAL});
  CHECK(counter.claim(digital, counter.ann).error().number == 1018);
  CHECK(counter.claim(Uuid{}, counter.ann).error().number == 6003);
  CHECK(counter.claim(dear, {}).error().number == 55031);
  CHECK(counter.balance(counter.ann) == 100);
}

TEST_CASE("one contact takes no more of a reward than one may, until one is given back") {
  Counter counter;
  Uuid once = counter.reward({.required_credits = 10, .claim_limit = 1});
  auto taken = counter.claim(once, counter.ann);
  REQUIRE(taken);
  CHECK(counter.claim(once, counter.ann).error().number == 1019);
  auto for_ann = counter.run<ListRewards>({.contact_uuid = counter.ann.uuid});
  CHECK(for_ann->rewards.empty());
  ContactRow bea = counter.enrol("bea@example.com");
  REQUIRE(counter.give(bea, 10));
  CHECK(counter.claim(once, bea));
  REQUIRE(counter.take_back(*taken));
  CHECK(counter.claim(once, counter.ann));
}

TEST_CASE("a pre-redeemable reward waits to be collected, as long as it may") {
  Counter counter;
  Uuid class_ =
      counter.reward({.required_credits = 10, .pre_redeemable = true, .expiration_duration = 3600});
  auto taken = counter.claim(class_, counter.ann);
  REQUIRE(taken);
  CHECK(taken->has_been_collected == false);
  CHECK(taken->expires_at == counter.clock().now() + 3600 * microseconds_per_second);
  auto waiting = [&] {
    return counter.run<ListCollectableRewards>({.contact_uuid = counter.ann.uuid})
        ->collectable_rewards.size();
  };
  CHECK(waiting() == 1);
  auto collected = counter.run<CollectReward>({.loyalty_transaction_uuid = taken->uuid});
  REQUIRE(collected);
  CHECK(collected->status == "COLLECTED");
  CHECK(waiting() == 0);
  CHECK(counter.run<CollectReward>({.loyalty_transaction_uuid = taken->uuid}).error().number ==
        80300);
  REQUIRE(counter.run<ReverseCollectedReward>({.redemption_uuid = taken->uuid}));
  CHECK(waiting() == 1);
  counter.clock().time = counter.clock().now() + 3600 * microseconds_per_second;
  CHECK(waiting() == 0);
  CHECK(counter.run<CollectReward>({.loyalty_transaction_uuid = taken->uuid}).error().number ==
        80300);
}

TEST_CASE("rewards and credits are listed together in the order of time, a page at a time") {
  Counter counter;
  Uuid honey = counter.reward({.required_credits = 1});
  for (int i = 0; i < 6; i++) {
    REQUIRE(counter.claim(honey, counter.ann));
    if (i % 2 == 0) REQUIRE(counter.give(counter.ann, 5));
  }
  for (bool oldest_first : {false, true}) {
    std::string sort = oldest_first ? "created_at" : "-created_at";
    std::vector<Uuid> paged;
    for (std::int64_t page = 1; page <= 6; page++) {
      auto part = counter.transactions(
          {.contact_uuid = counter.ann.uuid, .page = page, .limit = 2, .sort = sort});
      CHECK(part.page.total == 10);
      for (const auto& one : part.loyalty_transactions) paged.push_back(one.uuid);
    }
    auto whole = counter.transactions({.limit = 100, .sort = sort});
    std::vector<Uuid> all;
    for (const auto& one : whole.loyalty_transactions) all.push_back(one.uuid);
    CHECK(paged == all);
    REQUIRE(all.size() == 10);
    // The balance after each is that of the one before it, and what it changed.
    auto& list = whole.loyalty_transactions;
    if (oldest_first) {
      for (std::size_t i = 1; i < list.size(); i++) {
        CHECK(list[i].contact.credit_balance.balance ==
              list[i - 1].contact.credit_balance.balance + list[i].credits);
      }
    }
  }
  auto rewards = counter.transactions({.type = LoyaltyTransactionType::reward_receptions});
  CHECK(rewards.page.total == 6);
  CHECK(rewards.loyalty_transactions[0].title == "Jar of honey");
  CHECK(rewards.loyalty_transactions[0].type == "reward_reception");
  auto credits = counter.transactions({.type = LoyaltyTransactionType::credit_reception});
  CHECK(credits.page.total == 4);
}

TEST_CASE("what a contact took follows to another, credits that come back as well") {
  Counter counter;
  ContactRow bea = counter.enrol("bea@example.com");
  auto taken = counter.claim(counter.reward({.required_credits = 30}), counter.ann);
  REQUIRE(taken);
  REQUIRE(counter.write([&](Transaction& transaction) {
    return join_contacts(transaction, counter.ann, bea, {move_receptions, move_reward_receptions});
  }));
  CHECK(counter.transactions({.contact_uuid = bea.uuid}).page.total == 2);
  REQUIRE(counter.take_back(*taken));
  CHECK(counter.balance(bea) == 100);
  CHECK(counter.transactions({.contact_uuid = bea.uuid}).page.total == 3);
  CHECK(counter.verify().problems.empty());
}

TEST_CASE("a reward is changed, and what was taken of it stays as it was") {
  Counter counter;
  Uuid honey = counter.reward({.required_credits = 10, .stock = 1});
  auto taken = counter.claim(honey, counter.ann);
  REQUIRE(taken);
  auto changed = counter.run<UpdateReward>({.reward_uuid = honey,
                                            .title = "Large jar",
                                            .required_credits = 20,
                                            .stock = 7,
                                            .claim_limit = 2});
  REQUIRE(changed);
  CHECK(changed->title == "Large jar");
  auto list = counter.run<ListRewardReceptions>({.contact_uuid = counter.ann.uuid});
  REQUIRE(list);
  REQUIRE(list->reward_receptions.size() == 1);
  CHECK(list->reward_receptions[0].title == "Jar of honey");
  CHECK(list->reward_receptions[0].reward->title == "Large jar");
  REQUIRE(counter.take_back(*taken));
  CHECK(counter.balance(counter.ann) == 100);  // What it had cost.
  CHECK(counter.stock(honey) == 8);
  CHECK(counter.run<UpdateReward>({}).error().number == 6003);
  auto other = counter.other_tenant();
  CHECK(counter.run_as<UpdateReward>(*other, {.reward_uuid = honey}).error().number == 6003);
}

}  // namespace piggy
