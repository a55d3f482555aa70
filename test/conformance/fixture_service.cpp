#include "fixture_service.h"

#include <utility>

#include "base/assert.h"
#include "shape/json.h"

namespace piggy::conformance {

const std::string_view tiny_png =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJg"
    "gg==";

void Play::say(std::string_view text, bool is_error) const {
  done(mcp::ToolOutcome(mcp::text_result(text, is_error)));
}

Value json(std::string_view text) {
  auto value = parse_json(text);
  ASSERT(value);
  return *std::move(value);
}

mcp::Tool tool(std::string_view name, std::string_view description, std::string_view schema) {
  return {.name = std::string(name),
          .description = std::string(description),
          .input_schema = json(schema)};
}

mcp::InputRequest form(std::string_view key, std::string_view message, std::string_view field,
                       std::string_view type) {
  Value schema = Value::object(
      {{"type", "object"},
       {"properties",
        Value::object({{std::string(field), Value::object({{"type", type}})}})},
       {"required", Value::List{field}}});
  return {.key = std::string(key),
          .method = "elicitation/create",
          .params = Value::object({{"message", message}, {"requestedSchema", std::move(schema)}})};
}

FixtureService::FixtureService(const Clock& clock) : clock_(clock) {
  for (auto part : {plain_tools, asking_tools, task_tools}) {
    for (Role& role : part()) roles_.push_back(std::move(role));
  }
  build_tools();
}

void FixtureService::build_tools() {
  std::vector<mcp::Tool> all;
  for (const Role& role : roles_) all.push_back(role.tool);
  if (extra_tool_) all.push_back(tool("test_extra_tool", "Comes and goes."));
  tools_ = mcp::ToolList::make(std::move(all));
}

std::shared_ptr<const mcp::ToolList> FixtureService::tools(const mcp::Principal&) {
  std::scoped_lock lock(mutex_);
  return tools_;
}

void FixtureService::call_tool(mcp::ToolCall call, std::shared_ptr<mcp::Context> context,
                               mcp::ToolDone done) {
  for (const Role& role : roles_) {
    if (role.tool.name != call.name) continue;
    return role.act({*this, std::move(call), std::move(context), std::move(done)});
  }
  done(mcp::ToolOutcome(mcp::text_result("Nothing to do.")));
}

void FixtureService::toggle_tool() {
  {
    std::scoped_lock lock(mutex_);
    extra_tool_ = !extra_tool_;
    build_tools();
  }
  server->tools_changed();
}

void FixtureService::toggle_prompt() {
  {
    std::scoped_lock lock(mutex_);
    extra_prompt_ = !extra_prompt_;
  }
  server->prompts_changed();
}

mcp::Task FixtureService::start_task(std::chrono::milliseconds lasts, TaskEnd end) {
  mcp::Task task = keep({.end = std::move(end)});
  later.run(lasts, [this, id = task.id] { settle(id); });
  return task;
}

mcp::Task FixtureService::start_asking(std::vector<mcp::InputRequest> requests, TaskEnd end) {
  Running running{.end = std::move(end)};
  running.task.status = mcp::TaskStatus::input_required;
  running.task.requests = std::move(requests);
  return keep(std::move(running));
}

mcp::Task FixtureService::keep(Running running) {
  std::scoped_lock lock(mutex_);
  running.task.id = random_.text(24, alphanumerics);
  running.task.created_at = running.task.updated_at = clock_.now();
  running.task.ttl_ms = 3'600'000;
  running.task.poll_interval_ms = 200;
  mcp::Task task = running.task;
  tasks_.emplace(task.id, std::move(running));
  return task;
}

void FixtureService::settle(const std::string& id) {
  mcp::Task told;
  {
    std::scoped_lock lock(mutex_);
    Running& running = tasks_.at(id);
    if (running.task.status == mcp::TaskStatus::cancelled) return;
    running.task.status = mcp::TaskStatus::completed;
    running.end(running.task, running.answers);
    running.task.updated_at = clock_.now();
    told = running.task;
  }
  server->task_changed("fixture", told);
}

void FixtureService::get_task(const mcp::Principal&, std::string id,
                              std::function<void(Result<mcp::Task>)> done) {
  Result<mcp::Task> found = fail(ErrorCode::not_found, "There is no such task.");
  {
    std::scoped_lock lock(mutex_);
    if (auto at = tasks_.find(id); at != tasks_.end()) found = at->second.task;
  }
  done(std::move(found));
}

void FixtureService::update_task(const mcp::Principal&, std::string id, Value responses,
                                 std::function<void(Result<>)> done) {
  bool answered = false;
  {
    std::scoped_lock lock(mutex_);
    auto at = tasks_.find(id);
    if (at == tasks_.end()) return done(fail(ErrorCode::not_found, "There is no such task."));
    Running& running = at->second;
    bool asks = running.task.status == mcp::TaskStatus::input_required;
    std::erase_if(running.task.requests, [&](const mcp::InputRequest& request) {
      Value* answer = responses.find(request.key);
      if (answer) running.answers.set(request.key, std::move(*answer));
      return answer != nullptr;
    });
    answered = asks && running.task.requests.empty();
  }
  if (answered) settle(id);
  done({});
}

void FixtureService::cancel_task(const mcp::Principal&, std::string id,
                                 std::function<void(Result<>)> done) {
  {
    std::scoped_lock lock(mutex_);
    auto at = tasks_.find(id);
    if (at == tasks_.end()) return done(fail(ErrorCode::not_found, "There is no such task."));
    mcp::TaskStatus& status = at->second.task.status;
    bool open = status == mcp::TaskStatus::working || status == mcp::TaskStatus::input_required;
    if (open) status = mcp::TaskStatus::cancelled;
  }
  done({});
}

}  // namespace piggy::conformance
