// Anthropic messages. Content comes in numbered blocks; a user's message holds all results of the
// turn before, first, and the user's own text after them.

#include <fmt/format.h>

#include "model/format.h"
#include "model/turns.h"
#include "shape/json.h"

namespace piggy::model {
namespace {

class AnthropicParser final : public ReplyParser {
 public:
  using ReplyParser::ReplyParser;

 protected:
  Result<> on_event(const Event& event, const Value& data) override {
    std::string_view type = data.text_of("type");
    if (type.empty()) type = event.type;
    if (type == "error") {
      const Value& error = member_of(data, "error");
      return fail(provider_error(error.text_of("type"), error.text_of("message")));
    }
    std::string key = fmt::format("{}", integer_of(data, "index"));
    if (type == "message_start") {
      const Value& message = member_of(data, "message");
      set_model(message.text_of("model"));
      take_usage(member_of(message, "usage"));
    } else if (type == "content_block_start") {
      begin_block(key, member_of(data, "content_block"));
    } else if (type == "content_block_delta") {
      take_delta(key, member_of(data, "delta"));
    } else if (type == "content_block_stop") {
      end_block(key);
    } else if (type == "message_delta") {
      take_usage(member_of(data, "usage"));
      take_reason(member_of(data, "delta").text_of("stop_reason"));
    } else if (type == "message_stop") {
      set_finished();
    }
    return {};  // Pings, and what may be added to the format.
  }

 private:
  void take_usage(const Value& used) {
    std::int64_t input = integer_of(used, "input_tokens") +
                         integer_of(used, "cache_creation_input_tokens") +
                         integer_of(used, "cache_read_input_tokens");
    if (input > 0) usage().input_tokens = input;
    if (std::int64_t output = integer_of(used, "output_tokens")) usage().output_tokens = output;
  }

  void begin_block(const std::string& key, const Value& block) {
    std::string_view type = block.text_of("type");
    if (type == "text") add_text(block.text_of("text"));
    if (type == "thinking" || type == "redacted_thinking") thinking_[key] = block;
    if (type != "tool_use" || has_call(key)) return;
    begin_call(key, block.text_of("id"), block.text_of("name"));
    // Empty, and told in pieces afterwards; some servers give it whole here.
    const Value& input = member_of(block, "input");
    if (input.members() && !input.members()->empty()) whole_input_[key] = to_json(input);
  }

  void take_delta(const std::string& key, const Value& delta) {
    std::string_view type = delta.text_of("type");
    if (type == "text_delta") add_text(delta.text_of("text"));
    if (type == "input_json_delta") {
      std::string_view piece = delta.text_of("partial_json");
      if (!piece.empty()) whole_input_.erase(key);
      add_arguments(key, piece);
    }
    if (type == "thinking_delta") extend_thinking(key, "thinking", delta);
    if (type == "signature_delta") extend_thinking(key, "signature", delta);
  }

  void extend_thinking(const std::string& key, std::string_view name, const Value& delta) {
    auto found = thinking_.find(key);
    if (found == thinking_.end()) return;
    Value* member = found->second.find(name);
    if (!member || !member->text()) member = &found->second.set(name, "");
    *member->text() += delta.text_of(name);
  }

  void end_block(const std::string& key) {
    if (auto thinking = thinking_.extract(key)) add_reasoning(std::move(thinking.mapped()));
    if (auto input = whole_input_.extract(key)) set_arguments(key, input.mapped());
    end_call(key);
  }

  void take_reason(std::string_view reason) {
    if (reason.empty()) return;
    if (reason == "max_tokens" || reason == "model_context_window_exceeded") {
      set_stop(Stop::length);
    } else if (reason == "refusal") {
      set_stop(Stop::refused);
    } else {
      set_stop(reason == "tool_use" ? Stop::tool_use : Stop::end);
    }
  }

  std::map<std::string, Value> thinking_;  // Blocks that have not ended.
  std::map<std::string, std::string> whole_input_;
};

Value block_of(const Part& part) {
  if (const auto* text = std::get_if<Text>(&part)) {
    return Value::object({{"type", "text"}, {"text", text->text}});
  }
  if (const auto* call = std::get_if<ToolCall>(&part)) {
    return Value::object({{"type", "tool_use"},
                          {"id", call->id},
                          {"name", call->name},
                          {"input", arguments_to_send(*call)}});
  }
  if (const auto* result = std::get_if<ToolResult>(&part)) {
    Value block = Value::object(
        {{"type", "tool_result"}, {"tool_use_id", result->id}, {"content", result->text}});
    if (result->is_error) block.set("is_error", true);
    return block;
  }
  return std::get<Reasoning>(part).data;
}

// Turns of one side in a row become one message, so that results and what the user adds stand
// together.
Value messages_of(const std::vector<Turn>& turns) {
  Value messages = Value::list();
  for (const Turn& turn : turns) {
    std::string_view role = turn.role == Role::assistant ? "assistant" : "user";
    Value::List& list = *messages.items();
    bool same = !list.empty() && list.back().text_of("role") == role;
    if (!same) messages.push(Value::object({{"role", role}, {"content", Value::list()}}));
    Value* content = list.back().find("content");
    for (const Part& part : turn.parts) content->push(block_of(part));
  }
  return messages;
}

}  // namespace

Value anthropic_body(const Endpoint& endpoint, const Request& request) {
  Value body =
      Value::object({{"model", endpoint.model},
                     {"max_tokens", request.max_tokens},
                     {"messages", messages_of(turns_of(request.messages, origin_of(endpoint)))},
                     {"stream", true}});
  if (!request.system.empty()) body.set("system", request.system);
  if (request.temperature) body.set("temperature", *request.temperature);
  if (request.tools.empty()) return body;
  Value& tools = body.set("tools", Value::list());
  for (const ToolOffer& tool : request.tools) {
    tools.push(Value::object({{"name", tool.name},
                              {"description", tool.description},
                              {"input_schema", tool.input_schema}}));
  }
  return body;
}

std::unique_ptr<ReplyParser> anthropic_parser(ParserSetting setting) {
  return std::make_unique<AnthropicParser>(std::move(setting));
}

}  // namespace piggy::model
