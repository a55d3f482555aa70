#include <doctest/doctest.h>

#include "mcp/test_client.h"
#include "shape/json.h"

using namespace piggy;
using namespace piggy::mcp;

namespace {

constexpr std::string_view ask = R"({"name":"ask","arguments":{"a":1,"b":2}})";

std::string again(const Value& state, std::string_view arguments = R"({"b":2,"a":1})") {
  return R"({"name":"ask","arguments":)" + std::string(arguments) +
         R"(,"inputResponses":{"name":{"action":"accept"}},"requestState":)" + to_json(state) + "}";
}

}  // namespace

TEST_CASE("a question is a result, and the answer comes with the same call") {
  TestClient client;
  client.capabilities = R"({"elicitation":{}})";
  auto question = client.modern("tools/call", ask);
  CHECK(question->result("resultType") == Value("input_required"));
  CHECK(question->result("inputRequests").find("name")->text_of("method") == "elicitation/create");
  Value state = question->result("requestState");
  CHECK(!state.text()->contains("remembered"));

  auto answer = client.modern("tools/call", again(state));
  CHECK(answer->result("content").items()->front().text_of("text") == "remembered accept");
}

TEST_CASE("sealed state is of one principal, one call and a short time") {
  TestClient client;
  client.capabilities = R"({"elicitation":{}})";
  Value state = client.modern("tools/call", ask)->result("requestState");

  CHECK(client.modern("tools/call", again(Value(*state.text() + "x")))->error_code() == -32602);
  CHECK(client.modern("tools/call", again(Value("")))->error_code() == -32602);
  CHECK(client.modern("tools/call", again(state, R"({"a":1})"))->error_code() == -32602);
  client.principal = "bert";
  CHECK(client.modern("tools/call", again(state))->error_code() == -32602);
  client.principal = "anna";
  CHECK(client.modern("tools/call", again(state))->error_code() == 0);
  client.clock.time = client.clock.now() + 601 * microseconds_per_second;
  CHECK(client.modern("tools/call", again(state))->error_code() == -32602);
}

TEST_CASE("only what a client declares is asked") {
  TestClient client;
  auto refused = client.modern("tools/call", ask);
  CHECK(refused->response.status == 400);
  CHECK(refused->error_code() == -32021);
  CHECK(to_json(refused->result("data")) ==
        R"({"requiredCapabilities":{"elicitation":{"form":{}}}})");
  client.capabilities = R"({"elicitation":{"url":{}}})";
  CHECK(client.modern("tools/call", ask)->error_code() == -32021);
}

TEST_CASE("answers of the wrong kind are no answers") {
  TestClient client;
  client.capabilities = R"({"elicitation":{}})";
  auto number = client.modern("tools/call", R"({"name":"ask","inputResponses":{"name":5}})");
  CHECK(number->result("resultType") == Value("input_required"));
  auto null = client.modern("tools/call", R"({"name":"ask","inputResponses":null})");
  CHECK(null->error_code() == -32602);
}

TEST_CASE("an old client is asked on the call's stream, and the call is made again") {
  TestClient client;
  client.begin("2025-11-25", R"({"elicitation":{}})");
  auto call =
      client.legacy(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask"}})");
  REQUIRE(call->stream);
  Value question = call->stream->message(0);
  CHECK(question.text_of("method") == "elicitation/create");
  CHECK(question.find("params")->text_of("message") == "Your name?");

  auto accepted = client.legacy(R"({"jsonrpc":"2.0","id":)" + to_json(*question.find("id")) +
                                R"(,"result":{"action":"decline"}})");
  CHECK(accepted->response.status == 202);
  CHECK(client.service.calls == 2);
  CHECK(call->result("content").items()->front().text_of("text") == "remembered decline");
  CHECK(call->stream->closed);
}

TEST_CASE("an old client that refuses, or says nothing, fails the call") {
  TestClient client;
  client.begin("2025-06-18", R"({"elicitation":{}})");
  constexpr std::string_view body =
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask"}})";
  auto first = client.legacy(body);
  client.legacy(R"({"jsonrpc":"2.0","id":"ask-1","error":{"code":-1,"message":"No screen."}})");
  CHECK(first->result("isError") == Value(true));
  CHECK(first->result("content").items()->front().text_of("text") == "No screen.");

  auto second = client.legacy(body);
  client.clock.time = client.clock.now() + 700 * microseconds_per_second;
  client.server.tick();
  CHECK(second->result("isError") == Value(true));
}

