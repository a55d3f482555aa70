// Tools whose calls go on after their answer.

#include <algorithm>
#include <chrono>

#include "fixture_service.h"

namespace piggy::conformance {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view name_schema =
    R"({"type":"object","properties":{"name":{"type":"string"}}})";
constexpr std::string_view compute_schema = R"({
  "type": "object",
  "properties": {"seconds": {"type": "number", "minimum": 0}, "label": {"type": "string"}}
})";
constexpr std::string_view file_schema =
    R"({"type":"object","properties":{"filename":{"type":"string"}}})";

mcp::Tool task_tool(std::string_view name, std::string_view description, mcp::TaskSupport support,
                    std::string_view schema = R"({"type":"object"})") {
  mcp::Tool declared = tool(name, description, schema);
  declared.tasks = support;
  return declared;
}

milliseconds seconds_of(const Value& arguments) {
  const Value* seconds = arguments.find("seconds");
  double amount = 0;
  if (seconds && seconds->integer()) amount = static_cast<double>(*seconds->integer());
  if (seconds && seconds->number()) amount = *seconds->number();
  return milliseconds(static_cast<std::int64_t>(std::clamp(amount, 0.0, 3600.0) * 1000));
}

TaskEnd says(std::string text, bool is_error = false) {
  return [=](mcp::Task& task, const Value&) { task.result = mcp::text_result(text, is_error); };
}

void act_slow(Play play) {
  milliseconds lasts = seconds_of(play.call.arguments);
  if (play.context->client_takes_tasks() && lasts > milliseconds(0)) {
    return play.done(mcp::ToolOutcome(play.service.start_task(lasts, says("Computed."))));
  }
  Later& later = play.service.later;
  later.run(lasts, [play = std::move(play)] { play.say("Computed."); });
}

void act_protocol_error(Play play) {
  auto end = [](mcp::Task& task, const Value&) {
    task.status = mcp::TaskStatus::failed;
    task.error = Error{.message = "The job broke."};
  };
  play.done(mcp::ToolOutcome(play.service.start_task(milliseconds(300), end)));
}

// Without tasks the same questions are asked before the answer.
void ask(const Play& play, std::vector<mcp::InputRequest> requests, std::string_view text) {
  if (play.context->client_takes_tasks()) {
    auto task = play.service.start_asking(std::move(requests), says(std::string(text)));
    return play.done(mcp::ToolOutcome(std::move(task)));
  }
  bool answered = std::ranges::all_of(requests, [&](const mcp::InputRequest& request) {
    return play.call.asked.answer(request.key) != nullptr;
  });
  if (answered) return play.say(text);
  play.done(mcp::ToolOutcome(mcp::InputRequired{std::move(requests)}));
}

void act_confirm_delete(Play play) {
  ask(play, {form("confirm", "Delete the file?", "confirm", "boolean")}, "Deleted.");
}

void act_multi_input(Play play) {
  ask(play, {form("first", "The first name?", "name"), form("second", "The second name?", "name")},
      "Both are known.");
}

void act_ask_then_task(Play play) {
  const Value* answer = play.call.asked.answer("user_name");
  if (!answer) {
    mcp::InputRequired required{{form("user_name", "What is your name?", "name")}, "asked"};
    return play.done(mcp::ToolOutcome(std::move(required)));
  }
  const Value* content = answer->find("content");
  std::string name(content ? content->text_of("name") : std::string_view());
  auto task = play.service.start_task(milliseconds(300), says("Hello, " + name + "!"));
  play.done(mcp::ToolOutcome(std::move(task)));
}

}  // namespace

std::vector<Role> task_tools() {
  using mcp::TaskSupport;
  return {
      {tool("greet", "Greets by name.", name_schema),
       [](Play play) {
         play.say("Hello, " + std::string(play.call.arguments.text_of("name")) + "!");
       }},
      {task_tool("slow_compute", "Takes its time.", TaskSupport::optional, compute_schema),
       act_slow},
      {task_tool("failing_job", "Fails after a second.", TaskSupport::required),
       [](Play play) {
         auto task = play.service.start_task(milliseconds(1000), says("The job failed.", true));
         play.done(mcp::ToolOutcome(std::move(task)));
       }},
      {task_tool("protocol_error_job", "Breaks.", TaskSupport::required), act_protocol_error},
      {task_tool("confirm_delete", "Asks before it deletes.", TaskSupport::optional, file_schema),
       act_confirm_delete},
      {task_tool("multi_input", "Asks two things at once.", TaskSupport::optional),
       act_multi_input},
      {task_tool("test_tool_with_task", "Asks, then goes on alone.", TaskSupport::required),
       act_ask_then_task},
  };
}

}  // namespace piggy::conformance
