#include "flow/flow.h"

#include <fmt/format.h>

#include "event/event.h"
#include "flow/expression.h"

namespace piggy {
namespace {

#define FLOW_COLUMNS                                                                        \
  "id, uuid, name, persona_id, person_id, version_id, enabled, trigger_kind, trigger_key, " \
  "tick_at, tick_date, tick_minute, template, next_start, created_at, updated_at"
constexpr std::string_view select_flow =
    "SELECT " FLOW_COLUMNS " FROM flow WHERE account_id = $1 AND uuid = $2";
constexpr std::string_view select_flow_by_id =
    "SELECT " FLOW_COLUMNS " FROM flow WHERE account_id = $1 AND id = $2";
constexpr std::string_view select_flow_by_name =
    "SELECT " FLOW_COLUMNS " FROM flow WHERE account_id = $1 AND name = $2";
constexpr std::string_view select_flows =
    "SELECT " FLOW_COLUMNS " FROM flow WHERE account_id = $1 ORDER BY id";
constexpr std::string_view select_triggered =
    "SELECT " FLOW_COLUMNS
    " FROM flow WHERE account_id = $1 AND enabled = 1 AND trigger_kind = $2 AND trigger_key = $3 "
    "ORDER BY id";
#undef FLOW_COLUMNS

constexpr std::string_view insert_flow = R"sql(
  INSERT INTO flow (account_id, id, uuid, name, persona_id, person_id, version_id, enabled,
                    trigger_kind, trigger_key, tick_at, tick_date, tick_minute, template,
                    next_start, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $15)
)sql";

constexpr std::string_view update_flow = R"sql(
  UPDATE flow SET name = $3, persona_id = $4, version_id = $5, enabled = $6, trigger_kind = $7,
                  trigger_key = $8, tick_at = $9, tick_date = $10, tick_minute = $11,
                  next_start = $12, updated_at = $13
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view delete_flow_row = "DELETE FROM flow WHERE account_id = $1 AND id = $2";
constexpr std::string_view update_template =
    "UPDATE flow SET template = $3 WHERE account_id = $1 AND uuid = $2";
constexpr std::string_view update_hook =
    "UPDATE flow SET hook_hash = $3 WHERE account_id = $1 AND id = $2";
constexpr std::string_view select_hook =
    "SELECT account_id, id FROM flow WHERE hook_hash = $1 AND enabled = 1";

constexpr std::string_view select_version = R"sql(
  SELECT id, flow_id, number, definition, parameters, created_at FROM flow_version
  WHERE account_id = $1 AND id = $2
)sql";
constexpr std::string_view select_newest = R"sql(
  SELECT coalesce(max(number), 0) FROM flow_version WHERE account_id = $1 AND flow_id = $2
)sql";
constexpr std::string_view insert_version = R"sql(
  INSERT INTO flow_version (account_id, id, flow_id, number, definition, parameters, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql";

#define RUN_COLUMNS                                                                            \
  "id, uuid, flow_id, version_id, run_key, trigger_values, lane, state, wakes, due_at, late, " \
  "depth, parent_run_id, parent_step, replay_of, output, problem, created_at, ended_at"
constexpr std::string_view select_run =
    "SELECT " RUN_COLUMNS " FROM flow_run WHERE account_id = $1 AND uuid = $2";
constexpr std::string_view select_run_by_id =
    "SELECT " RUN_COLUMNS " FROM flow_run WHERE account_id = $1 AND id = $2";
constexpr std::string_view select_run_by_key =
    "SELECT " RUN_COLUMNS " FROM flow_run WHERE account_id = $1 AND flow_id = $2 AND run_key = $3";
constexpr std::string_view select_runs =
    "SELECT " RUN_COLUMNS
    " FROM flow_run WHERE account_id = $1 AND id < $2{} ORDER BY id DESC LIMIT {}";
#undef RUN_COLUMNS

constexpr AppendTable run_table = {
    "flow_run",
    "account_id bigint, id bigint, uuid bytea, flow_id bigint, version_id bigint, run_key text, "
    "trigger_values text, lane text, state text, wakes bigint, due_at bigint, late bigint, "
    "depth bigint, parent_run_id bigint, parent_step text, replay_of bytea, output text, "
    "problem text, created_at bigint, ended_at bigint"};

constexpr std::string_view count_lane = R"sql(
  SELECT count(*) FROM flow_run
  WHERE account_id = $1 AND flow_id = $2 AND lane = $3 AND ended_at IS NULL
)sql";
constexpr std::string_view select_active = R"sql(
  SELECT id FROM flow_run WHERE account_id = $1 AND flow_id = $2 AND ended_at IS NULL LIMIT 1
)sql";
constexpr std::string_view begin_next_of_lane = R"sql(
  UPDATE flow_run SET state = 'running', wakes = wakes + 1
  WHERE account_id = $1 AND id = (
    SELECT min(id) FROM flow_run
    WHERE account_id = $1 AND flow_id = $2 AND lane = $3 AND ended_at IS NULL
      AND state = 'queued')
)sql";

