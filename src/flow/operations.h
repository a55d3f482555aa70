#pragma once

// Flows, as people and programs make and change them. Runs: run_operations.h; templates:
// template_operations.h.

#include "connection/connection.h"
#include "flow/flow.h"
#include "flow/runner.h"
#include "operation/operation.h"

namespace piggy {

// A flow as it is shown.
struct Flow {
  Uuid uuid = {};
  std::string name = {};
  std::string about = {};
  Uuid persona_uuid = {};
  bool enabled = false;
  std::string trigger = {};
  std::int64_t version = 0;
  std::string template_name = {};
  std::vector<FlowParameter> parameters = {};
  std::vector<Time> next_runs = {};
  Time created_at = {};
  Time updated_at = {};
  static void describe(Fields<Flow>& field);
};

struct FlowWithSteps {
  Flow flow = {};
  Value definition = {};
  std::string hook_url = {};
  static void describe(Fields<FlowWithSteps>& field);
};

struct CreateFlow {
  static constexpr OperationInfo info = {
      .name = "create_flow",
      .title = "Create Flow",
      .about =
          "Makes a flow: what starts it, and the steps it then takes as a persona, within that "
          "persona's grants. All that is wrong with the definition is named at once. Unless "
          "`enabled` it does nothing by itself yet.",
      .verb = Verb::post,
      .path = "/flows",
      .scope = "flows:write",
      .effect = Effect::write,
      .surface = Surface::platform,
      .wire = {.status = 201}};
  struct Input {
    std::string name = {};
    Uuid persona_uuid = {};
    Value definition = {};
    std::optional<Value> parameters = {};
    std::optional<bool> enabled = {};
    static void describe(Fields<Input>& field);
  };
  using Output = FlowWithSteps;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdateFlow {
  static constexpr OperationInfo info = {
      .name = "update_flow",
      .title = "Update Flow",
      .about =
          "Changes a flow; what is left out stays. A changed definition or parameter (the hour, a "
          "threshold, the sequence) is a new version, which runs from then on begin with; runs "
          "under way keep theirs. `enabled` false stops it from starting by itself.",
      .verb = Verb::put,
      .path = "/flows/{flow_uuid}",
      .scope = "flows:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid flow_uuid = {};
    std::optional<std::string> name = {};
    std::optional<Uuid> persona_uuid = {};
    std::optional<Value> definition = {};
    std::optional<Value> parameters = {};
    std::optional<bool> enabled = {};
    static void describe(Fields<Input>& field);
  };
  using Output = FlowWithSteps;
  static Result<Output> run(Call& call, const Input& input);
};

struct DeleteFlow {
  static constexpr OperationInfo info = {
      .name = "delete_flow",
      .title = "Delete Flow",
      .about =
          "Takes a flow away. Its runs under way are cancelled; what they did stays, and so does "
          "their history. Cannot be taken back.",
      .verb = Verb::del,
      .path = "/flows/{flow_uuid}",
      .scope = "flows:write",
      .effect = Effect::destructive,
      .surface = Surface::platform};
  struct Input {
    Uuid flow_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::int64_t cancelled = 0;
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct ListFlows {
  static constexpr OperationInfo info = {.name = "list_flows",
                                         .title = "List Flows",
                                         .about = "Lists the flows, the oldest first.",
                                         .verb = Verb::get,
                                         .path = "/flows",
                                         .scope = "flows:read",
                                         .surface = Surface::platform,
                                         .wire = {.data = "flows"}};
  using Input = Empty;
  struct Output {
    std::vector<Flow> flows = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input&);
};

struct GetFlow {
  static constexpr OperationInfo info = {
      .name = "get_flow",
      .title = "Get Flow",
      .about = "Shows one flow with its definition, its parameters and when it runs next.",
      .verb = Verb::get,
      .path = "/flows/{flow_uuid}",
      .scope = "flows:read",
      .surface = Surface::platform};
  struct Input {
    Uuid flow_uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = FlowWithSteps;
  static Result<Output> run(Call& call, const Input& input);
};

struct CheckFlow {
  static constexpr OperationInfo info = {
      .name = "check_flow",
      .title = "Check Flow",
      .about = "Says all that is wrong with a definition, and keeps nothing.",
      .verb = Verb::post,
      .path = "/flows/check",
      .scope = "flows:read",
      .surface = Surface::platform};
  struct Input {
    Value definition = {};
    std::optional<Value> parameters = {};
    static void describe(Fields<Input>& field);
  };
  struct Problem {
    std::string path = {};
    std::string message = {};
    static void describe(Fields<Problem>& field);
  };
  struct Output {
    std::vector<Problem> problems = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetFlowSchema {
  static constexpr OperationInfo info = {
      .name = "get_flow_schema",
      .title = "Get Flow Schema",
      .about = "The JSON Schema (2020-12) of a flow's definition.",
      .verb = Verb::get,
      .path = "/flows/schema",
      .scope = "flows:read",
      .surface = Surface::platform,
      .wire = {.data = "schema"}};
  using Input = Empty;
  struct Output {
    Value schema = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input&);
};

// What other files of operations need.
Result<FlowWithSteps> shown_flow(Call& call, const FlowRow& row);
Result<std::shared_ptr<const FlowDefinition>> definition_of(Transaction& transaction,
                                                            const FlowVersionRow& version);
// Of its newest version.
Result<std::shared_ptr<const FlowDefinition>> definition_of(Transaction& transaction,
                                                            const FlowRow& flow);

// `runner` stands where the operation that needs it can find it once there is one. Both are
// borrowed and outlive the catalogue.
void add_flow_operations(Catalogue& catalogue, const Connections& connections,
                         const std::unique_ptr<FlowRunner>& runner);

}  // namespace piggy
