#include <doctest/doctest.h>

#include "connection/declared_connector.h"
#include "connection/operations.h"
#include "door/test_office.h"

namespace piggy {
namespace {

class Telex;

struct ReadTelex {
  static constexpr OperationInfo info = {.name = "read_telex",
                                         .title = "Read Telex",
                                         .about = "Reads.",
                                         .scope = "connections:write",
                                         .surface = Surface::platform};
  using Input = Empty;
  struct Output {
    std::string text = {};
    static void describe(Fields<Output>& field) { field("text", &Output::text, "The text."); }
  };
  static Result<Output> act(Telex& telex, const Reach& reach, const Input& input,
                            const OutsideRequest& request);
};

struct SendTelex {
  static constexpr OperationInfo info = {.name = "send_telex",
                                         .title = "Send Telex",
                                         .about = "Sends.",
                                         .scope = "connections:write",
                                         .effect = Effect::write,
                                         .surface = Surface::platform};
  struct Input {
    std::string text = {};
    static void describe(Fields<Input>& field) { field("text", &Input::text, "The text."); }
  };
  using Output = ReadTelex::Output;
  static Result<Output> act(Telex& telex, const Reach& reach, const Input& input,
                            const OutsideRequest& request);
};

struct BurnTelex {
  static constexpr OperationInfo info = {.name = "burn_telex",
                                         .title = "Burn Telex",
                                         .about = "Burns.",
                                         .scope = "connections:write",
                                         .effect = Effect::destructive,
                                         .surface = Surface::platform};
  using Input = Empty;
  using Output = ReadTelex::Output;
  static Result<Output> act(Telex& telex, const Reach& reach, const Input& input,
                            const OutsideRequest& request);
};

// A service that does what it is told, and keeps what it heard.
class Telex final : public DeclaredConnector {
 public:
  Telex() {
    add<ReadTelex>(*this);
    add<SendTelex>(*this);
    add<BurnTelex>(*this);
  }
  const ConnectorInfo& info() const override {
    static constexpr ConnectorInfo about = {
        .name = "telex", .title = "Telex", .about = "A test's.", .key = "Key"};
    return about;
  }
  Result<> may_be(const Reach&) const override { return {}; }
  Result<Whose> check(const Reach&) override {
    if (refusal) return std::unexpected(*refusal);
    return Whose{.name = "Aunt", .settings = Value::object({{"account", "7"}})};
  }
  bool rotates(const Reach&) const override { return true; }
  Result<NewKey> rotate(const Reach& reach) override {
    return NewKey{.key = SecretBytes::copy_of(std::string(reach.key.view()) + "+")};
  }

  Result<ReadTelex::Output> hear(const Reach& reach, const OutsideRequest& request,
                                 std::string text) {
    if (before) before();
    heard.push_back({std::string(reach.key.view()), std::string(request.idempotency_key),
                     request.perhaps_done});
    if (refusal) return std::unexpected(*refusal);
    return ReadTelex::Output{.text = std::move(text)};
  }

