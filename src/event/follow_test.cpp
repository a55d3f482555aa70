#include "event/follow.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "app/test_engine.h"
#include "event/event.h"

namespace piggy {
namespace {

void tell(TestEngine& engine, std::string_view type) {
  REQUIRE(engine.write([&](Transaction& transaction) {
    return emit(transaction, type, transaction.next_uuid(), Value::object());
  }));
}

// What a follower has seen; of a run that was undone nothing stays.
Followers::Act noting(std::vector<std::string>& seen) {
  return [&seen](Transaction&, EventRefs events) -> Result<> {
    for (const EventRow& event : events) seen.push_back(event.type);
    return {};
  };
}

}  // namespace

TEST_CASE("a follower sees what happens from its first look on, in order and once") {
  TestEngine engine;
  tell(engine, "before");
  std::vector<std::string> seen;
  Followers followers(engine.database());
  followers.follow("one", noting(seen));
  REQUIRE(followers.catch_up());
  CHECK(seen.empty());

  tell(engine, "first");
  tell(engine, "second");
  REQUIRE(followers.catch_up());
  REQUIRE(followers.catch_up());
  CHECK(seen == std::vector<std::string>{"first", "second"});
}

TEST_CASE("a follower goes on where the one before it was") {
  TestEngine engine;
  std::vector<std::string> seen;
  {
    Followers followers(engine.database());
    followers.follow("one", noting(seen));
    REQUIRE(followers.catch_up());
  }
  tell(engine, "while nobody looked");
  Followers followers(engine.database());
  followers.follow("one", noting(seen));
  REQUIRE(followers.catch_up());
  CHECK(seen == std::vector<std::string>{"while nobody looked"});
}

TEST_CASE("what a follower wrote is undone with its place, and one bad event holds nobody up") {
  TestEngine engine;
  Followers followers(engine.database());
  int tries = 0;
  followers.follow("one", [&](Transaction& transaction, EventRefs events) -> Result<> {
    for (const EventRow& event : events) {
      if (event.type.starts_with("told of")) continue;
      TRY(emit(transaction, "told of " + event.type, event.subject, Value::object()));
      if (event.type != "bad") continue;
      tries++;
      return fail(ErrorCode::conflict, "This event cannot be followed.");
    }
    return {};
  });
  std::vector<std::string> seen;
  followers.follow("two", noting(seen));
  REQUIRE(followers.catch_up());
  tell(engine, "good");
  tell(engine, "bad");
  REQUIRE(followers.catch_up());
  tell(engine, "late");
  REQUIRE(followers.catch_up());
  CHECK(tries >= 3);
  CHECK(std::ranges::count(seen, "bad") == 1);
  CHECK(std::ranges::count(seen, "told of good") == 1);
  CHECK(std::ranges::count(seen, "told of bad") == 0);
  CHECK(std::ranges::count(seen, "told of late") == 1);
}

TEST_CASE("a follower of some types sees those alone, also after it was away") {
  TestEngine engine;
  std::vector<std::string> seen;
  auto followers = std::make_unique<Followers>(engine.database());
  followers->follow("one", noting(seen), {"wanted", "also"});
  REQUIRE(followers->catch_up());
  for (std::string_view type : {"other", "wanted", "other", "also"}) tell(engine, type);
  REQUIRE(followers->catch_up());
  tell(engine, "other");
  REQUIRE(followers->catch_up());
  followers = std::make_unique<Followers>(engine.database());
  followers->follow("one", noting(seen), {"wanted", "also"});
  tell(engine, "wanted");
  REQUIRE(followers->catch_up());
  CHECK(seen == std::vector<std::string>{"wanted", "also", "wanted"});
}

TEST_CASE("the contact of an event stands beside what happened, in it, or is it") {
  Uuid ann = *parse_uuid("018f0000-0000-7000-8000-000000000001");
  std::string about = R"({"contact": {"uuid": "018f0000-0000-7000-8000-000000000001"}})";
  CHECK(contact_in({.type = "x", .payload = *parse_json(about)}) == ann);
  CHECK(contact_in({.type = "x", .payload = *parse_json("{\"voucher\": " + about + "}")}) == ann);
  CHECK(contact_in({.type = "contact_updated", .subject = ann, .payload = Value::object()}) == ann);
  CHECK(!contact_in({.type = "contact_identifier_created", .payload = Value::object()}));
  CHECK(!contact_in({.type = "x", .subject = ann, .payload = *parse_json(R"({"contact": null})")}));
}

}  // namespace piggy
