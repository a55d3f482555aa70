#include "remote/client.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <deque>
#include <set>
#include <thread>

#include "http/server.h"
#include "remote/test_cutting_server.h"
#include "shape/json.h"

namespace piggy {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

struct Thing {
  Uuid uuid = {};
  std::string name = {};
  static void describe(Fields<Thing>& field) {
    field("uuid", &Thing::uuid, "The thing.");
    field("name", &Thing::name, "Its name.");
  }
};

struct ShowThing {
  static constexpr OperationInfo info = {.name = "show_thing",
                                         .title = "Show Thing",
                                         .about = "Shows a thing.",
                                         .verb = Verb::get,
                                         .path = "/things",
                                         .scope = "things:read"};
  using Input = Empty;
  using Output = Thing;
  static Result<Output> run(Call&, const Input&) { return Thing{}; }
};

struct MakeThing {
  static constexpr OperationInfo info = {.name = "make_thing",
                                         .title = "Make Thing",
                                         .about = "Makes a thing.",
                                         .verb = Verb::post,
                                         .path = "/things",
                                         .scope = "things:write",
                                         .effect = Effect::write};
  struct Input {
    std::string name = {};
    static void describe(Fields<Input>& field) { field("name", &Input::name, "Its name."); }
  };
  using Output = Thing;
  static Result<Output> run(Call&, const Input&) { return Thing{}; }
};

struct OwnThing {
  static constexpr OperationInfo info = {.name = "own_thing",
                                         .title = "Own Thing",
                                         .about = "Is ours alone.",
                                         .verb = Verb::get,
                                         .path = "/things",
                                         .scope = "things:read",
                                         .surface = Surface::platform};
  using Input = Empty;
  using Output = Thing;
  static Result<Output> run(Call&, const Input&) { return Thing{}; }
};

constexpr char api_key[] = "1234|abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKL";
constexpr char thing[] =
    R"({"data":{"uuid":"0199c82c-c000-7009-bdbc-8ab3c6898ea3","name":"Ham"},"meta":{}})";

http::Response fine() { return {.body = thing}; }
http::Response ours(std::string body = thing) {
  return {.body = std::move(body), .headers = {{"Piggy-Engine", "0.1.0"}}};
}
http::Response faulty(int status, std::string retry_after = {}) {
  http::Response response{.status = status, .body = R"({"message":"No.","code":9,"errors":{}})"};
  if (!retry_after.empty()) response.headers.push_back({"Retry-After", retry_after});
  return response;
}

// Another Piggy that gives the answers it was told to, in order, and then only fine ones; and a
// connection to it, whose time passes by its sleeping alone.
class Other {
 public:
  explicit Other(RemoteOptions options = {}) {
    auto started =
        http::Server::start({}, [this](http::Request request, http::Responder responder) {
          std::lock_guard lock(mutex_);
          heard_.push_back(std::move(request));
          if (silent) return kept_.push_back(std::move(responder));
          if (answers.empty()) return responder.respond(fine());
          responder.respond(std::move(answers.front()));
          answers.pop_front();
        });
    REQUIRE(started);
    server = *std::move(started);
    connect(server->port(), std::move(options));
  }

  explicit Other(std::uint16_t port) { connect(port, {}); }

  void connect(std::uint16_t port, RemoteOptions options) {
    if (options.base_url.empty()) options.base_url = fmt::format("http://127.0.0.1:{}/shop", port);
    options.api_key = api_key;
    auto made = RemotePiggy::make(std::move(options), {.breakers = breakers,
                                                       .clock = clock,
                                                       .random = std::make_unique<SeededRandom>(7),
                                                       .sleep = [this](milliseconds pause) {
                                                         slept.push_back(pause);
                                                         pass(pause);
                                                       }});
    REQUIRE_MESSAGE(made, made.error().fields[0].message);
    piggy = *std::move(made);
  }

  void pass(milliseconds pause) { clock.time = clock.time.load() + pause.count() * 1000; }

  Result<RemoteAnswer> show() { return piggy->call(show_, Value::object(), "", false); }
  Result<RemoteAnswer> make(std::string_view key = "", bool dry_run = false) {
    return piggy->call(make_, Value::object({{"name", "Ham"}}), key, dry_run);
  }
  Error refused() { return error_of(show()); }
  static Error error_of(const Result<RemoteAnswer>& answer) {
    REQUIRE(!answer);
    CHECK_FALSE(answer.error().message.contains("abcdefghijkl"));
    return answer.error();
  }
  std::string sentence(std::string_view predicate) const {
    return fmt::format("The other Piggy ({}) {}", piggy->host(), predicate);
  }

