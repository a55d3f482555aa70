// Connecting by signing in elsewhere: against a sign-in server of the test's, which keeps to the
// protocol (a code once, a verifier that fits, a refresh token once) and counts.

#include <doctest/doctest.h>

#include <latch>
#include <thread>

#include "connection/declared_connector.h"
#include "connection/sign_in_operations.h"
#include "door/test_office.h"
#include "http/form.h"
#include "http/server.h"
#include "oauth/grant.h"

namespace piggy {
namespace {

class SignInServer {
 public:
  SignInServer() {
    auto started =
        http::Server::start({}, [this](http::Request request, http::Responder responder) {
          std::lock_guard lock(mutex_);
          auto form = http::parse_form(request.body);
          responder.respond(answer(request.path, form ? *form : Value::object()));
        });
    REQUIRE(started);
    server_ = *std::move(started);
    url = fmt::format("http://127.0.0.1:{}", server_->port());
  }

  // As a person who says yes: the code for a page to which somebody was sent.
  std::string allow(std::string_view page) {
    auto query = http::parse_form(page.substr(page.find('?') + 1));
    REQUIRE(query);
    std::lock_guard lock(mutex_);
    challenge_ = query->text_of("code_challenge");
    code_ = "code";
    return std::string(query->text_of("state"));
  }
  bool knows(std::string_view access) {
    std::lock_guard lock(mutex_);
    return access == access_;
  }
  // From now on its access token is not good any more, though it should be.
  void forget_access() {
    std::lock_guard lock(mutex_);
    access_ = "none";
  }

  std::string url = {};
  std::atomic<int> refreshes = 0;
  std::atomic<int> revocations = 0;
  std::atomic<int> failing = 0;  // For so many requests it is in trouble.
  std::atomic<bool> refusing = false;
  std::string account = "7";

 private:
  http::Response answer(const std::string& path, const Value& form) {
    if (failing > 0) {
      failing--;
      return {.status = 500};
    }
    if (path == "/revoke") {
      revocations += form.text_of("token") == refresh_;
      return {.status = 200};
    }
    if (refusing || form.text_of("client_id") != "app" || form.text_of("client_secret") != "hush") {
      return no("invalid_client");
    }
    if (form.text_of("grant_type") == "authorization_code") {
      bool fits = form.text_of("code") == code_ && !code_.empty() &&
                  oauth::challenge_of(form.text_of("code_verifier")) == challenge_;
      code_.clear();
      if (!fits) return no("invalid_grant");
    } else {
      refreshes++;
      if (form.text_of("refresh_token") != refresh_) return no("invalid_grant");
    }
    number_++;
    access_ = fmt::format("access-{}", number_);
    refresh_ = fmt::format("refresh-{}", number_);
    return {.body = to_json(Value::object({{"access_token", access_},
                                           {"refresh_token", refresh_},
                                           {"token_type", "Bearer"},
                                           {"expires_in", 3600}}))};
  }
  static http::Response no(std::string_view error) {
    return {.status = 400, .body = to_json(Value::object({{"error", error}}))};
  }

