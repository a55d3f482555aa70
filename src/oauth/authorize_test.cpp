#include "oauth/test_oauth.h"

namespace piggy::oauth {
namespace {

Pairs with(Pairs pairs, const std::string& name, std::string value) {
  pairs[name] = std::move(value);
  return pairs;
}

}  // namespace

TEST_CASE("a person who allows is sent back with a code, the state and the issuer") {
  TestServer test;
  Pairs said = test.said_to_client(test.decide(test.request()));
  CHECK(said["code"].starts_with("piggy_code_"));
  CHECK(said["state"] == "s t&a=te");
  CHECK(said["iss"] == "https://piggy.example");
  CHECK_FALSE(said.contains("error"));
}

TEST_CASE("a person who denies is sent back without a code") {
  TestServer test;
  for (const char* decision : {"deny", "", "ALLOW"}) {
    Pairs said = test.said_to_client(test.decide(test.request(), {{"decision", decision}}));
    CHECK(said == Pairs{{"error", "access_denied"},
                        {"iss", "https://piggy.example"},
                        {"state", "s t&a=te"}});
  }
}

TEST_CASE("who is not signed in signs in first, and comes back to the same question") {
  TestServer test;
  test.people.person.reset();
  http::Response response =
      test.ask(with(test.request(), "client_id", std::string(test_document_id)));
  CHECK(response.status == 303);
  std::string_view location = response.header("location");
  CHECK(location.starts_with("/sign-in?return_to=%2Foauth%2Fauthorize%3Fclient_id%3D"));
  CHECK(test.fetches == 0);  // Nobody unknown makes us read what they like.
}

TEST_CASE("an unknown client or a foreign address is told to the person, never to the address") {
  TestServer test;
  Pairs local = test.request();
  for (const Pairs& request : {with(local, "client_id", "unknown"), with(local, "client_id", ""),
                               with(local, "redirect_uri", "https://evil.example/callback"),
                               with(local, "redirect_uri", "https://app.example/callback/x"),
                               with(local, "redirect_uri", "https://app.example/callback?x=1"),
                               with(local, "redirect_uri", "http://127.0.0.1/callback"),
                               with(local, "redirect_uri", "javascript:alert(1)")}) {
    http::Response response = test.ask(request);
    CHECK(response.status == 400);
    CHECK(response.header("location") == "");
    CHECK(response.content_type.starts_with("text/html"));
    CHECK_FALSE(response.body.contains("evil"));
  }
}

TEST_CASE("what else is wrong is told to the client") {
  TestServer test;
  Pairs request = test.request();
  auto error = [&](const std::string& name, std::string value) {
    Pairs said = test.said_to_client(test.ask(with(request, name, std::move(value))));
    CHECK(said["iss"] == "https://piggy.example");
    CHECK(said["state"] == "s t&a=te");
    CHECK_FALSE(said.contains("code"));
    return said["error"];
  };
  CHECK(error("response_type", "token") == "unsupported_response_type");
  CHECK(error("code_challenge_method", "plain") == "invalid_request");
  CHECK(error("code_challenge_method", "") == "invalid_request");  // Which would mean plain.
  CHECK(error("code_challenge", "") == "invalid_request");
  CHECK(error("code_challenge", std::string(44, 'a')) == "invalid_request");
  CHECK(error("scope", "unknown:scope") == "invalid_scope");
  for (const char* resource :
       {"https://other.example/mcp", "https://piggy.example/", "https://piggy.example/mcp2",
        "https://piggy.example.evil.example/mcp", "https://piggy.example/mcp/../x",
        "https://piggy.example/mcp#x", "/mcp"}) {
    CHECK_MESSAGE(error("resource", resource) == "invalid_target", resource);
  }
}

TEST_CASE("a parameter given twice, or one that cannot be read, is refused on a page") {
  TestServer test;
  std::string query = form_of(test.request());
  for (const char* more : {"&state=x", "&client_id=y", "&x=%zz", "&x=%ff", "&x=%00"}) {
    http::Response response = test.get("/oauth/authorize", query + more);
    CHECK_MESSAGE(response.status == 400, more);
    CHECK(response.header("location") == "");
  }
}

TEST_CASE("a client with one address need not name it, and a program's port may differ") {
  TestServer test;
  Pairs request = test.request();
  request.erase("redirect_uri");
  CHECK(test.said_to_client(test.decide(request)).contains("code"));

  request["client_id"] =
      test.register_client({.name = "Tool", .redirect_uris = {"http://127.0.0.1/cb"}})
          .client.client_id;
  request["redirect_uri"] = "http://127.0.0.1:53211/cb";
  CHECK(test.ask(request).body.contains("your own computer"));
  CHECK(test.ask(request).body.contains("<strong>127.0.0.1:53211</strong>"));
  Pairs said = test.said_to_client(test.decide(request), "http://127.0.0.1:53211/cb");
  CHECK(said.contains("code"));
}

TEST_CASE("a decision counts only on a form that this person was shown for this request") {
  TestServer test;
  Pairs request = test.request();
  std::string seal = test.value_on(test.ask(request).body, "seal");
  auto status = [&](const Pairs& asked, const std::string& with_seal) {
    http::Response response = test.post("/oauth/authorize", {{"decision", "allow"},
                                                             {"subject", "42"},
                                                             {"request", form_of(asked)},
                                                             {"seal", with_seal}});
    CHECK(test.said_to_client(response).contains("code") == (response.status == 303));
    return response.status;
  };
  CHECK(status(request, seal) == 303);
  CHECK(status(request, "") == 403);
  CHECK(status(request, seal + "0") == 403);
  CHECK(status(request, "9" + seal) == 403);
  CHECK(status(with(request, "scope", "contacts:read"), seal) == 403);
  test.people.person->user_id = 8;
  CHECK(status(request, seal) == 403);
  test.people.person.reset();
  CHECK(status(request, seal) == 403);
  test.people.person = TestPeople().person;
  test.advance(601);
  CHECK(status(request, seal) == 403);
}

TEST_CASE("a person lends only what is theirs") {
  TestServer test;
  for (const char* subject : {"43", "-1", "", "x", "42x"}) {
    http::Response response =
        test.decide(test.request(), {{"decision", "allow"}, {"subject", subject}});
    CHECK_MESSAGE(response.status == 400, subject);
  }
  test.people.all.clear();
  CHECK(test.ask(test.request()).status == 409);
}

TEST_CASE("a decision that is no form is refused") {
  TestServer test;
  http::Response response = test.call({.method = http::Method::post,
                                       .path = "/oauth/authorize",
                                       .headers = {{"Content-Type", "application/json"}},
                                       .body = "{}"});
  CHECK(response.status == 400);
}

TEST_CASE("a hostile name is shown as the text that it is") {
  TestServer test;
  Pairs request = test.request();
  request["client_id"] = test.register_client({.name = "<script>alert('x')</script>",
                                               .redirect_uris = {std::string(test_redirect)}})
                             .client.client_id;
  request["state"] = "\"><script>alert(2)</script>";
  std::string page = test.ask(request).body;
  CHECK(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
  CHECK_FALSE(page.contains("<script"));
}

TEST_CASE("a client that publishes its document needs no registration") {
  TestServer test;
  test.client_id = test_document_id;
  CHECK(test.ask(test.request()).body.contains("<strong>app.example</strong> vouches for it"));
  Value tokens = test.tokens();
  auto grant = test.grant(tokens.text_of("access_token"));
  REQUIRE(grant);
  CHECK(grant->client_id == test_document_id);
  CHECK(grant->client_name == "Published");
  CHECK(test.tokens(test.refresh_of(std::string(tokens.text_of("refresh_token")))).find("scope"));
}

TEST_CASE("a document is remembered for an hour") {
  TestServer test;
  test.client_id = test_document_id;
  test.code();
  test.code();
  CHECK(test.fetches == 1);
  test.advance(3600);
  test.code();
  CHECK(test.fetches == 2);
}

TEST_CASE("a document that is not the client's own, or says nothing useful, counts for nothing") {
  TestServer test;
  std::string id(test_document_id);
  Pairs request = with(test.request(), "client_id", id);
  std::string uris = fmt::format(R"("redirect_uris":["{}"])", test_redirect);
  for (const std::string& document :
       {fmt::format(R"({{"client_id":"https://other.example/client.json",{}}})", uris),
        fmt::format(R"({{{}}})", uris), fmt::format(R"({{"client_id":"{}"}})", id),
        fmt::format(R"({{"client_id":"{}","redirect_uris":["http://a.example/"]}})", id),
        fmt::format(R"({{"client_id":"{}",{},"token_endpoint_auth_method":"client_secret_post"}})",
                    id, uris),
        std::string("<html>"), std::string("[]")}) {
    test.documents[id] = document;
    http::Response response = test.ask(request);
    CHECK_MESSAGE(response.status == 400, document);
    CHECK(response.header("location") == "");
  }
  CHECK(test.fetches == 7);  // What cannot be used is not remembered.
  test.documents.clear();
  CHECK(test.ask(request).status == 503);
}

}  // namespace piggy::oauth