constexpr std::string_view update_woken = R"sql(
  UPDATE flow_run SET wakes = wakes + 1, due_at = NULL,
                      state = CASE WHEN state = 'waiting' THEN 'running' ELSE state END
  WHERE account_id = $1 AND id = $2 AND ended_at IS NULL
)sql";
constexpr std::string_view update_state = R"sql(
  UPDATE flow_run SET state = $3, wakes = wakes + 1, due_at = NULL
  WHERE account_id = $1 AND id = $2 AND ended_at IS NULL
)sql";
constexpr std::string_view update_version = R"sql(
  UPDATE flow_run SET version_id = $3 WHERE account_id = $1 AND id = $2 AND ended_at IS NULL
)sql";
constexpr std::string_view update_rested = R"sql(
  UPDATE flow_run SET state = 'waiting', due_at = $4
  WHERE account_id = $1 AND id = $2 AND wakes = $3 AND state = 'running'
)sql";
constexpr std::string_view update_ended = R"sql(
  UPDATE flow_run SET state = $3, output = $4, problem = $5, ended_at = $6, due_at = NULL
  WHERE account_id = $1 AND id = $2 AND ended_at IS NULL
)sql";

constexpr std::string_view select_steps = R"sql(
  SELECT id, step, kind, state, input, output, problem, attempts, due_at, started_at, ended_at
  FROM flow_step WHERE account_id = $1 AND run_id = $2 ORDER BY id
)sql";
constexpr std::string_view upsert_step = R"sql(
  INSERT INTO flow_step (account_id, id, run_id, step, kind, state, input, output, problem,
                         attempts, due_at, started_at, ended_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  ON CONFLICT (account_id, run_id, step) DO UPDATE
  SET state = excluded.state, input = excluded.input, output = excluded.output,
      problem = excluded.problem, attempts = excluded.attempts, due_at = excluded.due_at,
      ended_at = excluded.ended_at
)sql";
constexpr std::string_view update_resolved = R"sql(
  UPDATE flow_step SET state = $4, output = $5, problem = $6, due_at = NULL, ended_at = $7
  WHERE account_id = $1 AND run_id = $2 AND step = $3 AND state = 'waiting'
)sql";

constexpr std::string_view update_hurried = R"sql(
  UPDATE flow_step SET due_at = $4
  WHERE account_id = $1 AND run_id = $2 AND step = $3 AND state = 'waiting'
)sql";

