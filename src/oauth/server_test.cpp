#include "oauth/server.h"

#include "oauth/test_oauth.h"

namespace piggy::oauth {
namespace {

http::Response register_with(TestServer& test, std::string body) {
  return test.call(
      {.method = http::Method::post, .path = "/oauth/register", .body = std::move(body)});
}

}  // namespace

TEST_CASE("the server tells what it can do, under its public address") {
  TestServer test;
  http::Response response = test.get("/.well-known/oauth-authorization-server");
  CHECK(response.status == 200);
  CHECK(response.content_type == "application/json");
  Value body = test.json(response);
  CHECK(body.text_of("issuer") == "https://piggy.example");
  CHECK(body.text_of("authorization_endpoint") == "https://piggy.example/oauth/authorize");
  CHECK(body.text_of("token_endpoint") == "https://piggy.example/oauth/token");
  CHECK(body.text_of("registration_endpoint") == "https://piggy.example/oauth/register");
  CHECK(body.text_of("revocation_endpoint") == "https://piggy.example/oauth/revoke");
  CHECK(to_json(*body.find("code_challenge_methods_supported")) == R"(["S256"])");
  CHECK(to_json(*body.find("response_types_supported")) == R"(["code"])");
  CHECK(to_json(*body.find("grant_types_supported")) ==
        R"(["authorization_code","refresh_token"])");
  CHECK(to_json(*body.find("token_endpoint_auth_methods_supported")) ==
        R"(["none","client_secret_post","client_secret_basic"])");
  CHECK(*body.find("authorization_response_iss_parameter_supported")->boolean());
  CHECK(*body.find("client_id_metadata_document_supported")->boolean());
}

TEST_CASE("each URL of the resource has metadata that names it") {
  TestServer test;
  std::string base = "/.well-known/oauth-protected-resource";
  for (auto [path, resource] :
       {std::pair("", "/mcp"), std::pair("/mcp", "/mcp"), std::pair("/mcp/", "/mcp"),
        std::pair("/mcp/shop-1", "/mcp/shop-1")}) {
    http::Response response = test.get(base + path);
    CHECK(response.status == 200);
    Value body = test.json(response);
    CHECK(body.text_of("resource") == std::string("https://piggy.example") + resource);
    CHECK(to_json(*body.find("authorization_servers")) == R"(["https://piggy.example"])");
    CHECK(to_json(*body.find("scopes_supported")) == R"(["contacts:read","vouchers:write"])");
    CHECK(to_json(*body.find("bearer_methods_supported")) == R"(["header"])");
  }
  for (const char* path : {"/mcp2", "/other", "/mcp/../x", "/mcp//x", "/mcp/%2e", "/mcp/\"x"}) {
    CHECK_MESSAGE(test.get(base + path).status == 404, path);
  }
}

TEST_CASE("a challenge leads to the metadata of what was called") {
  TestServer test;
  CHECK(test.server.challenge("/mcp/shop-1") ==
        "Bearer resource_metadata=\"https://piggy.example/.well-known/oauth-protected-resource/mcp/"
        "shop-1\", scope=\"contacts:read vouchers:write\"");
  CHECK(test.server.challenge("/mcp/\"x", "invalid_token") ==
        "Bearer resource_metadata=\"https://piggy.example/.well-known/oauth-protected-resource/"
        "mcp\", scope=\"contacts:read vouchers:write\", error=\"invalid_token\"");
}

TEST_CASE("the server knows which paths are its own") {
  for (const char* path :
       {"/.well-known/oauth-authorization-server", "/oauth/register",
        "/.well-known/oauth-protected-resource", "/oauth/authorize",
        "/.well-known/oauth-protected-resource/mcp", "/oauth/token", "/oauth/revoke"}) {
    CHECK_MESSAGE(AuthorizationServer::serves(path), path);
  }
  for (const char* path : {"/", "/mcp", "/oauth", "/oauth/x", "/api/v3/oauth/clients/contacts",
                           "/.well-known/oauth-protected-resources"}) {
    CHECK_MESSAGE(!AuthorizationServer::serves(path), path);
  }
}

TEST_CASE("other methods are refused, and a browser may ask first") {
  TestServer test;
  CHECK(test.get("/oauth/token").status == 405);
  CHECK(test.get("/oauth/token").header("allow") == "POST");
  CHECK(test.call({.method = http::Method::del, .path = "/oauth/authorize"}).status == 405);
  CHECK(test.post("/.well-known/oauth-authorization-server", {}).status == 405);
  http::Response asked = test.call({.method = http::Method::options, .path = "/oauth/token"});
  CHECK(asked.status == 204);
  CHECK(asked.fixed_headers.contains("Access-Control-Allow-Origin: *\r\n"));
  // The page on which a person decides is nobody else's to read.
  CHECK(test.call({.method = http::Method::options, .path = "/oauth/authorize"}).status == 405);
}

TEST_CASE("a stranger registers a client, and is told its id and secret once") {
  TestServer test;
  http::Response response = register_with(
      test, R"({"client_name":"App","redirect_uris":["http://127.0.0.1/cb"],"software_id":"x"})");
  CHECK(response.status == 201);
  CHECK(response.fixed_headers.contains("Cache-Control: no-store\r\n"));
  Value body = test.json(response);
  CHECK(body.text_of("client_id").starts_with("piggy_client_"));
  CHECK(body.text_of("client_secret").starts_with("piggy_secret_"));
  CHECK(*body.find("client_secret_expires_at")->integer() == 0);
  CHECK(*body.find("client_id_issued_at")->integer() == 1'700'000'000);
  CHECK(body.text_of("token_endpoint_auth_method") == "client_secret_basic");
  CHECK(to_json(*body.find("redirect_uris")) == R"(["http://127.0.0.1/cb"])");

  Value open = test.json(register_with(
      test, R"({"redirect_uris":["https://a.example/cb"],"token_endpoint_auth_method":"none"})"));
  CHECK(open.text_of("token_endpoint_auth_method") == "none");
  CHECK(!open.find("client_secret"));
}

TEST_CASE("a registration that cannot work is refused with the reason") {
  TestServer test;
  auto refusal = [&](std::string body) {
    http::Response response = register_with(test, std::move(body));
    return fmt::format("{} {}", response.status, test.json(response).text_of("error"));
  };
  for (const char* uris :
       {R"([])", R"("https://a.example/")", R"([1])", R"(["http://a.example/cb"])",
        R"(["javascript:alert"])", R"(["https://a.example/cb#x"])", R"(["app://cb"])",
        R"(["https://a.example/cb","http://192.168.0.1/"])"}) {
    CHECK_MESSAGE(
        refusal(fmt::format(R"({{"redirect_uris":{}}})", uris)) == "400 invalid_redirect_uri",
        uris);
  }
  CHECK(refusal("{}") == "400 invalid_redirect_uri");
  for (const char* more :
       {R"("client_name":1)", R"("client_name":"a\nb")", R"("token_endpoint_auth_method":"tls")",
        R"("grant_types":["implicit"])", R"("response_types":["token"])"}) {
    CHECK_MESSAGE(refusal(fmt::format(R"({{"redirect_uris":["https://a.example/"],{}}})", more)) ==
                      "400 invalid_client_metadata",
                  more);
  }
  std::string name(201, 'a');
  CHECK(refusal(fmt::format(R"({{"redirect_uris":["https://a.example/"],"client_name":"{}"}})",
                            name)) == "400 invalid_client_metadata");
  CHECK(refusal("no json") == "400 invalid_client_metadata");
  CHECK(refusal("[]") == "400 invalid_client_metadata");
  CHECK(refusal(std::string(17'000, ' ')) == "413 invalid_client_metadata");
}

TEST_CASE("strangers register so many clients an hour, the operator as many as it likes") {
  TestServer test;
  NewClient client{.redirect_uris = {std::string(test_redirect)}};
  REQUIRE(test.database->write(0, [&](Transaction& transaction) -> Result<> {
    for (int i = 0; i < 599; i++) TRY(register_client(transaction, client));
    return {};
  }));
  const std::string body = R"({"redirect_uris":["https://a.example/"]})";
  http::Response response = register_with(test, body);
  CHECK(response.status == 429);
  CHECK(response.header("retry-after") == "3600");
  client.client_id = "known";
  CHECK(test.register_client(client).client.client_id == "known");
  auto again = test.database->write(0, [&](Transaction& transaction) -> Result<> {
    TRY(register_client(transaction, client));
    return {};
  });
  CHECK(again.error().code == ErrorCode::conflict);
  test.advance(3601);
  CHECK(register_with(test, body).status == 201);
}

}  // namespace piggy::oauth
