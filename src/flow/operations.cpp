#include "flow/operations.h"

#include <fmt/format.h>

#include "access/access.h"
#include "flow/run_operations.h"
#include "flow/template_operations.h"
#include "persona/persona.h"
#include "shape/read.h"

namespace piggy {
namespace {

constexpr std::size_t next_runs_shown = 5;

Result<> must_be_object(const std::optional<Value>& parameters) {
  if (!parameters || parameters->is_null() || parameters->members()) return {};
  return fail_field("/parameters", "Parameters are an object: their names with their values.");
}

// Paths of problems begin where the caller wrote: /definition/steps/0.
Result<std::shared_ptr<const FlowDefinition>> read_checked(Transaction& transaction,
                                                           const Value& definition,
                                                           const Value& parameters) {
  auto read = read_definition(definition, parameters, TRY(time_zone_of(transaction)));
  if (read) return read;
  Error error = std::move(read.error());
  for (FieldError& field : error.fields) {
    bool said = field.path.starts_with("/parameters/") && !field.path.ends_with("/name");
    if (!said) field.path = "/definition" + field.path;
  }
  return fail(std::move(error));
}

std::vector<Time> next_runs(const FlowRow& row, const FlowDefinition& definition) {
  std::vector<Time> runs;
  if (!row.tick_at || !definition.trigger.schedule) return runs;
  Recurrence recurrence = definition.trigger.schedule->recurrence();
  Time at = *row.tick_at;
  while (runs.size() < next_runs_shown) {
    runs.push_back(at);
    at = next_tick(recurrence, at).at;
  }
  return runs;
}

Result<Flow> shown(Transaction& transaction, const FlowRow& row, const FlowDefinition& definition,
                   std::int64_t version) {
  Flow flow{.uuid = row.uuid,
            .name = row.name,
            .about = definition.about,
            .enabled = row.enabled,
            .trigger = row.trigger_kind,
            .version = version,
            .template_name = row.template_name,
            .parameters = definition.parameters,
            .next_runs = next_runs(row, definition),
            .created_at = row.created_at,
            .updated_at = row.updated_at};
  for (FlowParameter& parameter : flow.parameters) {
    if (const Value* value = definition.values.find(parameter.name)) parameter.value = *value;
  }
  flow.persona_uuid = TRY(personas(transaction, row.persona_id)).front().uuid;
  return flow;
}

}  // namespace

Result<std::shared_ptr<const FlowDefinition>> definition_of(Transaction& transaction,
                                                            const FlowVersionRow& version) {
  return read_definition(version.definition, version.parameters, TRY(time_zone_of(transaction)));
}

Result<std::shared_ptr<const FlowDefinition>> definition_of(Transaction& transaction,
                                                            const FlowRow& flow) {
  return definition_of(transaction, TRY(version_of(transaction, flow.version_id)));
}

Result<FlowWithSteps> shown_flow(Call& call, const FlowRow& row) {
  FlowVersionRow version = TRY(version_of(call.transaction, row.version_id));
  auto definition = TRY(definition_of(call.transaction, version));
  FlowWithSteps flow{.flow = TRY(shown(call.transaction, row, *definition, version.number)),
                     .definition = version.definition};
  return flow;
}

Result<CreateFlow::Output> CreateFlow::run(Call& call, const Input& input) {
  TRY(must_be_object(input.parameters));
  Value parameters = input.parameters.value_or(Value::object());
  if (parameters.is_null()) parameters = Value::object();
  auto read = TRY(read_checked(call.transaction, input.definition, parameters));
  FlowRow row{.name = input.name,
              .persona_id = TRY(persona_id_of(call.transaction, input.persona_uuid)),
              .person_id = call.caller.person_id,
              .enabled = input.enabled.value_or(false)};
  TRY(make_flow(call.transaction, row));
  TRY(add_version(call.transaction, row, input.definition, parameters, *read));
  call.changes("flow " + row.name, nullptr, "created");
  FlowWithSteps flow = TRY(shown_flow(call, row));
  if (read->trigger.webhook) flow.hook_url = TRY(new_hook(call, row));
  return flow;
}

Result<UpdateFlow::Output> UpdateFlow::run(Call& call, const Input& input) {
  TRY(must_be_object(input.parameters));
  FlowRow row = TRY(flow_of(call.transaction, input.flow_uuid));
  FlowVersionRow version = TRY(version_of(call.transaction, row.version_id));
  if (input.name) row.name = *input.name;
  if (input.persona_uuid) {
    row.persona_id = TRY(persona_id_of(call.transaction, *input.persona_uuid));
    row.person_id = call.caller.person_id;  // It acts on behalf of who gave it that persona.
  }
  bool was_enabled = row.enabled;
  row.enabled = input.enabled.value_or(row.enabled);
  Value definition = input.definition.value_or(version.definition);
  // What is said changes, what is left out stays.
  Value parameters = version.parameters;
  if (input.parameters && input.parameters->members()) {
    for (const Member& member : *input.parameters->members()) {
      parameters.set(member.name, member.value);
    }
  }
  auto read = TRY(read_checked(call.transaction, definition, parameters));
  bool new_version = definition != version.definition || parameters != version.parameters;
  if (new_version || row.enabled != was_enabled) {
    // Enabling sets the schedule up anew; so does whatever changes it.
    TRY(add_version(call.transaction, row, definition, parameters, *read));
  } else {
    TRY(keep_flow(call.transaction, row));
  }
  if (row.enabled != was_enabled) {
    call.changes("flow " + row.name + " is enabled", was_enabled, row.enabled);
  }
  if (new_version)
    call.changes("flow " + row.name, "version " + std::to_string(version.number), "a new version");
  FlowWithSteps flow = TRY(shown_flow(call, row));
  bool hooked = version.definition.find("trigger") &&
                version.definition.find("trigger")->find("webhook") != nullptr;
  if (read->trigger.webhook && !hooked) flow.hook_url = TRY(new_hook(call, row));
  return flow;
}

Result<DeleteFlow::Output> DeleteFlow::run(Call& call, const Input& input) {
  FlowRow row = TRY(flow_of(call.transaction, input.flow_uuid));
  Output output;
  for (;;) {
    bool any = false;
    for (RunState state :
         {RunState::queued, RunState::waiting, RunState::running, RunState::paused}) {
      for (const RunRow& run :
           TRY(runs(call.transaction, {.flow_id = row.id, .state = state, .limit = 500}))) {
        any = TRY(end_run(call.transaction, run,
                          {.state = RunState::cancelled, .problem = "The flow was deleted."})) ||
              any;
        output.cancelled++;
      }
    }
    if (!any) break;
  }
  TRY(delete_flow(call.transaction, row));
  call.changes("flow " + row.name, "there", nullptr);
  return output;
}

Result<ListFlows::Output> ListFlows::run(Call& call, const Input&) {
  Output output;
  for (const FlowRow& row : TRY(flows(call.transaction))) {
    FlowVersionRow version = TRY(version_of(call.transaction, row.version_id));
    auto definition = TRY(definition_of(call.transaction, version));
    output.flows.push_back(TRY(shown(call.transaction, row, *definition, version.number)));
  }
  return output;
}

Result<GetFlow::Output> GetFlow::run(Call& call, const Input& input) {
  return shown_flow(call, TRY(flow_of(call.transaction, input.flow_uuid)));
}

Result<CheckFlow::Output> CheckFlow::run(Call& call, const Input& input) {
  TRY(must_be_object(input.parameters));
  Value parameters = input.parameters.value_or(Value::object());
  auto read = read_checked(call.transaction, input.definition, parameters);
  Output output;
  if (read) return output;
  if (read.error().code != ErrorCode::invalid) return fail(read.error());
  for (FieldError& field : read.error().fields) {
    output.problems.push_back({field.path, field.message});
  }
  return output;
}

Result<GetFlowSchema::Output> GetFlowSchema::run(Call&, const Input&) {
  return Output{.schema = definition_schema()};
}

void add_flow_operations(Catalogue& catalogue, const Connections& connections,
                         const std::unique_ptr<FlowRunner>& runner) {
  catalogue.add<ListFlowTemplates>();
  catalogue.add<InstallFlowTemplate>(connections);
  catalogue.add<CheckFlow>();
  catalogue.add<GetFlowSchema>();
  catalogue.add<CreateFlow>();
  catalogue.add<ListFlows>();
  catalogue.add<GetFlow>();
  catalogue.add<UpdateFlow>();
  catalogue.add<DeleteFlow>();
  catalogue.add<RenewFlowHook>();
  catalogue.add<RunFlow>();
  catalogue.add<RehearseFlow>(runner);
  catalogue.add<ReceiveFlowHook>();
  catalogue.add<ListFlowRuns>();
  catalogue.add<GetFlowRun>();
  catalogue.add<PauseFlowRun>();
  catalogue.add<ResumeFlowRun>();
  catalogue.add<CancelFlowRun>();
  catalogue.add<ReplayFlowRun>();
  catalogue.add<UpgradeFlowRun>();
  catalogue.add<DecideFlowStep>();
}

void Flow::describe(Fields<Flow>& field) {
  field("uuid", &Flow::uuid, "The flow.");
  field("name", &Flow::name, "Its name.");
  field("about", &Flow::about, "What it is for.");
  field("persona_uuid", &Flow::persona_uuid, "The persona it acts as.");
  field("enabled", &Flow::enabled, "Whether it starts by itself.");
  field("trigger", &Flow::trigger, "What starts it: event, form, schedule, webhook or manual.");
  field("version", &Flow::version, "The number of its version.");
  field("template_name", &Flow::template_name, "The template it was made from; \"\" for none.");
  field("parameters", &Flow::parameters, "What can be changed without touching the steps.");
  field("next_runs", &Flow::next_runs, "The next times of its schedule.");
  field("created_at", &Flow::created_at, "When it was made.");
  field("updated_at", &Flow::updated_at, "When it was changed last.");
}
void FlowWithSteps::describe(Fields<FlowWithSteps>& field) {
  field("flow", &FlowWithSteps::flow, "The flow.");
  field("definition", &FlowWithSteps::definition, "Its definition; see get_flow_schema.");
  field("hook_url", &FlowWithSteps::hook_url,
        "Where other systems post to start it: a secret, shown this once. \"\" otherwise.",
        {.format = Format::secret});
}
void CreateFlow::Input::describe(Fields<Input>& field) {
  field("name", &Input::name, "What it is called; no other flow may be.", {.min = 1, .max = 100});
  field("persona_uuid", &Input::persona_uuid, "The persona it acts as.");
  field("definition", &Input::definition, "Trigger and steps; see get_flow_schema.");
  field("parameters", &Input::parameters, "Values of its parameters, by name.");
  field("enabled", &Input::enabled, "Whether it starts by itself at once; no by default.");
}
void UpdateFlow::Input::describe(Fields<Input>& field) {
  field("flow_uuid", &Input::flow_uuid, "The flow.");
  field("name", &Input::name, "What it is called.", {.min = 1, .max = 100});
  field("persona_uuid", &Input::persona_uuid, "The persona it acts as.");
  field("definition", &Input::definition, "Trigger and steps, as a whole.");
  field("parameters", &Input::parameters, "New values of parameters; those left out stay.");
  field("enabled", &Input::enabled, "Whether it starts by itself.");
}
void DeleteFlow::Input::describe(Fields<Input>& field) {
  field("flow_uuid", &Input::flow_uuid, "The flow.");
}
void DeleteFlow::Output::describe(Fields<Output>& field) {
  field("cancelled", &Output::cancelled, "How many runs were cancelled with it.");
}
void ListFlows::Output::describe(Fields<Output>& field) {
  field("flows", &Output::flows, "The flows.");
}
void GetFlow::Input::describe(Fields<Input>& field) {
  field("flow_uuid", &Input::flow_uuid, "The flow.");
}
void CheckFlow::Input::describe(Fields<Input>& field) {
  field("definition", &Input::definition, "Trigger and steps; see get_flow_schema.");
  field("parameters", &Input::parameters, "Values of its parameters, by name.");
}
void CheckFlow::Problem::describe(Fields<Problem>& field) {
  field("path", &Problem::path, "Where it is, as a JSON Pointer.");
  field("message", &Problem::message, "What is wrong.");
}
void CheckFlow::Output::describe(Fields<Output>& field) {
  field("problems", &Output::problems, "All that is wrong; empty when it is fine.");
}
void GetFlowSchema::Output::describe(Fields<Output>& field) {
  field("schema", &Output::schema, "The schema.");
}

}  // namespace piggy