constexpr std::string_view upsert_wait = R"sql(
  INSERT INTO flow_wait (account_id, id, run_id, step, type, wait_key, condition, condition_names)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (account_id, run_id, step) DO UPDATE
  SET type = excluded.type, wait_key = excluded.wait_key, condition = excluded.condition,
      condition_names = excluded.condition_names
)sql";
constexpr std::string_view select_waits = R"sql(
  SELECT run_id, step, type, wait_key, condition, condition_names FROM flow_wait
  WHERE account_id = $1 AND type = $2 AND (wait_key = '' OR wait_key = $3) ORDER BY id
)sql";
constexpr std::string_view select_last_calls = R"sql(
  SELECT id FROM flow_step
  WHERE account_id = $1 AND run_id = $2 AND state = 'done' AND kind IN ('call', 'flow', 'ask')
  ORDER BY id DESC LIMIT 2
)sql";
constexpr std::string_view select_any_wait =
    "SELECT id FROM flow_wait WHERE account_id = $1 AND type = $2 LIMIT 1";
constexpr std::string_view delete_waits =
    "DELETE FROM flow_wait WHERE account_id = $1 AND run_id = $2";
constexpr std::string_view delete_wait =
    "DELETE FROM flow_wait WHERE account_id = $1 AND run_id = $2 AND step = $3";

std::unexpected<Error> no_flow() {
  return fail({.code = ErrorCode::not_found, .message = "There is no such flow.", .number = 404});
}

// Sets up what starts the flow.
void set_trigger(FlowRow& flow, const FlowDefinition& read, Time now) {
  flow.trigger_kind = read.trigger.kind();
  flow.trigger_key = read.trigger.event  ? read.trigger.event->type
                     : read.trigger.form ? to_string(*parse_uuid(read.trigger.form->form_uuid))
                                         : "";
  flow.tick_at.reset();
  flow.tick_date.clear();
  flow.tick_minute = 0;
  if (!read.trigger.schedule || !flow.enabled) return;
  Tick tick = next_tick(read.trigger.schedule->recurrence(), now);
  flow.tick_at = tick.at;
  flow.tick_date = to_text(tick.date);
  flow.tick_minute = tick.minute;
}

}  // namespace

bool is_over(RunState state) { return state >= RunState::done; }

Signal& flow_signal() {
  static Signal signal;
  return signal;
}

Result<FlowRow> flow_of(Transaction& transaction, const Uuid& uuid) {
  auto flow = TRY(transaction.first<FlowRow>(select_flow, {uuid}));
  if (!flow) return no_flow();
  return *std::move(flow);
}

Result<FlowRow> flow_by_id(Transaction& transaction, std::int64_t id) {
  auto flow = TRY(transaction.first<FlowRow>(select_flow_by_id, {id}));
  if (!flow) return no_flow();
  return *std::move(flow);
}

Result<std::optional<FlowRow>> flow_by_name(Transaction& transaction, std::string_view name) {
  return transaction.first<FlowRow>(select_flow_by_name, {name});
}

Result<std::vector<FlowRow>> flows(Transaction& transaction) {
  return transaction.all<FlowRow>(select_flows);
}

Result<FlowVersionRow> version_of(Transaction& transaction, std::int64_t version_id) {
  return transaction.one<FlowVersionRow>(select_version, {version_id});
}

Result<std::int64_t> newest_version(Transaction& transaction, std::int64_t flow_id) {
  return transaction.one<std::int64_t>(select_newest, {flow_id});
}

Result<> make_flow(Transaction& transaction, FlowRow& flow) {
  if (TRY(flow_by_name(transaction, flow.name))) {
    return fail(ErrorCode::conflict, fmt::format("There is a flow called {} already.", flow.name));
  }
  flow.id = transaction.next_id();
  flow.uuid = transaction.next_uuid();
  flow.created_at = flow.updated_at = transaction.now();
  TRY(transaction.run(
      insert_flow, {flow.id, flow.uuid, flow.name, flow.persona_id, flow.person_id, flow.version_id,
                    flow.enabled ? 1 : 0, flow.trigger_kind, flow.trigger_key, flow.tick_at,
                    flow.tick_date, flow.tick_minute, flow.template_name, flow.created_at}));
  return {};
}

