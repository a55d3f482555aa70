#pragma once

// Conversations as they are kept: a row each, and a row for everything that is said or done in one.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "operation/operation.h"

namespace piggy {

// idle: it is the person's turn. thinking: the persona's. stopping: the person wants it to end.
BOOST_DEFINE_ENUM_CLASS(ConversationState, idle, thinking, stopping)

// person, persona: what was said; with a question the persona's content says what it asked. call: a
// tool, its arguments and price. result: how the call before it ended.
BOOST_DEFINE_ENUM_CLASS(MessageKind, person, persona, call, result)

struct ConversationRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t persona_id = 0;
  std::int64_t person_id = 0;
  std::string title = {};
  ConversationState state = ConversationState::idle;
  Time created_at = {};
  Time updated_at = {};
};

struct MessageRow {
  std::int64_t id = 0;
  MessageKind kind = MessageKind::person;
  std::string text = {};
  Value content = {};
  Time created_at = {};
};

Result<ConversationRow> make_conversation(Transaction& transaction, std::int64_t persona_id,
                                          std::int64_t person_id);
// `not_found` for an unknown one.
Result<ConversationRow> conversation_of(Transaction& transaction, const Uuid& uuid);
// Of one person, the newest first.
Result<std::vector<ConversationRow>> conversations_of(Transaction& transaction,
                                                      std::int64_t person_id, std::int64_t limit);
Result<> set_state(Transaction& transaction, const ConversationRow& conversation,
                   ConversationState state);
Result<> set_title(Transaction& transaction, const ConversationRow& conversation,
                   std::string_view title);

// What was said and done after a message (0: all of it), in order.
Result<std::vector<MessageRow>> messages_after(Transaction& transaction,
                                               std::int64_t conversation_id,
                                               std::int64_t message_id, std::int64_t limit = 1'000);
Result<std::int64_t> add_message(Transaction& transaction, std::int64_t conversation_id,
                                 MessageKind kind, std::string_view text, const Value& content);

}  // namespace piggy
