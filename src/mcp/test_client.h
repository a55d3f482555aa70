#pragma once

// For tests: a Service of a few tools, and a client that calls a Server in-process and keeps what
// came back, as JSON.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "http/message.h"
#include "mcp/server.h"
#include "mcp/service.h"
#include "shape/value.h"

namespace piggy::mcp {

class RecordedStream final : public http::EventStream {
 public:
  struct Event {
    std::string data;
    std::string id;
  };

  void send(std::string_view data, std::string_view id, std::string_view) override;
  void comment(std::string_view) override;
  void retry_after(std::chrono::milliseconds pause) override;
  void close() override;
  void on_end(std::function<void()> call) override;
  // The other side hangs up.
  void break_off();

  // What was sent, as JSON; events without data are left out.
  Value message(std::size_t index) const;
  std::size_t messages() const;

  mutable std::mutex mutex;
  std::vector<Event> events;
  int comments = 0;
  std::chrono::milliseconds pause{};  // The last one told; 0 for none.
  bool closed = false;

 private:
  std::function<void()> on_end_;
};

// One answer, or what has arrived of it so far.
struct Answer {
  bool arrived = false;
  http::Response response = {};
  std::shared_ptr<RecordedStream> stream = {};

  Value json() const;
  // The member of the result, or of the error's `error`; null when there is none.
  Value result(std::string_view name) const;
  std::int64_t error_code() const;
  std::string_view header(std::string_view name) const;
};

// Tools: `echo` (structured), `fail`, `break`, `steps` (progress and log), `wait` (until
// `release`), `ask` (an elicitation, with state), `approve` (works after a yes), `mirror` (a
// header), `job` (needs tasks), `release_stream`, `page` (a page to open).
class TestService final : public Service {
 public:
  TestService();
  std::shared_ptr<const ToolList> tools(const Principal& principal) override;
  void call_tool(ToolCall call, std::shared_ptr<Context> context, ToolDone done) override;
  bool still_let_in(const Principal& principal) override { return principal.key != locked_out; }
  void read_resource(Get get, std::shared_ptr<Context> context,
                     std::function<void(Result<ResourceOutcome>)> done) override;
  void get_task(const Principal& principal, std::string id,
                std::function<void(Result<Task>)> done) override;

  // Ends the call of `wait`.
  void release(std::string_view text);
  // Gives these principals tools of their own.
  void change_tools_of(std::string_view principal_key);

  std::string locked_out;

  std::shared_ptr<Context> waiting_context;
  ToolDone waiting;
  std::mutex waiting_mutex;
  std::condition_variable waiting_held;
  std::atomic<int> calls = 0;

 private:
  std::shared_ptr<const ToolList> tools_;
  std::map<std::string, std::shared_ptr<const ToolList>, std::less<>> changed_;
};

class TestClient {
 public:
  explicit TestClient(Options options = {});

  // A request of 2026-07-28 with all its headers. `params` is an object in JSON, `extra` replaces
  // or adds headers (an empty value takes one away).
  std::shared_ptr<Answer> modern(std::string_view method, std::string_view params = "{}",
                                 std::vector<http::Header> extra = {});
  std::shared_ptr<Answer> legacy(std::string_view body, std::vector<http::Header> extra = {});
  std::shared_ptr<Answer> send(http::Method method, std::string_view body,
                               std::vector<http::Header> headers);
  // Begins a session and remembers its id for `legacy`.
  void begin(std::string_view version = "2025-11-25", std::string_view capabilities = "{}");

  ManualClock clock;
  TestService service;
  Server server;
  std::string principal = "anna";
  std::string secret;  // The principal's own.
  std::string session;
  std::string capabilities = "{}";  // Of modern requests, with the rest of `_meta` behind it.
  std::string meta;
};

}  // namespace piggy::mcp
