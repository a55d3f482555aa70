#pragma once

// Flows and their runs as they are kept. See README.md.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "event/signal.h"
#include "flow/definition.h"
#include "operation/operation.h"

namespace piggy {

struct FlowRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  std::int64_t persona_id = 0;
  std::int64_t person_id = 0;
  std::int64_t version_id = 0;
  bool enabled = false;
  std::string trigger_kind = {};
  std::string trigger_key = {};
  std::optional<Time> tick_at = {};
  std::string tick_date = {};
  std::int64_t tick_minute = 0;
  std::string template_name = {};
  Time next_start = {};
  Time created_at = {};
  Time updated_at = {};
};

struct FlowVersionRow {
  std::int64_t id = 0;
  std::int64_t flow_id = 0;
  std::int64_t number = 0;
  Value definition = {};
  Value parameters = {};
  Time created_at = {};
};

// queued: others of its lane go first. skipped: it was never begun, because the one before it went
// on. stopped: by a step of its own.
BOOST_DEFINE_ENUM_CLASS(RunState, queued, running, waiting, paused, done, stopped, failed,
                        cancelled, skipped)
bool is_over(RunState state);

struct RunRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t flow_id = 0;
  std::int64_t version_id = 0;
  std::string key = {};
  Value trigger = {};
  std::string lane = {};
  RunState state = RunState::running;
  std::int64_t wakes = 0;
  std::optional<Time> due_at = {};
  bool late = false;
  std::int64_t depth = 0;
  std::optional<std::int64_t> parent_run_id = {};
  std::optional<std::string> parent_step = {};
  std::optional<Uuid> replay_of = {};
  Value output = {};
  std::string problem = {};
  Time created_at = {};
  std::optional<Time> ended_at = {};
};

BOOST_DEFINE_ENUM_CLASS(FlowStepState, waiting, done, skipped, failed)

struct StepRow {
  std::int64_t id = 0;
  std::string step = {};  // The path of ids: "greet", "each[3].send".
  std::string kind = {};
  FlowStepState state = FlowStepState::waiting;
  Value input = {};
  Value output = {};
  std::string problem = {};
  std::int64_t attempts = 0;
  std::optional<Time> due_at = {};
  Time started_at = {};
  std::optional<Time> ended_at = {};
};

// Given whenever a run may have something to do.
Signal& flow_signal();

// Flows
// ---------------------------------------------------------------------------------------------

// `not_found` for an unknown one.
Result<FlowRow> flow_of(Transaction& transaction, const Uuid& uuid);
Result<FlowRow> flow_by_id(Transaction& transaction, std::int64_t id);
Result<std::optional<FlowRow>> flow_by_name(Transaction& transaction, std::string_view name);
Result<std::vector<FlowRow>> flows(Transaction& transaction);
Result<FlowVersionRow> version_of(Transaction& transaction, std::int64_t version_id);
Result<std::int64_t> newest_version(Transaction& transaction, std::int64_t flow_id);
// Mints id, uuid and times. `conflict` when the name is taken.
Result<> make_flow(Transaction& transaction, FlowRow& flow);
Result<> keep_flow(Transaction& transaction, const FlowRow& flow);
Result<> delete_flow(Transaction& transaction, const FlowRow& flow);
Result<> note_template(Transaction& transaction, const Uuid& flow, std::string_view name);
Result<> set_hook(Transaction& transaction, std::int64_t flow_id, const Hash& hash);
// The account and flow of a hook. Above all tenants.
struct HookPlace {
  std::int64_t account_id = 0;
  std::int64_t flow_id = 0;
};
Result<std::optional<HookPlace>> flow_by_hook(Transaction& transaction, const Hash& hash);
// A new version, which the flow has from now on; its trigger is set up for it.
Result<FlowVersionRow> add_version(Transaction& transaction, FlowRow& flow, const Value& definition,
                                   const Value& parameters, const FlowDefinition& read);
// Those that an event starts.
Result<std::vector<FlowRow>> flows_triggered(Transaction& transaction, std::string_view kind,
                                             std::string_view key);

// Runs
// ----------------------------------------------------------------------------------------------

struct NewRun {
  std::string key = {};  // "": none like it is looked for.
  Value trigger = Value::object();
  bool late = false;
  std::int64_t depth = 0;
  std::optional<std::int64_t> parent_run_id = {};
  std::optional<std::string> parent_step = {};
};
struct StartedRun {
  RunRow run = {};
  bool was_there = false;
};
// Begins one, in the newest version: at once, or when its lane lets it.
Result<StartedRun> start_run(Transaction& transaction, const FlowRow& flow,
                             const FlowDefinition& definition, NewRun run);
Result<RunRow> insert_run(Transaction& transaction, RunRow run);

Result<RunRow> run_of(Transaction& transaction, const Uuid& uuid);
Result<std::optional<RunRow>> run_by_id(Transaction& transaction, std::int64_t id);
struct RunFilter {
  std::optional<std::int64_t> flow_id = {};
  std::optional<RunState> state = {};
  std::optional<std::int64_t> before = {};  // An id: older ones.
  std::int64_t limit = 30;
};
Result<std::vector<RunRow>> runs(Transaction& transaction, const RunFilter& filter);
Result<std::vector<StepRow>> steps_of(Transaction& transaction, std::int64_t run_id);
Result<bool> has_active_run(Transaction& transaction, std::int64_t flow_id);

// The row, or its change when it is there.
Result<> keep_step(Transaction& transaction, std::int64_t run_id, const StepRow& step);
Result<> forget_waits(Transaction& transaction, std::int64_t run_id, std::string_view step = {});

// Puts the run at work again; it looks at its steps anew. False when it is over.
Result<bool> wake_run(Transaction& transaction, std::int64_t run_id);
// Sets a state that somebody asked for. False when the run is over.
Result<bool> set_run_state(Transaction& transaction, std::int64_t run_id, RunState state);
// By another version from now on; it looks at its steps anew.
Result<> move_run(Transaction& transaction, std::int64_t run_id, std::int64_t version_id);
// To rest, unless somebody woke it since `wakes`; false then.
Result<bool> rest_run(Transaction& transaction, const RunRow& run, std::optional<Time> due_at);
struct RunEnd {
  RunState state = RunState::done;
  Value output = {};
  std::string problem = {};
};
// Ends it, tells whoever waits for it, and lets the next of its lane begin. False when it was over.
Result<bool> end_run(Transaction& transaction, const RunRow& run, const RunEnd& end);

// What a run begun by a schedule is told of its time: `tick`.
Value tick_values(const Tick& tick, std::string_view zone, bool late);

// What a step waits for, and those that an event may be for.
struct WaitRow {
  std::int64_t run_id = 0;
  std::string step = {};
  std::string type = {};
  std::string key = {};
  std::string condition = {};
  std::string names = {};  // JSON: what the condition may use besides the event.
};
Result<> keep_wait(Transaction& transaction, const WaitRow& wait);
// From where on events are new to a run that begins to wait: those that its last call brought about
// are.
Result<std::int64_t> place_before_last_call(Transaction& transaction, const RunRow& run);
Result<bool> somebody_waits_for(Transaction& transaction, std::string_view type);
Result<std::vector<WaitRow>> waits_for(Transaction& transaction, std::string_view type,
                                       std::string_view key);
// A step that waited has what it waited for.
Result<> resolve_step(Transaction& transaction, std::int64_t run_id, std::string_view step,
                      FlowStepState state, const Value& output, std::string_view problem = {});

// A step that waits for its time has come to it.
Result<> hurry_step(Transaction& transaction, std::int64_t run_id, std::string_view step);

}  // namespace piggy
