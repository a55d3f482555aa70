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

std::string rotation_of(std::string_view uuid) {
  return fmt::format(R"({{"token_uuid":"{}","overlap_hours":0}})", uuid);
}

void check_refused(const Result<Value>& answer, ErrorCode code) {
  REQUIRE(!answer);
  CHECK(answer.error().code == code);
}

// What was told of tokens that are to be changed, the oldest first, once all jobs that are due are
// done.
std::vector<Value> told(Office& office) {
  REQUIRE(office.engine->scheduler().run_all_due());
  std::vector<Value> payloads;
  REQUIRE(office.engine->database().read(0, [&](Transaction& transaction) -> Result<> {
    payloads = TRY(transaction.all<Value>(
        "SELECT payload FROM event WHERE type = 'token_rotation_due' ORDER BY id"));
    return {};
  }));
  return payloads;
}

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
  auto second = office.sign_in("second@shop.example");
  Office::must(office.call(second, "remove_user", R"({"email":"boss@shop.example"})"));
  CHECK(!office.engine->callers().by_authorization("Bearer " + office.token(), TokenKind::mcp));
  Value listed = Office::must(office.call(second, "list_tokens", "{}"));
  const Value& token = listed.find("tokens")->items()->at(0);
  CHECK(token.text_of("state") == "revoked");
  check_refused(office.call(second, "rotate_token", rotation_of(token.text_of("uuid"))),
                ErrorCode::conflict);
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

TEST_CASE("who may do so sees the tokens of the account, and rotates any of them") {
  Office office;
  Programme shop(office, R"(,"rotate_every_days":30,"name":"till")");
  office.grant(R"([{"tool":"piggy_list_perks"}])");
  office.nina();
  Value listed = Office::must(office.call(office.boss, "list_tokens", "{}"));
  const auto& tokens = *listed.find("tokens")->items();
  REQUIRE(tokens.size() == 2);
  CHECK(tokens[0].text_of("uuid") == shop.uuid);
  CHECK(tokens[0].text_of("name") == "till");
  CHECK(*tokens[0].find("rotate_every_days")->integer() == 30);
  CHECK(!tokens[0].text_of("rotate_at").empty());
  CHECK(!tokens[0].text_of("expires_at").empty());
  CHECK(tokens[1].text_of("kind") == "mcp");
  std::string text = to_json(listed);
  CHECK(!text.contains(shop.token));
  CHECK(!text.contains(office.token()));
  CHECK(office.call(office.boss, "list_tokens", R"({"account":"shop"})"));

  Value next = Office::must(office.call(office.boss, "rotate_token", rotation_of(shop.uuid)));
  CHECK(!shop.who(shop.token));
  CHECK(shop.call(next.text_of("token"), "list_contacts"));
  CHECK(!shop.call(next.text_of("token"), "list_perks"));
  Value ninas = Office::must(
      office.call(office.boss, "rotate_token", rotation_of(tokens[1].text_of("uuid"))));
  auto mcp = [&](std::string_view token) {
    return office.engine->callers().by_authorization(fmt::format("Bearer {}", token),
                                                     TokenKind::mcp);
  };
  CHECK(!mcp(office.token()));
  REQUIRE(mcp(ninas.text_of("token")));
  CHECK(office.call(*mcp(ninas.text_of("token")), "list_perks", "{}"));
  // The record knows of it, and not the token.
  std::string record = to_json(Value(office.calls("rotate_token")));
  CHECK(record.contains(shop.uuid));
  CHECK(!record.contains(next.text_of("token")));
}

TEST_CASE("tokens are not seen and not rotated from another account") {
  Office office;
  Programme shop(office);
  auto owner = office.engine->callers().owner();
  Office::must(office.call(owner, "create_account", R"({"name":"bakery"})"));
  office.hire("baker@bakery.example", "owner", "bakery");
  auto baker = office.sign_in("baker@bakery.example");
  for (const Office::Who& who : {baker, *office.engine->callers().owner_of("bakery")}) {
    Value listed = Office::must(office.call(who, "list_tokens", "{}"));
    CHECK(listed.find("tokens")->items()->empty());
    auto theirs = office.call(who, "list_tokens", R"({"account":"shop"})");
    check_refused(theirs, ErrorCode::not_found);
    auto nobodys = office.call(who, "list_tokens", R"({"account":"shoq"})");
    check_refused(nobodys, ErrorCode::not_found);
    CHECK(theirs.error().message == "There is no account shop.");
    CHECK(nobodys.error().message == "There is no account shoq.");
    check_refused(office.call(who, "rotate_token", rotation_of(shop.uuid)), ErrorCode::not_found);
  }
  CHECK(shop.call(shop.token, "list_contacts"));
  CHECK(shop.state(shop.token) == "current");
  check_refused(office.call(owner, "list_tokens", "{}"), ErrorCode::invalid);
}

