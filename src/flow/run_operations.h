#pragma once

// Runs of flows: begun, looked at step by step, held, cancelled, done again.

#include "flow/flow.h"
#include "flow/run.h"
#include "flow/runner.h"
#include "operation/operation.h"

namespace piggy {

// A run as it is shown.
struct FlowRun {
  Uuid uuid = {};
  Uuid flow_uuid = {};
  std::string flow = {};
  std::int64_t version = 0;
  RunState state = RunState::running;
  bool late = false;
  std::string problem = {};
  std::optional<Time> due_at = {};
  std::optional<Uuid> replay_of = {};
  Time created_at = {};
  std::optional<Time> ended_at = {};
  static void describe(Fields<FlowRun>& field);
};

struct FlowRunStep {
  std::string step = {};
  std::string kind = {};
  std::string title = {};
  FlowStepState state = FlowStepState::waiting;
  Value input = {};
  Value output = {};
  std::string problem = {};
  std::int64_t attempts = 0;
  std::optional<Time> due_at = {};
  Time started_at = {};
  std::optional<Time> ended_at = {};
  static void describe(Fields<FlowRunStep>& field);
};

struct FlowRunWithSteps {
  FlowRun run = {};
  Value trigger = {};
  Value output = {};
  std::vector<FlowRunStep> steps = {};
  static void describe(Fields<FlowRunWithSteps>& field);
};

struct RunFlow {
  static constexpr OperationInfo info = {
      .name = "run_flow",
      .title = "Run Flow",
      .about =
          "Starts a flow now, whatever its trigger and whether it is enabled or not, and answers "
          "at "
          "once; get_flow_run tells how it goes on. The flow's steps act as the flow's own "
          "persona, "
          "within that persona's grants. What its steps do may not be taken back.",
      .verb = Verb::post,
      .path = "/flows/{flow_uuid}/runs",
      .scope = "flows:write",
      .effect = Effect::write,
      .surface = Surface::platform,
      .tool = true,
      .wire = {.status = 201}};
  struct Input {
    Uuid flow_uuid = {};
    std::optional<Value> input = {};
    static void describe(Fields<Input>& field);
  };
  using Output = FlowRun;
  static Result<Output> run(Call& call, const Input& input);
};

struct RehearseFlow {
  static constexpr OperationInfo info = {
      .name = "rehearse_flow",
      .title = "Rehearse Flow",
      .about =
          "Walks through a flow without changing or sending anything, and tells step by step what "
          "it would do: to whom, with which effect. Waits are passed over, people are taken to say "
          "yes, and a persona's answer is the one for when there is no model.",
      .verb = Verb::post,
      .path = "/flows/{flow_uuid}/rehearsal",
      .scope = "flows:read",
      .surface = Surface::platform};
  struct Input {
    Uuid flow_uuid = {};
    std::optional<Value> event = {};
    std::optional<Value> tick = {};
    std::optional<Value> input = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<Rehearsal> steps = {};
    static void describe(Fields<Output>& field);
  };
  using Prepared = Output;
  static Result<Prepared> prepare(const std::unique_ptr<FlowRunner>& runner,
                                  const Preparation& preparation, const Input& input);
  static Result<Output> run(const std::unique_ptr<FlowRunner>& runner, Call& call,
                            const Input& input, const Prepared& prepared);
};

struct ReceiveFlowHook {
  static constexpr OperationInfo info = {
      .name = "receive_flow_hook",
      .title = "Receive Flow Hook",
      .about =
          "Starts a flow from another system, by the secret address that was shown when the flow "
          "was made. What is posted becomes the flow's `input`. With an Idempotency-Key it starts "
          "once, however often it is posted.",
      .verb = Verb::post,
      .path = "/api/v1/flows/hooks/{secret}",
      .effect = Effect::write,
      .surface = Surface::open,
      .wire = {.status = 202}};
  struct Input {
    std::string secret = {};
    Value body = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    Uuid run_uuid = {};
    static void describe(Fields<Output>& field);
  };
  static Result<std::int64_t> account_of(Transaction& transaction, const Input& input);
  static Result<Output> run(Call& call, const Input& input);
};

struct RenewFlowHook {
  static constexpr OperationInfo info = {
      .name = "renew_flow_hook",
      .title = "Renew Flow Hook",
      .about =
          "Gives a flow with a webhook trigger a new secret address; the old one stops at once.",
      .verb = Verb::post,
      .path = "/flows/{flow_uuid}/hook",
      .scope = "flows:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    Uuid flow_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::string hook_url = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};
// A new secret address; the one before it works no more.
Result<std::string> new_hook(Call& call, const FlowRow& flow);

struct ListFlowRuns {
  static constexpr OperationInfo info = {
      .name = "list_flow_runs",
      .title = "List Flow Runs",
      .about = "Lists runs, the newest first: of one flow, in one state, before one that is known.",
      .verb = Verb::get,
      .path = "/flow-runs",
      .scope = "flows:read",
      .surface = Surface::platform,
      .wire = {.data = "runs"}};
  struct Input {
    std::optional<Uuid> flow_uuid = {};
    std::optional<RunState> state = {};
    std::optional<Uuid> before = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<FlowRun> runs = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetFlowRun {
  static constexpr OperationInfo info = {
      .name = "get_flow_run",
      .title = "Get Flow Run",
      .about =
          "Shows one run step by step: what each was given, what it answered, what it waits for.",
      .verb = Verb::get,
      .path = "/flow-runs/{run_uuid}",
      .scope = "flows:read",
      .surface = Surface::platform};
  struct Input {
    Uuid run_uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = FlowRunWithSteps;
  static Result<Output> run(Call& call, const Input& input);
};

struct PauseFlowRun {
  static constexpr OperationInfo info = {
      .name = "pause_flow_run",
      .title = "Pause Flow Run",
      .about = "Holds a run: no further step begins until it is resumed.",
      .verb = Verb::post,
      .path = "/flow-runs/{run_uuid}/pause",
      .scope = "flows:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid run_uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = FlowRun;
  static Result<Output> run(Call& call, const Input& input);
};

struct ResumeFlowRun {
  static constexpr OperationInfo info = {.name = "resume_flow_run",
                                         .title = "Resume Flow Run",
                                         .about = "Lets a paused run go on where it was.",
                                         .verb = Verb::post,
                                         .path = "/flow-runs/{run_uuid}/resume",
                                         .scope = "flows:write",
                                         .effect = Effect::write,
                                         .idempotent = true,
                                         .surface = Surface::platform};
  using Input = PauseFlowRun::Input;
  using Output = FlowRun;
  static Result<Output> run(Call& call, const Input& input);
};

struct CancelFlowRun {
  static constexpr OperationInfo info = {
      .name = "cancel_flow_run",
      .title = "Cancel Flow Run",
      .about =
          "Ends a run where it is. What its steps did stays; a call that is under way elsewhere "
          "may "
          "still be done. Cannot be taken back, but the run can be replayed.",
      .verb = Verb::post,
      .path = "/flow-runs/{run_uuid}/cancel",
      .scope = "flows:write",
      .effect = Effect::destructive,
      .idempotent = true,
      .surface = Surface::platform};
  using Input = PauseFlowRun::Input;
  using Output = FlowRun;
  static Result<Output> run(Call& call, const Input& input);
};

struct ReplayFlowRun {
  static constexpr OperationInfo info = {
      .name = "replay_flow_run",
      .title = "Replay Flow Run",
      .about =
          "Begins a new run with the same trigger, in the newest version. With `from_step` the "
          "results of the steps before that one are taken from the old run; that step and those "
          "after it are done, again if they were done before.",
      .verb = Verb::post,
      .path = "/flow-runs/{run_uuid}/replay",
      .scope = "flows:write",
      .effect = Effect::write,
      .surface = Surface::platform,
      .wire = {.status = 201}};
  struct Input {
    Uuid run_uuid = {};
    std::optional<std::string> from_step = {};
    static void describe(Fields<Input>& field);
  };
  using Output = FlowRun;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpgradeFlowRun {
  static constexpr OperationInfo info = {
      .name = "upgrade_flow_run",
      .title = "Upgrade Flow Run",
      .about =
          "Lets a run that waits or is paused go on by the newest version of its flow. Refused "
          "when "
          "a step that it has begun or done is gone there or does something else.",
      .verb = Verb::post,
      .path = "/flow-runs/{run_uuid}/upgrade",
      .scope = "flows:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  using Input = PauseFlowRun::Input;
  using Output = FlowRun;
  static Result<Output> run(Call& call, const Input& input);
};

struct DecideFlowStep {
  static constexpr OperationInfo info = {
      .name = "decide_flow_step",
      .title = "Decide Flow Step",
      .about = "Answers the question that a run waits with. A no ends the run there. Decided once.",
      .verb = Verb::post,
      .path = "/flow-runs/{run_uuid}/decision",
      .scope = "approvals:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    Uuid run_uuid = {};
    std::string step = {};
    bool approved = false;
    std::optional<std::string> note = {};
    static void describe(Fields<Input>& field);
  };
  using Output = FlowRun;
  static Result<Output> run(Call& call, const Input& input);
};

Result<FlowRun> shown_run(Transaction& transaction, const RunRow& run);

}  // namespace piggy
