// OpenAI responses, kept stateless: nothing is stored there, and the (encrypted) reasoning items
// travel with the conversation instead. An item is known by its place in the output or, with
// servers that do not tell it, by its id.

#include <fmt/format.h>

#include "model/format.h"
#include "model/turns.h"
#include "shape/json.h"

namespace piggy::model {
namespace {

class OpenAiResponsesParser final : public ReplyParser {
 public:
  using ReplyParser::ReplyParser;

 protected:
  Result<> on_event(const Event& event, const Value& data) override {
    std::string_view type = data.text_of("type");
    if (type.empty()) type = event.type;
    if (type == "error") return take_error(data);
    if (type == "response.output_text.delta" || type == "response.refusal.delta") {
      refused_ = refused_ || type == "response.refusal.delta";
      streamed_.insert(key_of(data));
      add_text(data.text_of("delta"));
    } else if (type == "response.output_item.added") {
      begin_item(key_of(data), member_of(data, "item"));
    } else if (type == "response.function_call_arguments.delta") {
      add_arguments(key_of(data), data.text_of("delta"));
    } else if (type == "response.output_item.done") {
      end_item(key_of(data), member_of(data, "item"));
    } else if (type.starts_with("response.")) {
      return take_state(type, member_of(data, "response"));
    }
    return {};
  }

 private:
  static std::string key_of(const Value& data) {
    if (const auto* index = member_of(data, "output_index").integer()) {
      return fmt::format("{}", *index);
    }
    std::string_view id = data.text_of("item_id");
    return std::string(id.empty() ? member_of(data, "item").text_of("id") : id);
  }

  Result<> take_error(const Value& data) {
    const Value& inner = member_of(data, "error");  // Some wrap it, as in answers without a stream.
    const Value& error = inner.members() ? inner : data;
    return fail(provider_error(error.text_of("code"), error.text_of("message")));
  }

  Result<> take_state(std::string_view type, const Value& response) {
    set_model(response.text_of("model"));
    if (type == "response.failed") return take_error(response);
    if (type != "response.completed" && type != "response.incomplete") return {};
    const Value& used = member_of(response, "usage");
    usage() = {integer_of(used, "input_tokens"), integer_of(used, "output_tokens")};
    take_whole_output(response);
    std::string_view reason = member_of(response, "incomplete_details").text_of("reason");
    bool filtered = reason == "content_filter";
    if (type == "response.incomplete" && !filtered) {
      set_stop(Stop::length);
    } else {
      set_stop(filtered || refused_ ? Stop::refused : Stop::end);
    }
    set_finished();
    return {};
  }

  // A server that streams no items still tells them at the end.
  void take_whole_output(const Value& response) {
    const Value::List* items = member_of(response, "output").items();
    if (!items || !is_empty()) return;
    for (std::size_t i = 0; i < items->size(); i++) end_item(fmt::format("{}", i), (*items)[i]);
  }

  void begin_item(const std::string& key, const Value& item) {
    if (item.text_of("type") != "function_call" || has_call(key)) return;
    std::string_view id = item.text_of("call_id");
    begin_call(key, id.empty() ? item.text_of("id") : id, item.text_of("name"));
  }

  void end_item(const std::string& key, const Value& item) {
    std::string_view type = item.text_of("type");
    if (type == "reasoning") add_reasoning(item);
    if (type == "message" && !streamed_.contains(key)) take_content(member_of(item, "content"));
    if (type != "function_call") return;
    begin_item(key, item);
    name_call(key, item.text_of("name"));
    std::string_view arguments = item.text_of("arguments");
    if (!arguments.empty()) set_arguments(key, arguments);
    // Cut short by the limit: whether it is half a call shows when the reply ends.
    if (item.text_of("status") != "incomplete") end_call(key);
  }

  void take_content(const Value& content) {
    if (!content.items()) return;
    for (const Value& piece : *content.items()) {
      refused_ = refused_ || piece.text_of("type") == "refusal";
      add_text(piece.text_of("text"));
      add_text(piece.text_of("refusal"));
    }
  }

  std::set<std::string> streamed_;  // Messages whose text has come in pieces.
  bool refused_ = false;
};

Value message_item(std::string_view role, std::string_view kind, const std::string& text) {
  return Value::object(
      {{"type", "message"},
       {"role", role},
       {"content", Value(Value::List{Value::object({{"type", kind}, {"text", text}})})}});
}

Value item_of(Role role, const Part& part) {
  if (const auto* text = std::get_if<Text>(&part)) {
    if (role == Role::user) return message_item("user", "input_text", text->text);
    return message_item("assistant", "output_text", text->text);
  }
  if (const auto* call = std::get_if<ToolCall>(&part)) {
    return Value::object({{"type", "function_call"},
                          {"call_id", call->id},
                          {"name", call->name},
                          {"arguments", to_json(arguments_to_send(*call))}});
  }
  if (const auto* result = std::get_if<ToolResult>(&part)) {
    return Value::object({{"type", "function_call_output"},
                          {"call_id", result->id},
                          {"output", marked_text(*result)}});
  }
  return std::get<Reasoning>(part).data;
}

}  // namespace

Value openai_responses_body(const Endpoint& endpoint, const Request& request) {
  Value input = Value::list();
  for (const Turn& turn : turns_of(request.messages, origin_of(endpoint))) {
    for (const Part& part : turn.parts) input.push(item_of(turn.role, part));
  }
  Value body = Value::object({{"model", endpoint.model},
                              {"input", std::move(input)},
                              {"store", false},
                              {"include", Value(Value::List{"reasoning.encrypted_content"})},
                              {"max_output_tokens", request.max_tokens},
                              {"stream", true}});
  if (!request.system.empty()) body.set("instructions", request.system);
  if (request.temperature) body.set("temperature", *request.temperature);
  if (request.tools.empty()) return body;
  Value& tools = body.set("tools", Value::list());
  for (const ToolOffer& tool : request.tools) {
    // Strict, their default, refuses schemas with optional fields.
    tools.push(Value::object({{"type", "function"},
                              {"name", tool.name},
                              {"description", tool.description},
                              {"parameters", tool.input_schema},
                              {"strict", false}}));
  }
  return body;
}

std::unique_ptr<ReplyParser> openai_responses_parser(ParserSetting setting) {
  return std::make_unique<OpenAiResponsesParser>(std::move(setting));
}

}  // namespace piggy::model
