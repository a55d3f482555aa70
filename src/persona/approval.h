#pragma once

// Approvals: may this persona do exactly this? The question is a row; the answer is given by
// whoever is signed in and may, and covers what was asked and nothing else.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "operation/operation.h"

namespace piggy {

// executing: approved, and on its way to where it is done. executed: approved and done. failed:
// approved, but the call was refused.
BOOST_DEFINE_ENUM_CLASS(ApprovalState, pending, executing, executed, failed, denied, expired)

// Whether it has not come to an end.
inline bool is_open(ApprovalState state) {
  return state == ApprovalState::pending || state == ApprovalState::executing;
}

inline constexpr std::int64_t approval_lifetime = microseconds_per_day;

struct ApprovalRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t persona_id = 0;
  std::int64_t person_id = 0;
  std::int64_t token_id = 0;
  Door door = Door::mcp;
  std::optional<Uuid> conversation_uuid = {};
  std::string prompt = {};
  std::string tool = {};  // As Tool::key has it.
  Value arguments = {};
  Hash digest = {};
  std::string idempotency_key = {};
  std::string reason = {};
  Value effects = {};
  std::int64_t price = 0;
  ApprovalState state = ApprovalState::pending;
  std::int64_t decided_by = 0;
  std::optional<Time> decided_at = {};
  std::string note = {};
  std::string answer = {};  // JSON of the Output when executed, a sentence when failed.
  bool collected = false;   // The persona has been told how it ended.
  Time created_at = {};
  Time expires_at = {};
};

// Of who asks for what: tool, arguments in their canonical form (RFC 8785), persona, person and
// token. What is approved is what runs.
Hash digest_of(const ApprovalRow& question);

// Keeps the question, for a day. The fields that say how it ends are not looked at.
Result<Uuid> ask_for_approval(Transaction& transaction, ApprovalRow question);

// The newest with this digest whose end the persona has not been told; an approval that has run out
// counts as expired.
Result<std::optional<ApprovalRow>> open_approval(Transaction& transaction, const Hash& digest);
// `not_found` for an unknown one.
Result<ApprovalRow> approval_by_uuid(Transaction& transaction, const Uuid& uuid);

struct Decision {
  ApprovalState state = ApprovalState::denied;
  std::int64_t decided_by = 0;
  std::string note = {};
  std::string answer = {};
};
// The event that tells of a decision, and of the end of what it let be done; its subject is the
// approval.
inline constexpr std::string_view approval_event = "approval_decided";

// Refused with `conflict` unless it is pending. One of two who decide at once is refused.
Result<> decide(Transaction& transaction, const ApprovalRow& approval, const Decision& decision);
// What it would change, when that was learned after it was asked. Nothing for one that is decided.
Result<> note_effects(Transaction& transaction, const Uuid& uuid, const Value& effects);
// How a call that was approved and done elsewhere ended: executed or failed.
Result<> end_execution(Transaction& transaction, const Uuid& uuid, ApprovalState state,
                       std::string_view answer);
// For the persona, in a sentence: why a call that was decided about, or was not in time, was not
// done.
std::string how_it_ended(const ApprovalRow& approval);

// The persona has been told; the approval is used up.
Result<> collect(Transaction& transaction, const ApprovalRow& approval);

// Pending ones first, then by age, the newest first.
Result<std::vector<ApprovalRow>> approvals(Transaction& transaction,
                                           std::optional<ApprovalState> state, std::int64_t limit);

}  // namespace piggy
