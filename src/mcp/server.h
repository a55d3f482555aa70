#pragma once

// An MCP server for any Service: revision 2026-07-28 (stateless) and the sessions of 2025-11-25,
// 2025-06-18 and 2025-03-26, on one URL, over Streamable HTTP and over standard input and output.
//
// It checks Host and Origin, envelopes, headers and capabilities. It does not authenticate: whoever
// calls `handle` has done so and says who it is. It keeps no data that must survive: sessions and
// streams end with the process, and clients begin anew.

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "http/message.h"
#include "mcp/service.h"

namespace piggy::mcp {

struct Options {
  std::string name = "piggy";
  std::string title = "Piggy";
  std::string version = "0";
  std::string website = {};
  std::string instructions = {};  // For the model: when to use this server, and how.

  // Host names (without port) that a request's Host and Origin may name, beside localhost,
  // 127.0.0.1 and [::1]. A page on another host that reaches us by a rebound name is turned away
  // with 403.
  std::vector<std::string> hosts = {};

  // Seals what clients keep for us between two rounds, where the Principal brings no secret of its
  // own. Servers that share their load share the key. All zeroes: a fresh one, good for this
  // process alone.
  std::array<std::uint8_t, 32> state_key = {};
  std::chrono::seconds state_lifetime{600};

  std::chrono::milliseconds list_ttl{60'000};  // How long a client may keep a list without asking.
  std::chrono::seconds keep_alive{15};         // A quiet stream gets a comment this often.
  std::chrono::seconds question_timeout{600};  // How long a legacy client may take to answer.

  std::chrono::minutes session_idle{60};   // A session unused for so long ends.
  std::size_t sessions_max = 10'000;       // More: the one unused for longest ends.
  std::size_t replay_bytes_max = 1 << 20;  // Of each session, kept for resuming clients.

  // What the Service offers at all; decides which capabilities are declared.
  bool prompts = false;
  bool resources = false;
  bool completions = false;
  bool tasks = false;
  bool task_notices = false;  // Whoever follows a task is told by `task_changed`.
};

// Thread-safe. `service` and `clock` outlive it; calls that the service has not finished do not:
// their `done` is called, or let go of, before the Server goes.
class Server {
 public:
  Server(Service& service, const Clock& clock, Options options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Answers one HTTP request to the MCP endpoint, whatever its method.
  void handle(http::Request request, Principal principal, http::Responder responder);

  // Speaks newline-delimited JSON over two file descriptors until `input` ends, then waits for
  // calls in flight. Blocks. Both eras, one client.
  void run_stdio(int input, int output, const Principal& principal);

  // Keeps quiet streams alive and ends what has timed out. To be called every second or so, by one
  // thread. Refreshes now and then: what lets somebody in may run out by itself.
  void tick();

  // To be called, by the same thread, when rights may have changed: tells each of those who listen
  // whose tools are others now, and ends the streams of whoever is not let in any more.
  void refresh();

  // Tells listening clients. Of one principal by its key, or "" for all.
  void tools_changed(std::string_view principal_key = {});
  void prompts_changed(std::string_view principal_key = {});
  void resources_changed(std::string_view principal_key = {});
  void resource_updated(std::string_view uri, std::string_view principal_key = {});
  // To those of the principal's clients that listen for this task.
  void task_changed(std::string_view principal_key, const Task& task);

  // Ends the streams of those who listen, so that they listen elsewhere. Calls in flight go on.
  void stop();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace piggy::mcp
