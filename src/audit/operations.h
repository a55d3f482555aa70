#pragma once

#include "audit/audit.h"
#include "operation/operation.h"
#include "operation/time_range.h"

namespace piggy {

// A call as it is shown.
struct AuditCall {
  Uuid uuid = {};
  Time made_at = {};
  std::int64_t duration_us = 0;
  Door door = Door::rest;
  std::string person = {};
  std::optional<Uuid> persona_uuid = {};
  std::string persona = {};
  std::string operation = {};
  std::optional<Uuid> contact_uuid = {};
  CallOutcome outcome = CallOutcome::done;
  std::int64_t price = 0;
  std::optional<Uuid> approval_uuid = {};
  std::optional<Uuid> conversation_uuid = {};
  std::optional<std::string> prompt = {};
  Value arguments = {};
  Value response = {};
  static void describe(Fields<AuditCall>& field);
};

// With its payloads. `not_found` for an unknown one.
Result<AuditCall> call_on_record(Transaction& transaction, const Uuid& uuid);

struct ListAuditCalls {
  static constexpr OperationInfo info = {
      .name = "list_audit_calls",
      .title = "List Audit Calls",
      .about =
          "Lists what was done, newest first: by whom, through which door, on whom, with what "
          "outcome and at what price. Prompts, arguments and responses are shown to those with the "
          "scope audit:payloads. To go on, send `before` with the uuid of the last call seen.",
      .verb = Verb::get,
      .path = "/audit/calls",
      .scope = "audit:read",
      .surface = Surface::platform,
      .wire = {.data = "calls"}};
  struct Input {
    std::optional<Uuid> persona_uuid = {};
    std::optional<Uuid> contact_uuid = {};
    std::optional<std::string> person = {};
    std::optional<std::string> operation = {};
    std::optional<CallOutcome> outcome = {};
    std::optional<Door> door = {};
    std::optional<TimeRange> made_at = {};
    std::optional<Uuid> before = {};
    std::optional<std::int64_t> limit = {};
    std::optional<bool> brief = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<AuditCall> calls = {};
    static void describe(Fields<Output>& field) {
      field("calls", &Output::calls, "The calls, newest first.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetAuditCall {
  static constexpr OperationInfo info = {.name = "get_audit_call",
                                         .title = "Get Audit Call",
                                         .about = "Shows one call on record.",
                                         .verb = Verb::get,
                                         .path = "/audit/calls/{call_uuid}",
                                         .scope = "audit:read",
                                         .surface = Surface::platform};
  struct Input {
    Uuid call_uuid = {};
    static void describe(Fields<Input>& field) {
      field("call_uuid", &Input::call_uuid, "The call.");
    }
  };
  using Output = AuditCall;
  static Result<Output> run(Call& call, const Input& input);
};

void add_audit_operations(Catalogue& catalogue);

}  // namespace piggy