Result<> keep_flow(Transaction& transaction, const FlowRow& flow) {
  auto namesake = TRY(flow_by_name(transaction, flow.name));
  if (namesake && namesake->id != flow.id) {
    return fail(ErrorCode::conflict, fmt::format("There is a flow called {} already.", flow.name));
  }
  TRY(transaction.run(update_flow,
                      {flow.id, flow.name, flow.persona_id, flow.version_id, flow.enabled ? 1 : 0,
                       flow.trigger_kind, flow.trigger_key, flow.tick_at, flow.tick_date,
                       flow.tick_minute, flow.next_start, transaction.now()}));
  flow_signal().give();
  return {};
}

Result<> delete_flow(Transaction& transaction, const FlowRow& flow) {
  TRY(transaction.run(delete_flow_row, {flow.id}));
  return {};
}

Result<> note_template(Transaction& transaction, const Uuid& flow, std::string_view name) {
  TRY(transaction.run(update_template, {flow, name}));
  return {};
}

Result<> set_hook(Transaction& transaction, std::int64_t flow_id, const Hash& hash) {
  TRY(transaction.run(update_hook, {flow_id, hash}));
  return {};
}

Result<std::optional<HookPlace>> flow_by_hook(Transaction& transaction, const Hash& hash) {
  ASSERT(transaction.account() == 0);
  return transaction.first<HookPlace>(select_hook, {hash});
}

Result<FlowVersionRow> add_version(Transaction& transaction, FlowRow& flow, const Value& definition,
                                   const Value& parameters, const FlowDefinition& read) {
  FlowVersionRow version{.id = transaction.next_id(),
                         .flow_id = flow.id,
                         .number = TRY(newest_version(transaction, flow.id)) + 1,
                         .definition = definition,
                         .parameters = parameters,
                         .created_at = transaction.now()};
  TRY(transaction.run(insert_version, {version.id, version.flow_id, version.number, definition,
                                       parameters, version.created_at}));
  flow.version_id = version.id;
  set_trigger(flow, read, transaction.now());
  TRY(keep_flow(transaction, flow));
  return version;
}

Result<std::vector<FlowRow>> flows_triggered(Transaction& transaction, std::string_view kind,
                                             std::string_view key) {
  return transaction.all<FlowRow>(select_triggered, {kind, key});
}

// Runs
// ----------------------------------------------------------------------------------------------

Result<RunRow> insert_run(Transaction& transaction, RunRow run) {
  run.id = transaction.next_id();
  run.uuid = transaction.next_uuid();
  run.created_at = transaction.now();
  if (run.key.empty()) run.key = to_string(run.uuid);
  if (is_over(run.state)) run.ended_at = run.created_at;
  TRY(transaction.append(
      run_table,
      {run.id, run.uuid, run.flow_id, run.version_id, run.key, run.trigger, run.lane,
       word_of(run.state), run.wakes, run.due_at, run.late ? 1 : 0, run.depth, run.parent_run_id,
       run.parent_step, run.replay_of, run.output, run.problem, run.created_at, run.ended_at}));
  flow_signal().give();
  return run;
}

