#include "oauth/grant.h"

#include "access/access.h"
#include "database/test_rows.h"
#include "oauth/test_oauth.h"

namespace piggy::oauth {
namespace {

std::int64_t revoke(TestServer& test, std::int64_t account,
                    Result<std::int64_t> (*how)(Transaction&, std::int64_t), std::int64_t whom) {
  std::int64_t ended = 0;
  REQUIRE(test.database->write(account, [&](Transaction& transaction) -> Result<> {
    ended = TRY(how(transaction, whom));
    return {};
  }));
  return ended;
}

std::int64_t rows(TestServer& test, std::string_view table) {
  std::int64_t count = 0;
  REQUIRE(test.database->read(0, [&](Transaction& transaction) -> Result<> {
    count = TRY(transaction.one<std::int64_t>(fmt::format("SELECT count(*) FROM {}", table)));
    return {};
  }));
  return count;
}

}  // namespace

TEST_CASE("all that a subject was lent for ends at once, in its account alone") {
  TestServer test;
  Value tokens = test.tokens();
  std::string code = test.code();
  CHECK(revoke(test, 4, revoke_subject, 42) == 0);
  CHECK(revoke(test, 3, revoke_subject, 41) == 0);
  CHECK(test.grant(tokens.text_of("access_token")));
  CHECK(revoke(test, 3, revoke_subject, 42) == 2);
  CHECK_FALSE(test.grant(tokens.text_of("access_token")));
  CHECK(test.refusal(test.refresh_of(std::string(tokens.text_of("refresh_token")))) ==
        "400 invalid_grant");
  CHECK(test.refusal(test.exchange_of(code)) == "400 invalid_grant");  // Also what was under way.
  CHECK(revoke(test, 3, revoke_subject, 42) == 0);
  CHECK(test.grant(test.tokens().text_of("access_token")));  // A new one may be given.
}

TEST_CASE("all that a person has allowed ends at once") {
  TestServer test;
  Value tokens = test.tokens();
  test.people.person->user_id = 8;
  Value others = test.tokens();
  CHECK(revoke(test, 3, revoke_user, 7) == 1);
  CHECK_FALSE(test.grant(tokens.text_of("access_token")));
  CHECK(test.grant(others.text_of("access_token")));
}

TEST_CASE("no table holds a code, a token or a secret") {
  TestServer test;
  auto registered =
      test.register_client({.name = "the app",
                            .redirect_uris = {std::string(test_redirect)},
                            .authentication = ClientAuthentication::client_secret_post});
  test.client_id = registered.client.client_id;
  std::string code = test.code();
  Pairs form = test.exchange_of(code);
  form["client_secret"] = registered.secret;
  Value tokens = test.tokens(form);
  test.database.close();

  std::string everything = test_rows::contents(test.database.url());

  CHECK(everything.contains("the app"));
  for (std::string_view secret :
       {std::string_view(code), std::string_view(registered.secret), tokens.text_of("access_token"),
        tokens.text_of("refresh_token")}) {
    REQUIRE(secret.size() > 43);
    CHECK_FALSE(everything.contains(secret.substr(secret.size() - 43, 20)));
  }
}

TEST_CASE("what has expired is forgotten, and with it grants and clients that nobody uses") {
  TestServer test;
  NewClient known{.redirect_uris = {std::string(test_redirect)}, .client_id = "known"};
  test.register_client(known);
  std::string unused = test.code();
  Value tokens = test.tokens();
  CHECK(rows(test, "oauth_token") == 4);
  CHECK(*forget_expired(*test.database) == 0);

  test.advance(86'400 + 60);
  CHECK(*forget_expired(*test.database) == 2);  // The two codes.
  CHECK(rows(test, "oauth_grant") == 1);
  CHECK(rows(test, "oauth_client") == 2);

  test.advance(80 * 86'400);
  CHECK(*forget_expired(*test.database) == 2);
  CHECK(rows(test, "oauth_grant") == 0);
  CHECK(rows(test, "oauth_client") == 2);

  test.advance(10 * 86'400);
  CHECK(*forget_expired(*test.database) == 0);
  CHECK(rows(test, "oauth_client") == 1);  // The one that the operator has made.
}

TEST_CASE("tokens outlive a restart") {
  TestServer test;
  std::string token(test.tokens().text_of("access_token"));
  std::string url = test.database.url();
  test.database.reopen();
  CHECK(grant_of(*test.database, token)->has_value());
}

}  // namespace piggy::oauth
