#include "persona/approval.h"

#include <fmt/format.h>
#include <sodium.h>

#include "event/event.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr std::string_view columns =
    "id, uuid, persona_id, person_id, token_id, door, conversation_uuid, prompt, tool, arguments, "
    "digest, idempotency_key, reason, effects, price, state, decided_by, decided_at, note, "
    "response, "
    "collected, created_at, expires_at";

constexpr std::string_view insert_approval = R"sql(
  INSERT INTO approval (account_id, id, uuid, persona_id, person_id, token_id, door,
                        conversation_uuid, prompt, tool, arguments, digest, idempotency_key, reason,
                        effects, price, state, decided_by, note, response, collected, created_at,
                        expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'pending', 0, '',
          '', 0, $17, $18)
)sql";

constexpr std::string_view update_decided = R"sql(
  UPDATE approval SET state = $3, decided_by = $4, decided_at = $5, note = $6, response = $7
  WHERE account_id = $1 AND id = $2 AND state = 'pending'
)sql";

constexpr std::string_view update_effects = R"sql(
  UPDATE approval SET effects = $3 WHERE account_id = $1 AND uuid = $2 AND state = 'pending'
)sql";

constexpr std::string_view update_ended = R"sql(
  UPDATE approval SET state = $3, response = $4
  WHERE account_id = $1 AND uuid = $2 AND state = 'executing'
)sql";

constexpr std::string_view update_collected = R"sql(
  UPDATE approval SET collected = 1 WHERE account_id = $1 AND id = $2
)sql";

ApprovalRow aged(ApprovalRow row, Time now) {
  if (row.state == ApprovalState::pending && row.expires_at <= now) {
    row.state = ApprovalState::expired;
  }
  return row;
}

}  // namespace

Hash digest_of(const ApprovalRow& question) {
  std::string text =
      fmt::format("{} {} {} {} {}", question.persona_id, question.person_id, question.token_id,
                  question.tool, canonical_json(question.arguments));
  Hash hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), nullptr, 0);
  return hash;
}

Result<Uuid> ask_for_approval(Transaction& transaction, ApprovalRow question) {
  question.uuid = transaction.next_uuid();
  Time now = transaction.now();
  TRY(transaction.run(
      insert_approval,
      {transaction.next_id(), question.uuid, question.persona_id, question.person_id,
       question.token_id, question.door, question.conversation_uuid, question.prompt, question.tool,
       question.arguments, question.digest, question.idempotency_key, question.reason,
       question.effects, question.price, now, now + approval_lifetime}));
  return question.uuid;
}

Result<std::optional<ApprovalRow>> open_approval(Transaction& transaction, const Hash& digest) {
  static const std::string select = fmt::format(
      "SELECT {} FROM approval WHERE account_id = $1 AND digest = $2 AND collected = 0 "
      "ORDER BY id DESC LIMIT 1",
      columns);
  auto row = TRY(transaction.first<ApprovalRow>(select, {digest}));
  if (row) row = aged(*std::move(row), transaction.now());
  return row;
}

Result<ApprovalRow> approval_by_uuid(Transaction& transaction, const Uuid& uuid) {
  static const std::string select =
      fmt::format("SELECT {} FROM approval WHERE account_id = $1 AND uuid = $2", columns);
  auto row = TRY(transaction.first<ApprovalRow>(select, {uuid}));
  if (!row) return fail(ErrorCode::not_found, "There is no such approval.");
  return aged(*std::move(row), transaction.now());
}

Result<> decide(Transaction& transaction, const ApprovalRow& approval, const Decision& decision) {
  std::int64_t changed =
      TRY(transaction.run(update_decided, {approval.id, decision.state, decision.decided_by,
                                           transaction.now(), decision.note, decision.answer}));
  if (changed == 1) return emit(transaction, approval_event, approval.uuid, Value::object());
  return fail(ErrorCode::conflict,
              fmt::format("This was decided already: it is {}.", word_of(approval.state)));
}

Result<> note_effects(Transaction& transaction, const Uuid& uuid, const Value& effects) {
  TRY(transaction.run(update_effects, {uuid, effects}));
  return {};
}

Result<> end_execution(Transaction& transaction, const Uuid& uuid, ApprovalState state,
                       std::string_view answer) {
  TRY(transaction.run(update_ended, {uuid, state, answer}));
  return emit(transaction, approval_event, uuid, Value::object());
}

std::string how_it_ended(const ApprovalRow& approval) {
  switch (approval.state) {
    case ApprovalState::pending:
      return "A person was asked and has not decided yet.";
    case ApprovalState::executing:
      return "A person approved it, and it is being done.";
    case ApprovalState::executed:
      return "A person approved it, and it was done.";
    case ApprovalState::failed:
      return "A person approved it, but it could not be done: " + approval.answer;
    case ApprovalState::denied:
      return approval.note.empty() ? "A person denied it." : "A person denied it: " + approval.note;
    case ApprovalState::expired:
      return "Nobody decided about it in time.";
  }
  return {};
}

Result<> collect(Transaction& transaction, const ApprovalRow& approval) {
  TRY(transaction.run(update_collected, {approval.id}));
  return {};
}

Result<std::vector<ApprovalRow>> approvals(Transaction& transaction,
                                           std::optional<ApprovalState> state, std::int64_t limit) {
  // What has run out is still pending in its row.
  static const std::string select = fmt::format(
      "SELECT {} FROM approval WHERE account_id = $1 AND ($2 = '' OR "
      "($2 = 'expired' AND state = 'pending' AND expires_at <= $3) OR "
      "($2 <> 'expired' AND state = $2 AND (state <> 'pending' OR expires_at > $3))) "
      "ORDER BY CASE WHEN state = 'pending' THEN 0 ELSE 1 END, id DESC LIMIT $4",
      columns);
  std::string_view word = state ? word_of(*state) : "";
  auto rows = TRY(transaction.all<ApprovalRow>(select, {word, transaction.now(), limit}));
  for (ApprovalRow& row : rows) row = aged(std::move(row), transaction.now());
  return rows;
}

}  // namespace piggy
