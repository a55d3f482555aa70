#include "chat/operations.h"

#include <fmt/format.h>

#include "base/utf8.h"
#include "persona/persona.h"
#include "schedule/job.h"

namespace piggy {
namespace {

constexpr std::int64_t listed_max = 100;
constexpr std::size_t title_max = 60;

// A conversation is its person's own. Others are told what strangers are told.
Result<ConversationRow> own_conversation(Call& call, const Uuid& uuid) {
  ConversationRow row = TRY(conversation_of(call.transaction, uuid));
  if (call.caller.persona_id || row.person_id != call.caller.person_id) {
    return fail(ErrorCode::not_found, "There is no such conversation.");
  }
  return row;
}

Result<Conversation> shown(Transaction& transaction, const ConversationRow& row) {
  auto persona = TRY(personas(transaction, row.persona_id));
  ASSERT(!persona.empty());
  return Conversation{.uuid = row.uuid,
                      .persona_uuid = persona[0].uuid,
                      .persona = persona[0].name,
                      .title = row.title,
                      .state = row.state,
                      .created_at = row.created_at,
                      .updated_at = row.updated_at};
}

// The beginning of what was said first.
std::string title_of(std::string_view text) {
  constexpr std::string_view more = "…";
  std::string_view line = text.substr(0, text.find('\n'));
  return shortened(line, line.size() <= title_max ? title_max : title_max - more.size());
}

}  // namespace

void ChatMessage::describe(Fields<ChatMessage>& field) {
  field("id", &ChatMessage::id, "Its number; later ones are greater.");
  field("kind", &ChatMessage::kind,
        "person or persona (something said), call (a tool is called) or result (how that ended).");
  field("text", &ChatMessage::text, "What was said, or the tool that is called.",
        {.untrusted = true});
  field(
      "content", &ChatMessage::content,
      "Of a call: arguments and price. Of a result: outcome, answer, approval. Of a question: the "
      "choices.",
      {.untrusted = true});
  field("created_at", &ChatMessage::created_at, "When.");
}

ChatMessage shown(const MessageRow& row) {
  return {.id = row.id,
          .kind = row.kind,
          .text = row.text,
          .content = row.content,
          .created_at = row.created_at};
}

void Conversation::describe(Fields<Conversation>& field) {
  field("uuid", &Conversation::uuid, "The conversation.");
  field("persona_uuid", &Conversation::persona_uuid, "With whom.");
  field("persona", &Conversation::persona, "The persona's name.");
  field("title", &Conversation::title, "How it began.", {.untrusted = true});
  field("state", &Conversation::state,
        "idle (it is your turn), thinking (the persona's) or stopping.");
  field("messages", &Conversation::messages, "What was said and done, in order.");
  field("created_at", &Conversation::created_at, "When it began.");
  field("updated_at", &Conversation::updated_at, "When it last went on.");
}

Result<Conversation> StartConversation::run(Call& call, const Input& input) {
  if (call.caller.persona_id) {
    return fail({.code = ErrorCode::forbidden,
                 .message = "Personas do not talk with personas.",
                 .number = 403});
  }
  std::int64_t persona = TRY(persona_id_of(call.transaction, input.persona_uuid));
  ConversationRow row = TRY(make_conversation(call.transaction, persona, call.caller.person_id));
  call.changes("conversations", nullptr, "one more");
  return shown(call.transaction, row);
}

Result<ListConversations::Output> ListConversations::run(Call& call, const Input&) {
  Output output;
  for (const ConversationRow& row :
       TRY(conversations_of(call.transaction, call.caller.person_id, listed_max))) {
    output.conversations.push_back(TRY(shown(call.transaction, row)));
  }
  return output;
}

Result<Conversation> GetConversation::run(Call& call, const Input& input) {
  ConversationRow row = TRY(own_conversation(call, input.conversation_uuid));
  Conversation conversation = TRY(shown(call.transaction, row));
  for (const MessageRow& message : TRY(messages_after(call.transaction, row.id, 0, 10'000))) {
    conversation.messages.push_back(piggy::shown(message));
  }
  return conversation;
}

Result<ChatMessage> SendMessage::run(Call& call, const Input& input) {
  ConversationRow row = TRY(own_conversation(call, input.conversation_uuid));
  if (row.state != ConversationState::idle) {
    return fail({.code = ErrorCode::in_progress,
                 .message = "The persona is still at it. Wait for it, or stop it.",
                 .retry_after_seconds = 1});
  }
  std::int64_t id =
      TRY(add_message(call.transaction, row.id, MessageKind::person, input.text, Value::object()));
  if (row.title.empty()) TRY(set_title(call.transaction, row, title_of(input.text)));
  TRY(set_state(call.transaction, row, ConversationState::thinking));
  TRY(add_job(call.transaction, chat_turn_kind,
              Value::object({{"conversation", to_string(row.uuid)}})));
  return ChatMessage{.id = id,
                     .kind = MessageKind::person,
                     .text = input.text,
                     .content = Value::object(),
                     .created_at = call.now()};
}

Result<StopTurn::Output> StopTurn::run(Call& call, const Input& input) {
  ConversationRow row = TRY(own_conversation(call, input.conversation_uuid));
  if (row.state == ConversationState::thinking) {
    row.state = ConversationState::stopping;
    TRY(set_state(call.transaction, row, row.state));
  }
  return Output{.state = row.state};
}

void add_chat_operations(Catalogue& catalogue) {
  catalogue.add<StartConversation>();
  catalogue.add<ListConversations>();
  catalogue.add<GetConversation>();
  catalogue.add<SendMessage>();
  catalogue.add<StopTurn>();
}

}  // namespace piggy
