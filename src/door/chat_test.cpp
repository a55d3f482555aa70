// Conversations with a persona, through the dispatch and the jobs.

#include "door/chat.h"

#include <doctest/doctest.h>

#include <fstream>

#include "door/test_office.h"

namespace piggy {
namespace {

class Talk {
 public:
  Talk() {
    office.grant(R"([{"tool":"piggy_create_credit_reception","limits":{"points_per_day":1000}},)"
                 R"({"tool":"piggy_get_contact_credit_balance"},{"tool":"piggy_list_perks"},)"
                 R"({"tool":"piggy_merge_contacts"},{"tool":"piggy_create_vouchers_batch"}])");
    begin();
  }

  void begin() {
    conversation = Office::text_in(Office::must(office.call(office.boss, "start_conversation",
                                                            R"({"persona_uuid":"$persona"})")),
                                   "uuid");
  }
  std::string uuid() const { return fmt::format(R"({{"conversation_uuid":"{}"}})", conversation); }

  void send(std::string_view text) {
    Value input = Value::object({{"conversation_uuid", conversation}, {"text", text}});
    Office::must(office.call(office.boss, "send_message", to_json(input)));
  }
  // What the persona says last.
  std::string hear() {
    Result<> done = office.engine->scheduler().run_all_due();
    REQUIRE_MESSAGE(done, done.error().message);
    auto all = messages();
    REQUIRE(!all.empty());
    CHECK(all.back().text_of("kind") == "persona");
    return std::string(all.back().text_of("text"));
  }
  std::string say(std::string_view text) {
    send(text);
    return hear();
  }
  std::vector<Value> messages() {
    Value shown = Office::must(office.call(office.boss, "get_conversation", uuid()));
    return *shown.find("messages")->items();
  }

