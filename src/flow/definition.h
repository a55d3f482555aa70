#pragma once

// A flow as it is written down: what starts it, and its steps. It is data, JSON, and is read here
// with everything that is wrong with it named at once. See README.md for what the words mean.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "schedule/recurrence.h"
#include "shape/shape.h"
#include "shape/value.h"

namespace piggy {

// What people change without touching the steps.
BOOST_DEFINE_ENUM_CLASS(ParameterKind, text, integer, number, boolean, uuid, email, emails, time,
                        zone)
struct FlowParameter {
  std::string name = {};
  std::string label = {};
  std::optional<std::string> about = {};
  ParameterKind kind = ParameterKind::text;
  std::optional<Value> value = {};  // What it is until somebody says otherwise.
  std::optional<bool> optional = {};
  static void describe(Fields<FlowParameter>& field);
};

// Triggers
// -----------------------------------------------------------------------------------------

// The event that tells of a run's end; its subject is the run. It begins no flow: one that began at
// its own end would go on for ever.
inline constexpr std::string_view flow_run_ended_event = "flow_run_ended";

struct EventTrigger {
  std::string type = {};
  std::optional<std::string> where = {};  // An expression about `event`.
  static void describe(Fields<EventTrigger>& field);
};
struct FormTrigger {
  std::string form_uuid = {};
  static void describe(Fields<FormTrigger>& field);
};
BOOST_DEFINE_ENUM_CLASS(CatchUp, none, last, all)
BOOST_DEFINE_ENUM_CLASS(Overlap, skip, queue, allow)
struct ScheduleTrigger {
  std::string zone = {};
  std::vector<std::string> times = {};
  std::optional<std::vector<Weekday>> weekdays = {};
  std::optional<std::vector<std::int64_t>> month_days = {};
  std::optional<CatchUp> catch_up = {};
  std::optional<std::int64_t> catch_up_hours = {};
  std::optional<Overlap> overlap = {};
  static void describe(Fields<ScheduleTrigger>& field);

  Recurrence recurrence() const;
};
struct FlowTrigger {
  std::optional<EventTrigger> event = {};
  std::optional<FormTrigger> form = {};
  std::optional<ScheduleTrigger> schedule = {};
  std::optional<Value> webhook = {};
  std::optional<Value> manual = {};
  static void describe(Fields<FlowTrigger>& field);

  std::string_view kind() const;
};

// How many runs there are at once, and how fast they begin, of those with the same key.
struct FlowLane {
  std::optional<std::string> key = {};
  std::optional<std::int64_t> at_once = {};
  std::optional<std::int64_t> starts_per_minute = {};
  static void describe(Fields<FlowLane>& field);
};

// Steps
// --------------------------------------------------------------------------------------------

struct CallStep {
  std::string tool = {};
  std::optional<Value> input = {};
  static void describe(Fields<CallStep>& field);
};
struct AskStep {
  std::string prompt = {};
  std::optional<Value> about = {};
  std::optional<Value> choices = {};
  std::optional<Value> figures = {};
  Value or_else = {};
  static void describe(Fields<AskStep>& field);
};
struct BranchStep {
  std::string condition = {};
  std::vector<Value> then = {};
  std::optional<std::vector<Value>> otherwise = {};
  static void describe(Fields<BranchStep>& field);
};
struct SwitchCase {
  Value is = {};
  std::vector<Value> steps = {};
  static void describe(Fields<SwitchCase>& field);
};
struct SwitchStep {
  std::string on = {};
  std::vector<SwitchCase> cases = {};
  std::optional<std::vector<Value>> otherwise = {};
  static void describe(Fields<SwitchStep>& field);
};
struct ForEachStep {
  std::string in = {};
  std::string as = {};
  std::optional<std::int64_t> at_once = {};
  std::vector<Value> steps = {};
  static void describe(Fields<ForEachStep>& field);
};
// A length of time; what is given adds up.
struct TimeSpan {
  std::optional<std::int64_t> seconds = {};
  std::optional<std::int64_t> minutes = {};
  std::optional<std::int64_t> hours = {};
  std::optional<std::int64_t> days = {};
  static void describe(Fields<TimeSpan>& field);
  std::int64_t microseconds() const;
};
struct WaitStep {
  std::optional<TimeSpan> span = {};
  std::optional<std::string> until = {};
  std::optional<ScheduleTrigger> next = {};
  static void describe(Fields<WaitStep>& field);
};
struct WaitForStep {
  std::string event = {};
  std::optional<std::string> contact = {};
  std::optional<std::string> where = {};
  std::optional<TimeSpan> timeout = {};
  static void describe(Fields<WaitForStep>& field);
};
struct ApproveStep {
  std::string question = {};
  std::optional<TimeSpan> timeout = {};
  static void describe(Fields<ApproveStep>& field);
};
struct SubFlowStep {
  std::string flow = {};
  std::optional<Value> input = {};
  static void describe(Fields<SubFlowStep>& field);
};
struct StopStep {
  std::string reason = {};
  std::optional<bool> failed = {};
  static void describe(Fields<StopStep>& field);
};
struct RetryPolicy {
  std::optional<std::int64_t> times = {};
  std::optional<std::int64_t> first_seconds = {};
  static void describe(Fields<RetryPolicy>& field);
};
BOOST_DEFINE_ENUM_CLASS(OnFailure, stop, go_on)

// Exactly one of the middle ones says what it does.
struct StepFields {
  std::string id = {};
  std::optional<std::string> title = {};
  std::optional<std::string> when = {};
  std::optional<CallStep> call = {};
  std::optional<AskStep> ask = {};
  std::optional<Value> set = {};
  std::optional<BranchStep> branch = {};
  std::optional<SwitchStep> choose = {};
  std::optional<ForEachStep> for_each = {};
  std::optional<WaitStep> wait = {};
  std::optional<WaitForStep> wait_for = {};
  std::optional<ApproveStep> approve = {};
  std::optional<SubFlowStep> flow = {};
  std::optional<StopStep> stop = {};
  std::optional<RetryPolicy> retry = {};
  std::optional<OnFailure> on_failure = {};
  static void describe(Fields<StepFields>& field);

  std::string_view kind() const;
};

struct FlowStep : StepFields {
  // Of a branch: then, else. Of a choice: its cases, and what is otherwise. Of a loop: its body.
  std::vector<std::vector<FlowStep>> inner = {};
};

struct FlowFields {
  std::optional<std::string> about = {};
  std::optional<std::vector<FlowParameter>> parameters = {};
  Value trigger = {};
  std::optional<FlowLane> limit = {};
  std::vector<Value> steps = {};
  std::optional<Value> output = {};
  static void describe(Fields<FlowFields>& field);
};

struct FlowDefinition {
  std::string about = {};
  std::vector<FlowParameter> parameters = {};
  Value values = Value::object();  // Of the parameters.
  FlowTrigger trigger = {};        // With the values filled in.
  FlowLane limit = {};
  std::vector<FlowStep> steps = {};
  std::optional<Value> output = {};

  // In the order in which they stand, those within others included.
  std::vector<const FlowStep*> all_steps() const;
  const FlowStep* find(std::string_view id) const;
};

// `values`: what was said of its parameters, an object. `zone`: the account's, for schedules that
// name none. Problems have paths into `definition` ("/steps/2/call/tool") and, below /parameters,
// into `values`.
Result<std::shared_ptr<const FlowDefinition>> read_definition(const Value& definition,
                                                              const Value& values,
                                                              std::string_view zone);

// JSON Schema 2020-12 of it.
Value definition_schema();

}  // namespace piggy