  struct Heard {
    std::string key = {};
    std::string idempotency_key = {};
    bool perhaps_done = false;
  };
  std::vector<Heard> heard;
  std::optional<Error> refusal;
  std::function<void()> before;
};

Result<ReadTelex::Output> ReadTelex::act(Telex& telex, const Reach& reach, const Input&,
                                         const OutsideRequest& request) {
  return telex.hear(reach, request, "news");
}
Result<ReadTelex::Output> SendTelex::act(Telex& telex, const Reach& reach, const Input& input,
                                         const OutsideRequest& request) {
  return telex.hear(reach, request, input.text);
}
Result<ReadTelex::Output> BurnTelex::act(Telex& telex, const Reach& reach, const Input&,
                                         const OutsideRequest& request) {
  return telex.hear(reach, request, "ashes");
}

// An office with a telex, whose three tools are the persona's.
struct Wired : Office {
  Wired() {
    install();
    Value made = must(call(boss, "create_connection", R"({"connector":"telex","key":"k"})"));
    connection = made.text_of("uuid");
    grant(
        R"([{"tool":"telex_read_telex"},{"tool":"telex_send_telex"},{"tool":"telex_burn_telex"}])");
  }
  void install() {
    auto made = std::make_unique<Telex>();
    telex = made.get();
    engine->dispatch().connections().add(std::move(made));
  }
  Result<Value> ask(std::string_view tool, std::string_view input = "{}", std::string key = {},
                    bool dry_run = false) {
    Invocation invocation{.caller = nina(),
                          .input = *parse_json(input),
                          .idempotency_key = std::move(key),
                          .dry_run = dry_run,
                          .door = Door::mcp};
    TRY(engine->database().read(
        invocation.caller->account_id, [&](Transaction& transaction) -> Result<> {
          invocation.call(TRY(engine->dispatch().connections().tool(transaction, tool)));
          return {};
        }));
    Answer answer = TRY(engine->dispatch().call_and_wait(std::move(invocation)));
    std::string json;
    write_answer(json, answer);
    return parse_json(json);
  }
  std::string state() {
    Value all = must(call(boss, "list_connections", "{}"));
    return std::string(all.find("connections")->items()->at(1).text_of("state"));
  }
  Result<Value> permit(std::string_view names) {
    return call(boss, "set_connection_permissions",
                fmt::format(R"({{"connection_uuid":"{}","permissions":{}}})", connection, names));
  }
  std::size_t under_way() {
    std::size_t count = 0;
    REQUIRE(engine->database().read(0, [&](Transaction& transaction) -> Result<> {
      count = TRY(outside_calls(transaction)).size();
      return {};
    }));
    return count;
  }