  static inline const Catalogue catalogue = [] {
    Catalogue all;
    all.add<ShowThing>();
    all.add<MakeThing>();
    all.add<OwnThing>();
    return all;
  }();
  const Operation& show_ = *catalogue.find("show_thing");
  const Operation& make_ = *catalogue.find("make_thing");

  std::deque<http::Response> answers;
  bool silent = false;
  std::vector<http::Request> heard() {
    std::lock_guard lock(mutex_);
    return heard_;
  }
  Breakers breakers;
  ManualClock clock;
  std::vector<milliseconds> slept;
  std::unique_ptr<RemotePiggy> piggy;

 private:
  std::mutex mutex_;
  std::vector<http::Request> heard_;
  std::vector<http::Responder> kept_;

 public:
  std::unique_ptr<http::Server> server;  // Ends before what its handler uses.
};

}  // namespace

TEST_CASE("a call is sent as its declaration says, with the key, and its answer is read") {
  Other other;
  auto answer = other.make("once");
  REQUIRE_MESSAGE(answer, answer.error().message);
  CHECK(static_cast<const Thing*>(answer->output.data())->name == "Ham");
  REQUIRE(other.heard().size() == 1);
  http::Request heard = other.heard()[0];
  CHECK(heard.method == http::Method::post);
  CHECK(heard.path == "/shop/api/v3/oauth/clients/things");
  CHECK(heard.body == R"({"name":"Ham"})");
  CHECK(heard.header("content-type") == "application/json");
  CHECK(heard.header("authorization") == fmt::format("Bearer {}", api_key));
  CHECK(heard.header("idempotency-key") == "once");
  CHECK(heard.header("piggy-dry-run").empty());
  REQUIRE(other.show());
  CHECK(other.heard()[1].method == http::Method::get);
  CHECK(other.heard()[1].body.empty());
  CHECK(other.heard()[1].header("idempotency-key").empty());
}

TEST_CASE("what another Piggy remembers is told to be remembered") {
  Other other;
  other.answers = {ours()};
  other.answers[0].headers.push_back({"Idempotency-Replayed", "true"});
  auto answer = other.make("once");
  REQUIRE(answer);
  CHECK(answer->replayed);
}

TEST_CASE("who is asked to wait waits exactly that long") {
  Other other;
  other.answers = {faulty(429, "7"), faulty(503, "2")};
  CHECK(other.make());
  CHECK(other.slept == std::vector<milliseconds>{7s, 2s});
  REQUIRE(other.heard().size() == 3);
  CHECK(other.heard()[0].header("idempotency-key").size() == 32);
  CHECK(other.heard()[0].header("idempotency-key") == other.heard()[2].header("idempotency-key"));
}

TEST_CASE("who is asked to wait for long is told so at once") {
  Other other;
  other.answers = {faulty(429, "60")};
  Error error = other.refused();
  CHECK(error.code == ErrorCode::too_many);
  CHECK(error.message == other.sentence("asks to wait 60 seconds."));
  CHECK(error.retry_after_seconds == 60);
  CHECK(other.slept.empty());
  other.answers = {faulty(429, "Tue, 14 Nov 2023 22:14:20 GMT")};  // A minute from now.
  CHECK(other.refused().retry_after_seconds == 60);
}

TEST_CASE("who fails twice is asked a third time, after growing pauses") {
  Other other;
  other.answers = {faulty(503), faulty(503)};
  CHECK(other.show());
  REQUIRE(other.slept.size() == 2);
  CHECK(other.slept[0] >= 125ms);
  CHECK(other.slept[0] <= 250ms);
  CHECK(other.slept[1] >= 250ms);
  CHECK(other.slept[1] <= 500ms);
}

TEST_CASE("nobody is asked more than three times, and the last refusal is told") {
  Other other;
  other.answers = {faulty(502), faulty(504), faulty(503), fine()};
  Error error = other.refused();
  CHECK(error.code == ErrorCode::unavailable);
  CHECK(error.message ==
        other.sentence("cannot take it now and asks to wait a while. It says: No."));
  CHECK(other.heard().size() == 3);
}

TEST_CASE("the time for all tries is kept to") {
  Other other({.total_timeout = 10s});
  other.answers = {faulty(429, "6"), faulty(429, "6")};
  CHECK(other.refused().code == ErrorCode::too_many);
  CHECK(other.slept == std::vector<milliseconds>{6s});
}

TEST_CASE("a refused key asks for a new connection, a refusal is not asked again") {
  Other other;
  other.answers = {faulty(401), faulty(400), faulty(500)};
  Error error = other.refused();
  CHECK(error.code == ErrorCode::unauthenticated);
  CHECK(error.message == other.sentence("refused the API key: reconnect."));
  error = other.refused();
  CHECK(error.code == ErrorCode::conflict);
  CHECK(error.message == "No.");
  CHECK(error.number == 9);
  CHECK(other.refused().message == other.sentence("failed (500). It says: No."));
  CHECK(other.heard().size() == 3);
}