  Office office;
  std::string conversation;
};

}  // namespace

TEST_CASE("a plain request is looked up, done, priced, recorded and answered") {
  Talk talk;
  CHECK(talk.say("give 50 points to ann@example.com") ==
        "Done: 50 points. The balance is now 50. (2 plan credits)");
  CHECK(talk.say("how many points has ann@example.com?") ==
        "The balance is 50 points. (1 plan credit)");
  CHECK(talk.office.balance() == 50);
  auto calls = talk.office.calls("create_credit_reception");
  REQUIRE(calls.size() == 1);
  CHECK(calls[0].text_of("door") == "chat");
  CHECK(calls[0].text_of("prompt") == "give 50 points to ann@example.com");
  CHECK(calls[0].text_of("conversation_uuid") == talk.conversation);
  CHECK(calls[0].text_of("person") == "boss@shop.example");
  CHECK(calls[0].text_of("persona") == "Nina");
  auto messages = talk.messages();
  REQUIRE(messages.size() == 8);
  CHECK(messages[1].text_of("kind") == "call");
  CHECK(*messages[1].find("content")->find("price")->integer() == 2);
  CHECK(messages[2].text_of("kind") == "result");
}

TEST_CASE("what is missing is asked for, what is ambiguous is offered, and then it is done") {
  Talk talk;
  Office::must(talk.office.call(talk.office.owner(), "create_shop", R"({"name":"Utrecht"})"));
  CHECK(talk.say("give points to ann@example.com") == "How many points?");
  CHECK(talk.say("20") == "In which shop?");
  CHECK(talk.say("utrecht") == "Done: 20 points. The balance is now 20. (2 plan credits)");
  for (std::string_view email : {"lee@example.com", "lee@other.example"}) {
    Office::must(talk.office.call(talk.office.owner(), "create_contact",
                                  fmt::format(R"({{"email":"{}"}})", email)));
    Value found = Office::must(talk.office.call(talk.office.owner(), "find_contact",
                                                fmt::format(R"({{"email":"{}"}})", email)));
    Office::must(talk.office.call(
        talk.office.owner(), "update_contact",
        fmt::format(R"({{"contact_uuid":"{}","attributes":{{"firstname":"Lee"}}}})",
                    found.text_of("uuid"))));
  }
  std::string offer = talk.say("what is the balance of Lee?");
  CHECK(offer == "Which one do you mean?\n1. Lee (lee@example.com)\n2. Lee (lee@other.example)");
  CHECK(talk.say("2") == "The balance is 0 points. (1 plan credit)");
}

TEST_CASE("the interpreter says what it is, and does nothing that is not plainly asked for") {
  Talk talk;
  CHECK(talk.say("what's the weather?").find("I am not a language model") == 0);
  CHECK(!talk.say("don't give ann@example.com 50 points").empty());
  CHECK(!talk.say("should I give ann@example.com 50 points?").empty());
  CHECK(talk.office.balance() == 0);
  CHECK(talk.office.calls("create_credit_reception").empty());
}

TEST_CASE("slash commands call granted tools, and name what is wrong") {
  Talk talk;
  CHECK(talk.say("/help").find("/create_credit_reception shop_uuid") != std::string::npos);
  CHECK(talk.say(talk.office.filled("/get_contact_credit_balance contact_uuid=$ann")) ==
        "The balance is 0 points. (1 plan credit)");
  CHECK(
      talk.say(talk.office.filled(
          R"(/create_credit_reception {"shop_uuid":"$shop","contact_uuid":"$ann","credits":7})")) ==
      "Done: 7 points. The balance is now 7. (2 plan credits)");
  CHECK(talk.say(talk.office.filled("/create_credit_reception shop_uuid=$shop credits=many"))
            .find("credits") != std::string::npos);
  CHECK(talk.say("/list_forms") ==
        "I am not granted a tool list_forms. /help names those I may use.");
  CHECK(talk.say("/nonsense a b").find("name=value") != std::string::npos);
  CHECK(talk.office.balance() == 7);
}

TEST_CASE("what needs approval is told, and done when a person decides") {
  Talk talk;
  std::string told = talk.say("give 5000 points to ann@example.com");
  CHECK(told.find("Nina may give 1000 points a day") == 0);
  Value result = talk.messages()[2];
  std::string approval(result.find("content")->text_of("approval"));
  CHECK(!approval.empty());
  CHECK(talk.office.balance() == 0);
  Office::must(
      talk.office.call(talk.office.boss, "decide_approval",
                       fmt::format(R"({{"approval_uuid":"{}","verdict":"approve"}})", approval)));
  CHECK(talk.office.balance() == 5000);
}

TEST_CASE("a turn that is begun again after a crash acts once") {
  Talk talk;
  talk.send("give 50 points to ann@example.com");
  // The turn has come as far as its call, which was done; its end was not kept.
  talk.hear();
  Result<> undone = talk.office.engine->database().write(
      talk.office.boss->account_id, [&](Transaction& transaction) -> Result<> {
        TRY(transaction.run(
            "DELETE FROM chat_message WHERE account_id = $1 AND kind IN ('result', 'persona')"));
        TRY(transaction.run("UPDATE conversation SET state = 'thinking' WHERE account_id = $1"));
        TRY(add_job(transaction, "chat_turn",
                    Value::object({{"conversation", talk.conversation}})));
        return {};
      });
  REQUIRE(undone);
  talk.office.restart();
  CHECK(talk.hear() == "This was done before. Done: 50 points. The balance is now 50.");
  CHECK(talk.office.balance() == 50);
  CHECK(talk.office.used() == 2);
}

TEST_CASE("a conversation is its person's own, and a turn can be stopped") {
  Talk talk;
  talk.office.hire("mark@shop.example", "marketer");
  auto mark = talk.office.sign_in("mark@shop.example");
  auto foreign = talk.office.call(mark, "get_conversation", talk.uuid());
  REQUIRE(!foreign);
  CHECK(foreign.error().code == ErrorCode::not_found);
  talk.send("give 50 points to ann@example.com");
  auto second = talk.office.call(
      talk.office.boss, "send_message",
      fmt::format(R"({{"conversation_uuid":"{}","text":"hello"}})", talk.conversation));
  REQUIRE(!second);
  CHECK(second.error().code == ErrorCode::in_progress);
  Office::must(talk.office.call(talk.office.boss, "stop_turn", talk.uuid()));
  CHECK(talk.hear() == "Stopped.");
  CHECK(talk.office.balance() == 0);
}

TEST_CASE("a stopped persona says that it may do nothing") {
  Talk talk;
  Office::must(talk.office.call(talk.office.boss, "set_persona_state", R"({"state":"stopped"})"));
  CHECK(talk.say("give 50 points to ann@example.com") ==
        "No tool is granted to me, so there is nothing I can do.");
  CHECK(talk.office.balance() == 0);
}

// Text that came from outside stands in names, and the interpreter meets it when it looks them up
// or is told it: nothing beyond what was asked may come of it.
TEST_CASE("hostile text in names and messages makes nothing happen") {
  Talk talk;
  std::ifstream file(PIGGY_ROOT "/test/hostile/strings.txt");
  REQUIRE(file);
  int strings = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    auto text = parse_json("\"" + line + "\"");
    REQUIRE_MESSAGE(text, line);
    strings++;
    if (text->text()->starts_with('/')) continue;  // That is a command, and the person's own.
    if (strings % 4 != 0) continue;                // Each turn takes a few commits.
    talk.say(*text->text());
  }
  CHECK(strings >= 200);
  CHECK(talk.office.calls("create_credit_reception").empty());
  CHECK(talk.office.calls("create_vouchers_batch").empty());
  CHECK(talk.office.calls("merge_contacts").empty());
  CHECK(talk.office.used() == 0);
  CHECK(talk.office.verified());
}

}  // namespace piggy
