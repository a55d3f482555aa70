#include "app/account_settings.h"

#include <doctest/doctest.h>

#include "app/test_engine.h"

namespace piggy {

TEST_CASE("the account's name, zone and currency are changed one by one, within the account") {
  TestEngine engine;
  auto before = engine.run<GetAccountSettings>({});
  REQUIRE(before);
  CHECK(before->time_zone == "Europe/Amsterdam");
  CHECK(before->currency == "EUR");
  auto changed = engine.run<UpdateAccountSettings>({.time_zone = "America/New_York"});
  REQUIRE(changed);
  CHECK(changed->company == before->company);
  REQUIRE(engine.run<UpdateAccountSettings>({.company = "Krusty Krab", .currency = "USD"}));
  auto after = engine.run<GetAccountSettings>({});
  REQUIRE(after);
  CHECK(after->company == "Krusty Krab");
  CHECK(after->time_zone == "America/New_York");
  CHECK(after->currency == "USD");
  auto other = engine.run_as<GetAccountSettings>(*engine.other_tenant(), {});
  REQUIRE(other);
  CHECK(other->company == "other");
  CHECK(other->time_zone == "Europe/Amsterdam");
  Callers callers(engine.database());
  auto caller = callers.by_account(engine.caller().account_id);
  REQUIRE(caller);
  CHECK((*caller)->time_zone == "America/New_York");
}

TEST_CASE("a zone or a currency that there is not is refused by name") {
  TestEngine engine;
  auto refused =
      engine.run<UpdateAccountSettings>({.company = "New", .time_zone = "Europe/Nowhere"});
  REQUIRE(!refused);
  CHECK(refused.error().fields[0].path == "/time_zone");
  refused = engine.run<UpdateAccountSettings>({.currency = "eur"});
  REQUIRE(!refused);
  CHECK(refused.error().fields[0].path == "/currency");
  CHECK(engine.run<GetAccountSettings>({})->company == "test");
}

TEST_CASE("a program changes no settings, whatever it may otherwise") {
  TestEngine engine;
  Caller program = engine.caller();
  program.kind = "client";
  CHECK(engine.run_as<UpdateAccountSettings>(program, {.company = "Mine"}).error().code ==
        ErrorCode::forbidden);
}

}  // namespace piggy