TEST_CASE("an old client that cannot be asked is told so") {
  TestClient client;
  constexpr std::string_view body =
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask"}})";
  CHECK(client.legacy(body)->result("isError") == Value(true));
  client.begin("2025-11-25", "{}");
  CHECK(client.legacy(body)->result("isError") == Value(true));
}

TEST_CASE("a yes counts only as the answer to the question") {
  TestClient client;
  client.capabilities = R"({"elicitation":{}})";
  auto with = [](std::string_view more) {
    return R"({"name":"approve","arguments":{"credits":5})" + std::string(more) + "}";
  };
  auto answered = [](std::string_view answer) {
    return R"(,"inputResponses":{"approval":)" + std::string(answer) + "}";
  };
  std::string yes = answered(R"({"action":"accept","content":{"approve":true}})");
  auto question = client.modern("tools/call", with(yes));
  CHECK(question->result("resultType") == Value("input_required"));

  std::string state = R"(,"requestState":)" + to_json(question->result("requestState"));
  auto done = client.modern("tools/call", with(yes + state));
  CHECK(done->result("content").items()->front().text_of("text") == "done");
  for (std::string_view no :
       {R"({"action":"accept","content":{"approve":false}})", R"({"action":"decline"})",
        R"({"action":"cancel","content":{"approve":true}})", R"({"action":"accept"})",
        R"({"action":"accept","content":{"approve":"true"}})"}) {
    auto refused = client.modern("tools/call", with(answered(no) + state));
    CHECK(refused->result("isError") == Value(true));
  }
  std::string more = R"({"name":"approve","arguments":{"credits":500})" + yes + state + "}";
  CHECK(client.modern("tools/call", more)->error_code() == -32602);
}

TEST_CASE("an old client's yes is asked for on its stream") {
  TestClient client;
  client.begin("2025-11-25", R"({"elicitation":{}})");
  auto call = client.legacy(
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"approve"}})");
  REQUIRE(call->stream);
  Value question = call->stream->message(0);
  CHECK(question.find("params")->find("requestedSchema")->find("properties")->find("approve"));
  client.legacy(R"({"jsonrpc":"2.0","id":)" + to_json(*question.find("id")) +
                R"(,"result":{"action":"accept","content":{"approve":true}}})");
  CHECK(call->result("content").items()->front().text_of("text") == "done");
}

TEST_CASE("what a principal's own secret sealed is opened by another server") {
  TestClient before;
  before.capabilities = R"({"elicitation":{}})";
  before.secret = std::string(32, 's');
  Value state = before.modern("tools/call", ask)->result("requestState");
  TestClient after;
  after.capabilities = before.capabilities;
  CHECK(after.modern("tools/call", again(state))->error_code() == -32602);
  after.secret = std::string(32, 't');
  CHECK(after.modern("tools/call", again(state))->error_code() == -32602);
  after.secret = before.secret;
  auto answer = after.modern("tools/call", again(state));
  CHECK(answer->result("content").items()->front().text_of("text") == "remembered accept");
}

TEST_CASE("a page to open has a number in the old revision alone") {
  TestClient client;
  client.capabilities = R"({"elicitation":{"url":{}}})";
  auto modern = client.modern("tools/call", R"({"name":"page"})");
  Value params = *modern->result("inputRequests").find("page")->find("params");
  CHECK(params.text_of("url") == "https://piggy.example/approvals/1");
  CHECK(!params.find("elicitationId"));

  client.begin("2025-11-25", client.capabilities);
  auto call =
      client.legacy(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"page"}})");
  REQUIRE(call->stream);
  Value question = call->stream->message(0);
  CHECK(question.find("params")->text_of("elicitationId").size() == 22);
  client.legacy(R"({"jsonrpc":"2.0","id":)" + to_json(*question.find("id")) +
                R"(,"result":{"action":"accept"}})");
  CHECK(call->result("content").items()->front().text_of("text") == "accept");
}