  std::mutex mutex_;
  std::string code_ = {};
  std::string challenge_ = {};
  std::string access_ = {};
  std::string refresh_ = {};
  int number_ = 0;
  std::unique_ptr<http::Server> server_;
};

class Club;

struct ReadClub {
  static constexpr OperationInfo info = {.name = "read_club",
                                         .title = "Read Club",
                                         .about = "Reads.",
                                         .scope = "connections:write",
                                         .surface = Surface::platform};
  using Input = Empty;
  struct Output {
    std::string text = {};
    static void describe(Fields<Output>& field) { field("text", &Output::text, "The text."); }
  };
  static Result<Output> act(Club& club, const Reach& reach, const Input& input,
                            const OutsideRequest& request);
};

struct WriteClub {
  static constexpr OperationInfo info = {.name = "write_club",
                                         .title = "Write Club",
                                         .about = "Writes.",
                                         .scope = "connections:write",
                                         .effect = Effect::write,
                                         .surface = Surface::platform};
  using Input = Empty;
  using Output = ReadClub::Output;
  static Result<Output> act(Club& club, const Reach& reach, const Input& input,
                            const OutsideRequest& request) {
    return ReadClub::act(club, reach, input, request);
  }
};

// What lets in whoever has the newest access token of the server.
class Club final : public DeclaredConnector {
 public:
  explicit Club(SignInServer& server) : server_(server) {
    add<ReadClub>(*this);
    add<WriteClub>(*this);
  }
  const ConnectorInfo& info() const override {
    static constexpr ConnectorInfo about = {
        .name = "club", .title = "Club", .about = "A test's.", .key = "Key", .oauth = true};
    return about;
  }
  Result<> may_be(const Reach&) const override { return {}; }
  Result<OAuthTerms> oauth(const std::string&, const Permissions& permissions) const override {
    return OAuthTerms{.scopes = permits(permissions, "write_club") ? "read write" : "read",
                      .server = OAuthServer{.issuer = server_.url,
                                            .authorization_endpoint = server_.url + "/authorize",
                                            .token_endpoint = server_.url + "/token",
                                            .revocation_endpoint = server_.url + "/revoke"}};
  }
  Result<Whose> check(const Reach& reach) override {
    TRY(enter(reach));
    return Whose{.name = "Members", .settings = Value::object({{"account", server_.account}})};
  }
  Result<> enter(const Reach& reach) {
    if (server_.knows(reach.key.view()) || reach.key.view() == "key") return {};
    return fail(ErrorCode::unauthenticated, "The Club does not know you.");
  }

 private:
  SignInServer& server_;
};

Result<ReadClub::Output> ReadClub::act(Club& club, const Reach& reach, const Input&,
                                       const OutsideRequest&) {
  TRY(club.enter(reach));
  return ReadClub::Output{.text = "news"};
}

struct Members : Office {
  Members() {
    install();
    connection = connect().text_of("uuid");
    grant(R"([{"tool":"club_read_club"}])");
  }
  void install() { engine->dispatch().connections().add(std::make_unique<Club>(server)); }
  std::string start(std::string_view input = R"({"connector":"club"})") {
    Value value = *parse_json(input);
    value.set("client_id", "app");
    value.set("client_secret", "hush");
    return text_in(must(call(boss, "start_connection", to_json(value))), "url");
  }
  Result<Value> finish(std::string_view state, std::string_view code = "code") {
    return call(boss, "finish_connection",
                fmt::format(R"({{"state":"{}","code":"{}"}})", state, code));
  }
  Value connect(std::string_view input = R"({"connector":"club"})") {
    return must(finish(server.allow(start(input))));
  }
  Result<Value> read() {
    Invocation invocation{.caller = nina(), .input = Value::object(), .door = Door::mcp};
    TRY(engine->database().read(
        invocation.caller->account_id, [&](Transaction& transaction) -> Result<> {
          invocation.call(
              TRY(engine->dispatch().connections().tool(transaction, "club_read_club")));
          return {};
        }));
    Answer answer = TRY(engine->dispatch().call_and_wait(std::move(invocation)));
    std::string json;
    write_answer(json, answer);
    return parse_json(json);
  }
  Value shown() {
    Value all = must(call(boss, "list_connections", "{}"));
    return all.find("connections")->items()->at(1);
  }
  void pass(std::int64_t seconds) {
    clock.time = clock.time.load() + seconds * microseconds_per_second;
  }

