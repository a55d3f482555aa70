#include "persona/approval_operations.h"

#include <fmt/format.h>

#include "access/person.h"
#include "shape/read.h"

namespace piggy {
namespace {

constexpr std::int64_t limit_default = 50;

constexpr std::string_view select_persona = R"sql(
  SELECT uuid, name FROM persona WHERE account_id = $1 AND id = $2
)sql";

struct PersonaName {
  Uuid uuid = {};
  std::string name = {};
};

Result<std::string> email_of(Transaction& transaction, std::int64_t person_id) {
  if (person_id == 0) return std::string();
  auto person = TRY(person_by_id(transaction, transaction.account(), person_id));
  return person ? person->email : std::string();
}

struct Effects {
  std::vector<EffectLine> effects = {};
  static void describe(Fields<Effects>& field) {
    field("effects", &Effects::effects, "The effects.");
  }
};

Result<Approval> shown(Transaction& transaction, ApprovalRow row) {
  auto persona = TRY(transaction.one<PersonaName>(select_persona, {row.persona_id}));
  Value effects = Value::object({{"effects", std::move(row.effects)}});
  Approval approval{.uuid = row.uuid,
                    .state = row.state,
                    .persona_uuid = persona.uuid,
                    .persona = persona.name,
                    .tool = row.tool,
                    .arguments = std::move(row.arguments),
                    .reason = row.reason,
                    .effects = TRY(read<Effects>(effects, Reading::lenient)).effects,
                    .price = row.price,
                    .prompt = row.prompt,
                    .conversation_uuid = row.conversation_uuid,
                    .requested_by = TRY(email_of(transaction, row.person_id)),
                    .decided_by = TRY(email_of(transaction, row.decided_by)),
                    .decided_at = row.decided_at,
                    .note = row.note,
                    .created_at = row.created_at,
                    .expires_at = row.expires_at};
  if (row.state == ApprovalState::executed) approval.answer = TRY(parse_json(row.answer));
  if (row.state == ApprovalState::failed) approval.answer = row.answer;
  return approval;
}

}  // namespace

void Approval::describe(Fields<Approval>& field) {
  field("uuid", &Approval::uuid, "The approval.");
  field("state", &Approval::state,
        "pending, executing (approved, and on its way to where it is done), executed (approved and "
        "done), failed (approved, but it could not be done), denied or expired.");
  field("persona_uuid", &Approval::persona_uuid, "Who asks.");
  field("persona", &Approval::persona, "Its name.");
  field("tool", &Approval::tool, "What it asks for.");
  field("arguments", &Approval::arguments, "Exactly what would be sent.", {.untrusted = true});
  field("reason", &Approval::reason, "Why it must ask.");
  field("effects", &Approval::effects, "What it would have changed when it asked.");
  field("price", &Approval::price, "What the call costs, in plan credits.");
  field("prompt", &Approval::prompt, "The words that led to it.", {.untrusted = true});
  field("conversation_uuid", &Approval::conversation_uuid, "The conversation it is part of.");
  field("requested_by", &Approval::requested_by, "On whose behalf the persona acts.");
  field("decided_by", &Approval::decided_by, "Who decided.");
  field("decided_at", &Approval::decided_at, "When.");
  field("note", &Approval::note, "What was said with it.", {.untrusted = true});
  field("answer", &Approval::answer, "The call's answer, or why it could not be done.");
  field("created_at", &Approval::created_at, "When it was asked.");
  field("expires_at", &Approval::expires_at, "Until when it can be decided.");
}

Result<ListApprovals::Output> ListApprovals::run(Call& call, const Input& input) {
  Output output;
  for (ApprovalRow& row :
       TRY(approvals(call.transaction, input.state, input.limit.value_or(limit_default)))) {
    output.approvals.push_back(TRY(shown(call.transaction, std::move(row))));
  }
  return output;
}

Result<Approval> GetApproval::run(Call& call, const Input& input) {
  return shown(call.transaction, TRY(approval_by_uuid(call.transaction, input.approval_uuid)));
}

Result<Approval> DecideApproval::run(InnerCalls* calls, Call& call, const Input& input) {
  ASSERT(calls);
  // The owner of the data has no name, but is a person too.
  if (call.caller.persona_id || (call.caller.person_id == 0 && call.caller.kind != "owner")) {
    return fail({.code = ErrorCode::forbidden,
                 .message = "Only a person who is signed in can decide.",
                 .number = 403});
  }
  ApprovalRow row = TRY(approval_by_uuid(call.transaction, input.approval_uuid));
  if (row.state != ApprovalState::pending) {
    return fail(ErrorCode::conflict,
                fmt::format("This was decided already: it is {}.", word_of(row.state)));
  }
  Decision decision{.decided_by = call.caller.person_id, .note = input.note.value_or("")};
  if (input.verdict == Verdict::approve) {
    auto answer = calls->run_approved(call, row);
    if (!answer) {
      decision.state = ApprovalState::failed;
      decision.answer = answer.error().message;
      for (const FieldError& field : answer.error().fields) {
        decision.answer += fmt::format(" {}: {}", field.path, field.message);
      }
      if (!call.dry_run) {
        call.transaction.if_undone([row, decision](Transaction& transaction) {
          return decide(transaction, row, decision);
        });
      }
      return fail(ErrorCode::conflict, fmt::format("It could not be done: {}", decision.answer));
    }
    decision.state = *answer ? ApprovalState::executed : ApprovalState::executing;
    if (*answer) decision.answer = **std::move(answer);
  }
  TRY(decide(call.transaction, row, decision));
  call.changes(fmt::format("approval of {}", row.tool), "pending", word_of(decision.state));
  return shown(call.transaction, TRY(approval_by_uuid(call.transaction, input.approval_uuid)));
}

Result<UndoCall::Output> UndoCall::run(InnerCalls* calls, Call& call, const Input& input) {
  ASSERT(calls);
  AuditCall done = TRY(call_on_record(call.transaction, input.call_uuid));
  auto undone = TRY(calls->run_undo(call, done));
  return Output{.call_uuid = done.uuid,
                .undone_by = std::move(undone.operation),
                .answer = std::move(undone.answer)};
}

}  // namespace piggy
