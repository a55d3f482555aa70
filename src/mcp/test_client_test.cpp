#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "mcp/test_client.h"
#include "shape/json.h"

namespace piggy::mcp {
namespace {

class RecordingTarget final : public http::Responder::Target {
 public:
  explicit RecordingTarget(std::shared_ptr<Answer> answer) : answer_(std::move(answer)) {}

  void respond(http::Response response) override {
    answer_->arrived = true;
    answer_->response = std::move(response);
  }

  std::shared_ptr<http::EventStream> stream(http::Response head) override {
    answer_->response = std::move(head);
    answer_->stream = std::make_shared<RecordedStream>();
    return answer_->stream;
  }

 private:
  std::shared_ptr<Answer> answer_;
};

Value parse(std::string_view text) {
  auto value = parse_json(text);
  ASSERT(value);
  return *std::move(value);
}

void set_header(std::vector<http::Header>& headers, const http::Header& header) {
  std::erase_if(headers, [&](const http::Header& old) { return old.name == header.name; });
  if (!header.value.empty()) headers.push_back(header);
}

Tool tool(std::string_view name, std::string_view schema = R"({"type":"object"})") {
  return {.name = std::string(name), .description = "A tool.", .input_schema = parse(schema)};
}

// Does what it does once somebody has said yes. An answer counts only beside the state of our own
// question: a client may send answers that nobody asked it for.
ToolOutcome approval(const ToolCall& call) {
  const Value* answer =
      call.asked.state == "asked for approval" ? call.asked.answer("approval") : nullptr;
  if (!answer) {
    Value schema = Value::object(
        {{"type", "object"},
         {"properties", Value::object({{"approve", Value::object({{"type", "boolean"}})}})},
         {"required", Value::List{"approve"}}});
    InputRequest request{.key = "approval",
                         .method = "elicitation/create",
                         .params = Value::object({{"message", "Approve this call?"},
                                                  {"requestedSchema", std::move(schema)}})};
    return InputRequired{{std::move(request)}, "asked for approval"};
  }
  const Value* content = answer->find("content");
  const Value* approve = content ? content->find("approve") : nullptr;
  bool approved =
      answer->text_of("action") == "accept" && approve && approve->boolean() && *approve->boolean();
  return text_result(approved ? "done" : "not approved", !approved);
}

}  // namespace

void RecordedStream::send(std::string_view data, std::string_view id, std::string_view) {
  std::scoped_lock lock(mutex);
  if (!closed) events.push_back({std::string(data), std::string(id)});
}

void RecordedStream::comment(std::string_view) {
  std::scoped_lock lock(mutex);
  comments++;
}

void RecordedStream::retry_after(std::chrono::milliseconds told) {
  std::scoped_lock lock(mutex);
  pause = told;
}

void RecordedStream::close() { break_off(); }

void RecordedStream::on_end(std::function<void()> call) { on_end_ = std::move(call); }

void RecordedStream::break_off() {
  {
    std::scoped_lock lock(mutex);
    if (std::exchange(closed, true)) return;
  }
  if (on_end_) on_end_();
}

std::size_t RecordedStream::messages() const {
  std::scoped_lock lock(mutex);
  return std::ranges::count_if(events, [](const Event& event) { return !event.data.empty(); });
}

Value RecordedStream::message(std::size_t index) const {
  std::scoped_lock lock(mutex);
  for (const Event& event : events) {
    if (event.data.empty()) continue;
    if (index-- == 0) return parse(event.data);
  }
  return {};
}

Value Answer::json() const {
  if (stream) return stream->messages() ? stream->message(stream->messages() - 1) : Value();
  return response.body.empty() ? Value() : parse(response.body);
}

Value Answer::result(std::string_view name) const {
  Value document = json();
  const Value* part = document.find("result");
  if (!part) part = document.find("error");
  const Value* found = part ? part->find(name) : nullptr;
  return found ? *found : Value();
}

std::int64_t Answer::error_code() const {
  Value document = json();
  const Value* error = document.find("error");
  const Value* code = error ? error->find("code") : nullptr;
  return code && code->integer() ? *code->integer() : 0;
}

std::string_view Answer::header(std::string_view name) const {
  for (const http::Header& header : response.headers) {
    if (header.name == name) return header.value;
  }
  return {};
}

TestService::TestService() {
  Tool mirror = tool("mirror", R"({"type":"object","properties":{
      "region":{"type":"string","x-mcp-header":"Region"},
      "inner":{"type":"object","properties":{"level":{"type":"integer","x-mcp-header":"Level"}}}
  }})");
  Tool job = tool("job");
  job.tasks = TaskSupport::required;
  tools_ = ToolList::make({tool("echo"), tool("fail"), tool("break"), tool("steps"), tool("wait"),
                           tool("ask"), tool("approve"), std::move(mirror), std::move(job),
                           tool("release_stream"), tool("page")});
}

std::shared_ptr<const ToolList> TestService::tools(const Principal& principal) {
  auto changed = changed_.find(principal.key);
  return changed == changed_.end() ? tools_ : changed->second;
}

void TestService::change_tools_of(std::string_view principal_key) {
  changed_[std::string(principal_key)] = ToolList::make({tool("echo")});
}

