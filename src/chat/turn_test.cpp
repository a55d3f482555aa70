// The order in which a turn does what a model asks for, and what a crash in between leaves.

#include "chat/turn.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>

#include "database/test_database.h"

namespace piggy {
namespace {

constexpr auto patience = std::chrono::seconds(20);

// Replies with what it is told to, then says that it is done.
class Script final : public model::Model {
 public:
  std::string name() const override { return "script"; }
  Result<model::Reply> ask(const model::Request& request, const model::Listener&,
                           std::stop_token) override {
    asked.push_back(request);
    model::Reply reply;
    if (calls.empty()) {
      reply.message.parts.emplace_back(model::Text{"Done."});
    }
    int number = 0;
    for (const std::string& call : calls) {
      reply.message.parts.emplace_back(
          model::ToolCall{.id = fmt::format("id-{}", number++), .name = call});
    }
    calls.clear();
    return reply;
  }

  std::vector<std::string> calls = {};
  std::vector<model::Request> asked = {};
};

constexpr std::string_view here = "00000000-0000-7000-8000-000000000001";
constexpr std::string_view there = "00000000-0000-7000-8000-000000000002";
constexpr std::string_view shop_there = "00000000-0000-7000-8000-000000000003";

// What is known in the account of the conversation.
class Local final : public Names {
 public:
  Result<std::vector<Named>> contacts(std::string_view word) override {
    if (word != "ann@example.com") return std::vector<Named>();
    return std::vector<Named>{{.value = std::string(here), .label = "Ann", .name = "Ann"}};
  }
  Result<std::vector<Named>> shops() override {
    return std::vector<Named>{{.value = std::string(here), .label = "Mill", .name = "Mill"}};
  }
  Result<std::vector<Named>> promotions() override { return std::vector<Named>(); }
};

// Tools whose names say what they are: a read that begins with `meet` ends when as many are under
// way as are expected, any other waits for nothing.
class Tools final : public ChatTools {
 public:
  Result<std::vector<OfferedTool>> tools(const Speaker&) override {
    std::vector<OfferedTool> tools = offers;
    for (std::string name : {"meet", "slow", "read", "write"}) {
      tools.push_back({.name = name, .full_name = name, .reads = name != "write"});
    }
    return tools;
  }
  ToolResult call(const Speaker&, const ToolCall& call) override {
    std::unique_lock lock(mutex_);
    arguments.push_back(call.arguments);
    begun.push_back(call.tool);
    keys[call.key]++;
    under_way_++;
    most_under_way = std::max(most_under_way, under_way_);
    bool together = true;
    if (call.tool == "meet" || call.tool == "slow") {
      met_++;
      changed_.notify_all();
      together = changed_.wait_for(lock, patience, [&] { return met_ >= expected; });
    }
    // The slow one ends after all the others.
    if (call.tool == "slow") {
      together &= changed_.wait_for(lock, patience, [&] { return under_way_ == 1; });
    }
    under_way_--;
    ended.push_back(call.tool);
    changed_.notify_all();
    return {.answer = Value::object({{"tool", call.tool}, {"together", together}})};
  }
  std::unique_ptr<Names> names(const Speaker&) override { return std::make_unique<Local>(); }
  Result<Mind> mind(const Speaker&) override { return Mind{.model = model}; }
  Result<> charge_tokens(Transaction&, const Speaker&, std::int64_t) override { return {}; }
  void said(const Uuid&, std::string_view) override {}