Result<StartedRun> start_run(Transaction& transaction, const FlowRow& flow,
                             const FlowDefinition& definition, NewRun wanted) {
  if (!wanted.key.empty()) {
    auto same = TRY(transaction.first<RunRow>(select_run_by_key, {flow.id, wanted.key}));
    if (same) return StartedRun{.run = *std::move(same), .was_there = true};
  }
  RunRow run{.flow_id = flow.id,
             .version_id = flow.version_id,
             .key = std::move(wanted.key),
             .trigger = std::move(wanted.trigger),
             .late = wanted.late,
             .depth = wanted.depth,
             .parent_run_id = wanted.parent_run_id,
             .parent_step = std::move(wanted.parent_step)};
  const FlowLane& limit = definition.limit;
  if (limit.key) {
    Value names = run.trigger;
    names.set("parameters", definition.values);
    auto key = filled_in(Value(*limit.key), names);
    // A key that cannot be made is one of its own, rather than no run.
    if (key && key->text()) run.lane = *key->text();
  }
  const Overlap overlap = definition.trigger.schedule
                              ? definition.trigger.schedule->overlap.value_or(Overlap::skip)
                              : Overlap::allow;
  if (overlap == Overlap::skip && TRY(has_active_run(transaction, flow.id))) {
    run.state = RunState::skipped;
    run.problem = "The run before it still went on.";
    return StartedRun{.run = TRY(insert_run(transaction, std::move(run)))};
  }
  std::int64_t at_once = overlap == Overlap::queue ? 1 : limit.at_once.value_or(0);
  if (at_once > 0 &&
      TRY(transaction.one<std::int64_t>(count_lane, {flow.id, run.lane})) >= at_once) {
    run.state = RunState::queued;
  }
  if (limit.starts_per_minute && run.state == RunState::running) {
    FlowRow now = TRY(flow_by_id(transaction, flow.id));
    Time start = std::max(now.next_start, transaction.now());
    if (start > transaction.now()) {
      run.state = RunState::waiting;
      run.due_at = start;
    }
    now.next_start = start + 60 * microseconds_per_second / *limit.starts_per_minute;
    TRY(keep_flow(transaction, now));
  }
  return StartedRun{.run = TRY(insert_run(transaction, std::move(run)))};
}

Result<RunRow> run_of(Transaction& transaction, const Uuid& uuid) {
  auto run = TRY(transaction.first<RunRow>(select_run, {uuid}));
  if (run) return *std::move(run);
  return fail({.code = ErrorCode::not_found, .message = "There is no such run.", .number = 404});
}

Result<std::optional<RunRow>> run_by_id(Transaction& transaction, std::int64_t id) {
  return transaction.first<RunRow>(select_run_by_id, {id});
}

Result<std::vector<RunRow>> runs(Transaction& transaction, const RunFilter& filter) {
  std::vector<Parameter> parameters = {
      Parameter(filter.before.value_or(std::numeric_limits<std::int64_t>::max()))};
  std::string where;
  if (filter.flow_id) {
    parameters.emplace_back(*filter.flow_id);
    where += fmt::format(" AND flow_id = ${}", parameters.size() + 1);
  }
  std::string_view state;
  if (filter.state) {
    state = word_of(*filter.state);
    parameters.emplace_back(state);
    where += fmt::format(" AND state = ${}", parameters.size() + 1);
  }
  return transaction.all<RunRow>(fmt::format(fmt::runtime(select_runs), where, filter.limit),
                                 parameters);
}

Result<std::vector<StepRow>> steps_of(Transaction& transaction, std::int64_t run_id) {
  return transaction.all<StepRow>(select_steps, {run_id});
}

Result<bool> has_active_run(Transaction& transaction, std::int64_t flow_id) {
  return TRY(transaction.first<std::int64_t>(select_active, {flow_id})).has_value();
}

Result<> keep_step(Transaction& transaction, std::int64_t run_id, const StepRow& step) {
  TRY(transaction.run(upsert_step, {transaction.next_id(), run_id, step.step, step.kind,
                                    word_of(step.state), step.input, step.output, step.problem,
                                    step.attempts, step.due_at, step.started_at, step.ended_at}));
  return {};
}

Result<> forget_waits(Transaction& transaction, std::int64_t run_id, std::string_view step) {
  if (step.empty()) {
    TRY(transaction.run(delete_waits, {run_id}));
  } else {
    TRY(transaction.run(delete_wait, {run_id, step}));
  }
  return {};
}

Result<bool> wake_run(Transaction& transaction, std::int64_t run_id) {
  flow_signal().give();
  return TRY(transaction.run(update_woken, {run_id})) == 1;
}

