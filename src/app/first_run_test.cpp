#include "app/first_run.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <latch>
#include <thread>

#include "app/engine.h"
#include "database/test_database.h"

namespace piggy {
namespace {

// A Piggy that holds nothing, and calls of somebody whom it does not know.
class EmptyPiggy {
 public:
  EmptyPiggy() {
    database_.close();
    directory_ = std::filesystem::temp_directory_path() /
                 fmt::format("piggy-empty-{}", SecureRandom().next());
    RunConfiguration configuration;
    configuration.data = directory_;
    configuration.database = database_.url();
    auto opened = Engine::open(configuration, true, &clock);
    REQUIRE_MESSAGE(opened, opened.error().message);
    engine = *std::move(opened);
  }
  ~EmptyPiggy() {
    engine.reset();
    std::filesystem::remove_all(directory_);
  }

  Result<Answer> call(std::string_view operation, Value input) {
    return engine->dispatch().call_and_wait({.operation = engine->catalogue().find(operation),
                                             .caller = engine->callers().owner(),
                                             .input = std::move(input)});
  }
  bool begun() {
    auto answer = call("get_installation", Value::object());
    REQUIRE(answer);
    return static_cast<const GetInstallation::Output*>(answer->output.data())->begun;
  }
  Result<Session> begin(std::string_view code, std::string_view email = "Owner@Shop.example") {
    Answer answer = TRY(call("begin_installation", Value::object({{"code", code},
                                                                  {"company", "Bee & Sons, Ltd."},
                                                                  {"time_zone", "Europe/Lisbon"},
                                                                  {"email", email},
                                                                  {"password", password}})));
    return *static_cast<const Session*>(answer.output.data());
  }

  static constexpr std::string_view password = "a long enough password";
  ManualClock clock;
  std::unique_ptr<Engine> engine;

 private:
  TestDatabase database_;
  std::filesystem::path directory_;
};

}  // namespace

TEST_CASE("an empty Piggy is begun by its code, and its owner is signed in") {
  EmptyPiggy piggy;
  CHECK(!piggy.begun());
  std::string code = *piggy.engine->setup_code();
  auto session = piggy.begin(code);
  REQUIRE_MESSAGE(session, session.error().message);
  CHECK(session->email == "owner@shop.example");
  CHECK(session->role == Role::owner);
  CHECK(session->account == "bee-sons-ltd");
  CHECK(session->company == "Bee & Sons, Ltd.");
  auto caller = piggy.engine->callers().by_session(session->session);
  REQUIRE(caller);
  CHECK((*caller)->time_zone == "Europe/Lisbon");
  CHECK((*caller)->may("people:write"));
  CHECK(piggy.begun());
  // It earns: the programme is there as well.
  auto units = piggy.engine->dispatch().call_and_wait(
      {.operation = piggy.engine->catalogue().find("list_units"), .caller = *caller});
  CHECK(units);
  auto again = piggy.call("sign_in", Value::object({{"email", "owner@shop.example"},
                                                    {"password", EmptyPiggy::password}}));
  CHECK(again);
}

TEST_CASE("once there is an account nobody begins again, with whatever code") {
  EmptyPiggy piggy;
  std::string code = *piggy.engine->setup_code();
  REQUIRE(piggy.call("create_account", Value::object({{"name", "shop"}})));
  auto refused = piggy.begin(code);
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(piggy.engine->setup_code()->empty());
}

TEST_CASE("a wrong code, or none shown, begins nothing, and guessing takes ever longer") {
  EmptyPiggy piggy;
  CHECK(!piggy.begin("x"));
  std::string code = *piggy.engine->setup_code();
  CHECK(code.size() >= 20);
  for (int i = 0; i < 4; i++) {
    auto refused = piggy.begin(std::string(code.size(), 'x'));
    REQUIRE(!refused);
    CHECK(refused.error().fields[0].path == "/code");
  }
  auto waits = piggy.begin(code);
  REQUIRE(!waits);
  CHECK(waits.error().code == ErrorCode::too_many);
  CHECK(waits.error().retry_after_seconds > 0);
  CHECK(!piggy.begun());
  piggy.clock.time = piggy.clock.time.load() + 2 * microseconds_per_second;
  CHECK(piggy.begin(code));
}

TEST_CASE("of two who begin at once one is refused, and what is wrong makes nothing") {
  EmptyPiggy piggy;
  std::string code = *piggy.engine->setup_code();
  auto nowhere =
      piggy.call("begin_installation", Value::object({{"code", code},
                                                      {"company", "Bees"},
                                                      {"time_zone", "Mars/Olympus"},
                                                      {"email", "a@shop.example"},
                                                      {"password", EmptyPiggy::password}}));
  REQUIRE(!nowhere);
  CHECK(nowhere.error().fields[0].path == "/time_zone");
  CHECK(!piggy.begun());
  std::latch together(4);
  std::atomic<int> begun = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; i++) {
      threads.emplace_back([&, i] {
        together.arrive_and_wait();
        auto session = piggy.begin(code, fmt::format("owner{}@shop.example", i));
        if (session) begun++;
        if (!session) CHECK(session.error().code == ErrorCode::conflict);
      });
    }
  }
  CHECK(begun == 1);
}

}  // namespace piggy
