#include "access/account_token_operations.h"

#include <doctest/doctest.h>

#include "access/operations.h"
#include "app/test_engine.h"
#include "shop/operations.h"

namespace piggy {
namespace {

// Somebody who is signed in, and may some things.
struct Counter {
  Counter() {
    add_access_operations(catalogue);
    add_shop_operations(catalogue);
    person = engine.caller();
    person.kind = "session";
  }

  Result<CreateAccountToken::Output> create(const CreateAccountToken::Input& input = {}) {
    return engine.run_as<CreateAccountToken>(person, input, std::as_const(catalogue));
  }
  Result<std::shared_ptr<const Caller>> enter(const std::string& token,
                                              TokenKind kind = TokenKind::client) {
    return callers.by_authorization("Bearer " + token, kind);
  }

  TestEngine engine;
  Callers callers{engine.database()};
  Catalogue catalogue;
  Caller person;
};

}  // namespace

TEST_CASE("a token of the own account is made, listed, and ended") {
  Counter counter;
  auto made = counter.create({.name = "Web shop", .scopes = {{"shops:read"}}, .expires = "90d"});
  REQUIRE(made);
  auto caller = counter.enter(made->token);
  REQUIRE(caller);
  CHECK((*caller)->account_id == counter.person.account_id);
  CHECK((*caller)->may("shops:read"));
  CHECK_FALSE((*caller)->may("shops:write"));
  CHECK(made->expires_at == counter.engine.clock().now() + 90 * microseconds_per_day);
  auto listed = counter.engine.run_as<ListTokens>(counter.person, {});
  REQUIRE(listed);
  CHECK(listed->tokens.back().name == "Web shop");
  REQUIRE(counter.engine.run_as<RevokeAccountToken>(counter.person, {.token_uuid = made->uuid}));
  counter.callers.forget();
  CHECK_FALSE(counter.enter(made->token));
}

TEST_CASE("nobody gives a token more than they may themselves") {
  Counter counter;
  counter.person.scopes = {"*:read", "shops:*", "people:write"};
  auto refused = counter.create();
  REQUIRE(!refused);
  CHECK(refused.error().fields[0].path == "/scopes");
  refused = counter.create({.scopes = {{"shops:write", "access:write", "nonsense:read"}}});
  REQUIRE(!refused);
  CHECK(refused.error().fields.size() == 1);
  CHECK(refused.error().fields[0].path == "/scopes/2");  // There is none such.
  refused = counter.create({.scopes = {{"shops:write", "access:write", "*"}}});
  REQUIRE(!refused);
  REQUIRE(refused.error().fields.size() == 2);
  CHECK(refused.error().fields[0].path == "/scopes/1");
  CHECK(refused.error().fields[1].path == "/scopes/2");
  CHECK(counter.create({.scopes = {{"shops:*", "account:read"}}}));
}

TEST_CASE("a cash register's token belongs to a shop of the own account") {
  Counter counter;
  auto other = counter.engine.other_tenant();
  auto theirs = counter.engine.run_as<CreateShop>(*other, {.name = "Theirs"});
  REQUIRE(theirs);
  auto refused = counter.create({.kind = TokenKind::register_, .shop_uuid = theirs->uuid});
  REQUIRE(!refused);
  CHECK(refused.error().fields[0].path == "/shop_uuid");
  auto ours = counter.engine.run<CreateShop>({.name = "Ours"});
  REQUIRE(ours);
  auto made = counter.create({.kind = TokenKind::register_, .shop_uuid = ours->uuid});
  REQUIRE(made);
  CHECK((*counter.enter(made->token, TokenKind::register_))->shop_uuid == ours->uuid);
}

TEST_CASE("programs make and end no tokens, and nobody those of another account") {
  Counter counter;
  auto made = counter.create();
  REQUIRE(made);
  Caller program = counter.person;
  program.kind = "client";
  CHECK(counter.engine.run_as<CreateAccountToken>(program, {}, std::as_const(counter.catalogue))
            .error()
            .code == ErrorCode::forbidden);
  CHECK(
      counter.engine.run_as<RevokeAccountToken>(program, {.token_uuid = made->uuid}).error().code ==
      ErrorCode::forbidden);
  Caller stranger = *counter.engine.other_tenant();
  stranger.kind = "session";
  CHECK(counter.engine.run_as<RevokeAccountToken>(stranger, {.token_uuid = made->uuid})
            .error()
            .code == ErrorCode::not_found);
  CHECK(counter.enter(made->token));
}

}  // namespace piggy