  SignInServer server;
  std::string connection = {};
};

}  // namespace

TEST_CASE("an access token that ends is refreshed once, however many ask") {
  Members office;
  Office::must(office.read());
  CHECK(office.server.refreshes == 0);
  office.pass(3600 - 30);
  constexpr int many = 8;
  std::latch together(many);
  std::atomic<int> read = 0;
  auto nina = office.nina();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < many; i++) {
      threads.emplace_back([&] {
        together.arrive_and_wait();
        read += office.read().has_value();
      });
    }
  }
  CHECK(read == many);
  CHECK(office.server.refreshes == 1);
  // And one that ended before its time: what was refused is done with the next one.
  office.server.forget_access();
  Office::must(office.read());
  CHECK(office.server.refreshes == 2);
  CHECK(office.shown().text_of("state") == "connected");
  CHECK(Office::must(office.call(office.boss, "check_connection",
                                 fmt::format(R"({{"connection_uuid":"{}"}})", office.connection)))
            .text_of("state") == "connected");
}

TEST_CASE("a refused refresh asks for a person, trouble on the way does not") {
  Members office;
  office.pass(4000);
  office.server.failing = 1;
  auto trouble = office.read();
  REQUIRE(!trouble);
  CHECK(trouble.error().code == ErrorCode::unavailable);
  CHECK(office.shown().text_of("state") == "connected");
  Office::must(office.read());
  office.pass(4000);
  office.server.refusing = true;
  auto refused = office.read();
  REQUIRE(!refused);
  CHECK(refused.error().message.contains("connect Members again"));
  CHECK(office.shown().text_of("state") == "reconnect");
  CHECK(office.shown().text_of("problem").contains("invalid_client"));
  int asked = office.server.refreshes;
  CHECK(!office.read());
  CHECK(office.server.refreshes == asked);
  // Made again, its grants are as they were; by somebody else's account it is not.
  office.server.refusing = false;
  std::string again =
      fmt::format(R"({{"connector":"club","connection_uuid":"{}"}})", office.connection);
  office.server.account = "8";
  CHECK(!office.finish(office.server.allow(office.start(again))));
  CHECK(office.shown().text_of("state") == "reconnect");
  office.server.account = "7";
  office.connect(again);
  Office::must(office.read());
}

