#include <doctest/doctest.h>

#include "mcp/test_client.h"
#include "shape/json.h"

using namespace piggy;
using namespace piggy::mcp;

namespace {

constexpr std::string_view echo = R"({"name":"echo","arguments":{"points":5}})";

}  // namespace

TEST_CASE("discover tells what is spoken and offered") {
  TestClient client;
  auto answer = client.modern("server/discover");
  CHECK(answer->response.status == 200);
  CHECK(to_json(answer->result("supportedVersions")) == R"(["2026-07-28"])");
  CHECK(answer->result("capabilities").find("extensions") != nullptr);
  CHECK(answer->result("capabilities").find("prompts") == nullptr);
  CHECK(answer->result("cacheScope") == Value("private"));
  Value meta = answer->result("_meta");
  REQUIRE(meta.find("io.modelcontextprotocol/serverInfo"));
  CHECK(meta.find("io.modelcontextprotocol/serverInfo")->text_of("name") == "piggy");
}

TEST_CASE("a structured answer is one JSON document with the same text beside it") {
  TestClient client;
  auto answer = client.modern("tools/call", echo);
  CHECK(answer->response.status == 200);
  CHECK(answer->json().find("id")->integer() != nullptr);
  CHECK(answer->result("resultType") == Value("complete"));
  CHECK(to_json(answer->result("structuredContent")) == R"({"points":5})");
  CHECK(to_json(answer->result("content")) == R"([{"type":"text","text":"{\"points\":5}"}])");
  CHECK(answer->result("isError").is_null());
}

TEST_CASE("a call without arguments has none") {
  TestClient client;
  auto answer = client.modern("tools/call", R"({"name":"echo"})");
  CHECK(to_json(answer->result("structuredContent")) == "{}");
  CHECK(client.modern("tools/call", R"({"name":"echo","arguments":[]})")->error_code() == -32602);
}

TEST_CASE("bad arguments are a result that names every field") {
  TestClient client;
  auto answer = client.modern("tools/call", R"({"name":"fail"})");
  CHECK(answer->result("isError") == Value(true));
  Value content = answer->result("content");
  std::string_view text = content.items()->front().text_of("text");
  CHECK(text == "Invalid input.\n- /points: must be at least 1");
}

TEST_CASE("a bug, an unknown tool and an unknown method are errors") {
  TestClient client;
  auto broken = client.modern("tools/call", R"({"name":"break"})");
  CHECK(broken->error_code() == -32603);
  CHECK(broken->response.status == 200);
  CHECK(client.modern("tools/call", R"({"name":"none"})")->error_code() == -32602);
  for (std::string_view method :
       {"initialize", "ping", "logging/setLevel", "resources/subscribe", "prompts/list", "x/y"}) {
    auto answer = client.modern(method);
    CHECK(answer->response.status == 404);
    CHECK(answer->error_code() == -32601);
    CHECK(answer->json().find("id")->integer() != nullptr);
  }
}

TEST_CASE("a request without its own terms is refused") {
  TestClient client;
  std::vector<http::Header> headers = {{"Content-Type", "application/json"},
                                       {"Host", "localhost"},
                                       {"MCP-Protocol-Version", "2026-07-28"},
                                       {"Mcp-Method", "tools/list"}};
  for (std::string_view params :
       {R"({})", R"({"_meta":{"io.modelcontextprotocol/clientCapabilities":{}}})",
        R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}})"}) {
    std::string body = R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":)";
    auto answer = client.send(http::Method::post, body + std::string(params) + "}", headers);
    CHECK(answer->response.status == 400);
    CHECK(answer->error_code() == -32602);
  }
}

TEST_CASE("headers that do not repeat the body are refused") {
  TestClient client;
  std::vector<http::Header> wrong = {
      {"Mcp-Method", "tools/list"}, {"Mcp-Method", ""}, {"Mcp-Method", "TOOLS/CALL"},
      {"Mcp-Name", "fail"},         {"Mcp-Name", ""},   {"MCP-Protocol-Version", "2025-11-25"}};
  for (const http::Header& header : wrong) {
    auto answer = client.modern("tools/call", echo, {header});
    CHECK(answer->response.status == 400);
    CHECK(answer->error_code() == -32020);
  }
  CHECK(client.service.calls == 0);
  CHECK(client.modern("tools/call", echo, {{"Mcp-Name", "  echo "}})->error_code() == 0);
  CHECK(client.modern("tools/call", echo, {{"Mcp-Name", "=?base64?ZWNobw==?="}})->error_code() ==
        0);
}