TEST_CASE("what is no Piggy's answer is told in a sentence") {
  Other other;
  auto told = [&](http::Response response) {
    other.answers = {std::move(response)};
    return other.refused().message;
  };
  constexpr std::string_view html = "text/html";
  CHECK(told({.body = "{\"data\": ga"}) ==
        other.sentence("gave an answer that is no JSON object."));
  CHECK(told({.body = thing, .content_type = html}) ==
        other.sentence("gave an answer that is no Piggy's answer."));
  CHECK(told({.status = 404, .body = "<h1>Not found</h1>", .content_type = html}) ==
        other.sentence("has no such route: is its address right?"));
  CHECK(told({.status = 500, .body = "<h1>Oops</h1>", .content_type = html}) ==
        other.sentence("failed (500)."));
  CHECK(told({.status = 418}) == other.sentence("refused it (418)."));
  other.answers = {{.body = "{}"}};
  CHECK(other.error_of(other.make()).message ==
        other.sentence("gave an answer that has no data. It may have done what it was asked."));
}

TEST_CASE("a redirect is not followed") {
  Other other;
  other.answers = {{.status = 302, .headers = {{"Location", "/elsewhere"}}}};
  CHECK(other.refused().message == other.sentence("has moved: connect to its new address."));
  CHECK(other.heard().size() == 1);
}

TEST_CASE("no more is read than a bound") {
  Other other;
  other.answers = {{.body = std::string(5 << 20, ' ')}};
  CHECK(other.refused().message == other.sentence("gave an answer that is too long to be read."));
  CHECK(other.heard().size() == 1);
  CHECK(other.show());
}

TEST_CASE("who is silent is not waited for longer than was said") {
  Other other({.answer_timeout = 50ms});
  other.silent = true;
  CHECK(other.refused().message == other.sentence("does not answer in time."));
  CHECK(other.heard().size() == 3);
}

TEST_CASE("who is not there is told not to be") {
  Other other;
  other.server.reset();
  Error error = other.error_of(other.make());
  CHECK(error.code == ErrorCode::unavailable);
  CHECK(error.message == other.sentence("does not answer."));
  CHECK(other.slept.size() == 2);
}

TEST_CASE("a read is asked again when the connection broke") {
  CuttingServer cutting({"", "", thing});
  Other other(cutting.port());
  CHECK(other.show());
  CHECK(cutting.heard().size() == 3);
}

TEST_CASE("a write that a stranger may have done is not sent again") {
  CuttingServer cutting({"", R"({"data":{}})", "never asked for"});
  Other other(cutting.port());
  Error error = other.error_of(other.make("once"));
  CHECK(error.message ==
        other.sentence("broke off before it had answered. It may have done what it was asked."));
  auto heard = cutting.heard();
  REQUIRE(heard.size() == 2);
  CHECK(heard[0].starts_with("POST /shop/api/v3/oauth/clients/things"));
  CHECK(heard[1].starts_with("GET /shop/api/v3/oauth/clients/ "));
}

TEST_CASE("a write that an engine of ours may have done is sent again under the same key") {
  CuttingServer cutting({"", R"({"data":{}})", "", thing}, "Piggy-Engine: 0.1.0\r\n");
  Other other(cutting.port());
  CHECK(other.make());
  auto heard = cutting.heard();
  REQUIRE(heard.size() == 4);
  auto key_in = [](const std::string& request) {
    std::size_t at = request.find("Idempotency-Key: ");
    REQUIRE(at != std::string::npos);
    return request.substr(at, request.find("\r\n", at) - at);
  };
  CHECK(key_in(heard[0]) == key_in(heard[2]));
  CHECK(key_in(heard[0]) == key_in(heard[3]));
}

TEST_CASE("a host that fails and fails is left in peace, then asked once") {
  Other other;
  for (int i = 0; i < 5; i++) other.answers.push_back(faulty(500));
  for (int i = 0; i < 5; i++) CHECK(other.refused().message.contains("failed (500)"));
  Error error = other.refused();
  CHECK(error.message == other.sentence("has not answered several times in a row. It is asked "
                                        "again in 30 seconds."));
  CHECK(error.retry_after_seconds == 30);
  CHECK(other.heard().size() == 5);
  other.pass(30s);
  CHECK(other.show());
  CHECK(other.show());
  CHECK(other.heard().size() == 7);
}

