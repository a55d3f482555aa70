#pragma once

// The seam between the protocol and what is offered through it. The protocol (server.h) knows no
// tool, prompt or resource by name; a Service knows no JSON-RPC, no revision and no stream. A tool
// that asks its caller something, reports progress or becomes a task is written once, and the
// server carries it in whatever way the client's revision has for it.
//
// Threads: methods are called on the network's threads, several at a time, and must not block.
// Every `done` is called exactly once, at once or later, from any thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "mcp/tool_list.h"
#include "shape/value.h"

namespace piggy::mcp {

// On whose behalf a message came. The door authenticates; here it is a pointer that only the
// Service can read, and a key.
struct Principal {
  std::shared_ptr<const void> identity = {};
  // Names whose sessions, tasks and sealed states these are: two requests with the same key may see
  // each other's. Not secret, never sent to a client.
  std::string key = {};
  // What the Service keeps for whoever this is (an account) and nobody else knows, 16 to 64 bytes:
  // seals what their clients keep for us, so that a call goes on after a restart. Lives as long as
  // `identity`. Empty: Options::state_key.
  std::string_view secret = {};
};

// A question to the client (and through it to the person or the model): elicitation/create,
// sampling/createMessage or roots/list with its params. `key` names the answer.
struct InputRequest {
  std::string key = {};
  std::string method = {};
  Value params = Value::object();
};

// "Ask these, then call me again with the same arguments." The second call has the answers in
// `Asked::responses` and `state` in `Asked::state`. In between `state` lies with the client, sealed
// against reading and changing, bound to principal, method, name and arguments, for ten minutes.
// It can be presented more than once: what must happen once needs a mark in the store.
struct InputRequired {
  std::vector<InputRequest> requests = {};
  std::string state = {};
};

// What came back from an earlier InputRequired. Answers are untrusted: they may be missing, be for
// other questions, or not fit the form; ask again then.
struct Asked {
  Value responses = {};  // An object: key to ElicitResult, CreateMessageResult or ListRootsResult.
  std::string state = {};

  // The object that answers `key`, or nullptr.
  const Value* answer(std::string_view key) const;
};

// What a finished tool says. `structured` is JSON text, so that an answer that was stored or
// written by a Shape is passed on without being read again; "" for none. Without content blocks the
// same text also becomes the one text block.
struct ToolResult {
  std::string structured = {};
  std::vector<Value> content = {};
  bool is_error = false;
  Value meta = {};  // Added to the result's `_meta`; null for none.
};

// Content blocks.
Value text_content(std::string_view text);
Value image_content(std::string_view base64, std::string_view mime_type);
Value audio_content(std::string_view base64, std::string_view mime_type);
Value embedded_text(std::string_view uri, std::string_view mime_type, std::string_view text);
ToolResult text_result(std::string_view text, bool is_error = false);

enum class TaskStatus { working, input_required, completed, failed, cancelled };

// A call that goes on after its answer (extension io.modelcontextprotocol/tasks). The Service keeps
// it, durably, before it says so: get_task must find it from then on, for at least `ttl_ms`.
struct Task {
  std::string id = {};  // Not guessable.
  TaskStatus status = TaskStatus::working;
  std::string message = {};
  Time created_at = {};
  Time updated_at = {};
  std::optional<std::int64_t> ttl_ms = {};  // From creation; nothing: kept for good.
  std::int64_t poll_interval_ms = 1000;
  std::vector<InputRequest> requests = {};  // input_required: what is still unanswered.
  std::optional<ToolResult> result = {};    // completed. A tool's own failure is a completed task.
  std::optional<Error> error = {};          // failed: the call itself broke.
};

using ToolOutcome = std::variant<ToolResult, InputRequired, Task>;

// An Error becomes a tool result with `isError` and a text that names every field, for the model to
// act on; only ErrorCode::internal becomes a JSON-RPC error.
using ToolDone = std::function<void(Result<ToolOutcome>)>;

struct ToolCall {
  Principal principal = {};
  std::string name = {};              // One of the principal's tools().
  Value arguments = Value::object();  // An object; not yet checked against the tool's schema.
  Value meta = {};  // The request's `_meta`, e.g. piggy/idempotencyKey, traceparent.
  Asked asked = {};
};

enum class LogLevel { debug, info, notice, warning, error, critical, alert, emergency };

// One request in flight, as the Service sees it. Any thread, also after the answer: then nothing
// happens.
class Context {
 public:
  virtual ~Context() = default;