TEST_CASE("headers that should repeat arguments are compared by value") {
  TestClient client;
  constexpr std::string_view call =
      R"({"name":"mirror","arguments":{"region":"Köln","inner":{"level":7}}})";
  http::Header region{"Mcp-Param-Region", "=?base64?S8O2bG4=?="};
  CHECK(client.modern("tools/call", call, {region, {"mcp-param-level", "07"}})->error_code() == 0);
  CHECK(client.modern("tools/call", call, {region, {"Mcp-Param-Level", "8"}})->error_code() ==
        -32020);
  CHECK(client.modern("tools/call", call, {region})->error_code() == -32020);
  CHECK(client
            .modern("tools/call", call,
                    {{"Mcp-Param-Region", "=?base64?S8O2bG4?="}, {"Mcp-Param-Level", "7"}})
            ->error_code() == -32020);
  CHECK(client.modern("tools/call", R"({"name":"mirror"})", {{"Mcp-Param-Level", "7"}})
            ->error_code() == -32020);
  CHECK(client.modern("tools/call", R"({"name":"mirror"})")->error_code() == 0);
}

TEST_CASE("another version is named, with those that are spoken") {
  TestClient client;
  std::string body = R"({"jsonrpc":"2.0","id":"a","method":"tools/list","params":{"_meta":{
      "io.modelcontextprotocol/protocolVersion":"2030-01-01",
      "io.modelcontextprotocol/clientCapabilities":{}}}})";
  auto answer = client.send(http::Method::post, body,
                            {{"Content-Type", "application/json"},
                             {"Host", "localhost"},
                             {"MCP-Protocol-Version", "2030-01-01"}});
  CHECK(answer->response.status == 400);
  CHECK(answer->error_code() == -32022);
  CHECK(to_json(answer->result("data")) ==
        R"({"supported":["2026-07-28"],"requested":"2030-01-01"})");
  CHECK(*answer->json().find("id") == Value("a"));
}

TEST_CASE("lists may be kept, privately, and have one page") {
  TestClient client;
  auto answer = client.modern("tools/list");
  CHECK(answer->result("tools").items()->size() == 11);
  CHECK(answer->result("ttlMs") == Value(60'000));
  CHECK(answer->result("cacheScope") == Value("private"));
  CHECK(client.modern("tools/list", R"({"cursor":""})")->error_code() == -32602);
}

TEST_CASE("an unknown resource is named in the error") {
  TestClient client;
  auto answer = client.modern("resources/read", R"({"uri":"x://y"})");
  CHECK(answer->error_code() == -32602);
  CHECK(to_json(answer->result("data")) == R"({"uri":"x://y"})");
}

TEST_CASE("progress and messages come before the answer, if the client wants them") {
  TestClient client;
  auto plain = client.modern("tools/call", R"({"name":"steps"})");
  CHECK(plain->stream == nullptr);
  CHECK(plain->arrived);

  client.meta = R"(,"progressToken":"p","io.modelcontextprotocol/logLevel":"info")";
  auto told = client.modern("tools/call", R"({"name":"steps"})");
  REQUIRE(told->stream);
  REQUIRE(told->stream->messages() == 4);
  CHECK(told->stream->closed);
  CHECK(told->header("X-Accel-Buffering") == "no");
  CHECK(told->stream->message(0).find("params")->text_of("progressToken") == "p");
  CHECK(told->stream->message(1).text_of("method") == "notifications/message");
  CHECK(*told->stream->message(2).find("params")->find("progress") == Value(3));
  CHECK(told->stream->message(3).find("result") != nullptr);

  auto deaf = client.modern("tools/call", R"({"name":"steps"})", {{"Accept", "application/json"}});
  CHECK(deaf->stream == nullptr);
}

TEST_CASE("a quiet call is kept alive, and closing its stream cancels it") {
  TestClient client;
  auto answer = client.modern("tools/call", R"({"name":"wait"})");
  client.server.tick();
  CHECK(answer->stream == nullptr);
  client.clock.time = client.clock.now() + 20 * microseconds_per_second;
  client.server.tick();
  REQUIRE(answer->stream);
  CHECK(answer->stream->comments == 1);

  bool told = false;
  client.service.waiting_context->on_cancel([&] { told = true; });
  answer->stream->break_off();
  CHECK(told);
  CHECK(client.service.waiting_context->cancelled());
  client.service.release("too late");
  CHECK(answer->stream->messages() == 0);
}

TEST_CASE("listeners are told what they asked for, and nothing of others") {
  TestClient client;
  constexpr std::string_view filter = R"({"notifications":{"toolsListChanged":true,
      "promptsListChanged":true,"resourceSubscriptions":["x://a"]}})";
  auto anna = client.modern("subscriptions/listen", filter);
  client.principal = "bert";
  auto bert = client.modern("subscriptions/listen", filter);
  REQUIRE(anna->stream);
  CHECK(anna->stream->message(0).text_of("method") == "notifications/subscriptions/acknowledged");
  CHECK(to_json(*anna->stream->message(0).find("params")->find("notifications")) ==
        R"({"toolsListChanged":true,"resourceSubscriptions":["x://a"]})");

  client.server.tools_changed("anna");
  client.server.prompts_changed();
  client.server.resource_updated("x://b");
  client.server.resource_updated("x://a", "anna");
  REQUIRE(anna->stream->messages() == 3);
  CHECK(bert->stream->messages() == 1);
  CHECK(to_json(anna->stream->message(1)) ==
        R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed",)"
        R"("params":{"_meta":{"io.modelcontextprotocol/subscriptionId":7}}})");
  CHECK(anna->stream->message(2).find("params")->text_of("uri") == "x://a");

  client.server.stop();
  CHECK(anna->stream->message(3).find("result") != nullptr);
  CHECK(anna->stream->closed);
}

TEST_CASE("tasks are for clients that take them") {
  TestClient client;
  auto refused = client.modern("tools/call", R"({"name":"job"})");
  CHECK(refused->response.status == 400);
  CHECK(refused->error_code() == -32021);
  CHECK(to_json(refused->result("data")) ==
        R"({"requiredCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{}}}})");
  CHECK(client.modern("tasks/get", R"({"taskId":"task-1"})")->error_code() == -32021);

  client.capabilities = R"({"extensions":{"io.modelcontextprotocol/tasks":{}}})";
  auto started = client.modern("tools/call", R"({"name":"job"})");
  CHECK(started->result("resultType") == Value("task"));
  CHECK(started->result("taskId") == Value("task-1"));
  CHECK(started->result("ttlMs").is_null());
  auto got = client.modern("tasks/get", R"({"taskId":"task-1"})");
  CHECK(got->result("status") == Value("completed"));
  CHECK(got->result("result").find("content") != nullptr);
  CHECK(client.modern("tasks/get", R"({"taskId":"other"})")->error_code() == -32602);
}

