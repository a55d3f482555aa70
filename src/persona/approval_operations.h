#pragma once

#include "audit/operations.h"
#include "operation/operation.h"
#include "persona/approval.h"

namespace piggy {

// Calls within the transaction of another call. Implemented by the dispatch, the one way into an
// operation. When one fails nothing of it may stay: the outer call must fail as well.
class InnerCalls {
 public:
  virtual ~InnerCalls() = default;
  // What was approved, by the decision. The answer as JSON, without secrets; nothing when it is
  // done elsewhere, after the decision's commit.
  virtual Result<std::optional<std::string>> run_approved(Call& decision,
                                                          const ApprovalRow& approval) = 0;

  // The counter-entry of a call that was done, by whoever asks for it.
  struct Undone {
    std::string operation = {};  // What took it back.
    Value answer = {};
  };
  virtual Result<Undone> run_undo(Call& outer, const AuditCall& done) = 0;
};

// An approval as it is shown.
struct Approval {
  Uuid uuid = {};
  ApprovalState state = ApprovalState::pending;
  Uuid persona_uuid = {};
  std::string persona = {};
  std::string tool = {};
  Value arguments = {};
  std::string reason = {};
  std::vector<EffectLine> effects = {};
  std::int64_t price = 0;
  std::string prompt = {};
  std::optional<Uuid> conversation_uuid = {};
  std::string requested_by = {};
  std::string decided_by = {};
  std::optional<Time> decided_at = {};
  std::string note = {};
  Value answer = {};
  Time created_at = {};
  Time expires_at = {};
  static void describe(Fields<Approval>& field);
};

struct ListApprovals {
  static constexpr OperationInfo info = {
      .name = "list_approvals",
      .title = "List Approvals",
      .about = "Lists what personas have asked leave for, what waits first, then the newest.",
      .verb = Verb::get,
      .path = "/approvals",
      .scope = "approvals:read",
      .surface = Surface::platform,
      .wire = {.data = "approvals"}};
  struct Input {
    std::optional<ApprovalState> state = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field) {
      field("state", &Input::state, "Approvals in this state.");
      field("limit", &Input::limit, "How many at most: 50 unless said otherwise.",
            {.min = 1, .max = 500});
    }
  };
  struct Output {
    std::vector<Approval> approvals = {};
    static void describe(Fields<Output>& field) {
      field("approvals", &Output::approvals, "The approvals.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetApproval {
  static constexpr OperationInfo info = {.name = "get_approval",
                                         .title = "Get Approval",
                                         .about = "Shows one approval, and how it ended.",
                                         .verb = Verb::get,
                                         .path = "/approvals/{approval_uuid}",
                                         .scope = "approvals:read",
                                         .surface = Surface::platform};
  struct Input {
    Uuid approval_uuid = {};
    static void describe(Fields<Input>& field) {
      field("approval_uuid", &Input::approval_uuid, "The approval.");
    }
  };
  using Output = Approval;
  static Result<Output> run(Call& call, const Input& input);
};

BOOST_DEFINE_ENUM_CLASS(Verdict, approve, deny)

struct DecideApproval {
  static constexpr OperationInfo info = {
      .name = "decide_approval",
      .title = "Decide Approval",
      .about =
          "Approves or denies what a persona asked leave for. Approved, it is done at once, "
          "exactly "
          "as it was asked, in the same transaction; if that fails, nothing is changed and the "
          "approval is used up. What a connection does elsewhere is sent right after. For people "
          "alone: no persona can decide.",
      .verb = Verb::post,
      .path = "/approvals/{approval_uuid}/decision",
      .scope = "approvals:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    Uuid approval_uuid = {};
    Verdict verdict = Verdict::deny;
    std::optional<std::string> note = {};
    static void describe(Fields<Input>& field) {
      field("approval_uuid", &Input::approval_uuid, "The approval.");
      field("verdict", &Input::verdict, "approve or deny.");
      field("note", &Input::note, "For the persona and the record.", {.max = 1'000});
    }
  };
  using Output = Approval;
  // Not null when it runs.
  static Result<Output> run(InnerCalls* calls, Call& call, const Input& input);
};

struct UndoCall {
  static constexpr OperationInfo info = {
      .name = "undo_call",
      .title = "Undo Call",
      .about =
          "Takes a call on record back by a counter-entry, where there is one: credits given are "
          "reversed, vouchers not yet used are deactivated. Refused with the reason where there is "
          "none, and when it was taken back already.",
      .verb = Verb::post,
      .path = "/audit/calls/{call_uuid}/undo",
      .scope = "audit:read",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    Uuid call_uuid = {};
    static void describe(Fields<Input>& field) {
      field("call_uuid", &Input::call_uuid, "The call.");
    }
  };
  struct Output {
    Uuid call_uuid = {};
    std::string undone_by = {};
    Value answer = {};
    static void describe(Fields<Output>& field) {
      field("call_uuid", &Output::call_uuid, "The call.");
      field("undone_by", &Output::undone_by, "The operation that took it back.");
      field("answer", &Output::answer, "Its answer.");
    }
  };
  // Not null when it runs.
  static Result<Output> run(InnerCalls* calls, Call& call, const Input& input);
};

}  // namespace piggy
