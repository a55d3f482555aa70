#pragma once

#include "chat/conversation.h"
#include "operation/operation.h"

namespace piggy {

// The job that answers what a person said.
inline constexpr std::string_view chat_turn_kind = "chat_turn";

// Something that was said or done, as it is shown.
struct ChatMessage {
  std::int64_t id = 0;
  MessageKind kind = MessageKind::person;
  std::string text = {};
  Value content = {};
  Time created_at = {};
  static void describe(Fields<ChatMessage>& field);
};
ChatMessage shown(const MessageRow& row);

struct Conversation {
  Uuid uuid = {};
  Uuid persona_uuid = {};
  std::string persona = {};
  std::string title = {};
  ConversationState state = ConversationState::idle;
  std::vector<ChatMessage> messages = {};
  Time created_at = {};
  Time updated_at = {};
  static void describe(Fields<Conversation>& field);
};

struct StartConversation {
  static constexpr OperationInfo info = {.name = "start_conversation",
                                         .title = "Start Conversation",
                                         .about = "Begins a conversation with a persona.",
                                         .verb = Verb::post,
                                         .path = "/conversations",
                                         .scope = "account:read",
                                         .effect = Effect::write,
                                         .surface = Surface::platform,
                                         .wire = {.status = 201}};
  struct Input {
    Uuid persona_uuid = {};
    static void describe(Fields<Input>& field) {
      field("persona_uuid", &Input::persona_uuid, "With whom.");
    }
  };
  using Output = Conversation;
  static Result<Output> run(Call& call, const Input& input);
};

struct ListConversations {
  static constexpr OperationInfo info = {
      .name = "list_conversations",
      .title = "List Conversations",
      .about =
          "Lists the conversations of whoever is signed in, the newest first, without what was "
          "said.",
      .verb = Verb::get,
      .path = "/conversations",
      .scope = "account:read",
      .surface = Surface::platform,
      .wire = {.data = "conversations"}};
  using Input = Empty;
  struct Output {
    std::vector<Conversation> conversations = {};
    static void describe(Fields<Output>& field) {
      field("conversations", &Output::conversations, "The conversations.");
    }
  };
  static Result<Output> run(Call& call, const Input&);
};

struct ConversationByUuid {
  Uuid conversation_uuid = {};
  static void describe(Fields<ConversationByUuid>& field) {
    field("conversation_uuid", &ConversationByUuid::conversation_uuid, "The conversation.");
  }
};

struct GetConversation {
  static constexpr OperationInfo info = {.name = "get_conversation",
                                         .title = "Get Conversation",
                                         .about =
                                             "Shows a conversation with all that was said and "
                                             "done in it. Only to whoever had it.",
                                         .verb = Verb::get,
                                         .path = "/conversations/{conversation_uuid}",
                                         .scope = "account:read",
                                         .surface = Surface::platform};
  using Input = ConversationByUuid;
  using Output = Conversation;
  static Result<Output> run(Call& call, const Input& input);
};

struct SendMessage {
  static constexpr OperationInfo info = {
      .name = "send_message",
      .title = "Send Message",
      .about =
          "Says something to the persona. It answers in the background, in plain words or by "
          "calling "
          "tools; follow the conversation to see how. Slash commands call a granted tool directly: "
          "/list_perks, /find_voucher_by_code code=WELCOME10; /help names them.",
      .verb = Verb::post,
      .path = "/conversations/{conversation_uuid}/messages",
      .scope = "account:read",
      .effect = Effect::write,
      .surface = Surface::platform,
      .wire = {.status = 202}};
  struct Input {
    Uuid conversation_uuid = {};
    std::string text = {};
    static void describe(Fields<Input>& field) {
      field("conversation_uuid", &Input::conversation_uuid, "The conversation.");
      field("text", &Input::text, "What to say.", {.min = 1, .max = 10'000});
    }
  };
  using Output = ChatMessage;
  static Result<Output> run(Call& call, const Input& input);
};

struct StopTurn {
  static constexpr OperationInfo info = {
      .name = "stop_turn",
      .title = "Stop Turn",
      .about = "Ends the persona's turn: what is under way ends, nothing more is begun.",
      .verb = Verb::post,
      .path = "/conversations/{conversation_uuid}/stop",
      .scope = "account:read",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  using Input = ConversationByUuid;
  struct Output {
    ConversationState state = ConversationState::idle;
    static void describe(Fields<Output>& field) {
      field("state", &Output::state, "What the conversation is doing now.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

void add_chat_operations(Catalogue& catalogue);

}  // namespace piggy