  Telex* telex = nullptr;
  std::string connection = {};
};

}  // namespace

TEST_CASE("a connection's call is priced, recorded and remembered as any other") {
  Wired office;
  std::int64_t before = office.used();
  CHECK(office.ask("telex_send_telex", R"({"text":"stop"})", "once")->text_of("text") == "stop");
  CHECK(office.ask("telex_send_telex", R"({"text":"stop"})", "once")->text_of("text") == "stop");
  CHECK(office.telex->heard.size() == 1);
  CHECK(office.used() == before + 2);
  CHECK(office.under_way() == 0);
  Value calls = Office::must(
      office.call(office.boss, "list_audit_calls", R"({"operation":"telex_send_telex"})"));
  CHECK(to_json(calls).contains(R"("outcome":"done")"));
  CHECK(to_json(calls).contains(R"("outcome":"replayed")"));
}

TEST_CASE("a call that could not be done elsewhere costs nothing") {
  Wired office;
  std::int64_t before = office.used();
  office.telex->refusal = Error{.code = ErrorCode::unavailable, .message = "The line is dead."};
  auto refused = office.ask("telex_send_telex", R"({"text":"stop"})", "later");
  REQUIRE(!refused);
  CHECK(refused.error().message == "The line is dead.");
  CHECK(office.used() == before);
  office.telex->refusal.reset();
  CHECK(office.ask("telex_send_telex", R"({"text":"stop"})", "later"));
  // The other side can tell that it is the same.
  CHECK(office.telex->heard[0].idempotency_key == office.telex->heard[1].idempotency_key);
}

TEST_CASE("what destroys elsewhere waits for a person, and is sent when one approves") {
  Wired office;
  auto asked = office.ask("telex_burn_telex");
  REQUIRE(!asked);
  REQUIRE(asked.error().code == ErrorCode::needs_approval);
  CHECK(office.telex->heard.empty());
  std::int64_t before = office.used();
  Office::must(office.call(
      office.boss, "decide_approval",
      fmt::format(R"({{"approval_uuid":"{}","verdict":"approve"}})", asked.error().approval)));
  Result<Value> ended = office.ask("telex_burn_telex");
  while (!ended && ended.error().code == ErrorCode::needs_approval) {
    std::this_thread::yield();
    ended = office.ask("telex_burn_telex");
  }
  CHECK(Office::must(std::move(ended)).text_of("text") == "ashes");
  CHECK(office.telex->heard.size() == 1);
  CHECK(office.used() == before + 5);
}

TEST_CASE("what was written down and perhaps sent is gone on with after a crash") {
  for (bool sent : {false, true}) {
    Wired office;
    auto caller = office.nina();
    // As a process that died has left it.
    REQUIRE(office.engine->database().write(
        caller->account_id, [&](Transaction& transaction) -> Result<> {
          Tool tool =
              TRY(office.engine->dispatch().connections().tool(transaction, "telex_send_telex"));
          OutsideCallRow row{.connection_id = tool.connection_id,
                             .tool = tool.key(),
                             .persona_id = caller->persona_id,
                             .person_id = caller->person_id,
                             .token_id = caller->token_id,
                             .arguments = Value::object({{"text", "late"}}),
                             .price = 2};
          TRY(begin_outside_call(transaction, row));
          if (sent) TRY(note_sent(transaction, row));
          return {};
        }));
    office.engine->dispatch().resume();
    while (office.under_way()) std::this_thread::yield();
    REQUIRE(office.telex->heard.size() == 1);
    CHECK(office.telex->heard[0].perhaps_done == sent);
  }
}

TEST_CASE("between the writing down and the sending everything is looked at again") {
  Wired office;
  auto write_down = [&] {
    auto caller = office.nina();
    REQUIRE(office.engine->database().write(
        caller->account_id, [&](Transaction& transaction) -> Result<> {
          Tool tool =
              TRY(office.engine->dispatch().connections().tool(transaction, "telex_send_telex"));
          OutsideCallRow row{.connection_id = tool.connection_id,
                             .tool = tool.key(),
                             .persona_id = caller->persona_id,
                             .person_id = caller->person_id,
                             .token_id = caller->token_id,
                             .arguments = Value::object({{"text", "late"}})};
          return begin_outside_call(transaction, row);
        }));
  };
  SUBCASE("the persona was stopped") {
    write_down();
    Office::must(office.call(office.boss, "set_persona_state", R"({"state":"stopped"})"));
  }
  SUBCASE("the tool was taken away") {
    write_down();
    Office::must(office.call(office.boss, "revoke_tools", R"({"persona_uuid":"$persona"})"));
  }
  SUBCASE("the connection was revoked") {
    write_down();
    Office::must(office.call(office.boss, "revoke_connection",
                             fmt::format(R"({{"connection_uuid":"{}"}})", office.connection)));
  }
  SUBCASE("the connection may not be used for it any more") {
    write_down();
    Office::must(office.permit(R"(["read_telex"])"));
  }
  office.engine->dispatch().resume();
  while (office.under_way()) std::this_thread::yield();
  CHECK(office.telex->heard.empty());
  Value calls = Office::must(
      office.call(office.boss, "list_audit_calls", R"({"operation":"telex_send_telex"})"));
  CHECK(to_json(calls).contains(R"("outcome":"refused")"));
}

TEST_CASE("a connection is used for what it is permitted alone") {
  Wired office;
  CHECK(to_json(*Office::must(office.permit(R"(["read_telex"])")).find("tools")) ==
        R"(["telex_read_telex"])");
  CHECK(office.ask("telex_read_telex"));
  auto refused = office.ask("telex_send_telex", R"({"text":"stop"})");
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::forbidden);
  CHECK(refused.error().message.contains("Send Telex"));
  Value offered = Office::must(office.call(office.boss, "list_tools", "{}"));
  CHECK(!to_json(offered).contains("telex_send_telex"));
  CHECK(!office.call(office.boss, "grant_tools",
                     R"({"persona_uuid":"$persona","grants":[{"tool":"telex_send_telex"}]})"));
  // Its grants have only been asleep.
  Office::must(office.permit("null"));
  CHECK(office.ask("telex_send_telex", R"({"text":"stop"})"));
  CHECK(office.telex->heard.size() == 2);
}

TEST_CASE("a connection begins with the permissions that it is given, all wrong ones named") {
  Wired office;
  auto with = [&](std::string_view names) {
    return office.call(office.boss, "create_connection",
                       fmt::format(R"({{"connector":"telex","key":"k","permissions":{}}})", names));
  };
  CHECK(to_json(*Office::must(with(R"(["burn_telex"])")).find("tools")) ==
        R"(["telex2_burn_telex"])");
  for (const auto& refused :
       {with(R"(["fly","read_telex","swim"])"), office.permit(R"(["fly","read_telex","swim"])")}) {
    REQUIRE(!refused);
    REQUIRE(refused.error().fields.size() == 2);
    CHECK(refused.error().fields[0].path == "/permissions/0");
    CHECK(refused.error().fields[1].path == "/permissions/2");
  }
  CHECK(!with("[]"));
}

