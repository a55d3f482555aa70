#include "access/access.h"

#include <doctest/doctest.h>

#include "access/operations.h"
#include "app/test_engine.h"
#include "shop/operations.h"

namespace piggy {
namespace {

// The owner of the data, with tokens of the account `test`.
class Entrance {
 public:
  Entrance() { add_all(); }

  std::string make(NewToken token = {}) {
    std::string text;
    token.account_id = engine.caller().account_id;
    REQUIRE(engine.database().write(0, [&](Transaction& transaction) -> Result<> {
      text = TRY(make_token(transaction, token)).token;
      return {};
    }));
    return text;
  }

  Result<std::shared_ptr<const Caller>> enter(const std::string& header,
                                              TokenKind kind = TokenKind::client) {
    return callers.by_authorization(header, kind);
  }

  Result<CreateToken::Output> create(CreateToken::Input input) {
    input.account = "test";
    return engine.run_as<CreateToken>(*callers.owner(), input, std::as_const(catalogue));
  }

  TestEngine engine;
  Callers callers{engine.database()};
  Catalogue catalogue;

 private:
  void add_all() {
    add_access_operations(catalogue);
    add_shop_operations(catalogue);
  }
};

std::string why(const Result<std::shared_ptr<const Caller>>& caller) {
  return caller ? "let in" : caller.error().message;
}

}  // namespace

TEST_CASE("of a token the hash alone is stored") {
  Entrance entrance;
  std::string token = entrance.make();
  CHECK(token.size() == 53);
  CHECK(token[4] == '|');
  std::string stored;
  REQUIRE(entrance.engine.database().read(0, [&](Transaction& transaction) -> Result<> {
    for (std::string_view column : {"kind", "name", "scopes"}) {
      stored += TRY(transaction.one<std::string>(fmt::format("SELECT {} FROM token", column)));
    }
    Hash hash = TRY(transaction.one<Hash>("SELECT hash FROM token"));
    CHECK(hash == hash_of_token(token));
    return {};
  }));
  CHECK_FALSE(stored.contains(token.substr(5)));
}

TEST_CASE("who is let in by a token is its account, with its scopes") {
  Entrance entrance;
  std::string token = entrance.make({.scopes = {"contacts:read", "vouchers:write"}});
  for (const char* scheme : {"Bearer ", "bearer ", "BEARER "}) {
    auto caller = entrance.enter(scheme + token);
    REQUIRE(caller);
    CHECK((*caller)->account_name == "test");
    CHECK((*caller)->may("contacts:read"));
    CHECK((*caller)->may("vouchers:read"));  // Who may write may read.
    CHECK_FALSE((*caller)->may("contacts:write"));
    CHECK_FALSE((*caller)->may("access:read"));
  }
}

TEST_CASE("when a token was last used is noted to the hour") {
  Entrance entrance;
  std::string header = "Bearer " + entrance.make();
  entrance.make();
  auto last_used = [&] {
    REQUIRE(
        entrance.engine.write([](Transaction&) { return Result<>(); }));  // After what was noted.
    auto listed =
        entrance.engine.run_as<ListTokens>(*entrance.callers.owner(), {.account = "test"});
    REQUIRE(listed);
    CHECK_FALSE(listed->tokens[1].last_used_at);
    return listed->tokens[0].last_used_at;
  };
  CHECK_FALSE(last_used());
  Time first = entrance.engine.clock().now();
  REQUIRE(entrance.enter(header));
  CHECK(last_used() == first);
  entrance.engine.clock().time = first + 3'599 * microseconds_per_second;
  REQUIRE(entrance.enter(header));
  entrance.callers.forget();
  REQUIRE(entrance.enter(header));
  CHECK(last_used() == first);
  entrance.engine.clock().time = first + 3'600 * microseconds_per_second;
  CHECK_FALSE(entrance.enter(header, TokenKind::mcp));
  CHECK(last_used() == entrance.engine.clock().now());
}

TEST_CASE("scopes may name a family or everything") {
  Caller caller{.scopes = {"contacts:*"}};
  CHECK(caller.may("contacts:read"));
  CHECK(caller.may("contacts:write"));
  CHECK_FALSE(caller.may("contact:read"));
  CHECK_FALSE(caller.may("credits:read"));
  CHECK(Caller{.scopes = {"*"}}.may("anything:write"));
  CHECK_FALSE(Caller{}.may("contacts:read"));
}

TEST_CASE("tokens that are no good are refused alike, so that nothing is learned from it") {
  Entrance entrance;
  std::string good = entrance.make();
  std::string expired = entrance.make({.expires_at = entrance.engine.clock().now() + 5});
  std::string revoked = entrance.make();
  REQUIRE(entrance.engine.run_as<RevokeToken>(*entrance.callers.owner(), {.token = revoked}));
  entrance.engine.clock().time = entrance.engine.clock().time + 5;
  std::string other(good);
  other.back() = other.back() == 'a' ? 'b' : 'a';
  for (std::string header :
       {std::string(), std::string("Bearer"), std::string("Bearer "), "Basic " + good, good,
        "Bearer " + good + "x", "Bearer " + good.substr(1), "Bearer " + other, "Bearer " + expired,
        "Bearer " + revoked, "Bearer " + std::string(10'000, 'a'), "Bearer  " + good}) {
    auto caller = entrance.enter(header);
    CHECK_MESSAGE(why(caller) == "Unauthenticated.", header);
    CHECK(caller.error().code == ErrorCode::unauthenticated);
  }
  CHECK(entrance.enter("Bearer " + good));
}

TEST_CASE("a token that was let in is refused once it is revoked or over") {
  Entrance entrance;
  std::string token = entrance.make({.expires_at = entrance.engine.clock().now() + 100});
  std::string other = entrance.make();
  REQUIRE(entrance.enter("Bearer " + token));
  REQUIRE(entrance.enter("Bearer " + other));
  entrance.engine.clock().time = entrance.engine.clock().time + 100;
  CHECK_FALSE(entrance.enter("Bearer " + token));
  REQUIRE(entrance.engine.run_as<RevokeToken>(*entrance.callers.owner(), {.token = other}));
  entrance.callers.forget();
  CHECK_FALSE(entrance.enter("Bearer " + other));
}

TEST_CASE("a token works at the doors of its kind, and elsewhere says where it does") {
  Entrance entrance;
  REQUIRE(entrance.engine.run<CreateShop>({.name = "Corner"}));
  for (TokenKind kind : {TokenKind::client, TokenKind::register_, TokenKind::mcp}) {
    std::string header = "Bearer " + entrance.make({.kind = kind});
    for (TokenKind at : {TokenKind::client, TokenKind::register_, TokenKind::mcp}) {
      auto caller = entrance.enter(header, at);
      CHECK(caller.has_value() == (kind == at));
      if (!caller) CHECK(why(caller).starts_with("This is a token of kind "));
    }
  }
  CHECK(why(entrance.enter("Bearer " + entrance.make({.kind = TokenKind::mcp})))
            .contains("/mcp alone"));
}

TEST_CASE("a register token is for one shop, the first unless said otherwise") {
  Entrance entrance;
  CHECK(entrance.create({.kind = TokenKind::register_}).error().fields.at(0).path == "/shop_uuid");
  auto first = entrance.engine.run<CreateShop>({.name = "Corner"});
  auto second = entrance.engine.run<CreateShop>({.name = "Harbour"});
  auto shop_of = [&](std::optional<Uuid> shop) {
    auto made = entrance.create({.kind = TokenKind::register_, .shop_uuid = shop});
    REQUIRE(made);
    return (*entrance.enter("Bearer " + made->token, TokenKind::register_))->shop_uuid;
  };
  CHECK(shop_of({}) == first->uuid);
  CHECK(shop_of(second->uuid) == second->uuid);
  auto foreign =
      entrance.engine.run_as<CreateShop>(*entrance.engine.other_tenant(), {.name = "Far away"});
  REQUIRE(foreign);
  CHECK_FALSE(entrance.create({.kind = TokenKind::register_, .shop_uuid = foreign->uuid}));
}

TEST_CASE("a token lasts as long as was asked for") {
  Entrance entrance;
  Time now = entrance.engine.clock().now();
  auto lasts = [&](const char* expires) {
    auto made = entrance.create({.expires = expires});
    return made && made->expires_at ? *made->expires_at - now : -1;
  };
  CHECK(lasts("90d") == 90 * microseconds_per_day);
  CHECK(lasts("12h") == 12 * 3600 * microseconds_per_second);
  CHECK(lasts("30m") == 30 * 60 * microseconds_per_second);
  CHECK(lasts("2024-01-01T00:00:00Z") == *parse_time("2024-01-01") - now);
  for (const char* wrong : {"90", "d", "0d", "-1d", "90 days", "2020-01-01", "1e9d", "soon"}) {
    CHECK_MESSAGE(entrance.create({.expires = wrong}).error().fields.at(0).path == "/expires",
                  wrong);
  }
  CHECK_FALSE(entrance.create({})->expires_at);
}

TEST_CASE("a scope that nothing asks for is refused, and all of them are named") {
  Entrance entrance;
  CHECK(entrance.create({.scopes = {{"shops:read", "shops:*", "*"}}}));
  auto refused =
      entrance.create({.scopes = {{"shop:read", "shops:read", "", "shops:read shops:write"}}});
  REQUIRE(!refused);
  REQUIRE(refused.error().fields.size() == 3);
  CHECK(refused.error().fields[0].path == "/scopes/0");
  CHECK(refused.error().fields[0].message.contains("shops:read"));
  CHECK(refused.error().fields[2].path == "/scopes/3");
}

TEST_CASE("accounts, and the making of tokens, are the owner's alone") {
  Entrance entrance;
  auto refused =
      entrance.engine.run<CreateToken>({.account = "test"}, std::as_const(entrance.catalogue));
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::forbidden);
  CHECK(entrance.engine.run<ListAccounts>({}).error().code == ErrorCode::forbidden);
  CHECK(entrance.engine.run<RevokeToken>({.token = entrance.make()}).error().code ==
        ErrorCode::forbidden);
  CHECK(entrance.callers.owner_of("nobody").error().code == ErrorCode::not_found);
}

}  // namespace piggy
