#include "reward/reward.h"

#include <doctest/doctest.h>

#include "app/test_engine.h"
#include "contact/contact.h"
#include "reward/operations.h"

namespace piggy {

TEST_CASE("rewards are listed, for a contact only those that can be claimed now") {
  TestEngine engine;
  REQUIRE(engine.run<CreateReward>({.title = "Coffee", .required_credits = 10}));
  REQUIRE(engine.run<CreateReward>({.title = "Gone", .required_credits = 10, .stock = 0}));
  REQUIRE(engine.run<CreateReward>({.title = "Off", .required_credits = 10, .is_active = false}));
  CHECK(engine.run<ListRewards>({})->rewards.size() == 3);
  Uuid ann;
  REQUIRE(engine.write([&](Transaction& transaction) -> Result<> {
    ann = TRY(make_contact(transaction, {.email = "ann@example.com"})).uuid;
    return {};
  }));
  auto hers = engine.run<ListRewards>({.contact_uuid = ann});
  REQUIRE(hers);
  REQUIRE(hers->rewards.size() == 1);
  CHECK(hers->rewards[0].title == "Coffee");
  CHECK(engine.run<ListRewards>({.contact_uuid = Uuid{}}).error().number == 55031);
  CHECK(engine.run<ListRewards>({.shop_uuid = Uuid{}}).error().number == 1008);
}

TEST_CASE("a reward is shown to its own tenant alone") {
  TestEngine engine;
  auto made = engine.run<CreateReward>(
      {.title = "Coffee", .required_credits = 10, .reward_type = RewardType::DIGITAL});
  REQUIRE(made);
  auto shown = engine.run<GetReward>({.reward_uuid = made->uuid});
  REQUIRE(shown);
  CHECK(shown->reward_type == RewardType::DIGITAL);
  CHECK(shown->active);
  auto other = engine.other_tenant();
  CHECK(engine.run_as<GetReward>(*other, {.reward_uuid = made->uuid}).error().number == 6003);
  CHECK(engine.run_as<ListRewards>(*other, {})->rewards.empty());
}

TEST_CASE("a reward has no member that the official client cannot bear") {
  CHECK(shape_of<Reward>().field("attributes") == nullptr);
}

}  // namespace piggy
