#include "chat/conversation.h"

#include <fmt/format.h>

namespace piggy {
namespace {

constexpr std::string_view columns =
    "id, uuid, persona_id, person_id, title, state, created_at, updated_at";

constexpr std::string_view insert_conversation = R"sql(
  INSERT INTO conversation (account_id, id, uuid, persona_id, person_id, title, state, created_at,
                            updated_at)
  VALUES ($1, $2, $3, $4, $5, '', 'idle', $6, $6)
)sql";

constexpr std::string_view update_state = R"sql(
  UPDATE conversation SET state = $3, updated_at = $4 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view update_title = R"sql(
  UPDATE conversation SET title = $3 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_messages = R"sql(
  SELECT id, kind, text, content, created_at FROM chat_message
  WHERE account_id = $1 AND conversation_id = $2 AND id > $3 ORDER BY id LIMIT $4
)sql";

constexpr AppendTable message_table = {
    "chat_message",
    "account_id bigint, id bigint, conversation_id bigint, kind text, text text, content text, "
    "created_at bigint"};

}  // namespace

Result<ConversationRow> make_conversation(Transaction& transaction, std::int64_t persona_id,
                                          std::int64_t person_id) {
  ConversationRow row{.id = transaction.next_id(),
                      .uuid = transaction.next_uuid(),
                      .persona_id = persona_id,
                      .person_id = person_id,
                      .created_at = transaction.now(),
                      .updated_at = transaction.now()};
  TRY(transaction.run(insert_conversation,
                      {row.id, row.uuid, persona_id, person_id, transaction.now()}));
  return row;
}

Result<ConversationRow> conversation_of(Transaction& transaction, const Uuid& uuid) {
  static const std::string select =
      fmt::format("SELECT {} FROM conversation WHERE account_id = $1 AND uuid = $2", columns);
  auto row = TRY(transaction.first<ConversationRow>(select, {uuid}));
  if (!row) return fail(ErrorCode::not_found, "There is no such conversation.");
  return *std::move(row);
}

Result<std::vector<ConversationRow>> conversations_of(Transaction& transaction,
                                                      std::int64_t person_id, std::int64_t limit) {
  static const std::string select = fmt::format(
      "SELECT {} FROM conversation WHERE account_id = $1 AND person_id = $2 "
      "ORDER BY id DESC LIMIT $3",
      columns);
  return transaction.all<ConversationRow>(select, {person_id, limit});
}

Result<> set_state(Transaction& transaction, const ConversationRow& conversation,
                   ConversationState state) {
  TRY(transaction.run(update_state, {conversation.id, state, transaction.now()}));
  return {};
}

Result<> set_title(Transaction& transaction, const ConversationRow& conversation,
                   std::string_view title) {
  TRY(transaction.run(update_title, {conversation.id, title}));
  return {};
}

Result<std::vector<MessageRow>> messages_after(Transaction& transaction,
                                               std::int64_t conversation_id,
                                               std::int64_t message_id, std::int64_t limit) {
  return transaction.all<MessageRow>(select_messages, {conversation_id, message_id, limit});
}

Result<std::int64_t> add_message(Transaction& transaction, std::int64_t conversation_id,
                                 MessageKind kind, std::string_view text, const Value& content) {
  std::int64_t id = transaction.next_id();
  TRY(transaction.append(message_table,
                         {id, conversation_id, kind, text, content, transaction.now()}));
  return id;
}

}  // namespace piggy
