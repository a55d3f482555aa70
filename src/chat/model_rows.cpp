#include "chat/model_rows.h"

#include "model/outside_text.h"
#include "shape/json.h"

namespace piggy {

void add_to(model::Request& request, const MessageRow& row) {
  switch (row.kind) {
    case MessageKind::person:
      request.messages.push_back(
          {.role = model::Role::user, .parts = {model::Text{.text = row.text}}});
      return;
    case MessageKind::persona: {
      if (row.content.find("cut_off")) return;  // The next server was asked the same.
      model::Message message{.role = model::Role::assistant};
      if (const Value* kept = row.content.find("reasoning"); kept && kept->items()) {
        for (const Value& one : *kept->items()) {
          message.parts.emplace_back(model::Reasoning{.origin = std::string(one.text_of("origin")),
                                                      .data = *one.find("data")});
        }
      }
      if (!row.text.empty()) message.parts.emplace_back(model::Text{.text = row.text});
      if (const Value* calls = row.content.find("calls"); calls && calls->items()) {
        for (const Value& one : *calls->items()) {
          const Value* arguments = one.find("arguments");
          message.parts.emplace_back(
              model::ToolCall{.id = std::string(one.text_of("id")),
                              .name = std::string(one.text_of("name")),
                              .arguments = arguments ? *arguments : Value::object()});
        }
      }
      if (!message.parts.empty()) request.messages.push_back(std::move(message));
      return;
    }
    case MessageKind::result: {
      std::string_view id = row.content.text_of("call_id");
      if (id.empty()) return;  // Of the interpreter, or of a command.
      std::string_view error = row.content.text_of("error");
      const Value* answer = row.content.find("answer");
      model::ToolResult result{
          .id = std::string(id),
          .text = error.empty() && answer ? model::as_data(to_json(*answer)) : std::string(error),
          .is_error = !error.empty()};
      if (std::string_view note = row.content.text_of("note"); !note.empty()) {
        result.text += "\n";
        result.text += note;
      }
      request.messages.push_back({.role = model::Role::tool, .parts = {std::move(result)}});
      return;
    }
    case MessageKind::call:
      return;  // Told with the reply that made it.
  }
}

Kept kept_of(const model::Reply& reply) {
  Kept kept;
  for (const model::Part& part : reply.message.parts) {
    if (const auto* said = std::get_if<model::Text>(&part)) kept.text += said->text;
    if (const auto* reasoning = std::get_if<model::Reasoning>(&part)) {
      Value one = Value::object({{"origin", reasoning->origin}, {"data", reasoning->data}});
      if (!kept.content.find("reasoning")) kept.content.set("reasoning", Value::list());
      kept.content.find("reasoning")->push(std::move(one));
    }
    if (const auto* call = std::get_if<model::ToolCall>(&part)) {
      Value one = Value::object({{"id", call->id}, {"name", call->name}});
      if (!call->broken) one.set("arguments", call->arguments);
      if (!kept.content.find("calls")) kept.content.set("calls", Value::list());
      kept.content.find("calls")->push(std::move(one));
    }
  }
  if (reply.stop == model::Stop::cut_off) kept.text += (kept.text.empty() ? "" : " ") + reply.why;
  if (kept.text.empty() && reply.stop == model::Stop::refused) {
    kept.text = "The model declines to answer.";
  }
  if (reply.is_fallback) kept.content.set("server", reply.server);
  kept.content.set("tokens", reply.usage.input_tokens + reply.usage.output_tokens);
  return kept;
}

}  // namespace piggy
