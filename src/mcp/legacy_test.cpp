#include <doctest/doctest.h>

#include "mcp/test_client.h"
#include "shape/json.h"

using namespace piggy;
using namespace piggy::mcp;

namespace {

constexpr std::string_view ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";

std::string call(std::string_view tool, int id = 1) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"tools/call","params":{"name":")" + std::string(tool) +
         R"(","arguments":{"a":1}}})";
}

std::shared_ptr<Answer> get(TestClient& client, std::string_view last_event_id = {}) {
  std::vector<http::Header> headers = {
      {"Host", "localhost"}, {"Accept", "text/event-stream"}, {"Mcp-Session-Id", client.session}};
  if (!last_event_id.empty()) headers.push_back({"Last-Event-ID", std::string(last_event_id)});
  return client.send(http::Method::get, "", std::move(headers));
}

}  // namespace

TEST_CASE("a session begins with what both sides speak") {
  TestClient client;
  auto begin = [&](std::string_view version) {
    return client.legacy(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{
        "protocolVersion":")" +
                         std::string(version) + R"(","capabilities":{}}})");
  };
  CHECK(begin("2025-06-18")->result("protocolVersion") == Value("2025-06-18"));
  CHECK(begin("2030-01-01")->result("protocolVersion") == Value("2025-11-25"));
  auto answer = begin("2025-03-26");
  CHECK(answer->header("Mcp-Session-Id").size() == 32);
  CHECK(answer->result("resultType").is_null());
  CHECK(answer->result("capabilities").find("extensions") == nullptr);
  CHECK(answer->result("serverInfo").text_of("name") == "piggy");
}

TEST_CASE("a session is its principal's alone, until it ends") {
  TestClient client;
  client.begin();
  CHECK(to_json(client.legacy(ping)->json()) == R"({"jsonrpc":"2.0","id":1,"result":{}})");
  client.principal = "bert";
  CHECK(client.legacy(ping)->response.status == 404);
  client.principal = "anna";
  auto removed = client.send(http::Method::del, "",
                             {{"Host", "localhost"}, {"Mcp-Session-Id", client.session}});
  CHECK(removed->response.status == 204);
  CHECK(client.legacy(ping)->response.status == 404);
}

TEST_CASE("a session that nobody uses ends") {
  TestClient client;
  client.begin();
  client.clock.time = client.clock.now() + 3700 * microseconds_per_second;
  client.server.tick();
  CHECK(client.legacy(ping)->response.status == 404);
}

TEST_CASE("too many sessions push out the oldest") {
  TestClient client(Options{.sessions_max = 2});
  client.begin();
  std::string first = client.session;
  for (int i = 0; i < 2; i++) {
    client.clock.time = client.clock.now() + 1;
    client.begin();
  }
  CHECK(client.legacy(ping)->response.status == 200);
  client.session = first;
  CHECK(client.legacy(ping)->response.status == 404);
}

TEST_CASE("one principal's many sessions push out its own") {
  TestClient client(Options{.sessions_max = 4});
  client.begin();
  std::string annas = client.session;
  client.principal = "bert";
  for (int i = 0; i < 6; i++) {
    client.clock.time = client.clock.now() + 1;
    client.begin();
  }
  client.principal = "anna";
  client.session = annas;
  CHECK(client.legacy(ping)->response.status == 200);
}

TEST_CASE("an old client is served without a session as well") {
  TestClient client;
  CHECK(client.legacy(ping)->response.status == 200);
  auto answer = client.legacy(call("echo"), {{"MCP-Protocol-Version", "2025-06-18"}});
  CHECK(to_json(answer->result("structuredContent")) == R"({"a":1})");
  CHECK(answer->result("_meta").is_null());
  CHECK(client.legacy(ping, {{"MCP-Protocol-Version", "1999-01-01"}})->response.status == 400);
  CHECK(client.legacy(call("job"))->error_code() == -32601);
  CHECK(client.legacy(R"({"jsonrpc":"2.0","id":1,"method":"server/discover"})")->error_code() ==
        -32601);
}

TEST_CASE("notifications are accepted and answered by nothing") {
  TestClient client;
  client.begin();
  auto answer = client.legacy(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
  CHECK(answer->response.status == 202);
  CHECK(answer->response.body.empty());
}

TEST_CASE("a cancelled call gets no answer") {
  TestClient client;
  client.begin();
  auto waiting = client.legacy(call("wait", 5));
  client.legacy(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}})");
  CHECK(client.service.waiting_context->cancelled());
  client.service.release("too late");
  CHECK(waiting->response.status == 202);
  CHECK(waiting->response.body.empty());
}

TEST_CASE("an id in use cannot be used again") {
  TestClient client;
  client.begin();
  client.legacy(call("wait", 5));
  CHECK(client.legacy(call("echo", 5))->error_code() == -32600);
  client.service.release("done");
  CHECK(client.legacy(call("echo", 5))->error_code() == 0);
}

