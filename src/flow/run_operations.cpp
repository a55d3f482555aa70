#include "flow/run_operations.h"

#include <fmt/format.h>

#include <algorithm>

#include "access/access.h"
#include "flow/operations.h"

namespace piggy {
namespace {

constexpr std::int64_t runs_shown = 30;
constexpr std::string_view hook_path = "/api/v1/flows/hooks/";

std::unexpected<Error> is_over_already(const RunRow& run) {
  return fail(ErrorCode::conflict, fmt::format("This run is over: it is {}.", word_of(run.state)));
}

// The step's name in the flow, without which turn of a loop it is: "each[3].send" is "send".
std::string_view id_of(std::string_view key) {
  std::size_t dot = key.rfind('.');
  return dot == std::string_view::npos ? key : key.substr(dot + 1);
}

}  // namespace

Result<FlowRun> shown_run(Transaction& transaction, const RunRow& run) {
  FlowRun shown{.uuid = run.uuid,
                .version = TRY(version_of(transaction, run.version_id)).number,
                .state = run.state,
                .late = run.late,
                .problem = run.problem,
                .due_at = run.due_at,
                .replay_of = run.replay_of,
                .created_at = run.created_at,
                .ended_at = run.ended_at};
  auto flow = flow_by_id(transaction, run.flow_id);
  if (flow) {
    shown.flow_uuid = flow->uuid;
    shown.flow = flow->name;
  } else if (flow.error().code != ErrorCode::not_found) {
    return fail(flow.error());
  }
  return shown;
}

Result<RunFlow::Output> RunFlow::run(Call& call, const Input& input) {
  FlowRow flow = TRY(flow_of(call.transaction, input.flow_uuid));
  auto definition = TRY(definition_of(call.transaction, flow));
  Value given = input.input.value_or(Value::object());
  Value trigger = Value::object({{"input", given}});
  if (definition->trigger.schedule) {
    // As if its time were now, so that its steps find the day they look for.
    const std::string& zone = definition->trigger.schedule->zone;
    trigger.set("tick", tick_values(tick_at(call.now(), zone), zone, false));
  } else if (!definition->trigger.manual && !definition->trigger.webhook) {
    trigger.set("event", given);
  }
  StartedRun started =
      TRY(start_run(call.transaction, flow, *definition, {.trigger = std::move(trigger)}));
  call.changes("run of the flow " + flow.name, nullptr, "begun");
  return shown_run(call.transaction, started.run);
}

Result<RehearseFlow::Prepared> RehearseFlow::prepare(const std::unique_ptr<FlowRunner>& runner,
                                                     const Preparation& preparation,
                                                     const Input& input) {
  ASSERT(runner);
  Value trigger = Value::object();
  if (input.event) trigger.set("event", *input.event);
  if (input.tick) trigger.set("tick", *input.tick);
  if (input.input) trigger.set("input", *input.input);
  return Output{.steps =
                    TRY(runner->rehearse(preparation.caller.account_id, input.flow_uuid, trigger))};
}

Result<RehearseFlow::Output> RehearseFlow::run(const std::unique_ptr<FlowRunner>&, Call&,
                                               const Input&, const Prepared& prepared) {
  return prepared;
}

Result<std::string> new_hook(Call& call, const FlowRow& flow) {
  std::string secret = call.transaction.random().text(40, alphanumerics);
  TRY(set_hook(call.transaction, flow.id, hash_of_token(secret)));
  return call.settings.public_url + std::string(hook_path) + secret;
}

Result<RenewFlowHook::Output> RenewFlowHook::run(Call& call, const Input& input) {
  FlowRow flow = TRY(flow_of(call.transaction, input.flow_uuid));
  if (flow.trigger_kind != "webhook") {
    return fail(ErrorCode::conflict, "This flow is not started by a webhook.");
  }
  return Output{.hook_url = TRY(new_hook(call, flow))};
}

namespace {

Result<HookPlace> place_of(Transaction& transaction, const std::string& secret) {
  Transaction above = transaction.of(0);
  auto place = TRY(flow_by_hook(above, hash_of_token(secret)));
  if (place) return *place;
  return fail(
      {.code = ErrorCode::not_found, .message = "There is no such address.", .number = 404});
}

}  // namespace

Result<std::int64_t> ReceiveFlowHook::account_of(Transaction& transaction, const Input& input) {
  return TRY(place_of(transaction, input.secret)).account_id;
}

Result<ReceiveFlowHook::Output> ReceiveFlowHook::run(Call& call, const Input& input) {
  HookPlace place = TRY(place_of(call.transaction, input.secret));
  FlowRow flow = TRY(flow_by_id(call.transaction, place.flow_id));
  auto definition = TRY(definition_of(call.transaction, flow));
  StartedRun started = TRY(start_run(call.transaction, flow, *definition,
                                     {.trigger = Value::object({{"input", input.body}})}));
  return Output{.run_uuid = started.run.uuid};
}

Result<ListFlowRuns::Output> ListFlowRuns::run(Call& call, const Input& input) {
  RunFilter filter{.state = input.state, .limit = input.limit.value_or(runs_shown)};
  if (input.flow_uuid) filter.flow_id = TRY(flow_of(call.transaction, *input.flow_uuid)).id;
  if (input.before) filter.before = TRY(run_of(call.transaction, *input.before)).id;
  Output output;
  for (const RunRow& run : TRY(runs(call.transaction, filter))) {
    output.runs.push_back(TRY(shown_run(call.transaction, run)));
  }
  return output;
}

Result<GetFlowRun::Output> GetFlowRun::run(Call& call, const Input& input) {
  RunRow run = TRY(run_of(call.transaction, input.run_uuid));
  FlowRunWithSteps shown{
      .run = TRY(shown_run(call.transaction, run)), .trigger = run.trigger, .output = run.output};
  FlowVersionRow version = TRY(version_of(call.transaction, run.version_id));
  auto definition = definition_of(call.transaction, version);
  for (StepRow& row : TRY(steps_of(call.transaction, run.id))) {
    const FlowStep* step = definition ? (*definition)->find(id_of(row.step)) : nullptr;
    shown.steps.push_back({.step = row.step,
                           .kind = row.kind,
                           .title = step ? step->title.value_or("") : "",
                           .state = row.state,
                           .input = std::move(row.input),
                           .output = std::move(row.output),
                           .problem = row.problem,
                           .attempts = row.attempts,
                           .due_at = row.due_at,
                           .started_at = row.started_at,
                           .ended_at = row.ended_at});
  }
  return shown;
}

Result<PauseFlowRun::Output> PauseFlowRun::run(Call& call, const Input& input) {
  RunRow run = TRY(run_of(call.transaction, input.run_uuid));
  if (is_over(run.state)) return is_over_already(run);
  if (run.state == RunState::queued) {
    return fail(ErrorCode::conflict, "This run waits for others of its kind and has not begun.");
  }
  TRY(set_run_state(call.transaction, run.id, RunState::paused));
  return shown_run(call.transaction, TRY(run_of(call.transaction, input.run_uuid)));
}

Result<ResumeFlowRun::Output> ResumeFlowRun::run(Call& call, const Input& input) {
  RunRow run = TRY(run_of(call.transaction, input.run_uuid));
  if (is_over(run.state)) return is_over_already(run);
  if (run.state == RunState::paused) {
    TRY(set_run_state(call.transaction, run.id, RunState::running));
  }
  return shown_run(call.transaction, TRY(run_of(call.transaction, input.run_uuid)));
}

Result<CancelFlowRun::Output> CancelFlowRun::run(Call& call, const Input& input) {
  RunRow run = TRY(run_of(call.transaction, input.run_uuid));
  if (is_over(run.state) && run.state != RunState::cancelled) return is_over_already(run);
  std::string who = call.caller.person.empty() ? "a program" : call.caller.person;
  TRY(end_run(call.transaction, run,
              {.state = RunState::cancelled, .problem = fmt::format("Cancelled by {}.", who)}));
  return shown_run(call.transaction, TRY(run_of(call.transaction, input.run_uuid)));
}

Result<ReplayFlowRun::Output> ReplayFlowRun::run(Call& call, const Input& input) {
  RunRow old = TRY(run_of(call.transaction, input.run_uuid));
  auto found = flow_by_id(call.transaction, old.flow_id);
  if (!found) return fail(ErrorCode::conflict, "The flow of this run was deleted.");
  auto definition = TRY(definition_of(call.transaction, *found));
  RunRow again{.flow_id = old.flow_id,
               .version_id = found->version_id,
               .trigger = old.trigger,
               .lane = old.lane,
               .replay_of = old.uuid};
  std::vector<StepRow> kept;
  if (input.from_step) {
    auto all = definition->all_steps();
    auto from =
        std::ranges::find(all, *input.from_step, [](const FlowStep* step) { return step->id; });
    if (from == all.end()) {
      return fail_field("/from_step", "The flow has no such step in its newest version.");
    }
    for (StepRow& row : TRY(steps_of(call.transaction, old.id))) {
      // Steps of a loop belong to it.
      std::string_view first = std::string_view(row.step).substr(0, row.step.find('['));
      auto place = std::ranges::find(
          all, first, [](const FlowStep* step) { return std::string_view(step->id); });
      bool before =
          place < from && (row.state == FlowStepState::done || row.state == FlowStepState::skipped);
      if (before) kept.push_back(std::move(row));
    }
  }
  again = TRY(insert_run(call.transaction, std::move(again)));
  for (const StepRow& row : kept) TRY(keep_step(call.transaction, again.id, row));
  call.changes("run of the flow " + found->name, nullptr, "begun again");
  return shown_run(call.transaction, again);
}

Result<UpgradeFlowRun::Output> UpgradeFlowRun::run(Call& call, const Input& input) {
  RunRow run = TRY(run_of(call.transaction, input.run_uuid));
  if (is_over(run.state)) return is_over_already(run);
  if (run.state == RunState::running) {
    return fail({.code = ErrorCode::conflict,
                 .message = "A step of this run is under way. Pause it first, or try again.",
                 .retry_after_seconds = 1});
  }
  FlowRow flow = TRY(flow_by_id(call.transaction, run.flow_id));
  auto definition = TRY(definition_of(call.transaction, flow));
  std::string missing;
  for (const StepRow& row : TRY(steps_of(call.transaction, run.id))) {
    const FlowStep* step = definition->find(id_of(row.step));
    if (step && step->kind() == row.kind) continue;
    missing += fmt::format("{}{}", missing.empty() ? "" : ", ", row.step);
  }
  if (!missing.empty()) {
    return fail(ErrorCode::conflict,
                fmt::format("The newest version has no such steps, or they do something else: {}.",
                            missing));
  }
  TRY(move_run(call.transaction, run.id, flow.version_id));
  call.changes("version of the run", TRY(version_of(call.transaction, run.version_id)).number,
               TRY(version_of(call.transaction, flow.version_id)).number);
  return shown_run(call.transaction, TRY(run_of(call.transaction, input.run_uuid)));
}

Result<DecideFlowStep::Output> DecideFlowStep::run(Call& call, const Input& input) {
  RunRow run = TRY(run_of(call.transaction, input.run_uuid));
  if (is_over(run.state)) return is_over_already(run);
  if (call.caller.persona_id || !call.caller.person_id) {
    return fail({.code = ErrorCode::forbidden,
                 .message = "A person who is signed in decides about this.",
                 .number = 403});
  }
  auto steps = TRY(steps_of(call.transaction, run.id));
  auto row = std::ranges::find(steps, input.step, &StepRow::step);
  if (row == steps.end() || row->kind != "approve") {
    return fail_field("/step", "The run has no such question.");
  }
  if (row->state != FlowStepState::waiting) {
    return fail(ErrorCode::conflict, "This was decided already.");
  }
  if (row->due_at && *row->due_at <= call.now()) {
    return fail(ErrorCode::conflict, "It is too late to decide about this.");
  }
  Value output = Value::object({{"approved", input.approved},
                                {"by", call.caller.person},
                                {"note", input.note.value_or("")}});
  TRY(resolve_step(call.transaction, run.id, input.step,
                   input.approved ? FlowStepState::done : FlowStepState::failed, output,
                   input.approved ? "" : fmt::format("{} said no.", call.caller.person)));
  call.changes("question of the step " + input.step, "waits", input.approved ? "yes" : "no");
  return shown_run(call.transaction, TRY(run_of(call.transaction, input.run_uuid)));
}

void FlowRun::describe(Fields<FlowRun>& field) {
  field("uuid", &FlowRun::uuid, "The run.");
  field("flow_uuid", &FlowRun::flow_uuid, "Its flow; all zeros when that was deleted.");
  field("flow", &FlowRun::flow, "The flow's name.");
  field("version", &FlowRun::version, "The version it goes by.");
  field("state", &FlowRun::state, "How it stands.");
  field("late", &FlowRun::late, "Whether it was caught up after its time.");
  field("problem", &FlowRun::problem, "Why it ended as it did; \"\" when all went well.");
  field("due_at", &FlowRun::due_at, "When it goes on by itself.");
  field("replay_of", &FlowRun::replay_of, "The run that it repeats.");
  field("created_at", &FlowRun::created_at, "When it was begun.");
  field("ended_at", &FlowRun::ended_at, "When it ended.");
}
void FlowRunStep::describe(Fields<FlowRunStep>& field) {
  field("step", &FlowRunStep::step, "The step, with its place in a loop.");
  field("kind", &FlowRunStep::kind, "What kind of step it is.");
  field("title", &FlowRunStep::title, "What people read.");
  field("state", &FlowRunStep::state, "How it stands.");
  field("input", &FlowRunStep::input, "What it was given.", {.untrusted = true});
  field("output", &FlowRunStep::output, "What it answered.", {.untrusted = true});
  field("problem", &FlowRunStep::problem, "What went wrong last.");
  field("attempts", &FlowRunStep::attempts, "How often it was tried.");
  field("due_at", &FlowRunStep::due_at, "When it goes on by itself.");
  field("started_at", &FlowRunStep::started_at, "When it was begun.");
  field("ended_at", &FlowRunStep::ended_at, "When it ended.");
}
void FlowRunWithSteps::describe(Fields<FlowRunWithSteps>& field) {
  field("run", &FlowRunWithSteps::run, "The run.");
  field("trigger", &FlowRunWithSteps::trigger, "What started it.", {.untrusted = true});
  field("output", &FlowRunWithSteps::output, "What it answered.", {.untrusted = true});
  field("steps", &FlowRunWithSteps::steps, "Its steps, in the order in which they were begun.");
}
void RunFlow::Input::describe(Fields<Input>& field) {
  field("flow_uuid", &Input::flow_uuid, "The flow.");
  field("input", &Input::input,
        "What it is given: `input`, or `event` of a flow that an event starts.");
}
void RehearseFlow::Input::describe(Fields<Input>& field) {
  field("flow_uuid", &Input::flow_uuid, "The flow.");
  field("event", &Input::event, "The event it is to be taken to have been started by.");
  field("tick", &Input::tick, "The time of its schedule.");
  field("input", &Input::input, "What it is given.");
}
void RehearseFlow::Output::describe(Fields<Output>& field) {
  field("steps", &Output::steps, "What each step would do, in order.");
}
void ReceiveFlowHook::Input::describe(Fields<Input>& field) {
  field("secret", &Input::secret, "The secret end of the address.",
        {.min = 1, .max = 100, .format = Format::secret});
  field("body", &Input::body, "Whatever is posted.", {.flat = true, .untrusted = true});
}
void ReceiveFlowHook::Output::describe(Fields<Output>& field) {
  field("run_uuid", &Output::run_uuid, "The run that was begun.");
}
void RenewFlowHook::Input::describe(Fields<Input>& field) {
  field("flow_uuid", &Input::flow_uuid, "The flow.");
}
void RenewFlowHook::Output::describe(Fields<Output>& field) {
  field("hook_url", &Output::hook_url, "Where other systems post to start it; shown this once.",
        {.format = Format::secret});
}
void ListFlowRuns::Input::describe(Fields<Input>& field) {
  field("flow_uuid", &Input::flow_uuid, "Of this flow alone.");
  field("state", &Input::state, "In this state alone.");
  field("before", &Input::before, "Those before this run: the last of the page before.");
  field("limit", &Input::limit, "How many at most; 30 by default.", {.min = 1, .max = 100});
}
void ListFlowRuns::Output::describe(Fields<Output>& field) {
  field("runs", &Output::runs, "The runs.");
}
void GetFlowRun::Input::describe(Fields<Input>& field) {
  field("run_uuid", &Input::run_uuid, "The run.");
}
void PauseFlowRun::Input::describe(Fields<Input>& field) {
  field("run_uuid", &Input::run_uuid, "The run.");
}
void ReplayFlowRun::Input::describe(Fields<Input>& field) {
  field("run_uuid", &Input::run_uuid, "The run to repeat.");
  field("from_step", &Input::from_step, "The first step that is done anew; all without.",
        {.min = 1, .max = 40});
}
void DecideFlowStep::Input::describe(Fields<Input>& field) {
  field("run_uuid", &Input::run_uuid, "The run.");
  field("step", &Input::step, "The step that asks.", {.min = 1, .max = 200});
  field("approved", &Input::approved, "Yes or no.");
  field("note", &Input::note, "Why, for whoever reads the history.", {.max = 500});
}

}  // namespace piggy
