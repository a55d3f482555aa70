// The fixture of the public MCP conformance suite: the mcp module and the HTTP server of the
// engine, with the suite's own tools behind them, open to anyone on the loopback address.
//
//   piggy_mcp_fixture            serves http://127.0.0.1:<free port>/mcp and prints the port
//   piggy_mcp_fixture 3001       serves on that port
//   piggy_mcp_fixture stdio      speaks over standard input and output

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "base/time.h"
#include "fixture_service.h"
#include "http/server.h"
#include "mcp/server.h"

namespace {

using namespace piggy;

std::atomic<bool> ended = false;

mcp::Options options() {
  return {.name = "piggy-conformance-fixture",
          .title = "Conformance fixture",
          .version = "1.0.0",
          .instructions = "Offers what the conformance suite looks for.",
          .keep_alive = std::chrono::seconds(5),
          .prompts = true,
          .resources = true,
          .completions = true,
          .tasks = true,
          .task_notices = true};
}

int serve(mcp::Server& server, std::uint16_t port) {
  auto handler = [&](http::Request request, http::Responder responder) {
    if (request.path != "/mcp") return responder.respond({.status = 404});
    server.handle(std::move(request), {.key = "fixture"}, std::move(responder));
  };
  auto listening = http::Server::start({.port = port, .threads = 2}, handler);
  if (!listening) {
    fmt::print(stderr, "{}\n", listening.error().message);
    return 1;
  }
  fmt::print("{}\n", (*listening)->port());
  std::fflush(stdout);
  while (!ended) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    server.tick();
  }
  server.stop();
  (*listening)->stop(std::chrono::seconds(2));
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);
  for (int signal : {SIGINT, SIGTERM}) {
    std::signal(signal, [](int) { ended = true; });
  }
  std::string_view mode = count > 1 ? arguments[1] : "0";
  SystemClock clock;
  conformance::FixtureService service(clock);
  mcp::Server server(service, clock, options());
  service.server = &server;
  int status = 0;
  if (mode == "stdio") {
    server.run_stdio(0, 1, {.key = "fixture"});
  } else {
    status = serve(server, static_cast<std::uint16_t>(std::atoi(mode.data())));
  }
  service.later.stop();  // Its thread answers calls, for which the server must be there.
  return status;
}