TEST_CASE("a sign-in that nobody uses is kept alive, and ended there when it is revoked") {
  Members office;
  for (int week = 1; week <= 3; week++) {
    office.pass(7 * 86'400 + 60);
    REQUIRE(office.engine->scheduler().run_all_due());
    CHECK(office.server.refreshes == week);
  }
  Office::must(office.read());
  Office::must(office.call(office.boss, "revoke_connection",
                           fmt::format(R"({{"connection_uuid":"{}"}})", office.connection)));
  CHECK(office.server.revocations == 1);
  CHECK(office.shown().text_of("problem").empty());
  office.pass(7 * 86'400 + 60);
  REQUIRE(office.engine->scheduler().run_all_due());
  CHECK(office.server.refreshes == 3);
}

TEST_CASE("a sign-in outlives a restart, on its way and afterwards") {
  Members office;
  std::string state = office.server.allow(office.start(R"({"connector":"club","handle":"two"})"));
  office.restart();
  office.install();
  office.boss = office.sign_in("boss@shop.example");
  Value made = Office::must(office.finish(state));
  CHECK(made.text_of("handle") == "two");
  office.pass(4000);
  office.server.forget_access();
  CHECK(
      Office::must(office.call(office.boss, "check_connection",
                               fmt::format(R"({{"connection_uuid":"{}"}})", made.text_of("uuid"))))
          .text_of("state") == "connected");
}

TEST_CASE("a key takes the place of a sign-in, and the other way round") {
  Members office;
  Office::must(
      office.call(office.boss, "replace_connection_key",
                  fmt::format(R"({{"connection_uuid":"{}","key":"key"}})", office.connection)));
  CHECK(!*office.shown().find("signed_in")->boolean());
  office.pass(40'000);
  Office::must(office.read());
  CHECK(office.server.refreshes == 0);
  office.connect(
      fmt::format(R"({{"connector":"club","connection_uuid":"{}"}})", office.connection));
  CHECK(*office.shown().find("signed_in")->boolean());
  Office::must(office.read());
}

TEST_CASE("a sign-in asks for what is permitted, and more takes another one") {
  Members office;
  std::string again =
      fmt::format(R"("connector":"club","connection_uuid":"{}")", office.connection);
  auto permit = [&](std::string_view names) {
    return office.call(
        office.boss, "set_connection_permissions",
        fmt::format(R"({{"connection_uuid":"{}","permissions":{}}})", office.connection, names));
  };
  auto tools = [&] { return to_json(*office.shown().find("tools")); };
  // What was asked for may be taken and given back at will.
  Office::must(permit(R"(["read_club"])"));
  Office::must(permit("null"));
  std::string url = office.start("{" + again + R"(,"permissions":["read_club"]})");
  CHECK(url.contains("scope=read"));
  CHECK(!url.contains("write"));
  office.connect("{" + again + R"(,"permissions":["read_club"]})");
  CHECK(tools() == R"(["club_read_club"])");
  auto refused = permit("null");
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(refused.error().message.contains("Sign in there again"));
  // Made again without a word about it, it stays as it is.
  office.connect("{" + again + "}");
  CHECK(tools() == R"(["club_read_club"])");
  office.connect("{" + again + R"(,"permissions":["read_club","write_club"]})");
  CHECK(tools() == R"(["club_read_club","club_write_club"])");
}

TEST_CASE("what does not fit a sign-in is refused, and it is over then") {
  Members office;
  auto count = [&] {
    return Office::must(office.call(office.boss, "list_connections", "{}"))
        .find("connections")
        ->items()
        ->size();
  };
  std::size_t before = count();
  std::string state = office.server.allow(office.start());
  CHECK(!office.finish(state, "other"));
  CHECK(!office.finish(state));
  office.server.allow(office.start());
  CHECK(!office.finish("guessed"));
  // A day later nothing of it is left.
  state = office.server.allow(office.start());
  office.pass(3600);
  auto late = office.finish(state);
  REQUIRE(!late);
  CHECK(late.error().message.contains("took too long"));
  office.pass(2 * 86'400);
  office.start();
  std::int64_t pending = 0;
  REQUIRE(office.engine->database().read(
      office.boss->account_id, [&](Transaction& transaction) -> Result<> {
        pending = TRY(transaction.one<std::int64_t>(
            "SELECT count(*) FROM pending_sign_in WHERE account_id = $1"));
        return {};
      }));
  CHECK(pending == 1);
  CHECK(count() == before);
  for (const char* wrong :
       {R"({"connector":"club","client_secret":"x"})", R"({"connector":"telex"})",
        R"({"connector":"webhook"})", R"({"connector":"club","handle":"list"})",
        R"({"connector":"club","client_id":"x","connection_uuid":"$persona"})"}) {
    CHECK_MESSAGE(!office.call(office.boss, "start_connection", wrong), wrong);
  }
}

TEST_CASE("all that is wrong with a sign-in's beginning is named at once") {
  Members office;
  auto refused = office.call(office.boss, "start_connection",
                             R"({"connector":"piggy","handle":"list","base_url":"ftp://x"})");
  REQUIRE(!refused);
  std::string named;
  for (const FieldError& field : refused.error().fields) named += field.path + ' ';
  CHECK(named == "/handle /base_url ");
}

TEST_CASE("nothing of a sign-in is on record that could be used") {
  Members office;
  office.pass(4000);
  Office::must(office.read());
  Value calls = Office::must(office.call(office.owner(), "list_audit_calls", R"({"limit":100})"));
  std::string text = to_json(calls);
  for (const char* secret : {"access-", "refresh-", "hush", R"("code":"code")"}) {
    CHECK_MESSAGE(!text.contains(secret), secret);
  }
}

}  // namespace piggy
