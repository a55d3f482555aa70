#include <doctest/doctest.h>

#include "app/operations.h"
#include "app/test_engine.h"
#include "base/sandbox_clock.h"

namespace piggy {
namespace {

constexpr Time noon{1'700'000'000 * microseconds_per_second};
constexpr std::int64_t hour = 3'600 * microseconds_per_second;

TEST_CASE("a sandbox's clock goes on by itself, is moved ahead, and never goes back") {
  SandboxClock clock(noon);
  Time first = clock.now();
  CHECK(first >= noon);
  CHECK(first - noon < hour);
  CHECK(clock.advance_to(noon + 2 * hour));
  CHECK(clock.now() >= noon + 2 * hour);
  CHECK(!clock.advance_to(noon + hour));
  CHECK(clock.now() >= noon + 2 * hour);
}

TEST_CASE("the real time cannot be moved ahead") {
  TestEngine engine;
  Installation installation;
  auto moved = engine.run<AdvanceClock>({.to = engine.clock().now() + hour}, installation);
  REQUIRE(!moved);
  CHECK(moved.error().code == ErrorCode::conflict);
}

TEST_CASE("a sandbox is moved to a moment, as often as it is asked, and not years away") {
  TestEngine engine;
  SandboxClock clock(engine.clock().now());
  Installation installation{.sandbox = &clock};
  Time wanted = engine.clock().now() + 24 * hour;
  for (int i = 0; i < 2; i++) {
    auto moved = engine.run<AdvanceClock>({.to = wanted}, installation);
    REQUIRE(moved);
    CHECK(moved->now >= wanted);
    CHECK(moved->now - wanted < hour);
  }
  auto far = engine.run<AdvanceClock>({.to = wanted + 500 * microseconds_per_day}, installation);
  REQUIRE(!far);
  CHECK(far.error().code == ErrorCode::invalid);
}

}  // namespace
}  // namespace piggy
