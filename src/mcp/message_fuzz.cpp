// Any body, with the headers of either era, must be answered or kept waiting, never crash. The
// first byte chooses how the rest arrives.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "base/time.h"
#include "http/message.h"
#include "mcp/server.h"
#include "mcp/service.h"
#include "shape/json.h"

namespace {

using namespace piggy;

class EchoService final : public mcp::Service {
 public:
  EchoService() {
    mcp::Tool tool{.name = "echo"};
    tool.input_schema =
        *parse_json(R"({"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"}}})");
    tools_ = mcp::ToolList::make({std::move(tool)});
  }

  std::shared_ptr<const mcp::ToolList> tools(const mcp::Principal&) override { return tools_; }

  // Asks once if it can, so that answers and sealed states are read as well.
  void call_tool(mcp::ToolCall call, std::shared_ptr<mcp::Context> context,
                 mcp::ToolDone done) override {
    context->progress(1);
    if (context->client_can("roots") && !call.asked.answer("r")) {
      return done(
          mcp::ToolOutcome(mcp::InputRequired{{{.key = "r", .method = "roots/list"}}, "asked"}));
    }
    done(mcp::ToolOutcome(mcp::ToolResult{.structured = to_json(call.arguments)}));
  }

 private:
  std::shared_ptr<const mcp::ToolList> tools_;
};

class NoStream final : public http::EventStream {
 public:
  void send(std::string_view data, std::string_view, std::string_view) override {
    ASSERT(data.empty() || parse_json(data));
  }
  void comment(std::string_view) override {}
  void retry_after(std::chrono::milliseconds) override {}
  void close() override {}
  void on_end(std::function<void()>) override {}
};

// What leaves is JSON, whatever came.
class Target final : public http::Responder::Target {
 public:
  explicit Target(std::string* session) : session_(session) {}

  void respond(http::Response response) override {
    ASSERT(response.body.empty() || parse_json(response.body));
    for (const http::Header& header : response.headers) {
      if (header.name == "Mcp-Session-Id") *session_ = header.value;
    }
  }
  std::shared_ptr<http::EventStream> stream(http::Response) override {
    return std::make_shared<NoStream>();
  }

 private:
  std::string* session_;
};

std::string modern_body(std::string_view rest) {
  return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","_meta":{)"
         R"("io.modelcontextprotocol/protocolVersion":"2026-07-28","progressToken":1,)"
         R"("io.modelcontextprotocol/clientCapabilities":{"roots":{}}})" +
         std::string(rest) + "}}";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  ManualClock clock;
  EchoService service;
  mcp::Server server(service, clock, {.prompts = true, .resources = true, .tasks = true});
  std::string session;
  auto post = [&](std::string body, std::vector<http::Header> headers) {
    headers.push_back({"Host", "localhost"});
    headers.push_back({"Content-Type", "application/json"});
    if (!session.empty()) headers.push_back({"Mcp-Session-Id", session});
    server.handle(
        {.method = http::Method::post, .headers = std::move(headers), .body = std::move(body)},
        {.key = "anna"}, http::Responder(std::make_shared<Target>(&session)));
  };
  if (data[0] % 3 == 0) {
    post(modern_body(rest), {{"MCP-Protocol-Version", "2026-07-28"},
                             {"Mcp-Method", "tools/call"},
                             {"Mcp-Name", "echo"},
                             {"Mcp-Param-A", std::string(rest)}});
    return 0;
  }
  if (data[0] % 3 == 1) {
    post(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{)"
         R"("protocolVersion":"2025-03-26","capabilities":{"roots":{}}}})",
         {});
    post(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}})", {});
  }
  post(std::string(rest), {});
  return 0;
}
