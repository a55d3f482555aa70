#include "flow/run.h"

#include <fmt/format.h>

#include "flow/expression.h"
#include "flow/run_walk.h"
#include "persona/approval.h"
#include "shape/json.h"

// The walk itself and what it keeps; the steps are in run_steps.cpp.

namespace piggy {
namespace {

constexpr std::size_t looks_max = 100'000;

// Somebody stopped the run while a step of it was under way.
std::unexpected<Error> not_running() {
  return fail(ErrorCode::conflict, "The run does not go on any more.");
}

}  // namespace

std::string whole_message(const Error& error) {
  std::string text = error.message;
  for (const FieldError& field : error.fields) {
    text += fmt::format(" {}: {}", field.path, field.message);
  }
  return text;
}

Value failed_output(std::string_view problem) {
  return Value::object({{"failed", true}, {"problem", problem}});
}

Result<> FlowWalk::read() {
  return database_.read(context_.account_id, [&](Transaction& transaction) -> Result<> {
    rows_.clear();
    for (StepRow& row : TRY(steps_of(transaction, context_.run.id))) {
      rows_[row.step] = std::move(row);
    }
    now_ = transaction.now();
    return {};
  });
}

Result<StepEnd> FlowWalk::walk() {
  StepScope scope{.names = first_names()};
  StepEnd went = TRY(list(context_.definition->steps, scope));
  if (went == StepEnd::on && context_.definition->output) {
    auto output = filled_in(*context_.definition->output, scope.names, "/output");
    if (output) {
      end_.output = *std::move(output);
    } else {
      end_ = {.state = RunState::failed, .problem = whole_message(output.error())};
    }
  }
  return went;
}

Result<bool> FlowWalk::settle(StepEnd went) {
  bool settled = true;
  TRY(database_.write(context_.account_id, [&](Transaction& transaction) -> Result<> {
    settled = true;
    TRY(write_pending(transaction));
    if (went != StepEnd::waits) {
      TRY(end_run(transaction, context_.run, end_));
      return {};
    }
    for (const WaitRow& wait : waits_) TRY(begin_waiting(transaction, wait));
    settled = TRY(rest_run(transaction, context_.run, due_));
    if (settled) return {};
    auto now = TRY(run_by_id(transaction, context_.run.id));
    settled = !now || now->state != RunState::running;
    if (now) woken_ = now->wakes;
    return {};
  }));
  pending_.clear();
  waits_.clear();
  if (!settled) context_.run.wakes = woken_;
  return settled;
}

Result<> FlowWalk::begin_waiting(Transaction& transaction, const WaitRow& wait) {
  TRY(keep_wait(transaction, wait));
  if (wait.type == approval_event) return {};
  std::int64_t place = TRY(place_before_last_call(transaction, context_.run));
  for (const EventRow& event : TRY(events_since(transaction, place, wait.type))) {
    auto about = contact_in(event);
    if (!wait.key.empty() && (!about || wait.key != to_string(*about))) continue;
    if (!is_awaited(wait, event)) continue;
    return resolve_step(transaction, wait.run_id, wait.step, FlowStepState::done,
                        Value::object({{"timed_out", false}, {"event", event.payload}}));
  }
  return {};
}

Value FlowWalk::first_names() const {
  Value names = context_.run.trigger;
  if (!names.members()) names = Value::object();
  for (std::string_view name : {"event", "tick", "input"}) {
    if (!names.find(name)) names.set(name, Value::object());
  }
  names.set("parameters", context_.definition->values);
  names.set("run", Value::object({{"uuid", to_string(context_.run.uuid)},
                                  {"flow", context_.flow_name},
                                  {"started_at", to_atom(context_.run.created_at)},
                                  {"late", context_.run.late}}));
  names.set("steps", Value::object());
  return names;
}

Result<StepEnd> FlowWalk::list(const std::vector<FlowStep>& steps, StepScope& scope) {
  for (const FlowStep& step : steps) {
    StepEnd went = TRY(one(step, scope));
    if (went != StepEnd::on) return went;
  }
  return StepEnd::on;
}

Result<StepEnd> FlowWalk::one(const FlowStep& step, StepScope& scope) {
  std::string key = scope.prefix + step.id;
  StepRow row = row_of(key, step.kind());
  if (row.state == FlowStepState::done || row.state == FlowStepState::skipped) {
    if (step.inner.empty()) {
      scope.set_step(step.id, row.output);
      return StepEnd::on;
    }
  }
  if (row.state == FlowStepState::failed) return after_failure(step, scope, row, row.problem);
  if (step.when && row.id == 0) {
    auto held = holds(*step.when, scope.names);
    if (!held) return after_failure(step, scope, row, whole_message(held.error()));
    if (!*held) {
      row.state = FlowStepState::skipped;
      return computed(step, scope, std::move(row), nullptr);
    }
  } else if (row.state == FlowStepState::skipped) {
    scope.set_step(step.id, nullptr);
    return StepEnd::on;
  }
  if (step.call) return call(step, scope, std::move(row));
  if (step.ask) return ask(step, scope, std::move(row));
  if (step.set) return set(step, scope, std::move(row));
  if (step.branch) return branch(step, scope, std::move(row));
  if (step.choose) return choose(step, scope, std::move(row));
  if (step.for_each) return for_each(step, scope, std::move(row));
  if (step.wait) return wait(step, scope, std::move(row));
  if (step.wait_for) return wait_for(step, scope, std::move(row));
  if (step.approve) return approve(step, scope, std::move(row));
  if (step.flow) return sub_flow(step, scope, std::move(row));
  return stop(step, scope, std::move(row));
}

StepRow FlowWalk::row_of(const std::string& key, std::string_view kind) {
  std::lock_guard lock(mutex_);
  auto found = rows_.find(key);
  if (found != rows_.end()) return found->second;
  return {
      .step = key, .kind = std::string(kind), .state = FlowStepState::waiting, .started_at = now_};
}

Result<StepEnd> FlowWalk::computed(const FlowStep& step, StepScope& scope, StepRow row,
                                   Value output) {
  if (row.state == FlowStepState::waiting) row.state = FlowStepState::done;
  row.output = output;
  row.due_at.reset();
  row.ended_at = now_;
  scope.set_step(step.id, std::move(output));
  note(std::move(row));
  return StepEnd::on;
}

void FlowWalk::note(StepRow row) {
  std::lock_guard lock(mutex_);
  auto& known = rows_[row.step];
  bool same = known.id != 0 && known.state == row.state && known.attempts == row.attempts &&
              known.due_at == row.due_at;
  if (row.id == 0) row.id = -1;  // Known, though it is not written yet.
  known = row;
  if (!same) pending_.push_back(std::move(row));
}

Result<> FlowWalk::write_pending(Transaction& transaction) {
  std::lock_guard lock(mutex_);
  for (const StepRow& row : pending_) TRY(keep_step(transaction, context_.run.id, row));
  return {};
}

Result<> FlowWalk::mark(Transaction& transaction, const StepRow& row, std::size_t& written) {
  auto now = TRY(run_by_id(transaction, context_.run.id));
  if (!now || now->state != RunState::running) return not_running();
  {
    std::lock_guard lock(mutex_);
    written = flushed_ + pending_.size();
    for (const StepRow& before : pending_) {
      TRY(keep_step(transaction, context_.run.id, before));
    }
  }
  return keep_step(transaction, context_.run.id, row);
}

void FlowWalk::marked(const StepRow& row, std::size_t written) {
  std::lock_guard lock(mutex_);
  // Another item's mark may have taken some of the same rows along.
  if (written > flushed_) {
    auto taken = static_cast<std::ptrdiff_t>(written - flushed_);
    pending_.erase(pending_.begin(), pending_.begin() + taken);
    flushed_ = written;
  }
  rows_[row.step] = row;
  rows_[row.step].id = -1;
}

StepEnd FlowWalk::park(StepRow row, std::optional<WaitRow> wait) {
  std::optional<Time> due = row.due_at;
  note(std::move(row));
  std::lock_guard lock(mutex_);
  if (due && (!due_ || *due < *due_)) due_ = due;
  if (wait) waits_.push_back(*std::move(wait));
  return StepEnd::waits;
}

Result<StepEnd> FlowWalk::after_failure(const FlowStep& step, StepScope& scope, StepRow row,
                                        std::string problem) {
  bool goes_on = step.on_failure.value_or(OnFailure::stop) == OnFailure::go_on;
  if (row.state != FlowStepState::failed) {
    row.state = FlowStepState::failed;
    row.problem = problem;
    row.output = failed_output(problem);
    row.due_at.reset();
    row.ended_at = now_;
    note(row);
  }
  if (goes_on) {
    scope.set_step(step.id, failed_output(problem));
    return StepEnd::on;
  }
  std::lock_guard lock(mutex_);
  end_ = {.state = RunState::failed, .problem = fmt::format("{}: {}", row.step, problem)};
  return StepEnd::failed;
}

void FlowWalk::tell(const FlowStep& step, const std::string& key, std::string would) {
  std::lock_guard lock(mutex_);
  rehearsed_.push_back({.step = key, .kind = std::string(step.kind()), .would = std::move(would)});
}

bool is_awaited(const WaitRow& wait, const EventRow& event) {
  if (wait.condition.empty()) return true;
  auto names = parse_json(wait.names);
  if (!names || !names->members()) return false;
  names->set("event", event.payload);
  auto held = holds(wait.condition, *names, Effort::short_);
  return held && *held;  // What cannot be said of this event does not hold.
}

void Rehearsal::describe(Fields<Rehearsal>& field) {
  field("step", &Rehearsal::step, "The step.");
  field("kind", &Rehearsal::kind, "What kind of step it is.");
  field("would", &Rehearsal::would, "What it would do, in a sentence.");
  field("tool", &Rehearsal::tool, "The tool it would call; \"\" for none.");
  field("input", &Rehearsal::input, "What the tool would be given.");
  field("output", &Rehearsal::output, "What the tool answers, or would.");
  field("effects", &Rehearsal::effects, "What it would change.");
}

Result<> go_on(Database& database, FlowTools& tools, RunContext context) {
  for (std::size_t look = 0; look < looks_max; look++) {
    FlowWalk walk(database, tools, context, false);
    TRY(walk.read());
    StepEnd went = TRY(walk.walk());
    if (TRY(walk.settle(went))) return {};
  }
  return {};
}

Result<std::vector<Rehearsal>> rehearse(Database& database, FlowTools& tools, RunContext context) {
  FlowWalk walk(database, tools, context, true);
  TRY(walk.read());
  TRY(walk.walk());
  if (walk.end().state == RunState::failed) {
    std::vector<Rehearsal> lines = std::move(walk).rehearsed();
    lines.push_back({.step = "", .kind = "end", .would = "It would fail: " + walk.end().problem});
    return lines;
  }
  return std::move(walk).rehearsed();
}

}  // namespace piggy