TEST_CASE("tries end when the breaker opens") {
  Other other;
  for (int i = 0; i < 9; i++) other.answers.push_back(faulty(503));
  CHECK(other.refused().message.contains("asks to wait"));
  CHECK(other.refused().message.contains("asks to wait"));
  CHECK(other.heard().size() == 5);
}

TEST_CASE("the key is in no error, whatever the other side writes") {
  Other other;
  other.answers = {
      {.status = 400,
       .body = R"({"message":"Not you, Bearer )" + std::string(api_key) + R"(!","code":1003})"},
      {.body = std::string("{\"data\": \"") + api_key + "\"}"}};
  CHECK(other.refused().message == "Not you, Bearer [API key]!");
  CHECK_FALSE(other.refused().message.contains(api_key));
}

TEST_CASE("a dry run is never sent to a stranger, in whatever way it is asked for") {
  Other other;
  Error error = other.error_of(other.make("", true));
  CHECK(error.message == other.sentence("knows no dry runs: it would do it in earnest."));
  Value input = Value::object({{"name", "Ham"}, {"dry_run", true}});
  CHECK_FALSE(other.piggy->call(other.make_, input, "", false));
  input.set("dry_run", "perhaps");
  CHECK_FALSE(other.piggy->call(other.make_, input, "", false));
  for (const http::Request& heard : other.heard()) CHECK(heard.method == http::Method::get);
  input.set("dry_run", false);
  CHECK(other.piggy->call(other.make_, input, "", false));
  CHECK(other.heard().back().body == R"({"name":"Ham"})");
}

TEST_CASE("an engine of ours is asked for a dry run, and must say that it was one") {
  Other other;
  std::string dry(thing);
  dry.pop_back();
  dry += R"(,"dry_run":true,"effect":[{"what":"thing","before":null,"after":"Ham"}]})";
  other.answers = {ours(), ours(dry), ours(), ours()};
  auto answer = other.make("once", true);
  REQUIRE_MESSAGE(answer, answer.error().message);
  CHECK(answer->dry_run);
  CHECK(answer->effects[0].what == "thing");
  CHECK(other.heard()[1].header("piggy-dry-run") == "true");
  CHECK(other.heard()[1].header("idempotency-key").empty());
  CHECK(other.error_of(other.make("once", true)).message ==
        other.sentence("was asked for a dry run and does not say that it was one. It may have done "
                       "what it was asked."));
}

TEST_CASE("whose account it is can be asked") {
  Other other;
  other.answers = {ours(R"({"data":{"id":1,"uuid":"u","company":"Bakery"},"meta":[]})"),
                   {.body = R"({"data":{"id":1,"name":"Butcher"}})"},
                   {.body = "{}"},
                   faulty(401)};
  auto whose = other.piggy->check();
  REQUIRE(whose);
  CHECK(whose->company == "Bakery");
  CHECK(whose->engine == "0.1.0");
  whose = other.piggy->check();
  REQUIRE(whose);
  CHECK(whose->company == "Butcher");
  CHECK(whose->engine.empty());
  CHECK(other.piggy->check().error().message ==
        other.sentence("does not answer as a Piggy would."));
  CHECK(other.piggy->check().error().code == ErrorCode::unauthenticated);
}

TEST_CASE("what cannot be sent is refused before anything is") {
  Other other;
  auto own = other.piggy->call(*other.catalogue.find("own_thing"), Value::object(), "", false);
  CHECK(other.error_of(own).message ==
        "Own Thing is for this engine alone: another Piggy does not offer it.");
  CHECK(other.error_of(other.make("a\r\nX: y")).fields[0].path == "/Idempotency-Key");
  CHECK(other.heard().empty());
  for (const char* key : {"", "a b", "a\r\nX: y", "\xc3\xa9"}) {
    auto made = RemotePiggy::make({.base_url = "https://api.piggy.eu", .api_key = key},
                                  {.breakers = other.breakers, .clock = other.clock});
    REQUIRE_FALSE(made);
    CHECK(made.error().fields[0].path == "/api_key");
  }
}

TEST_CASE("an address of the own network is not connected to where that is not allowed") {
  Other other({.allow_private_addresses = false});
  CHECK(other.refused().message ==
        other.sentence("is at an address that may not be connected to."));
  CHECK(other.heard().empty());
}

TEST_CASE("many may call at once") {
  Other other;
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; i++) {
      threads.emplace_back([&] {
        for (int k = 0; k < 25; k++) good += other.make().has_value();
      });
    }
  }
  CHECK(good == 200);
  std::set<std::string_view> keys;
  std::vector<http::Request> all = other.heard();
  for (const http::Request& heard : all) keys.insert(heard.header("idempotency-key"));
  CHECK(keys.size() == 200);
}

}  // namespace piggy