TEST_CASE("nothing but JSON from hosts we know is read") {
  TestClient client;
  CHECK(client.modern("tools/list", "{}", {{"Origin", "http://evil.example"}})->response.status ==
        403);
  CHECK(client.modern("tools/list", "{}", {{"Host", "evil.example:80"}})->response.status == 403);
  CHECK(client.modern("tools/list", "{}", {{"Origin", "null"}})->response.status == 403);
  CHECK(client.modern("tools/list", "{}", {{"Origin", "http://[::1]:5173"}})->response.status ==
        200);
  CHECK(client.modern("tools/list", "{}", {{"Content-Type", "text/plain"}})->response.status ==
        415);
  auto get = client.send(http::Method::get, "", {{"Host", "localhost"}});
  CHECK(get->response.status == 405);

  TestClient known(Options{.hosts = {"loyalty.example"}});
  CHECK(known.modern("tools/list", "{}", {{"Host", "Loyalty.example"}})->response.status == 200);
}

TEST_CASE("what is no message is refused with the id it may have") {
  TestClient client;
  auto status = [&](std::string_view body) { return client.legacy(body)->response.status; };
  CHECK(client.legacy("{")->error_code() == -32700);
  CHECK(status("7") == 400);
  CHECK(status("{}") == 400);
  CHECK(status(R"({"jsonrpc":"1.0","id":1,"method":"ping"})") == 400);
  CHECK(status(R"({"jsonrpc":"2.0","id":null,"method":"ping"})") == 400);
  CHECK(status(R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})") == 400);
  auto answer = client.legacy(R"({"jsonrpc":"2.0","id":3,"method":"ping","params":[]})");
  CHECK(*answer->json().find("id") == Value(3));
}

TEST_CASE("a listener whose tools have changed is told once, and ends when it is not let in") {
  TestClient client;
  std::string filter = R"({"notifications":{"toolsListChanged":true}})";
  auto anna = client.modern("subscriptions/listen", filter);
  auto deaf = client.modern("subscriptions/listen", R"({"notifications":{}})");
  client.principal = "bert";
  auto bert = client.modern("subscriptions/listen", filter);
  client.server.refresh();
  CHECK(anna->stream->messages() == 1);

  client.service.change_tools_of("anna");
  client.server.refresh();
  client.server.refresh();
  REQUIRE(anna->stream->messages() == 2);
  CHECK(anna->stream->message(1).text_of("method") == "notifications/tools/list_changed");
  CHECK(deaf->stream->messages() == 1);
  CHECK(bert->stream->messages() == 1);

  client.service.locked_out = "anna";
  client.clock.time = client.clock.now() + 20 * microseconds_per_second;
  client.server.tick();
  REQUIRE(anna->stream->messages() == 4);
  CHECK(anna->stream->message(2).text_of("method") == "notifications/tools/list_changed");
  CHECK(anna->stream->message(3).find("result"));
  CHECK(deaf->stream->closed);
  CHECK(!bert->stream->closed);
}
