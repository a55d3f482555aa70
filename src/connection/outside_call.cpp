#include "connection/outside_call.h"

namespace piggy {
namespace {

constexpr std::string_view insert_call = R"sql(
  INSERT INTO outside_call (account_id, id, uuid, connection_id, tool, persona_id, person_id,
                            token_id, door, conversation_uuid, approval_uuid, prompt, arguments,
                            idempotency_key, key_digest, fingerprint, dry_run, price, points, sent,
                            created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 0,
          $20)
)sql";

constexpr std::string_view select_calls = R"sql(
  SELECT account_id, id, uuid, connection_id, tool, persona_id, person_id, token_id, door,
         conversation_uuid, approval_uuid, prompt, arguments, idempotency_key, key_digest,
         fingerprint, dry_run, price, points, sent, created_at
  FROM outside_call ORDER BY id
)sql";

constexpr std::string_view update_sent = R"sql(
  UPDATE outside_call SET sent = 1 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view delete_call = R"sql(
  DELETE FROM outside_call WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_key = R"sql(
  SELECT id FROM outside_call WHERE account_id = $1 AND key_digest = $2
)sql";

}  // namespace

Result<> begin_outside_call(Transaction& transaction, OutsideCallRow& row) {
  row.account_id = transaction.account();
  row.id = transaction.next_id();
  row.uuid = transaction.next_uuid();
  row.created_at = transaction.now();
  TRY(transaction.run(insert_call,
                      {row.id, row.uuid, row.connection_id, row.tool, row.persona_id, row.person_id,
                       row.token_id, row.door, row.conversation_uuid, row.approval_uuid, row.prompt,
                       row.arguments, row.idempotency_key, row.key_digest, row.fingerprint,
                       row.dry_run, row.price, row.points, row.created_at}));
  return {};
}

Result<std::vector<OutsideCallRow>> outside_calls(Transaction& transaction) {
  return transaction.all<OutsideCallRow>(select_calls);
}

Result<bool> note_sent(Transaction& transaction, const OutsideCallRow& row) {
  return TRY(transaction.run(update_sent, {row.id})) == 1;
}

Result<bool> end_outside_call(Transaction& transaction, const OutsideCallRow& row) {
  return TRY(transaction.run(delete_call, {row.id})) == 1;
}

Result<bool> is_under_way(Transaction& transaction, const Uuid& key_digest) {
  return TRY(transaction.first<std::int64_t>(select_key, {key_digest})).has_value();
}

}  // namespace piggy
