#include <sodium.h>

#include "http/form.h"
#include "oauth/test_oauth.h"

namespace piggy::oauth {
namespace {

std::string text(const Value& tokens, std::string_view name) {
  return std::string(tokens.text_of(name));
}

http::Header basic(std::string_view id, std::string_view secret) {
  std::string pair = fmt::format("{}:{}", http::percent_encode(id), http::percent_encode(secret));
  std::string encoded(sodium_base64_encoded_len(pair.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(encoded.data(), encoded.size(),
                    reinterpret_cast<const unsigned char*>(pair.data()), pair.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  encoded.pop_back();
  return {"Authorization", "Basic " + encoded};
}

}  // namespace

TEST_CASE("a code becomes tokens that say who allowed what to whom") {
  TestServer test;
  http::Response response = test.post("/oauth/token", test.exchange_of(test.code()));
  CHECK(response.status == 200);
  CHECK(response.content_type == "application/json");
  CHECK(response.fixed_headers.contains("Cache-Control: no-store\r\n"));
  Value tokens = test.json(response);
  CHECK(tokens.text_of("token_type") == "Bearer");
  CHECK(*tokens.find("expires_in")->integer() == 3600);
  CHECK(tokens.text_of("scope") == "contacts:read vouchers:write");

  auto grant = test.grant(tokens.text_of("access_token"));
  REQUIRE(grant);
  CHECK(grant->account_id == 3);
  CHECK(grant->user_id == 7);
  CHECK(grant->subject_id == 42);
  CHECK(grant->client_id == test.client_id);
  CHECK(grant->client_name == "App");
  CHECK(grant->scopes == std::vector<std::string>{"contacts:read", "vouchers:write"});
  CHECK(grant->resource == "https://piggy.example/mcp");
  CHECK(grant->expires_at == test.database.clock.now() + 3600 * microseconds_per_second);
}

TEST_CASE("only what was asked for and is known is granted, for the URL that was asked for") {
  TestServer test;
  Pairs request = test.request();
  request["scope"] = "vouchers:write unknown:scope offline_access";
  request["resource"] = "HTTPS://Piggy.Example/mcp/shop-1/";
  Value tokens = test.tokens(test.exchange_of(test.code(request)));
  CHECK(tokens.text_of("scope") == "vouchers:write");
  CHECK(test.grant(tokens.text_of("access_token"))->resource == "https://piggy.example/mcp/shop-1");
}

TEST_CASE("an access token is no refresh token, no code, and the other way round") {
  TestServer test;
  std::string code = test.code();
  CHECK_FALSE(test.grant(code));
  Value tokens = test.tokens(test.exchange_of(code));
  CHECK_FALSE(test.grant(tokens.text_of("refresh_token")));
  CHECK_FALSE(test.grant("piggy_access_"));
  CHECK_FALSE(test.grant(""));
  CHECK(test.refusal(test.refresh_of(text(tokens, "access_token"))) == "400 invalid_grant");
  CHECK(test.refusal(test.exchange_of(text(tokens, "refresh_token"))) == "400 invalid_grant");
  CHECK(test.grant(tokens.text_of("access_token")));
}

TEST_CASE("a code is spent by the first who comes with it, also with a wrong verifier") {
  TestServer test;
  for (const char* verifier : {"", "short", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl",
                               "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}) {
    std::string code = test.code();
    Pairs wrong = test.exchange_of(code);
    wrong["code_verifier"] = verifier;
    CHECK_MESSAGE(test.refusal(wrong) == "400 invalid_grant", verifier);
    CHECK(test.refusal(test.exchange_of(code)) == "400 invalid_grant");
  }
}

TEST_CASE("a code is for the client, the address and the resource that it was given for") {
  TestServer test;
  std::string other =
      test.register_client({.redirect_uris = {std::string(test_redirect)}}).client.client_id;
  for (auto [name, value, expected] :
       {std::tuple("client_id", other, "400 invalid_grant"),
        std::tuple("redirect_uri", std::string("https://evil.example/"), "400 invalid_grant"),
        std::tuple("resource", std::string("https://other.example/mcp"), "400 invalid_target"),
        std::tuple("resource", std::string("https://piggy.example/mcp/x"), "400 invalid_target")}) {
    Pairs form = test.exchange_of(test.code());
    form[name] = value;
    CHECK_MESSAGE(test.refusal(form) == expected, name);
  }
  Pairs form = test.exchange_of(test.code());
  form.erase("redirect_uri");
  form["resource"] = "https://PIGGY.example/mcp/";
  CHECK(test.tokens(form).find("access_token"));
}

TEST_CASE("a code that comes again takes back what it gave") {
  TestServer test;
  std::string code = test.code();
  Value tokens = test.tokens(test.exchange_of(code));
  Value others = test.tokens();
  CHECK(test.refusal(test.exchange_of(code)) == "400 invalid_grant");
  CHECK_FALSE(test.grant(tokens.text_of("access_token")));
  CHECK(test.refusal(test.refresh_of(text(tokens, "refresh_token"))) == "400 invalid_grant");
  CHECK(test.grant(others.text_of("access_token")));
}

TEST_CASE("a refresh token gives the next one, and ends everything when it comes again") {
  TestServer test;
  Value first = test.tokens();
  Value second = test.tokens(test.refresh_of(text(first, "refresh_token")));
  Value third = test.tokens(test.refresh_of(text(second, "refresh_token")));
  CHECK(text(first, "refresh_token") != text(second, "refresh_token"));
  CHECK(test.grant(third.text_of("access_token"))->subject_id == 42);
  CHECK(test.refusal(test.refresh_of(text(first, "refresh_token"))) == "400 invalid_grant");
  for (const Value& tokens : {first, second, third}) {
    CHECK_FALSE(test.grant(tokens.text_of("access_token")));
    CHECK(test.refusal(test.refresh_of(text(tokens, "refresh_token"))) == "400 invalid_grant");
  }
}

TEST_CASE("a refresh token used wrongly is not spent by it") {
  TestServer test;
  std::string token = text(test.tokens(), "refresh_token");
  std::string other =
      test.register_client({.redirect_uris = {std::string(test_redirect)}}).client.client_id;
  Pairs form = test.refresh_of(token);
  form["client_id"] = other;
  CHECK(test.refusal(form) == "400 invalid_grant");
  form = test.refresh_of(token);
  form["resource"] = "https://other.example/mcp";
  CHECK(test.refusal(form) == "400 invalid_target");
  form = test.refresh_of(token);
  form["scope"] = "contacts:read contacts:write";
  CHECK(test.refusal(form) == "400 invalid_scope");

  form["scope"] = "contacts:read";
  form["resource"] = "https://piggy.example/mcp";
  Value narrower = test.tokens(form);
  CHECK(narrower.text_of("scope") == "contacts:read");
  CHECK(test.grant(narrower.text_of("access_token"))->scopes.size() == 1);
  // The next may have all of them again.
  Value all = test.tokens(test.refresh_of(text(narrower, "refresh_token")));
  CHECK(all.text_of("scope") == "contacts:read vouchers:write");
}

TEST_CASE("codes, access tokens and refresh tokens have their time") {
  TestServer test;
  std::string early = test.code();
  test.advance(59);
  Value tokens = test.tokens(test.exchange_of(early));
  std::string late = test.code();
  test.advance(60);
  CHECK(test.refusal(test.exchange_of(late)) == "400 invalid_grant");

  test.advance(3600 - 60 - 1);
  CHECK(test.grant(tokens.text_of("access_token")));
  test.advance(1);
  CHECK_FALSE(test.grant(tokens.text_of("access_token")));

  test.advance(30 * 86'400 - 3600 - 1);
  tokens = test.tokens(test.refresh_of(text(tokens, "refresh_token")));
  test.advance(30 * 86'400);
  CHECK(test.refusal(test.refresh_of(text(tokens, "refresh_token"))) == "400 invalid_grant");
}

TEST_CASE("a client with a secret must show it, in the header or in the form") {
  TestServer test;
  auto registered =
      test.register_client({.redirect_uris = {std::string(test_redirect)},
                            .authentication = ClientAuthentication::client_secret_basic});
  test.client_id = registered.client.client_id;
  Pairs form = test.exchange_of(test.code());
  CHECK(test.refusal(form) == "401 invalid_client");
  Pairs wrong = form;
  wrong["client_secret"] = registered.secret + "x";
  CHECK(test.refusal(wrong) == "401 invalid_client");
  form["client_secret"] = registered.secret;
  Value tokens = test.tokens(form);  // The code was not spent by a stranger.

  Pairs refresh = test.refresh_of(text(tokens, "refresh_token"));
  refresh.erase("client_id");
  http::Response refused = test.post("/oauth/token", refresh, {basic(test.client_id, "wrong")});
  CHECK(refused.status == 401);
  CHECK(refused.header("www-authenticate").starts_with("Basic"));
  CHECK(test.post("/oauth/token", refresh, {basic(test.client_id, registered.secret)}).status ==
        200);
}

TEST_CASE("a client that names itself in two ways, or not at all, is refused") {
  TestServer test;
  Pairs form = test.exchange_of("x");
  CHECK(test.post("/oauth/token", form, {basic("other", "x")}).status == 400);
  form["client_secret"] = "x";
  CHECK(test.post("/oauth/token", form, {basic(test.client_id, "x")}).status == 400);
  CHECK(test.post("/oauth/token", form, {{"Authorization", "Basic !"}}).status == 400);
  CHECK(test.refusal(form) == "401 invalid_client");  // It has no secret.
  form.erase("client_id");
  CHECK(test.refusal(form) == "400 invalid_request");
  CHECK(test.refusal({{"grant_type", "authorization_code"}, {"client_id", "unknown"}}) ==
        "401 invalid_client");
}

TEST_CASE("other grant types and other bodies are refused") {
  TestServer test;
  CHECK(test.refusal({{"grant_type", "password"}, {"client_id", test.client_id}}) ==
        "400 unsupported_grant_type");
  CHECK(test.refusal({{"client_id", test.client_id}}) == "400 invalid_request");
  http::Response json = test.call({.method = http::Method::post,
                                   .path = "/oauth/token",
                                   .headers = {{"Content-Type", "application/json"}},
                                   .body = "{}"});
  CHECK(json.status == 400);
  Pairs large = test.exchange_of(std::string(70'000, 'a'));
  CHECK(test.refusal(large) == "400 invalid_request");
}

TEST_CASE("a client gives a token back, and the whole grant ends") {
  TestServer test;
  for (const char* which : {"access_token", "refresh_token"}) {
    Value tokens = test.tokens();
    Pairs form = {{"client_id", test.client_id}, {"token", text(tokens, which)}};
    CHECK(test.post("/oauth/revoke", form).status == 200);
    CHECK(test.post("/oauth/revoke", form).status == 200);
    CHECK_FALSE(test.grant(tokens.text_of("access_token")));
    CHECK(test.refusal(test.refresh_of(text(tokens, "refresh_token"))) == "400 invalid_grant");
  }
}

TEST_CASE("nobody gives back another's token, and nobody learns which tokens there are") {
  TestServer test;
  Value tokens = test.tokens();
  std::string other =
      test.register_client({.redirect_uris = {std::string(test_redirect)}}).client.client_id;
  std::string token = text(tokens, "access_token");
  CHECK(test.post("/oauth/revoke", {{"client_id", other}, {"token", token}}).status == 200);
  CHECK(test.post("/oauth/revoke", {{"client_id", other}, {"token", "x"}}).status == 200);
  CHECK(test.post("/oauth/revoke", {{"client_id", "unknown"}, {"token", token}}).status == 401);
  CHECK(test.post("/oauth/revoke", {{"client_id", other}}).status == 400);
  CHECK(test.grant(token));
}

}  // namespace piggy::oauth
