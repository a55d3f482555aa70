#include "mcp/methods.h"

#include <fmt/format.h>

#include <utility>

#include "base/assert.h"
#include "mcp/mirror.h"
#include "mcp/outcome.h"
#include "mcp/session.h"
#include "shape/json.h"

namespace piggy::mcp {
namespace {

std::unexpected<Failure> wrong(std::string message) {
  return refuse(Code::invalid_params, std::move(message));
}

// Lists have one page, so no cursor is one of ours, the empty one included.
bool has_cursor(const std::shared_ptr<Exchange>& exchange, const Message& message) {
  if (!message.params.find("cursor")) return false;
  exchange->refuse({.code = Code::invalid_params, .message = "This cursor is not ours."});
  return true;
}

}  // namespace

bool Methods::answer(const Ref& exchange, Message message, const http::Request* http) {
  Method method = find(message.method, options_);
  if (!method) return false;
  (this->*method)(exchange, {.message = std::move(message), .http = http});
  return true;
}

Methods::Method Methods::find(std::string_view method, const Options& options) {
  if (method == "tools/call") return &Methods::call_tool;
  if (method == "tools/list") return &Methods::list_tools;
  if (options.prompts) {
    if (method == "prompts/list") return &Methods::list_prompts;
    if (method == "prompts/get") return &Methods::get_prompt;
  }
  if (options.resources) {
    if (method == "resources/list") return &Methods::list_resources;
    if (method == "resources/templates/list") return &Methods::list_templates;
    if (method == "resources/read") return &Methods::read_resource;
  }
  if (options.completions && method == "completion/complete") return &Methods::complete;
  return nullptr;
}

void Methods::list_tools(const Ref& exchange, Arrived arrived) {
  if (has_cursor(exchange, arrived.message)) return;
  auto list = service_.tools(exchange->principal());
  std::string out;
  out.reserve(list->json(true).size() + 512);
  Members result = exchange->begin(out);
  result.json("tools", list->json(exchange->modern()));
  if (exchange->modern()) write_caching(result);
  exchange->finish(result, out);
}

void Methods::call_tool(const Ref& exchange, Arrived arrived) {
  auto call = read_call(exchange, arrived);
  if (!call) return exchange->refuse(call.error());
  service_.call_tool(*std::move(call), exchange, [this, exchange](Result<ToolOutcome> outcome) {
    answer_tool(exchange, std::move(outcome));
  });
}

Checked<ToolCall> Methods::read_call(const Ref& exchange, Arrived& arrived) {
  Value& params = arrived.message.params;
  Value* name = params.find("name");
  if (!name || !name->text()) return wrong("`name` must be the name of a tool.");
  auto list = service_.tools(exchange->principal());
  const ToolList::Entry* tool = list->find(*name->text());
  if (!tool) return wrong("Unknown tool: " + *name->text());

  ToolCall call{.principal = exchange->principal(), .name = std::move(*name->text())};
  if (Value* arguments = params.find("arguments")) call.arguments = std::move(*arguments);
  if (!call.arguments.members()) return wrong("`arguments` must be an object.");
  if (arrived.http && exchange->modern()) {
    if (auto same = check_parameter_headers(*arrived.http, *tool, call.arguments); !same) {
      return std::unexpected(same.error());
    }
  }
  if (tool->tool.tasks == TaskSupport::required && !exchange->client_takes_tasks()) {
    if (!exchange->modern()) return refuse(Code::method_not_found, "This tool needs tasks.");
    return std::unexpected(missing_capability(capability_object(Context::tasks_capability)));
  }
  auto asked = read_asked(exchange, arrived.message, call.name, call.arguments);
  if (!asked) return std::unexpected(asked.error());
  call.asked = arrived.asked.responses.is_null() ? *std::move(asked) : std::move(arrived.asked);
  if (Value* meta = params.find("_meta")) call.meta = std::move(*meta);
  return call;
}

Checked<Asked> Methods::read_asked(const Ref& exchange, const Message& message,
                                   std::string_view name, const Value& arguments) {
  Asked asked;
  if (!exchange->modern()) return asked;
  if (const Value* responses = message.params.find("inputResponses")) {
    if (!responses->members()) return wrong("`inputResponses` must be an object.");
    asked.responses = *responses;
  }
  if (const Value* sealed = message.params.find("requestState")) {
    if (!sealed->text()) return wrong("`requestState` must be a text.");
    auto state = seal_.open({.principal_key = exchange->principal().key,
                             .secret = exchange->principal().secret,
                             .method = message.method,
                             .name = name,
                             .arguments = &arguments},
                            *sealed->text());
    if (!state) return wrong("`requestState` has expired, was changed, or is of another call.");
    asked.state = *std::move(state);
  }
  return asked;
}

void Methods::answer_tool(const Ref& exchange, Result<ToolOutcome> outcome) {
  if (!outcome && outcome.error().code == ErrorCode::internal) {
    return exchange->refuse(to_failure(outcome.error()));
  }
  ToolOutcome answer = outcome ? *std::move(outcome) : to_tool_result(outcome.error());
  if (auto* required = std::get_if<InputRequired>(&answer)) {
    return ask(exchange, std::move(*required));
  }
  std::string out;
  if (auto* task = std::get_if<Task>(&answer)) {
    ASSERT(exchange->client_takes_tasks());
    Members result = exchange->begin(out, "task");
    write_task(result, *task, false);
    return exchange->finish(result, out);
  }
  auto& tool_result = std::get<ToolResult>(answer);
  out.reserve(2 * tool_result.structured.size() + 512);
  Members result = exchange->begin(out, "complete", tool_result.meta);
  write_tool_result(result, tool_result, exchange->modern());
  exchange->finish(result, out);
}

void Methods::list_prompts(const Ref& exchange, Arrived arrived) {
  if (has_cursor(exchange, arrived.message)) return;
  std::string out;
  Members result = exchange->begin(out);
  write_prompts(result.open("prompts"), service_.prompts(exchange->principal()));
  if (exchange->modern()) write_caching(result);
  exchange->finish(result, out);
}

void Methods::get_prompt(const Ref& exchange, Arrived arrived) {
  auto get = read_get(exchange, arrived, "name");
  if (!get) return exchange->refuse(get.error());
  service_.get_prompt(*std::move(get), exchange, [this, exchange](Result<PromptOutcome> outcome) {
    answer_prompt(exchange, std::move(outcome));
  });
}

Checked<Get> Methods::read_get(const Ref& exchange, Arrived& arrived,
                               std::string_view name_member) {
  Value& params = arrived.message.params;
  Value* name = params.find(name_member);
  if (!name || !name->text()) return wrong(fmt::format("`{}` must be a text.", name_member));
  Get get{.principal = exchange->principal(), .name = std::move(*name->text())};
  if (Value* arguments = params.find("arguments")) get.arguments = std::move(*arguments);
  if (!get.arguments.members()) return wrong("`arguments` must be an object.");
  auto asked = read_asked(exchange, arrived.message, get.name, get.arguments);
  if (!asked) return std::unexpected(asked.error());
  get.asked = arrived.asked.responses.is_null() ? *std::move(asked) : std::move(arrived.asked);
  if (Value* meta = params.find("_meta")) get.meta = std::move(*meta);
  return get;
}

void Methods::answer_prompt(const Ref& exchange, Result<PromptOutcome> outcome) {
  if (!outcome) return exchange->refuse(to_failure(outcome.error()));
  if (auto* required = std::get_if<InputRequired>(&*outcome)) {
    return ask(exchange, std::move(*required));
  }
  const auto& prompt = std::get<PromptResult>(*outcome);
  std::string out;
  Members result = exchange->begin(out);
  result.text_if("description", prompt.description);
  result.value("messages", prompt.messages);
  exchange->finish(result, out);
}

void Methods::list_resources(const Ref& exchange, Arrived arrived) {
  if (has_cursor(exchange, arrived.message)) return;
  std::string out;
  Members result = exchange->begin(out);
  write_resources(result.open("resources"), service_.resources(exchange->principal()), "uri");
  if (exchange->modern()) write_caching(result);
  exchange->finish(result, out);
}

void Methods::list_templates(const Ref& exchange, Arrived arrived) {
  if (has_cursor(exchange, arrived.message)) return;
  std::string out;
  Members result = exchange->begin(out);
  write_resources(result.open("resourceTemplates"),
                  service_.resource_templates(exchange->principal()), "uriTemplate");
  if (exchange->modern()) write_caching(result);
  exchange->finish(result, out);
}

void Methods::read_resource(const Ref& exchange, Arrived arrived) {
  auto get = read_get(exchange, arrived, "uri");
  if (!get) return exchange->refuse(get.error());
  std::string uri = get->name;
  service_.read_resource(*std::move(get), exchange,
                         [this, exchange, uri](Result<ResourceOutcome> outcome) {
                           answer_resource(exchange, uri, std::move(outcome));
                         });
}

void Methods::answer_resource(const Ref& exchange, const std::string& uri,
                              Result<ResourceOutcome> outcome) {
  if (!outcome) {
    Failure failure = to_failure(outcome.error());
    if (outcome.error().code == ErrorCode::not_found) {
      if (!exchange->modern()) failure.code = Code::resource_not_found;
      failure.data = Value::object({{"uri", uri}});
    }
    return exchange->refuse(failure);
  }
  if (auto* required = std::get_if<InputRequired>(&*outcome)) {
    return ask(exchange, std::move(*required));
  }
  std::string out;
  Members result = exchange->begin(out);
  result.value("contents", std::get<ResourceResult>(*outcome).contents);
  if (exchange->modern()) write_caching(result);
  exchange->finish(result, out);
}

void Methods::complete(const Ref& exchange, Arrived arrived) {
  const Value& params = arrived.message.params;
  const Value* ref = params.find("ref");
  const Value* argument = params.find("argument");
  bool prompt = ref && ref->text_of("type") == "ref/prompt";
  bool resource = ref && ref->text_of("type") == "ref/resource";
  if (!argument || (!prompt && !resource)) {
    return exchange->refuse({.code = Code::invalid_params,
                             .message = "`ref` names a prompt or a resource template, and "
                                        "`argument` what to complete."});
  }
  Complete request{.principal = exchange->principal(),
                   .prompt = prompt,
                   .reference = std::string(ref->text_of(prompt ? "name" : "uri")),
                   .argument = std::string(argument->text_of("name")),
                   .value = std::string(argument->text_of("value"))};
  const Value* context = params.find("context");
  const Value* known = context ? context->find("arguments") : nullptr;
  if (known && known->members()) request.context = *known;
  service_.complete(std::move(request), [exchange](Result<Completion> completion) {
    if (!completion) return exchange->refuse(to_failure(completion.error()));
    std::string out;
    Members result = exchange->begin(out);
    write_completion(result.open("completion"), *completion);
    exchange->finish(result, out);
  });
}

// Lists depend on who asks, so no shared cache may keep them.
void Methods::write_caching(Members& result) {
  result.integer("ttlMs", options_.list_ttl.count());
  result.json("cacheScope", "\"private\"");
}

}  // namespace piggy::mcp
