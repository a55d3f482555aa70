#include "mcp/outcome.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "shape/json.h"

namespace piggy::mcp {
namespace {

constexpr std::size_t completions_max = 100;

std::string_view to_text(TaskStatus status) {
  switch (status) {
    case TaskStatus::working:
      return "working";
    case TaskStatus::input_required:
      return "input_required";
    case TaskStatus::completed:
      return "completed";
    case TaskStatus::failed:
      return "failed";
    case TaskStatus::cancelled:
      return "cancelled";
  }
  return {};
}

template <class T, class Write>
void write_list(std::string& out, const std::vector<T>& items, Write write) {
  out += '[';
  for (std::size_t i = 0; i < items.size(); i++) {
    if (i) out += ',';
    write(out, items[i]);
  }
  out += ']';
}

void write_text_block(std::string& out, std::string_view text) {
  out += R"({"type":"text","text":)";
  write_json_text(out, text);
  out += '}';
}

}  // namespace

Failure to_failure(const Error& error) {
  bool theirs = error.code == ErrorCode::invalid || error.code == ErrorCode::not_found;
  return {.code = theirs ? Code::invalid_params : Code::internal_error, .message = error.message};
}

ToolResult to_tool_result(const Error& error) {
  std::string text = error.message;
  for (const FieldError& field : error.fields) {
    text += fmt::format("\n- {}: {}", field.path, field.message);
  }
  if (error.retry_after_seconds > 0) {
    text += fmt::format("\nTry again in {} seconds.", error.retry_after_seconds);
  }
  return text_result(text, true);
}

void write_tool_result(Members& members, const ToolResult& result, bool modern) {
  std::string& out = members.open("content");
  if (result.content.empty() && !result.structured.empty()) {
    out += '[';
    write_text_block(out, result.structured);
    out += ']';
  } else {
    write_list(out, result.content, [](std::string& to, const Value& v) { write_json(to, v); });
  }
  if (!result.structured.empty() && (modern || result.structured.front() == '{')) {
    members.json("structuredContent", result.structured);
  }
  if (result.is_error) members.boolean("isError", true);
}

void write_input_requests(std::string& out, const std::vector<InputRequest>& requests) {
  Value keyed = Value::object();
  for (const InputRequest& request : requests) {
    ASSERT(!keyed.find(request.key));
    keyed.set(request.key, Value::object({{"method", request.method}, {"params", request.params}}));
  }
  write_json(out, keyed);
}

void write_task(Members& members, const Task& task, bool detailed) {
  members.text("taskId", task.id);
  members.text("status", to_text(task.status));
  members.text_if("statusMessage", task.message);
  members.text("createdAt", to_iso(task.created_at.microseconds));
  members.text("lastUpdatedAt", to_iso(task.updated_at.microseconds));
  members.value("ttlMs", task.ttl_ms ? Value(*task.ttl_ms) : Value());
  members.integer("pollIntervalMs", task.poll_interval_ms);
  if (!detailed) return;
  if (task.status == TaskStatus::input_required) {
    write_input_requests(members.open("inputRequests"), task.requests);
  } else if (task.status == TaskStatus::completed) {
    Members result(members.open("result"));
    result.text("resultType", "complete");
    write_tool_result(result, task.result.value_or(ToolResult{}), true);
    result.close();
  } else if (task.status == TaskStatus::failed) {
    Failure failure = to_failure(task.error.value_or(Error{.message = "The task failed."}));
    Members error(members.open("error"));
    error.integer("code", static_cast<int>(failure.code));
    error.text("message", failure.message);
    error.close();
  }
}

void write_prompts(std::string& out, const std::vector<Prompt>& prompts) {
  write_list(out, prompts, [](std::string& to, const Prompt& prompt) {
    Members members(to);
    members.text("name", prompt.name);
    members.text_if("title", prompt.title);
    members.text_if("description", prompt.description);
    if (!prompt.arguments.empty()) {
      write_list(members.open("arguments"), prompt.arguments,
                 [](std::string& argument_to, const PromptArgument& argument) {
                   Members parts(argument_to);
                   parts.text("name", argument.name);
                   parts.text_if("description", argument.description);
                   parts.boolean("required", argument.required);
                   parts.close();
                 });
    }
    members.close();
  });
}

void write_resources(std::string& out, const std::vector<Resource>& resources,
                     std::string_view uri_name) {
  write_list(out, resources, [&](std::string& to, const Resource& resource) {
    Members members(to);
    members.text(uri_name, resource.uri);
    members.text("name", resource.name);
    members.text_if("title", resource.title);
    members.text_if("description", resource.description);
    members.text_if("mimeType", resource.mime_type);
    members.value_if("_meta", resource.meta);
    members.close();
  });
}

void write_completion(std::string& out, const Completion& completion) {
  std::size_t sent = std::min(completion.values.size(), completions_max);
  std::vector<std::string> values(completion.values.begin(), completion.values.begin() + sent);
  auto total = std::max<std::int64_t>(completion.total, completion.values.size());
  Members members(out);
  write_list(members.open("values"), values,
             [](std::string& to, const std::string& value) { write_json_text(to, value); });
  members.integer("total", total);
  members.boolean("hasMore", total > static_cast<std::int64_t>(sent));
  members.close();
}

}  // namespace piggy::mcp
