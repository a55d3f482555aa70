#include "model/turns.h"

#include <algorithm>
#include <map>

namespace piggy::model {
namespace {

constexpr std::size_t name_length_max = 64;

std::string portable_name(std::string_view name) {
  std::string portable(name.substr(0, name_length_max));
  for (char& c : portable) {
    bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '_' || c == '-';
    if (!fits) c = '_';
  }
  return portable.empty() ? "unnamed" : portable;
}

Turn assistant_turn(const Message& message, std::string_view origin) {
  Turn turn{.role = Role::assistant};
  for (const Part& part : message.parts) {
    if (const auto* text = std::get_if<Text>(&part); text && text->text.empty()) continue;
    if (std::holds_alternative<ToolResult>(part)) continue;
    if (const auto* reasoning = std::get_if<Reasoning>(&part);
        reasoning && reasoning->origin != origin) {
      continue;
    }
    turn.parts.push_back(part);
    if (auto* call = std::get_if<ToolCall>(&turn.parts.back())) {
      call->name = portable_name(call->name);
    }
  }
  while (!turn.parts.empty() && std::holds_alternative<Reasoning>(turn.parts.back())) {
    turn.parts.pop_back();
  }
  return turn;
}

// The results of these calls, out of the messages from `at` up to the next one of the assistant.
Turn results_turn(const Turn& asked, const std::vector<Message>& messages, std::size_t at) {
  std::map<std::string_view, const ToolResult*> results;
  for (; at < messages.size() && messages[at].role != Role::assistant; at++) {
    for (const Part& part : messages[at].parts) {
      if (const auto* result = std::get_if<ToolResult>(&part)) results.emplace(result->id, result);
    }
  }
  Turn turn{.role = Role::tool};
  for (const Part& part : asked.parts) {
    const auto* call = std::get_if<ToolCall>(&part);
    if (!call) continue;
    auto found = results.find(call->id);
    if (found != results.end()) {
      turn.parts.push_back(*found->second);
    } else {
      turn.parts.push_back(ToolResult{call->id, "This call was not run.", true});
    }
  }
  return turn;
}

}  // namespace

std::vector<Turn> turns_of(const std::vector<Message>& messages, std::string_view origin) {
  std::vector<Turn> turns;
  auto add = [&turns](Turn turn) {
    if (!turn.parts.empty()) turns.push_back(std::move(turn));
  };
  for (std::size_t i = 0; i < messages.size(); i++) {
    if (messages[i].role == Role::assistant) {
      Turn turn = assistant_turn(messages[i], origin);
      Turn results = results_turn(turn, messages, i + 1);
      add(std::move(turn));
      add(std::move(results));
    } else if (messages[i].role == Role::user) {
      Turn turn{.role = Role::user};
      for (const Part& part : messages[i].parts) {
        const auto* text = std::get_if<Text>(&part);
        if (text && !text->text.empty()) turn.parts.push_back(*text);
      }
      add(std::move(turn));
    }
  }
  return turns;
}

Value arguments_to_send(const ToolCall& call) {
  if (!call.broken) return call.arguments;
  return Value::object({{"unreadable_arguments", call.arguments_text}});
}

std::string marked_text(const ToolResult& result) {
  return result.is_error ? "Error: " + result.text : result.text;
}

}  // namespace piggy::model
