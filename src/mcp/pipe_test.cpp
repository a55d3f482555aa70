#include <doctest/doctest.h>
#include <unistd.h>

#include <thread>

#include "mcp/test_client.h"
#include "shape/json.h"

using namespace piggy;
using namespace piggy::mcp;

namespace {

constexpr std::string_view modern_meta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientCapabilities":{}})";

// Sends the lines, waits for the end, and gives back the lines that came.
std::vector<Value> converse(Server& server, std::string_view lines) {
  int to[2];
  int from[2];
  REQUIRE(::pipe(to) == 0);
  REQUIRE(::pipe(from) == 0);
  REQUIRE(::write(to[1], lines.data(), lines.size()) == static_cast<ssize_t>(lines.size()));
  ::close(to[1]);
  server.run_stdio(to[0], from[1], {.key = "anna"});
  ::close(to[0]);
  ::close(from[1]);
  std::string text(64 << 10, '\0');
  text.resize(static_cast<std::size_t>(::read(from[0], text.data(), text.size())));
  ::close(from[0]);
  std::vector<Value> answers;
  for (std::size_t end; (end = text.find('\n')) != text.npos; text.erase(0, end + 1)) {
    answers.push_back(*parse_json(text.substr(0, end)));
  }
  return answers;
}

}  // namespace

TEST_CASE("a pipe carries both eras, one message a line") {
  TestClient client;
  auto answers =
      converse(client.server, R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{)"
                              R"("protocolVersion":"2025-11-25","capabilities":{}}})"
                              "\n"
                              R"({"jsonrpc":"2.0","method":"notifications/initialized"})"
                              "\n"
                              R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{)"
                              R"("name":"steps","_meta":{"progressToken":9}}})"
                              "\n"
                              "not json\n"
                              "\n"
                              R"({"jsonrpc":"2.0","id":3,"method":"tools/call","params":{)"
                              R"("name":"echo",)" +
                                  std::string(modern_meta) + "}}\n");
  REQUIRE(answers.size() == 7);
  CHECK(answers[0].find("result")->text_of("protocolVersion") == "2025-11-25");
  CHECK(answers[1].text_of("method") == "notifications/progress");
  CHECK(answers[2].text_of("method") == "notifications/message");
  CHECK(answers[4].find("result")->find("resultType") == nullptr);
  CHECK(*answers[5].find("error")->find("code") == Value(-32700));
  CHECK(answers[6].find("result")->text_of("resultType") == "complete");
}

TEST_CASE("a pipe's listener does not hold up its end") {
  TestClient client;
  auto answers = converse(client.server,
                          R"({"jsonrpc":"2.0","id":"l","method":"subscriptions/listen","params":{)"
                          R"("notifications":{"toolsListChanged":true},)" +
                              std::string(modern_meta) + "}}\n");
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].text_of("method") == "notifications/subscriptions/acknowledged");
}

TEST_CASE("a pipe waits for what is in flight") {
  TestClient client;
  std::jthread later([&] { client.service.release("late"); });
  auto answers = converse(client.server,
                          R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait"}}
)");
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].find("result") != nullptr);
}
