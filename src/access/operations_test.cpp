#include "access/operations.h"

#include <doctest/doctest.h>

#include "app/test_engine.h"
#include "database/test_rows.h"
#include "shop/operations.h"

namespace piggy {
namespace {

// The owner of the data at work on two accounts, `test` and `other`.
class Office {
 public:
  Office() {
    engine.other_tenant();
    add_access_operations(catalogue);
    add_shop_operations(catalogue);
  }

  Result<CreateToken::Output> create(CreateToken::Input input) {
    if (input.account.empty()) input.account = "test";
    return owned<CreateToken>(input, std::as_const(catalogue));
  }

  template <class O, class... Needs>
  Result<typename O::Output> owned(const typename O::Input& input, Needs&... needs) {
    return engine.run_as<O>(*callers.owner(), input, needs...);
  }

  Result<std::shared_ptr<const Caller>> enter(const std::string& token,
                                              TokenKind kind = TokenKind::client) {
    return callers.by_authorization("Bearer " + token, kind);
  }

  std::vector<ListTokens::Item> tokens(const std::string& account = "test") {
    auto listed = owned<ListTokens>({.account = account});
    REQUIRE(listed);
    return listed->tokens;
  }

  TestEngine engine;
  Callers callers{engine.database()};
  Catalogue catalogue;
};

}  // namespace

TEST_CASE("an account's name is taken once") {
  Office office;
  auto made = office.engine.database().write(0, [](Transaction& transaction) -> Result<> {
    TRY(make_account(transaction, {.name = "test"}));
    return {};
  });
  REQUIRE(!made);
  CHECK(made.error().code == ErrorCode::conflict);
  CHECK(made.error().message == "There is an account test already.");
  CHECK(office.owned<ListAccounts>({})->accounts.size() == 2);
}

TEST_CASE("accounts are listed oldest first, and each is told whose it is") {
  Office office;
  auto accounts = office.owned<ListAccounts>({})->accounts;
  REQUIRE(accounts.size() == 2);
  CHECK(accounts[0].name == "test");
  CHECK(accounts[1].name == "other");
  CHECK(accounts[0].time_zone == "Europe/Amsterdam");
  auto account = office.engine.run<GetAccount>({});
  REQUIRE(account);
  CHECK(account->uuid == accounts[0].uuid);
  CHECK(account->company == "test");
  CHECK(account->id == office.engine.caller().account_id);
}

TEST_CASE("no table holds a token, or its secret part") {
  TestDatabase database;
  std::string token;
  REQUIRE(database->write(0, [&](Transaction& transaction) -> Result<> {
    auto account = TRY(make_account(transaction, {.name = "test"}));
    token = TRY(make_token(transaction, {.account_id = account.id, .name = "the till"})).token;
    return {};
  }));
  database.close();

  std::string everything = test_rows::contents(database.url());

  REQUIRE(token.size() == 53);
  CHECK(everything.contains("the till"));
  CHECK_FALSE(everything.contains(token));
  CHECK_FALSE(everything.contains(token.substr(5)));
  CHECK_FALSE(everything.contains(token.substr(5, 24)));
}

TEST_CASE("a token is four digits, a bar, and 48 letters and digits, never the same") {
  Office office;
  std::string before;
  for (int i = 0; i < 20; i++) {
    std::string token = office.create({})->token;
    REQUIRE(token.size() == 53);
    CHECK(token.substr(0, 4).find_first_not_of("0123456789") == std::string::npos);
    CHECK(token[4] == '|');
    CHECK(std::ranges::all_of(token.substr(5), [](char c) { return alphanumerics.contains(c); }));
    CHECK(token.substr(5) != before);
    before = token.substr(5);
  }
}

TEST_CASE("unknown, expired, revoked and malformed tokens get the very same error") {
  Office office;
  std::string expired = office.create({.expires = "5s"})->token;
  std::string revoked = office.create({})->token;
  REQUIRE(office.owned<RevokeToken>({.token = revoked}));
  office.engine.clock().time = office.engine.clock().time + 5 * microseconds_per_second;
  std::string unknown = "1000|" + std::string(48, 'a');
  for (const std::string& token : {unknown, expired, revoked, std::string("x"), std::string()}) {
    auto caller = office.enter(token);
    REQUIRE(!caller);
    const Error& error = caller.error();
    CHECK(error.code == ErrorCode::unauthenticated);
    CHECK(error.message == "Unauthenticated.");
    CHECK(error.number == 401);
    CHECK(error.fields.empty());
    CHECK(error.retry_after_seconds == 0);
  }
}

TEST_CASE("a token that is no longer good does not say of what kind it was") {
  Office office;
  std::string token = office.create({.kind = TokenKind::mcp, .expires = "5s"})->token;
  CHECK(office.enter(token).error().message.contains("/mcp"));
  office.engine.clock().time = office.engine.clock().time + 5 * microseconds_per_second;
  CHECK(office.enter(token).error().message == "Unauthenticated.");
}

TEST_CASE("a token speaks for the account it was made for, and may everything unless told") {
  Office office;
  auto caller = office.enter(office.create({.account = "other"})->token);
  REQUIRE(caller);
  CHECK((*caller)->account_name == "other");
  CHECK((*caller)->account_id == office.engine.other_tenant()->account_id);
  CHECK((*caller)->kind == "client");
  CHECK((*caller)->token_id != 0);
  CHECK((*caller)->may("anything:write"));
  auto nobody = office.create({.account = "nobody"});
  REQUIRE(!nobody);
  CHECK(nobody.error().code == ErrorCode::not_found);
  CHECK(office.owned<ListTokens>({.account = "nobody"}).error().code == ErrorCode::not_found);
}

TEST_CASE("only a register's token has a shop") {
  Office office;
  auto shop = office.engine.run<CreateShop>({.name = "Corner"});
  REQUIRE(shop);
  CHECK((*office.enter(office.create({})->token))->shop_id == 0);
  auto made = office.create({.kind = TokenKind::register_, .shop_uuid = shop->uuid});
  auto caller = office.enter(made->token, TokenKind::register_);
  REQUIRE(caller);
  CHECK((*caller)->kind == "register");
  CHECK((*caller)->shop_uuid == shop->uuid);
  CHECK((*caller)->shop_id != 0);
  // What is no shop of the account is a problem of that field.
  CHECK(office.create({.kind = TokenKind::register_, .shop_uuid = made->uuid})
            .error()
            .fields.at(0)
            .path == "/shop_uuid");
}

TEST_CASE("an expiry lies ahead, within a hundred years") {
  Office office;
  Time now = office.engine.clock().now();
  auto path = [&](const std::string& expires) {
    auto made = office.create({.expires = expires});
    return made ? "made" : made.error().fields.at(0).path;
  };
  CHECK(path(to_atom(now)) == "/expires");
  CHECK(path(to_atom(now + -microseconds_per_second)) == "/expires");
  CHECK(path(to_atom(now + microseconds_per_second)) == "made");
  CHECK(path("1s") == "made");
  CHECK(path("36500d") == "made");
  CHECK(path("36501d") == "/expires");
  for (const char* text : {"", " ", "9223372036854775807d", "9223372036854775808d", "1w", "1D",
                           "1d ", "+1d", "1.5d", "2024-02-30"}) {
    CHECK_MESSAGE(path(text) == "/expires", text);
  }
}

TEST_CASE("tokens are listed by account, newest last, without themselves") {
  Office office;
  Time start = office.engine.clock().now();
  auto first = office.create({.name = "web", .scopes = {{"shops:read", "shops:write"}}});
  auto second = office.create({.kind = TokenKind::mcp, .expires = "90d"});
  REQUIRE(office.create({.account = "other"}));
  REQUIRE(office.owned<RevokeToken>({.token = first->token}));

  auto tokens = office.tokens();

  REQUIRE(tokens.size() == 2);
  CHECK(tokens[0].uuid == first->uuid);
  CHECK(tokens[0].name == "web");
  CHECK(tokens[0].scopes == "shops:read shops:write");
  CHECK(tokens[0].revoked_at == start);
  CHECK(tokens[1].uuid == second->uuid);
  CHECK(tokens[1].kind == TokenKind::mcp);
  CHECK(tokens[1].scopes == "*");
  CHECK(tokens[1].expires_at == start + 90 * microseconds_per_day);
  CHECK_FALSE(tokens[1].revoked_at);
  CHECK(office.tokens("other").size() == 1);
  for (const auto& token : tokens) {
    CHECK_FALSE(to_json(token).contains(first->token.substr(5)));
    CHECK_FALSE(to_json(token).contains(second->token.substr(5)));
  }
}

TEST_CASE("a token is revoked by itself or by its uuid, for good, and no other with it") {
  Office office;
  Time start = office.engine.clock().now();
  auto one = office.create({});
  auto two = office.create({});
  auto three = office.create({});
  CHECK(office.owned<RevokeToken>({.token = one->token})->revoked_at == start);
  CHECK(office.owned<RevokeToken>({.token = to_string(two->uuid)})->revoked_at == start);
  office.engine.clock().time = start + microseconds_per_day;
  // Once more changes nothing.
  CHECK(office.owned<RevokeToken>({.token = to_string(one->uuid)})->revoked_at == start);

  CHECK_FALSE(office.enter(one->token));
  CHECK_FALSE(office.enter(two->token));
  CHECK(office.enter(three->token));
  for (const std::string& unknown :
       {std::string("x"), one->token + "x", std::string("00000000-0000-0000-0000-000000000000")}) {
    auto revoked = office.owned<RevokeToken>({.token = unknown});
    REQUIRE(!revoked);
    CHECK(revoked.error().code == ErrorCode::not_found);
  }
}

TEST_CASE("a caller is known by heart until told to forget") {
  Office office;
  std::string token = office.create({})->token;
  auto caller = office.enter(token);
  REQUIRE(caller);
  CHECK(office.enter(token)->get() == caller->get());
  REQUIRE(office.owned<RevokeToken>({.token = token}));
  office.callers.forget();
  CHECK_FALSE(office.enter(token));
  CHECK((*caller)->account_name == "test");  // Who still holds one may go on with it.
}

TEST_CASE("the owner may everything in each account, and is not taken for a token") {
  Office office;
  auto owner = office.callers.owner();
  CHECK(owner->account_id == 0);
  CHECK(owner->may("access:write"));
  auto of_other = office.callers.owner_of("other");
  REQUIRE(of_other);
  CHECK((*of_other)->may("anything:write"));
  CHECK((*of_other)->token_id == 0);
  auto known = office.callers.by_account((*of_other)->account_id);
  REQUIRE(known);
  CHECK((*known)->account_name == "other");
  CHECK(office.callers.by_account(9'999'999).error().code == ErrorCode::not_found);
  CHECK_FALSE(office.enter("name test"));
}

TEST_CASE("a token's label is told within its account alone") {
  Office office;
  auto made = office.create({.name = "web"});
  std::int64_t id = (*office.enter(made->token))->token_id;
  auto label = [&](std::int64_t account, std::int64_t token) {
    TokenLabel label;
    auto read = office.engine.database().read(account, [&](Transaction& transaction) -> Result<> {
      label = TRY(label_of_token(transaction, token));
      return {};
    });
    return read ? label.name : "none";
  };
  CHECK(label(office.engine.caller().account_id, id) == "web");
  CHECK(label(office.engine.other_tenant()->account_id, id) == "none");
}

}  // namespace piggy