  // The client gave up. What is not yet done may be left undone; an answer is dropped.
  virtual bool cancelled() const = 0;
  // Calls once, on any thread, when that happens; at once if it already has.
  virtual void on_cancel(std::function<void()> call) = 0;

  // Dropped unless the client gave a progress token, and unless `progress` grows. `total` 0:
  // unknown.
  virtual void progress(double progress, double total = 0, std::string_view message = {}) = 0;
  // Dropped unless the client asked for messages of this level.
  virtual void log(LogLevel level, std::string_view logger, const Value& data) = 0;

  // Whether the client declared a capability, by its path: "sampling", "elicitation/url",
  // "extensions/io.modelcontextprotocol/tasks".
  virtual bool client_can(std::string_view capability) const = 0;
  // Whether this call may be answered with a Task.
  bool client_takes_tasks() const { return client_can(tasks_capability); }

  // Ends the network stream of a call that goes on, so that the client need not hold it; it fetches
  // the answer later by resuming. Only sessions of 2025-11-25 can; nothing happens elsewhere.
  virtual void release_stream() = 0;

  static constexpr std::string_view tasks_capability = "extensions/io.modelcontextprotocol/tasks";
};

struct PromptArgument {
  std::string name = {};
  std::string description = {};
  bool required = false;
};

struct Prompt {
  std::string name = {};
  std::string title = {};
  std::string description = {};
  std::vector<PromptArgument> arguments = {};
};

struct PromptResult {
  std::string description = {};
  Value messages = Value::list();  // {"role", "content"} each.
};

using PromptOutcome = std::variant<PromptResult, InputRequired>;

// Also a template, when `uri` is one of RFC 6570: then it is in the other list.
struct Resource {
  std::string uri = {};
  std::string name = {};
  std::string title = {};
  std::string description = {};
  std::string mime_type = {};
  Value meta = {};
};

struct ResourceResult {
  Value contents = Value::list();  // {"uri", "mimeType", "text" or "blob"} each.
};

using ResourceOutcome = std::variant<ResourceResult, InputRequired>;

struct Completion {
  std::vector<std::string> values = {};  // The best first; no more than 100 are sent.
  std::int64_t total = 0;                // 0: as many as there are values.
};

// The same for prompts/get and resources/read: `name` is the prompt's name or the resource's uri.
struct Get {
  Principal principal = {};
  std::string name = {};
  Value arguments = Value::object();
  Value meta = {};
  Asked asked = {};
};

// `reference` is a prompt's name or a template's uri.
struct Complete {
  Principal principal = {};
  bool prompt = true;
  std::string reference = {};
  std::string argument = {};
  std::string value = {};           // What is typed so far.
  Value context = Value::object();  // Other arguments that are known already.
};

// Errors outside tools: invalid and not_found become -32602, everything else -32603.
class Service {
 public:
  virtual ~Service() = default;

  // What this principal may call, in an order that does not change. Returning the same pointer
  // until something changes makes it cheap: a list is written out once, when it is made.
  virtual std::shared_ptr<const ToolList> tools(const Principal& principal) = 0;
  virtual void call_tool(ToolCall call, std::shared_ptr<Context> context, ToolDone done) = 0;

  // Whether whoever this was when it began to listen would still be let in. Asked by
  // Server::refresh, on its thread.
  virtual bool still_let_in(const Principal&) { return true; }

  virtual std::vector<Prompt> prompts(const Principal&) { return {}; }
  virtual void get_prompt(Get get, std::shared_ptr<Context> context,
                          std::function<void(Result<PromptOutcome>)> done);

  virtual std::vector<Resource> resources(const Principal&) { return {}; }
  virtual std::vector<Resource> resource_templates(const Principal&) { return {}; }
  virtual void read_resource(Get get, std::shared_ptr<Context> context,
                             std::function<void(Result<ResourceOutcome>)> done);

  virtual void complete(Complete request, std::function<void(Result<Completion>)> done);

  // Tasks of this principal only; another's is not_found. Update takes answers by key, of which
  // some may be missing or unknown. Cancel of a task that has ended is no error.
  virtual void get_task(const Principal& principal, std::string id,
                        std::function<void(Result<Task>)> done);
  virtual void update_task(const Principal& principal, std::string id, Value responses,
                           std::function<void(Result<>)> done);
  virtual void cancel_task(const Principal& principal, std::string id,
                           std::function<void(Result<>)> done);
};

}  // namespace piggy::mcp
