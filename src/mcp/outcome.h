#pragma once

// What a Service answers, as the wire has it. The one place that turns an Error into what a client
// of MCP gets.

#include <string>

#include "base/error.h"
#include "mcp/message.h"
#include "mcp/service.h"

namespace piggy::mcp {

// For everything but tools: invalid and not_found are the caller's mistake, the rest is ours.
Failure to_failure(const Error& error);
// For tools: the model reads what was wrong, field by field, and may try again.
ToolResult to_tool_result(const Error& error);

// The members of a CallToolResult. Before 2026-07-28 a structured result was always an object.
void write_tool_result(Members& out, const ToolResult& result, bool modern);
// The members of InputRequests, as one object.
void write_input_requests(std::string& out, const std::vector<InputRequest>& requests);
// The members of a Task; with `detailed` also what it waits for or how it ended.
void write_task(Members& out, const Task& task, bool detailed);

void write_prompts(std::string& out, const std::vector<Prompt>& prompts);
// `uri_name` is "uri", or "uriTemplate" for templates.
void write_resources(std::string& out, const std::vector<Resource>& resources,
                     std::string_view uri_name);
void write_completion(std::string& out, const Completion& completion);

}  // namespace piggy::mcp