  std::shared_ptr<Script> model = std::make_shared<Script>();
  int expected = 0;  // How many meet.
  int most_under_way = 0;
  std::vector<OfferedTool> offers = {};
  std::vector<Value> arguments = {};
  std::vector<std::string> begun = {};
  std::vector<std::string> ended = {};
  std::map<std::string, int> keys = {};  // How often each was used.

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int met_ = 0;
  int under_way_ = 0;
};

struct Talk {
  Talk() {
    write([&](Transaction& transaction) -> Result<> {
      conversation = TRY(make_conversation(transaction, 2, 3));
      return Result<>();
    });
    say("go on");
  }
  void say(std::string_view text) {
    write([&](Transaction& transaction) -> Result<> {
      TRY(add_message(transaction, conversation.id, MessageKind::person, text, Value::object()));
      return set_state(transaction, conversation, ConversationState::thinking);
    });
  }
  // What the persona says to it.
  std::string hear(std::string_view text) {
    say(text);
    REQUIRE(run());
    return rows().back().text;
  }
  void write(const std::function<Result<>(Transaction&)>& work) {
    Result<> done = database->write(account, work);
    REQUIRE_MESSAGE(done, done.error().message);
  }
  Result<> run() {
    Turns turns(*database, tools, [](const Uuid&) {});
    return turns.run({.account_id = account,
                      .payload = Value::object({{"conversation", to_string(conversation.uuid)}})});
  }
  std::vector<MessageRow> rows() {
    std::vector<MessageRow> rows;
    REQUIRE(database->read(account, [&](Transaction& transaction) -> Result<> {
      rows = TRY(messages_after(transaction, conversation.id, 0));
      return {};
    }));
    return rows;
  }
  // Kinds and what they are about: "call read", "result read id-0".
  std::vector<std::string> steps() {
    std::vector<std::string> steps;
    for (const MessageRow& row : rows()) {
      std::string step(word_of(row.kind));
      if (row.kind == MessageKind::call || row.kind == MessageKind::result) {
        step += fmt::format(" {} {}", row.text, row.content.text_of("call_id"));
      }
      steps.push_back(std::move(step));
    }
    return steps;
  }

