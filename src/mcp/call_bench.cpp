// How much of a core one tools/call costs in this module alone: read, check, call, write.

#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "base/assert.h"
#include "base/time.h"
#include "http/message.h"
#include "mcp/server.h"
#include "mcp/service.h"

namespace {

using namespace piggy;

constexpr std::string_view modern_body =
    R"({"jsonrpc":"2.0","id":17,"method":"tools/call","params":{"_meta":{)"
    R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1.0.0"},)"
    R"("io.modelcontextprotocol/clientCapabilities":{"elicitation":{}},)"
    R"("piggy/idempotencyKey":"01890a5d-ac96-774b-bcce-b302099a8057"},)"
    R"("name":"piggy_create_credit_reception","arguments":{"contact":"c_01890a5dac96774b","unit":)"
    R"("purchase_amount","amount":49.95,"shop":"s_1","attributes":{"order":"A-1001"}}}})";

constexpr std::string_view answer =
    R"({"uuid":"01890a5d-ac96-774b-bcce-b302099a8057","credits":49,"balance":1234,)"
    R"("contact":{"uuid":"01890a5d-ac96-774b-bcce-b302099a8058","email":"anna@example.org"},)"
    R"("created_at":"2026-11-06T09:12:32+00:00"})";

class FixedService final : public mcp::Service {
 public:
  FixedService() : tools_(mcp::ToolList::make({{.name = "piggy_create_credit_reception"}})) {}
  std::shared_ptr<const mcp::ToolList> tools(const mcp::Principal&) override { return tools_; }
  void call_tool(mcp::ToolCall, std::shared_ptr<mcp::Context>, mcp::ToolDone done) override {
    done(mcp::ToolOutcome(mcp::ToolResult{.structured = std::string(answer)}));
  }

 private:
  std::shared_ptr<const mcp::ToolList> tools_;
};

class Target final : public http::Responder::Target {
 public:
  void respond(http::Response response) override {
    ASSERT(response.status == 200);
    benchmark::DoNotOptimize(response.body.data());
  }
  std::shared_ptr<http::EventStream> stream(http::Response) override { return nullptr; }
};

void call(benchmark::State& state, bool modern) {
  SystemClock clock;
  FixedService service;
  mcp::Server server(service, clock, {});
  auto target = std::make_shared<Target>();
  for (auto _ : state) {
    http::Request request{.method = http::Method::post, .path = "/mcp"};
    request.headers = {{"Host", "localhost:8080"},
                       {"User-Agent", "bench"},
                       {"Accept", "application/json, text/event-stream"},
                       {"Content-Type", "application/json"},
                       {"Authorization", "Bearer pgt_0123456789abcdef0123456789abcdef"}};
    if (modern) {
      request.headers.push_back({"MCP-Protocol-Version", "2026-07-28"});
      request.headers.push_back({"Mcp-Method", "tools/call"});
      request.headers.push_back({"Mcp-Name", "piggy_create_credit_reception"});
    }
    request.body = modern_body;
    if (!modern) request.body.replace(request.body.find("protocolVersion"), 15, "protocolVersioX");
    server.handle(std::move(request), {.key = "anna"}, http::Responder(target));
  }
}

void modern_call(benchmark::State& state) { call(state, true); }
void legacy_call(benchmark::State& state) { call(state, false); }

BENCHMARK(modern_call);
BENCHMARK(legacy_call);

}  // namespace

BENCHMARK_MAIN();
