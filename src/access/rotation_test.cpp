#include <doctest/doctest.h>

#include "access/rotation_operations.h"
#include "door/test_office.h"

namespace piggy {
namespace {

// A program of the shop with a token of its own, as it calls at /platform.
struct Programme {
  explicit Programme(Office& office, std::string_view more = "") : office(office) {
    Value made = Office::must(office.call(
        office.engine->callers().owner(), "create_token",
        fmt::format(R"({{"account":"shop","kind":"client","scopes":["contacts:read"]{}}})", more)));
    token = made.text_of("token");
    uuid = made.text_of("uuid");
  }

  Result<Office::Who> who(std::string_view with) {
    return office.engine->callers().by_authorization(fmt::format("Bearer {}", with),
                                                     TokenKind::client);
  }
  Result<Value> call(std::string_view with, std::string_view operation,
                     std::string_view input = "{}") {
    return office.call(TRY(who(with)), operation, input);
  }
  std::string rotate(std::string_view with, std::string_view input = "{}") {
    return std::string(Office::must(call(with, "rotate_own_token", input)).text_of("token"));
  }
  std::string state(std::string_view with) {
    return std::string(Office::must(call(with, "get_own_token")).text_of("state"));
  }
  void pass(std::int64_t hours) {
    office.clock.time = office.clock.time.load() + hours * 3'600 * microseconds_per_second;
  }

  Office& office;
  std::string token = {};
  std::string uuid = {};
};

}  // namespace

TEST_CASE("a token's successor has its rights, and the old one works for the overlap") {
  Office office;
  Programme shop(office);
  std::string next = shop.rotate(shop.token, R"({"overlap_hours":2})");
  CHECK(next != shop.token);
  for (const std::string& token : {shop.token, next}) {
    CHECK(shop.call(token, "list_contacts"));
    auto beyond = shop.call(token, "list_perks");
    REQUIRE(!beyond);
    CHECK(beyond.error().code == ErrorCode::forbidden);
  }
  CHECK(shop.state(next) == "current");
  CHECK(shop.state(shop.token) == "succeeded");
  shop.pass(2);
  CHECK(!shop.who(shop.token));
  CHECK(shop.who(next));
}

TEST_CASE("a lost answer locks nobody out, and a successor in use cannot be pushed aside") {
  Office office;
  Programme shop(office);
  std::string lost = shop.rotate(shop.token);
  std::string next = shop.rotate(shop.token);
  CHECK(!shop.who(lost));
  CHECK(shop.call(next, "list_contacts"));  // Notes that it is in use.
  office.restart();
  auto again = shop.call(shop.token, "rotate_own_token");
  REQUIRE(!again);
  CHECK(again.error().code == ErrorCode::conflict);
  CHECK(shop.who(next));
  std::string third = shop.rotate(next);
  CHECK(shop.who(third));
  // The overlap does not grow by asking again.
  shop.pass(overlap_hours_default);
  CHECK(!shop.who(shop.token));
  CHECK(!shop.who(next));
}

TEST_CASE("an old token cannot make another where one was revoked, or has a successor of its own") {
  Office office;
  auto owner = office.engine->callers().owner();
  {
    Programme shop(office);
    std::string next = shop.rotate(shop.token);
    Office::must(office.call(owner, "revoke_token", fmt::format(R"({{"token":"{}"}})", next)));
    CHECK(!shop.call(shop.token, "rotate_own_token"));
  }
  Programme shop(office);
  Value next = Office::must(shop.call(shop.token, "rotate_own_token"));
  Value third = Office::must(office.call(
      owner, "rotate_token", fmt::format(R"({{"token_uuid":"{}"}})", next.text_of("uuid"))));
  CHECK(!shop.call(shop.token, "rotate_own_token"));
  CHECK(shop.who(third.text_of("token")));
}

TEST_CASE("a persona's token ends with the membership of whoever made it") {
  Office office;
  office.grant(R"([{"tool":"piggy_list_perks"}])");
  office.hire("second@shop.example", "owner");
  office.nina();
  Office::must(office.call(office.sign_in("second@shop.example"), "remove_user",
                           R"({"email":"boss@shop.example"})"));
  CHECK(!office.engine->callers().by_authorization("Bearer " + office.token(), TokenKind::mcp));
}

TEST_CASE("two rotations at once leave one living successor") {
  Office office;
  Programme shop(office);
  std::vector<std::string> made(8);
  std::vector<std::jthread> threads;
  for (std::string& one : made) {
    threads.emplace_back([&] { one = shop.rotate(shop.token); });
  }
  threads.clear();
  CHECK(std::ranges::count_if(
            made, [&](const std::string& one) { return shop.who(one).has_value(); }) == 1);
}

TEST_CASE("a token that must be changed every so often is due, then ends") {
  Office office;
  Programme shop(office, R"(,"rotate_every_days":30)");
  CHECK(shop.state(shop.token) == "current");
  shop.pass(30 * 24);
  CHECK(shop.state(shop.token) == "due");
  std::string next = shop.rotate(shop.token);
  CHECK(shop.state(next) == "current");
  shop.pass(24);
  CHECK(!shop.who(shop.token));
  // Whoever does not change it in time is out.
  shop.pass((29 + rotation_grace_days) * 24 + 1);
  CHECK(!shop.who(next));
}

TEST_CASE("a successor lives no longer than what it succeeds was given") {
  Office office;
  Programme shop(office, R"(,"expires":"10d")");
  shop.pass(4 * 24);
  std::string next = shop.rotate(shop.token, R"({"overlap_hours":720})");
  std::string other = shop.rotate(shop.token);
  shop.pass(6 * 24);
  CHECK(!shop.who(shop.token));  // Its overlap cannot outlast it.
  shop.pass(4 * 24 - 1);
  CHECK(shop.who(other));
  shop.pass(2);
  CHECK(!shop.who(other));
}

TEST_CASE("what is no program's own token is not rotated by its holder") {
  Office office;
  office.grant(R"([{"tool":"piggy_list_perks"}])");
  for (const Office::Who& who : {office.boss, office.owner(), office.nina()}) {
    for (std::string_view operation : {"rotate_own_token", "revoke_own_token"}) {
      auto refused = office.call(who, operation, "{}");
      REQUIRE(!refused);
      CHECK(refused.error().code == ErrorCode::forbidden);
    }
  }
}

TEST_CASE("the owner of the data rotates any token, at once where it must be") {
  Office office;
  Programme shop(office);
  auto owner = office.engine->callers().owner();
  auto input = fmt::format(R"({{"token_uuid":"{}","overlap_hours":0}})", shop.uuid);
  CHECK(!office.call(office.boss, "rotate_token", input));
  Value made = Office::must(office.call(owner, "rotate_token", input));
  CHECK(!shop.who(shop.token));
  CHECK(shop.who(made.text_of("token")));
  CHECK(!office.call(owner, "rotate_token", input));
  Value listed = Office::must(office.call(owner, "list_tokens", R"({"account":"shop"})"));
  std::string text = to_json(listed);
  CHECK(text.contains(R"("state":"expired")"));
  CHECK(!text.contains(made.text_of("token")));
  // A program ends its own.
  std::string next(made.text_of("token"));
  Office::must(shop.call(next, "revoke_own_token"));
  CHECK(!shop.who(next));
}

}  // namespace piggy
