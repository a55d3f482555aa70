#pragma once

// One call on its way through the dispatch. For dispatch*.cpp alone.

#include <memory>
#include <optional>
#include <string>

#include "door/dispatch.h"

namespace piggy {

struct Dispatch::Running {
  Invocation invocation;
  Done done;
  Time started = {};
  Object input = {};
  std::string arguments = {};  // As they are recorded.
  std::int64_t account = 0;
  Admitted admitted = {};
  std::shared_ptr<const void> prepared = {};
  Uuid key = {};
  Uuid fingerprint = {};
  std::string in_flight = {};  // The key's bytes; empty for a call without one.

  // Of the newest run; an earlier one may have been undone.
  Answer answer = {};
  std::int64_t remembered_id = 0;
  std::int64_t call_id = 0;  // Its row in the audit.
  Amounts amounts = {};
  Result<> outcome = {};
  bool ran = false;
  std::int64_t outside_id = 0;  // Of the call that was written down, to be done elsewhere.
  std::optional<ApprovalRow> question = {};  // What a person must be asked.
  std::optional<ApprovalRow> approval = {};  // What was asked before.
  std::optional<Uuid> approval_uuid = {};

  const Operation& operation() const { return *invocation.operation; }
  bool outside() const { return invocation.connection_id != 0; }
  // As it is granted and recorded.
  std::string_view tool() const {
    return outside() ? std::string_view(invocation.connection_tool) : operation().info.name;
  }
  ToolCalled called() const { return {.key = tool(), .info = operation().info}; }
  bool keyed() const { return !in_flight.empty(); }
  void keep_key(const Uuid& digest, const Uuid& of_what) {
    key = digest;
    fingerprint = of_what;
    in_flight.assign(reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size());
  }
};

// The same key is being worked on, and its answer not known yet.
std::unexpected<Error> being_worked_on();
// The answer as it is recorded: JSON, without secrets.
std::string response_of(const Answer& answer);
// The arguments as they are recorded: JSON, without secrets.
std::string arguments_of(const Invocation& invocation);

}  // namespace piggy