Result<bool> set_run_state(Transaction& transaction, std::int64_t run_id, RunState state) {
  flow_signal().give();
  return TRY(transaction.run(update_state, {run_id, word_of(state)})) == 1;
}

Result<> move_run(Transaction& transaction, std::int64_t run_id, std::int64_t version_id) {
  TRY(transaction.run(update_version, {run_id, version_id}));
  TRY(wake_run(transaction, run_id));
  return {};
}

Result<bool> rest_run(Transaction& transaction, const RunRow& run, std::optional<Time> due_at) {
  return TRY(transaction.run(update_rested, {run.id, run.wakes, due_at})) == 1;
}

Result<bool> end_run(Transaction& transaction, const RunRow& run, const RunEnd& end) {
  std::int64_t ended = TRY(transaction.run(
      update_ended, {run.id, word_of(end.state), end.output, end.problem, transaction.now()}));
  if (ended == 0) return false;
  TRY(forget_waits(transaction, run.id));
  TRY(transaction.run(begin_next_of_lane, {run.flow_id, run.lane}));
  if (run.parent_run_id && run.parent_step) {
    bool fine = end.state == RunState::done || end.state == RunState::stopped;
    Value output = Value::object(
        {{"run_uuid", to_string(run.uuid)}, {"state", word_of(end.state)}, {"output", end.output}});
    TRY(resolve_step(transaction, *run.parent_run_id, *run.parent_step,
                     fine ? FlowStepState::done : FlowStepState::failed, output, end.problem));
  }
  flow_signal().give();
  TRY(emit(transaction, flow_run_ended_event, run.uuid,
           Value::object({{"flow_run", Value::object({{"uuid", to_string(run.uuid)},
                                                      {"state", word_of(end.state)}})}})));
  return true;
}

Value tick_values(const Tick& tick, std::string_view zone, bool late) {
  return Value::object({{"date", to_text(tick.date)},
                        {"yesterday", to_text(day_before(tick.date))},
                        {"time", fmt::format("{:02}:{:02}", tick.minute / 60, tick.minute % 60)},
                        {"zone", zone},
                        {"at", to_atom(tick.at)},
                        {"late", late}});
}

Result<> keep_wait(Transaction& transaction, const WaitRow& wait) {
  TRY(transaction.run(upsert_wait, {transaction.next_id(), wait.run_id, wait.step, wait.type,
                                    wait.key, wait.condition, wait.names}));
  return {};
}

Result<std::int64_t> place_before_last_call(Transaction& transaction, const RunRow& run) {
  auto calls = TRY(transaction.all<std::int64_t>(select_last_calls, {run.id}));
  return calls.size() < 2 ? run.id : calls[1];
}

Result<bool> somebody_waits_for(Transaction& transaction, std::string_view type) {
  return TRY(transaction.first<std::int64_t>(select_any_wait, {type})).has_value();
}

Result<std::vector<WaitRow>> waits_for(Transaction& transaction, std::string_view type,
                                       std::string_view key) {
  return transaction.all<WaitRow>(select_waits, {type, key});
}

Result<> resolve_step(Transaction& transaction, std::int64_t run_id, std::string_view step,
                      FlowStepState state, const Value& output, std::string_view problem) {
  std::int64_t resolved = TRY(transaction.run(
      update_resolved, {run_id, step, word_of(state), output, problem, transaction.now()}));
  if (resolved == 0) return {};
  TRY(forget_waits(transaction, run_id, step));
  TRY(wake_run(transaction, run_id));
  return {};
}

Result<> hurry_step(Transaction& transaction, std::int64_t run_id, std::string_view step) {
  TRY(transaction.run(update_hurried, {run_id, step, transaction.now()}));
  TRY(forget_waits(transaction, run_id, step));
  TRY(wake_run(transaction, run_id));
  return {};
}

}  // namespace piggy