  static constexpr std::int64_t account = 1;
  TestDatabase database;
  Tools tools;
  ConversationRow conversation;
};

}  // namespace

TEST_CASE("reads that follow each other run at the same time, and are told in their order") {
  Talk talk;
  talk.tools.model->calls = {"slow", "meet", "meet"};
  talk.tools.expected = 3;
  REQUIRE(talk.run());
  CHECK(talk.steps() == std::vector<std::string>{"person", "persona", "call slow id-0",
                                                 "call meet id-1", "call meet id-2",
                                                 "result slow id-0", "result meet id-1",
                                                 "result meet id-2", "persona"});
  CHECK(talk.tools.ended == std::vector<std::string>{"meet", "meet", "slow"});
  for (const MessageRow& row : talk.rows()) {
    if (row.kind != MessageKind::result) continue;
    CHECK(*row.content.find("answer")->find("together")->boolean());
  }
  // The model is told the results of its calls, each once.
  REQUIRE(talk.tools.model->asked.size() == 2);
  std::vector<std::string> told;
  for (const model::Message& message : talk.tools.model->asked[1].messages) {
    for (const model::Part& part : message.parts) {
      if (const auto* result = std::get_if<model::ToolResult>(&part)) told.push_back(result->id);
    }
  }
  CHECK(told == std::vector<std::string>{"id-0", "id-1", "id-2"});
}

TEST_CASE("a write waits for the reads before it, and what follows waits for it") {
  Talk talk;
  talk.tools.model->calls = {"meet", "meet", "write", "write", "nonsense", "read"};
  talk.tools.expected = 2;
  REQUIRE(talk.run());
  CHECK(talk.tools.begun == std::vector<std::string>{"meet", "meet", "write", "write", "read"});
  CHECK(talk.tools.most_under_way == 2);
  CHECK(talk.steps() == std::vector<std::string>{"person", "persona", "call meet id-0",
                                                 "call meet id-1", "result meet id-0",
                                                 "result meet id-1", "call write id-2",
                                                 "result write id-2", "call write id-3",
                                                 "result write id-3", "result nonsense id-4",
                                                 "call read id-5", "result read id-5", "persona"});
}

TEST_CASE("however many reads a model asks for, few run at the same time") {
  Talk talk;
  talk.tools.model->calls = std::vector<std::string>(30, "read");
  REQUIRE(talk.run());
  CHECK(talk.tools.begun.size() == 30);
  CHECK(talk.tools.most_under_way <= 8);
  CHECK(talk.rows().size() == 1 + 1 + 30 + 30 + 1);
}

TEST_CASE("a plain request is made through the one connection that can do it, by uuids alone") {
  Talk talk;
  talk.tools.model = nullptr;
  for (std::string name : {"get_contact_credit_balance", "create_credit_reception"}) {
    talk.tools.offers.push_back(
        {.name = "outlet_" + name, .full_name = "outlet_" + name, .operation = name});
  }
  // Whoever is meant by an address here is somebody else there.
  CHECK(talk.hear("how many points has ann@example.com?") ==
        "I know no contact ann@example.com. Whose balance? I can look nothing up there, so tell me "
        "its uuid.");
  CHECK(talk.tools.begun.empty());
  CHECK(talk.hear(there) == "The balance is ? points.");
  CHECK(talk.tools.begun == std::vector<std::string>{"outlet_get_contact_credit_balance"});
  CHECK(talk.tools.arguments.back() == Value::object({{"contact_uuid", there}}));
  CHECK(talk.hear(fmt::format("how many points has {}?", there)) == "The balance is ? points.");

  CHECK(talk.hear(fmt::format("give 50 points to {}", there)) ==
        "In which shop? I can look nothing up there, so tell me its uuid.");
  CHECK(talk.hear(shop_there).starts_with("Done"));
  CHECK(talk.tools.begun.back() == "outlet_create_credit_reception");
  CHECK(talk.tools.arguments.back() ==
        Value::object({{"contact_uuid", there}, {"shop_uuid", shop_there}, {"credits", 50}}));

  // What this account's own engine may do is done here.
  talk.tools.offers.push_back({.name = "get_contact_credit_balance",
                               .full_name = "piggy_get_contact_credit_balance",
                               .operation = "get_contact_credit_balance"});
  (void)talk.hear("how many points has ann@example.com?");
  CHECK(talk.tools.begun.back() == "get_contact_credit_balance");
  CHECK(talk.tools.arguments.back() == Value::object({{"contact_uuid", here}}));
}

TEST_CASE("where two connections could do it, nothing is done") {
  Talk talk;
  talk.tools.model = nullptr;
  for (std::string name : {"outlet_list_perks", "depot_list_perks"}) {
    talk.tools.offers.push_back({.name = name, .full_name = name, .operation = "list_perks"});
  }
  CHECK(talk.hear("which perks are there? list the perks please").find("not granted") !=
        std::string::npos);
  CHECK(talk.tools.begun.empty());
}

// The turn has come to any of its rows, and the process has ended there.
TEST_CASE("wherever a crash ends a turn, it goes on with the same rows and the same keys") {
  std::vector<std::string> calls = {"read", "read", "read", "write", "read", "read"};
  Talk whole;
  whole.tools.model->calls = calls;
  REQUIRE(whole.run());
  std::vector<std::string> steps = whole.steps();
  REQUIRE(steps.size() == 2 + 12 + 1);
  for (std::size_t kept = 2; kept < steps.size(); kept++) {
    CAPTURE(kept);
    Talk talk;
    talk.tools.model->calls = calls;
    REQUIRE(talk.run());
    std::map<std::string, int> before = talk.tools.keys;
    std::int64_t last = talk.rows()[kept - 1].id;
    talk.write([&](Transaction& transaction) -> Result<> {
      TRY(transaction.run("DELETE FROM chat_message WHERE account_id = $1 AND id > $2", {last}));
      return set_state(transaction, talk.conversation, ConversationState::thinking);
    });
    REQUIRE(talk.run());
    auto again = talk.steps();
    std::ranges::sort(again);
    auto wanted = steps;
    std::ranges::sort(wanted);
    CHECK(again == wanted);  // No row is missing, none is there twice.
    // A call that had its row is made under the same key, and one that had its end not at all.
    std::map<std::string, std::string> key_of;
    for (const MessageRow& row : talk.rows()) {
      if (row.id > last) break;
      std::string id(row.content.text_of("call_id"));
      if (row.kind == MessageKind::call) {
        key_of[id] = fmt::format("chat-{}", row.id);
        CHECK(talk.tools.keys[key_of[id]] >= 1);
        CHECK(before.contains(key_of[id]));
      }
      if (row.kind == MessageKind::result) CHECK(talk.tools.keys[key_of[id]] == 1);
    }
  }
}

}  // namespace piggy