TEST_CASE("who approves a call that is not permitted any more does not have it sent") {
  Wired office;
  auto asked = office.ask("telex_burn_telex");
  REQUIRE(!asked);
  Office::must(office.permit(R"(["read_telex"])"));
  Result<Value> decided = office.call(
      office.boss, "decide_approval",
      fmt::format(R"({{"approval_uuid":"{}","verdict":"approve"}})", asked.error().approval));
  CHECK((!decided || !to_json(*decided).contains("ashes")));
  while (office.under_way()) std::this_thread::yield();
  CHECK(office.telex->heard.empty());
}

TEST_CASE("a refused key asks for a person, and the tools come back with another key") {
  Wired office;
  office.telex->refusal = Error{.code = ErrorCode::unauthenticated, .message = "Who are you?"};
  CHECK(!office.ask("telex_read_telex"));
  CHECK(office.state() == "reconnect");
  CHECK(!office.ask("telex_read_telex"));
  CHECK(office.telex->heard.size() == 1);
  auto replace = fmt::format(R"({{"connection_uuid":"{}","key":"other"}})", office.connection);
  CHECK(!office.call(office.boss, "replace_connection_key", replace));
  office.telex->refusal.reset();
  Office::must(office.call(office.boss, "replace_connection_key", replace));
  CHECK(office.ask("telex_read_telex"));
  CHECK(office.telex->heard.back().key == "other");
}

TEST_CASE("keys are changed on their day without being asked for") {
  Wired office;
  office.engine->scheduler().run_all_due();
  office.ask("telex_read_telex");
  CHECK(office.telex->heard.back().key == "k");
  for (const char* key : {"k+", "k++"}) {
    office.clock.time = office.clock.time.load() + 30 * microseconds_per_day;
    REQUIRE(office.engine->scheduler().run_all_due());
    office.ask("telex_read_telex");
    CHECK(office.telex->heard.back().key == key);
  }
  CHECK(office.state() == "connected");
  Office::must(office.call(office.boss, "revoke_connection",
                           fmt::format(R"({{"connection_uuid":"{}"}})", office.connection)));
  office.clock.time = office.clock.time.load() + 30 * microseconds_per_day;
  REQUIRE(office.engine->scheduler().run_all_due());
}

TEST_CASE("what a dry run elsewhere cannot be is refused, and free") {
  Wired office;
  std::int64_t before = office.used();
  auto refused = office.ask("telex_send_telex", R"({"text":"x"})", "", true);
  REQUIRE(!refused);
  CHECK(refused.error().message.contains("dry run"));
  CHECK(office.telex->heard.empty());
  CHECK(office.used() == before);
}

TEST_CASE("all that is wrong with a new connection is named at once") {
  Wired office;
  for (auto [input, paths] :
       {std::pair{R"({"connector":"telex","handle":"list"})", "/handle /key "},
        {R"({"connector":"pigeon","handle":"list","key":"k"})", "/handle /connector "},
        {R"({"connector":"email","handle":"list","key":"k","base_url":"x"})",
         "/handle /key /base_url "}}) {
    auto refused = office.call(office.boss, "create_connection", input);
    REQUIRE_MESSAGE(!refused, input);
    std::string named;
    for (const FieldError& field : refused.error().fields) named += field.path + ' ';
    CHECK(named == paths);
  }
}

TEST_CASE("a handle is one connection's for good, and never like the engine's own tools") {
  Wired office;
  auto with = [&](std::string_view handle) {
    return office.call(office.boss, "create_connection",
                       fmt::format(R"({{"connector":"telex","key":"k","handle":"{}"}})", handle));
  };
  for (std::string_view wrong : {"piggy", "list", "create", "Telex", "a_b", "1a", "telex"}) {
    auto refused = with(wrong);
    REQUIRE_MESSAGE(!refused, wrong);
    CHECK(refused.error().fields[0].path == "/handle");
  }
  CHECK(Office::must(
            office.call(office.boss, "create_connection", R"({"connector":"telex","key":"k"})"))
            .text_of("handle") == "telex2");
  Office::must(office.call(office.boss, "revoke_connection",
                           fmt::format(R"({{"connection_uuid":"{}"}})", office.connection)));
  CHECK(!with("telex"));
}

}  // namespace piggy
