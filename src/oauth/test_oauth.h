#pragma once

// For tests: an authorization server with a person, a client and its documents, called in-process.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <future>
#include <map>
#include <string>
#include <vector>

#include "database/test_database.h"
#include "http/form.h"
#include "http/test_responder.h"
#include "oauth/parameters.h"
#include "oauth/server.h"
#include "oauth/url.h"
#include "shape/json.h"

namespace piggy::oauth {

class TestPeople final : public People {
 public:
  std::optional<SignedIn> who(const http::Request&) override { return person; }
  std::string sign_in_url(std::string_view return_to) override {
    return "/sign-in?return_to=" + http::percent_encode(return_to);
  }
  Result<std::vector<Choice>> choices(const SignedIn&) override { return all; }

  std::optional<SignedIn> person = SignedIn{.user_id = 7, .account_id = 3, .name = "Ann"};
  std::vector<Choice> all = {{.id = 41, .name = "Marketing", .lines = {"List perks", "Mail"}},
                             {.id = 42, .name = "Support"}};
};

// The example of RFC 7636, appendix B.
constexpr std::string_view test_verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view test_challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
constexpr std::string_view test_redirect = "https://app.example/callback";
constexpr std::string_view test_document_id = "https://app.example/oauth/client.json";

using Pairs = std::map<std::string, std::string>;

inline std::string form_of(const Pairs& pairs) {
  std::string text;
  for (const auto& [name, value] : pairs) {
    text += fmt::format("{}{}={}", text.empty() ? "" : "&", name, http::percent_encode(value));
  }
  return text;
}

class TestServer {
 public:
  TestServer() {
    documents[std::string(test_document_id)] =
        fmt::format(R"({{"client_id":"{}","client_name":"Published","redirect_uris":["{}"]}})",
                    test_document_id, test_redirect);
    client_id = register_client({.name = "App", .redirect_uris = {std::string(test_redirect)}})
                    .client.client_id;
  }

  RegisteredClient register_client(const NewClient& client) {
    RegisteredClient registered;
    REQUIRE(database->write(0, [&](Transaction& transaction) -> Result<> {
      registered = TRY(oauth::register_client(transaction, client));
      return {};
    }));
    return registered;
  }

  http::Response call(http::Request request) {
    return http::answer_of([&](http::Responder responder) {
      server.handle(std::move(request), std::move(responder));
    });
  }

  http::Response get(std::string path, std::string query = {}) {
    return call({.path = std::move(path), .query = std::move(query)});
  }

  http::Response post(std::string path, const Pairs& form, std::vector<http::Header> headers = {}) {
    headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    return call({.method = http::Method::post,
                 .path = std::move(path),
                 .headers = std::move(headers),
                 .body = form_of(form)});
  }

  // What a well-behaved client asks a person for.
  Pairs request() const {
    return {{"response_type", "code"},
            {"client_id", client_id},
            {"redirect_uri", std::string(test_redirect)},
            {"state", "s t&a=te"},
            {"code_challenge", std::string(test_challenge)},
            {"code_challenge_method", "S256"},
            {"resource", "https://piggy.example/mcp"}};
  }

  http::Response ask(const Pairs& request) { return get("/oauth/authorize", form_of(request)); }

  // The person sees the page and decides.
  http::Response decide(const Pairs& request, Pairs decision = {{"decision", "allow"}}) {
    http::Response page = ask(request);
    if (page.status != 200) return page;
    decision.emplace("subject", "42");
    decision.emplace("request", form_of(request));
    decision.emplace("seal", value_on(page.body, "seal"));
    return post("/oauth/authorize", decision);
  }

  std::string code(const Pairs& request) {
    Pairs said = said_to_client(decide(request));
    REQUIRE(said.contains("code"));
    return said["code"];
  }
  std::string code() { return code(request()); }

  Pairs exchange_of(const std::string& code) const {
    return {{"grant_type", "authorization_code"},
            {"code", code},
            {"client_id", client_id},
            {"redirect_uri", std::string(test_redirect)},
            {"code_verifier", std::string(test_verifier)}};
  }
  Pairs refresh_of(const std::string& token) const {
    return {{"grant_type", "refresh_token"}, {"refresh_token", token}, {"client_id", client_id}};
  }

  // From the token endpoint, which must say yes.
  Value tokens(const Pairs& form) {
    http::Response response = post("/oauth/token", form);
    REQUIRE_MESSAGE(response.status == 200, response.body);
    return json(response);
  }
  Value tokens() { return tokens(exchange_of(code())); }

  // What the token endpoint answers instead of tokens.
  std::string refusal(const Pairs& form) {
    http::Response response = post("/oauth/token", form);
    Value body = json(response);
    CHECK(!body.find("access_token"));
    return fmt::format("{} {}", response.status, body.text_of("error"));
  }

  std::optional<Grant> grant(std::string_view token) {
    auto grant = grant_of(*database, token);
    REQUIRE(grant);
    return *grant;
  }

  static Value json(const http::Response& response) {
    auto value = parse_json(response.body);
    REQUIRE(value);
    return *value;
  }

  // The parameters that a redirect carries to the client at `address`; none when it goes elsewhere.
  static Pairs said_to_client(const http::Response& response,
                              std::string_view address = test_redirect) {
    Pairs said;
    std::string_view location = response.header("location");
    if (response.status != 303 || !location.starts_with(address)) return said;
    location.remove_prefix(address.size() + 1);
    auto read = Parameters::read(location);
    REQUIRE(read);
    for (const char* name : {"code", "state", "iss", "error"}) {
      if (!(*read)[name].empty()) said[name] = (*read)[name];
    }
    return said;
  }

  static std::string value_on(std::string_view page, std::string_view name) {
    std::string before = fmt::format("name=\"{}\" value=\"", name);
    std::size_t start = page.find(before);
    REQUIRE(start != page.npos);
    page.remove_prefix(start + before.size());
    return std::string(page.substr(0, page.find('"')));
  }

  void advance(std::int64_t seconds) {
    database.clock.time = database.clock.now() + seconds * microseconds_per_second;
  }

  TestDatabase database;
  TestPeople people;
  std::map<std::string, std::string> documents;  // By their address. Set between requests.
  std::atomic<int> fetches = 0;
  AuthorizationServer server{
      *database,
      people,
      {.public_url = "https://piggy.example", .scopes = {"contacts:read", "vouchers:write"}},
      [this](const std::string& url) -> Result<std::string> {
        fetches++;
        auto found = documents.find(url);
        if (found != documents.end()) return found->second;
        return fail(ErrorCode::unavailable, "The client's document cannot be read.");
      }};
  std::string client_id;
};

}  // namespace piggy::oauth