TEST_CASE("neither a lesser role nor a program gets hold of a token that may more") {
  Office office;
  Programme shop(office);
  for (std::string_view role : {"marketer", "auditor", "viewer"}) {
    std::string email = fmt::format("{}@shop.example", role);
    office.hire(email, std::string(role));
    auto who = office.sign_in(email);
    CHECK(office.call(who, "list_tokens", "{}"));
    check_refused(office.call(who, "rotate_token", rotation_of(shop.uuid)), ErrorCode::forbidden);
  }
  Value made = Office::must(
      office.call(office.engine->callers().owner(), "create_token",
                  R"({"account":"shop","kind":"client","scopes":["access:read","access:write"]})"));
  office.grant(R"([{"tool":"piggy_list_perks"}])");
  for (const Office::Who& who : {*shop.who(made.text_of("token")), office.nina()}) {
    check_refused(office.call(who, "list_tokens", "{}"), ErrorCode::forbidden);
    check_refused(office.call(who, "rotate_token", rotation_of(shop.uuid)), ErrorCode::forbidden);
  }
  CHECK(shop.state(shop.token) == "current");
}

TEST_CASE("a persona's token can be given a day on which it must be changed") {
  Office office;
  office.grant(R"([{"tool":"piggy_list_perks"}])");
  auto make = [&](std::string_view more) {
    return office.call(office.boss, "create_persona_token",
                       fmt::format(R"({{"persona_uuid":"$persona"{}}})", more));
  };
  auto day = [&](std::int64_t days) {
    return to_atom(office.clock.now() + days * microseconds_per_day);
  };
  Value made = Office::must(make(R"(,"rotate_every_days":200)"));
  CHECK(made.text_of("rotate_at") == day(200));
  CHECK(made.text_of("expires_at") == day(200 + rotation_grace_days));
  made = Office::must(make(R"(,"rotate_every_days":30,"expires_in_days":35)"));
  CHECK(made.text_of("rotate_at") == day(30));
  CHECK(made.text_of("expires_at") == day(35));
  made = Office::must(make(""));
  CHECK(made.text_of("rotate_at").empty());
  CHECK(made.text_of("expires_at") == day(90));
  check_refused(make(R"(,"rotate_every_days":0)"), ErrorCode::invalid);
  check_refused(make(R"(,"rotate_every_days":3651)"), ErrorCode::invalid);
}

TEST_CASE("that a token is to be changed is told once, when its day has come") {
  Office office;
  Programme shop(office, R"(,"rotate_every_days":30,"name":"till")");
  shop.pass(30 * 24 - 1);
  CHECK(told(office).empty());
  shop.pass(1);
  auto once = told(office);
  REQUIRE(once.size() == 1);
  const Value& token = *once[0].find("token");
  CHECK(token.text_of("uuid") == shop.uuid);
  CHECK(token.text_of("name") == "till");
  CHECK(token.text_of("state") == "due");
  CHECK(token.text_of("rotate_at") == to_atom(office.clock.now()));
  CHECK(!to_json(once[0]).contains(shop.token));
  office.restart();
  shop.pass(24);
  CHECK(told(office).size() == 1);
  // Its successor has a day of its own.
  shop.rotate(shop.token);
  shop.pass(30 * 24 - 1);
  CHECK(told(office).size() == 1);
  shop.pass(1);
  auto twice = told(office);
  REQUIRE(twice.size() == 2);
  CHECK(twice[1].find("token")->text_of("uuid") != shop.uuid);
}

TEST_CASE("nothing is told of a token that was changed, revoked or has ended before its day") {
  Office office;
  auto owner = office.engine->callers().owner();
  Programme changed(office, R"(,"rotate_every_days":30)");
  Programme revoked(office, R"(,"rotate_every_days":30)");
  Programme ended(office, R"(,"rotate_every_days":30,"expires":"20d")");
  Programme without(office);
  changed.pass(10 * 24);
  changed.rotate(changed.token, R"({"overlap_hours":720})");
  Office::must(
      office.call(owner, "revoke_token", fmt::format(R"({{"token":"{}"}})", revoked.uuid)));
  changed.pass(20 * 24);
  CHECK(changed.who(changed.token));  // In its overlap still.
  CHECK(told(office).empty());
  // A rehearsal plans nothing.
  Office::must(office.call(owner, "create_token",
                           R"({"account":"shop","kind":"client","rotate_every_days":1})", {},
                           true));
  changed.pass(2 * 24);
  CHECK(told(office).empty());
}

TEST_CASE("the owner of the data rotates any token, at once where it must be") {
  Office office;
  Programme shop(office);
  auto owner = office.engine->callers().owner();
  auto input = fmt::format(R"({{"token_uuid":"{}","overlap_hours":0}})", shop.uuid);
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
