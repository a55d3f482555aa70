#include <doctest/doctest.h>

#include "loyalty/test_programme.h"
#include "tier/level_operations.h"

namespace piggy {

TEST_CASE("tiers tell what they take and bring, and a change counts from the next transaction on") {
  TestProgramme programme;
  REQUIRE(programme.run<CreateTier>({.name = "Silver", .credits_required = 50}));
  auto gold = programme.run<CreateTier>({.name = "Gold", .credits_required = 500, .multiplier = 2});
  REQUIRE(gold);
  REQUIRE(programme.give(programme.ann, 60));
  auto levels = programme.run<ListTierLevels>({});
  REQUIRE(levels);
  REQUIRE(levels->tiers.size() == 2);
  CHECK(levels->tiers[0].name == "Silver");
  CHECK(levels->tiers[1].credits_required == 500);
  CHECK(levels->tiers[1].multiplier == 2);

  auto taken = programme.run<UpdateTier>({.tier_uuid = gold->uuid, .name = "Silver"});
  REQUIRE(!taken);
  CHECK(taken.error().fields[0].path == "/name");
  auto changed =
      programme.run<UpdateTier>({.tier_uuid = gold->uuid, .credits_required = 61, .multiplier = 3});
  REQUIRE(changed);
  CHECK(changed->name == "Gold");
  REQUIRE(programme.earn(programme.ann, 1));  // As silver, which brings her to gold.
  CHECK(programme.balance(programme.ann) == 61);
  REQUIRE(programme.earn(programme.ann, 10));
  CHECK(programme.balance(programme.ann) == 91);
  CHECK(programme.run<UpdateTier>({}).error().number == 60013);
  auto other = programme.other_tenant();
  CHECK(programme.run_as<UpdateTier>(*other, {.tier_uuid = gold->uuid}).error().number == 60013);
}

}  // namespace piggy