TEST_CASE("messages are filtered by the session's level") {
  TestClient client;
  client.begin();
  CHECK(client.legacy(call("steps"))->stream->messages() == 2);
  client.legacy(
      R"({"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"error"}})");
  CHECK(client.legacy(call("steps"))->stream == nullptr);
  auto wrong = client.legacy(
      R"({"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"loud"}})");
  CHECK(wrong->error_code() == -32602);
}

TEST_CASE("changes reach the stream of a GET") {
  TestClient client;
  client.begin();
  auto stream = get(client)->stream;
  REQUIRE(stream);
  client.server.tools_changed();
  client.server.resource_updated("x://a");
  client.legacy(
      R"({"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"x://a"}})");
  client.server.resource_updated("x://a");
  REQUIRE(stream->messages() == 2);
  CHECK(stream->message(0).text_of("method") == "notifications/tools/list_changed");
  CHECK(stream->message(1).find("params")->text_of("uri") == "x://a");
}

TEST_CASE("an answer that was let go of is fetched by resuming") {
  TestClient client;
  client.begin();
  auto first = client.legacy(call("release_stream"));
  REQUIRE(first->stream);
  CHECK(first->stream->closed);
  REQUIRE(first->stream->events.size() == 1);
  CHECK(first->stream->events[0].data.empty());
  CHECK(!first->stream->events[0].id.empty());
  CHECK(first->stream->pause == std::chrono::seconds(1));

  auto early = get(client, first->stream->events[0].id);
  client.service.release("here");
  REQUIRE(early->stream->messages() == 1);
  CHECK(early->result("content").items()->front().text_of("text") == "here");
  CHECK(early->stream->closed);

  auto late = get(client, first->stream->events[0].id);
  CHECK(late->stream->messages() == 1);
  CHECK(late->stream->closed);
}

TEST_CASE("streams are primed only for clients that know what that is") {
  TestClient client;
  client.begin("2025-11-25");
  for (const auto& stream : {client.legacy(call("steps"))->stream, get(client)->stream}) {
    REQUIRE(stream->events.size() >= 1);
    CHECK(stream->events[0].data.empty());
    CHECK(!stream->events[0].id.empty());
    CHECK(stream->pause == std::chrono::seconds(1));
  }
  client.begin("2025-06-18");
  for (const auto& stream : {client.legacy(call("steps"))->stream, get(client)->stream}) {
    CHECK(stream->messages() == stream->events.size());
    CHECK(stream->pause == std::chrono::seconds(0));
  }
}

TEST_CASE("a broken connection loses nothing") {
  TestClient client;
  client.begin();
  auto stream = get(client)->stream;
  client.server.tools_changed();
  std::string seen = stream->events.back().id;
  stream->break_off();
  client.server.tools_changed();
  client.server.prompts_changed();
  auto resumed = get(client, seen)->stream;
  REQUIRE(resumed->messages() == 2);
  CHECK(resumed->message(1).text_of("method") == "notifications/prompts/list_changed");
}

TEST_CASE("the oldest version has batches, and only that one") {
  TestClient client;
  client.begin("2025-03-26");
  std::string batch = "[" + std::string(ping) + "," + call("wait", 2) +
                      R"(,{"jsonrpc":"2.0","method":"notifications/initialized"}])";
  auto answer = client.legacy(batch);
  CHECK(!answer->arrived);
  client.service.release("done");
  REQUIRE(answer->arrived);
  CHECK(answer->json().items()->size() == 2);
  CHECK(client.legacy("[]")->response.status == 400);
  CHECK(client.legacy(R"([{"jsonrpc":"2.0","method":"notifications/initialized"}])")
            ->response.status == 202);
  client.begin("2025-11-25");
  CHECK(client.legacy(batch)->response.status == 400);
}

TEST_CASE("a session whose tools have changed is told, and its stream ends when it is not let in") {
  TestClient client;
  client.begin();
  auto stream = get(client)->stream;
  REQUIRE(stream);
  client.server.refresh();
  CHECK(stream->messages() == 0);
  client.service.change_tools_of("anna");
  client.server.refresh();
  client.server.refresh();
  REQUIRE(stream->messages() == 1);
  CHECK(stream->message(0).text_of("method") == "notifications/tools/list_changed");
  client.service.locked_out = "anna";
  client.server.refresh();
  CHECK(stream->messages() == 2);
  CHECK(stream->closed);

  // A token that was renewed lets the session go on.
  client.service.locked_out = "";
  CHECK(client.legacy(ping)->response.status == 200);
  auto again = get(client)->stream;
  client.server.refresh();
  CHECK(again->messages() == 1);
  CHECK(!again->closed);
}