void TestService::call_tool(ToolCall call, std::shared_ptr<Context> context, ToolDone done) {
  calls++;
  if (call.name == "fail") {
    return done(fail_field("/points", "must be at least 1"));
  }
  if (call.name == "break") return done(fail(ErrorCode::internal, "The store is gone."));
  if (call.name == "steps") {
    context->progress(1, 3, "one");
    context->progress(1, 3, "not grown");
    context->log(LogLevel::info, "test", Value("halfway"));
    context->progress(3, 3);
    return done(ToolOutcome(text_result("done")));
  }
  if (call.name == "wait" || call.name == "release_stream") {
    if (call.name == "release_stream") context->release_stream();
    std::lock_guard lock(waiting_mutex);
    waiting_context = std::move(context);
    waiting = std::move(done);
    waiting_held.notify_all();
    return;
  }
  if (call.name == "ask") {
    const Value* answer = call.asked.answer("name");
    if (answer) {
      return done(ToolOutcome(
          text_result(call.asked.state + " " + std::string(answer->text_of("action")))));
    }
    InputRequest request{.key = "name", .method = "elicitation/create"};
    request.params.set("message", "Your name?");
    return done(ToolOutcome(InputRequired{{std::move(request)}, "remembered"}));
  }
  if (call.name == "page") {
    const Value* answer = call.asked.answer("page");
    if (answer) return done(ToolOutcome(text_result(answer->text_of("action"))));
    InputRequest request{.key = "page",
                         .method = "elicitation/create",
                         .params = Value::object({{"mode", "url"},
                                                  {"message", "Please decide."},
                                                  {"url", "https://piggy.example/approvals/1"}})};
    return done(ToolOutcome(InputRequired{{std::move(request)}, "sent"}));
  }
  if (call.name == "approve") return done(approval(call));
  if (call.name == "job") return done(ToolOutcome(Task{.id = "task-1"}));
  done(ToolOutcome(ToolResult{.structured = to_json(call.arguments)}));
}

void TestService::release(std::string_view text) {
  std::unique_lock lock(waiting_mutex);
  waiting_held.wait(lock, [&] { return static_cast<bool>(waiting); });
  ToolDone done = std::exchange(waiting, {});
  lock.unlock();
  done(ToolOutcome(text_result(text)));
}

void TestService::read_resource(Get get, std::shared_ptr<Context>,
                                std::function<void(Result<ResourceOutcome>)> done) {
  done(fail(ErrorCode::not_found, "There is no resource " + get.name + "."));
}

void TestService::get_task(const Principal&, std::string id,
                           std::function<void(Result<Task>)> done) {
  if (id != "task-1") return done(fail(ErrorCode::not_found, "There is no such task."));
  done(Task{.id = id, .status = TaskStatus::completed, .result = text_result("worked")});
}

TestClient::TestClient(Options options)
    : server(service, clock, [&] {
        options.resources = true;
        options.tasks = true;
        return std::move(options);
      }()) {}

std::shared_ptr<Answer> TestClient::modern(std::string_view method, std::string_view params,
                                           std::vector<http::Header> extra) {
  std::string body =
      fmt::format(R"({{"jsonrpc":"2.0","id":7,"method":"{}","params":{{"_meta":{{)"
                  R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                  R"("io.modelcontextprotocol/clientCapabilities":{}{}}}{}{}}})",
                  method, capabilities, meta, params == "{}" ? "" : ",", params.substr(1));
  Value document = parse(params);
  std::vector<http::Header> headers = {{"Content-Type", "application/json"},
                                       {"Host", "localhost:3001"},
                                       {"MCP-Protocol-Version", "2026-07-28"},
                                       {"Mcp-Method", std::string(method)}};
  for (std::string_view name : {"name", "uri", "taskId"}) {
    std::string_view value = document.text_of(name);
    if (!value.empty()) headers.push_back({"Mcp-Name", std::string(value)});
  }
  for (const http::Header& header : extra) set_header(headers, header);
  return send(http::Method::post, body, std::move(headers));
}

std::shared_ptr<Answer> TestClient::legacy(std::string_view body, std::vector<http::Header> extra) {
  std::vector<http::Header> headers = {{"Content-Type", "application/json"},
                                       {"Host", "127.0.0.1"},
                                       {"Accept", "application/json, text/event-stream"}};
  if (!session.empty()) headers.push_back({"Mcp-Session-Id", session});
  for (const http::Header& header : extra) set_header(headers, header);
  return send(http::Method::post, body, std::move(headers));
}

std::shared_ptr<Answer> TestClient::send(http::Method method, std::string_view body,
                                         std::vector<http::Header> headers) {
  auto answer = std::make_shared<Answer>();
  server.handle({.method = method, .headers = std::move(headers), .body = std::string(body)},
                {.key = principal, .secret = secret},
                http::Responder(std::make_shared<RecordingTarget>(answer)));
  return answer;
}

void TestClient::begin(std::string_view version, std::string_view declared) {
  auto answer = legacy(fmt::format(
      R"({{"jsonrpc":"2.0","id":0,"method":"initialize","params":{{"protocolVersion":"{}",)"
      R"("capabilities":{},"clientInfo":{{"name":"test","version":"1"}}}}}})",
      version, declared));
  session = std::string(answer->header("Mcp-Session-Id"));
  ASSERT(!session.empty());
}

}  // namespace piggy::mcp
