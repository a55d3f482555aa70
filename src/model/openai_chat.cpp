// OpenAI chat completions, which llama.cpp, Ollama, vLLM and most others speak as well, each with
// its own liberties: calls without an id or an index, no usage, no reason to stop, reasoning beside
// the text.

#include <fmt/format.h>

#include "model/format.h"
#include "model/turns.h"
#include "shape/json.h"

namespace piggy::model {
namespace {

class OpenAiChatParser final : public ReplyParser {
 public:
  using ReplyParser::ReplyParser;

 protected:
  Result<> on_event(const Event&, const Value& data) override {
    if (const Value& error = member_of(data, "error"); !error.is_null()) {
      std::string_view kind = error.text_of("code");
      if (kind.empty()) kind = error.text_of("type");
      return fail(provider_error(kind, error.text_of("message")));
    }
    set_model(data.text_of("model"));
    if (const Value& used = member_of(data, "usage"); !used.is_null()) {
      usage() = {integer_of(used, "prompt_tokens"), integer_of(used, "completion_tokens")};
    }
    const Value::List* choices = member_of(data, "choices").items();
    if (!choices || choices->empty()) return {};  // The event with the usage has none.
    const Value& choice = choices->front();
    take_delta(member_of(choice, "delta"));
    take_reason(choice.text_of("finish_reason"));
    return {};
  }

  void on_end() override {
    if (reasoning_.empty()) return;
    put_reasoning_first(Value::object({{"reasoning_content", reasoning_}}));
  }

 private:
  void take_delta(const Value& delta) {
    reasoning_ += delta.text_of("reasoning_content");
    add_text(delta.text_of("content"));
    if (std::string_view refusal = delta.text_of("refusal"); !refusal.empty()) {
      refused_ = true;
      add_text(refusal);
    }
    const Value::List* calls = member_of(delta, "tool_calls").items();
    if (!calls) return;
    for (const Value& call : *calls) take_call(call);
  }

  void take_call(const Value& call) {
    const Value& function = member_of(call, "function");
    std::string_view id = call.text_of("id");
    std::string_view name = function.text_of("name");
    const Value& index = member_of(call, "index");
    // Some servers number all calls 0, or none of them; then a new id is a new call.
    bool next = key_.empty() || (index.integer() && *index.integer() != index_) ||
                (!id.empty() && !name.empty() && id != id_);
    if (next) {
      if (!key_.empty()) end_call(key_);
      key_ = fmt::format("{}", begun_++);
      index_ = index.integer() ? *index.integer() : index_;
      id_ = id;
      begin_call(key_, id, name);
    } else {
      name_call(key_, name);
    }
    const Value& arguments = member_of(function, "arguments");
    // The format says text; some servers send the object itself.
    add_arguments(key_, arguments.members() ? to_json(arguments) : function.text_of("arguments"));
  }

  void take_reason(std::string_view reason) {
    if (reason.empty()) return;
    if (reason == "length") return set_stop(Stop::length);
    if (reason == "content_filter" || refused_) return set_stop(Stop::refused);
    set_stop(reason == "tool_calls" ? Stop::tool_use : Stop::end);
  }

  std::string reasoning_;
  bool refused_ = false;
  int begun_ = 0;
  // The call that is being received: our key, and what the server calls it.
  std::string key_;
  std::string id_;
  std::int64_t index_ = 0;
};

Value assistant_message(const Turn& turn) {
  Value message = Value::object({{"role", "assistant"}, {"content", nullptr}});
  std::string text;
  Value calls = Value::list();
  for (const Part& part : turn.parts) {
    if (const auto* said = std::get_if<Text>(&part)) text += said->text;
    if (const auto* reasoning = std::get_if<Reasoning>(&part)) {
      message.set("reasoning_content", member_of(reasoning->data, "reasoning_content"));
    }
    if (const auto* call = std::get_if<ToolCall>(&part)) {
      calls.push(Value::object(
          {{"id", call->id},
           {"type", "function"},
           {"function", Value::object({{"name", call->name},
                                       {"arguments", to_json(arguments_to_send(*call))}})}}));
    }
  }
  if (!text.empty()) message.set("content", text);
  if (!calls.items()->empty()) message.set("tool_calls", calls);
  return message;
}

void add_messages(Value& messages, const Turn& turn) {
  if (turn.role == Role::assistant) {
    messages.push(assistant_message(turn));
    return;
  }
  for (const Part& part : turn.parts) {
    if (const auto* text = std::get_if<Text>(&part)) {
      messages.push(Value::object({{"role", "user"}, {"content", text->text}}));
    }
    if (const auto* result = std::get_if<ToolResult>(&part)) {
      messages.push(Value::object(
          {{"role", "tool"}, {"tool_call_id", result->id}, {"content", marked_text(*result)}}));
    }
  }
}

// OpenAI's own newer models refuse the old name; several others know nothing else.
std::string_view limit_name(const Endpoint& endpoint) {
  bool own = endpoint.base_url.empty() || endpoint.base_url.contains("//api.openai.com") ||
             endpoint.base_url.contains(".openai.azure.com");
  return own ? "max_completion_tokens" : "max_tokens";
}

}  // namespace

Value openai_chat_body(const Endpoint& endpoint, const Request& request) {
  Value messages = Value::list();
  if (!request.system.empty()) {
    messages.push(Value::object({{"role", "system"}, {"content", request.system}}));
  }
  for (const Turn& turn : turns_of(request.messages, origin_of(endpoint))) {
    add_messages(messages, turn);
  }
  Value body = Value::object({{"model", endpoint.model},
                              {"messages", std::move(messages)},
                              {"stream", true},
                              {"stream_options", Value::object({{"include_usage", true}})}});
  body.set(limit_name(endpoint), request.max_tokens);
  if (request.temperature) body.set("temperature", *request.temperature);
  if (request.tools.empty()) return body;
  Value& tools = body.set("tools", Value::list());
  for (const ToolOffer& tool : request.tools) {
    tools.push(Value::object({{"type", "function"},
                              {"function", Value::object({{"name", tool.name},
                                                          {"description", tool.description},
                                                          {"parameters", tool.input_schema}})}}));
  }
  return body;
}

std::unique_ptr<ReplyParser> openai_chat_parser(ParserSetting setting) {
  return std::make_unique<OpenAiChatParser>(std::move(setting));
}

}  // namespace piggy::model
