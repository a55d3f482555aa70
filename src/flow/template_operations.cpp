#include "flow/template_operations.h"

#include <fmt/format.h>

#include <algorithm>

#include "flow/expression.h"
#include "form/form.h"
#include "persona/operations.h"
#include "segment/segment.h"
#include "sequence/sequence.h"
#include "shape/json.h"
#include "shape/read.h"

namespace piggy {
namespace {

constexpr char lead_magnet[] = {
#embed "templates/lead_magnet.json"
};
constexpr char daily_rollup[] = {
#embed "templates/daily_rollup.json"
};
constexpr char segment_refresh[] = {
#embed "templates/segment_refresh.json"
};

constexpr FlowTemplate templates[] = {
    {"lead_magnet", "Lead-magnet sequence", {lead_magnet, sizeof lead_magnet}},
    {"daily_rollup", "Daily campaign roll-up", {daily_rollup, sizeof daily_rollup}},
    {"segment_refresh", "Segment refresh", {segment_refresh, sizeof segment_refresh}}};

Value definition_in(const FlowTemplate& one) {
  auto definition = parse_json(one.definition);
  ASSERT(definition);
  return *std::move(definition);
}

void gather_tools(const Value& value, std::vector<std::string>& tools) {
  if (const auto* items = value.items()) {
    for (const Value& item : *items) gather_tools(item, tools);
  } else if (const auto* members = value.members()) {
    if (const Value* call = value.find("call")) {
      std::string tool(call->text_of("tool"));
      if (std::ranges::find(tools, tool) == tools.end()) tools.push_back(std::move(tool));
    }
    for (const Member& member : *members) gather_tools(member.value, tools);
  }
}

// Parameters of templates that name something which must be there.
using Look = Result<> (*)(Transaction& transaction, const std::string& named);

template <auto find>
Result<> look(Transaction& transaction, const std::string& named) {
  auto uuid = parse_uuid(named);
  if (!uuid) return {};  // That it is none is said already.
  TRY(find(transaction, *uuid));
  return {};
}

Result<> look_for_connection(Transaction& transaction, const std::string& handle) {
  auto row = TRY(connection_by_handle(transaction, handle));
  if (row && row->state != ConnectionState::revoked) return {};
  return fail(ErrorCode::not_found,
              fmt::format("There is no connection {}; create_connection makes one.", handle));
}

constexpr std::pair<std::string_view, Look> things[] = {
    {"form_uuid", look<form_of>},         {"nurture_sequence", look<sequence_of>},
    {"warm_sequence", look<sequence_of>}, {"hot_sequence", look<sequence_of>},
    {"segment_uuid", look<segment_of>},   {"connection", look_for_connection},
    {"slack", look_for_connection}};

// What is said of the parameters, else what the template says.
Value parameter_values(const FlowFields& fields, const Value& said) {
  Value values = Value::object();
  for (const FlowParameter& parameter : *fields.parameters) {
    const Value* value = said.find(parameter.name);
    values.set(parameter.name,
               value && !value->is_null() ? *value : parameter.value.value_or(Value()));
  }
  return values;
}

// Adds the parameters that name nothing.
Result<> check_things(Transaction& transaction, const Value& values,
                      std::vector<FieldError>& problems) {
  for (const auto& [name, look_for] : things) {
    const Value* value = values.find(name);
    if (!value || !value->text() || value->text()->empty()) continue;
    Result<> found = look_for(transaction, *value->text());
    if (found) continue;
    if (found.error().code != ErrorCode::not_found) return found;
    problems.push_back({fmt::format("/parameters/{}", name), std::move(found.error().message)});
  }
  return {};
}

// The tools that the template calls and the persona may not. One whose name hangs on a parameter
// that says nothing is not known yet.
Result<std::vector<std::string>> missing_tools(Transaction& transaction, const Uuid& persona,
                                               const Value& definition, const Value& values) {
  std::vector<std::string> missing;
  gather_tools(*definition.find("steps"), missing);
  Value names = Value::object({{"parameters", values}});
  for (std::string& tool : missing) {
    auto filled = filled_in(tool, names);
    tool = filled && filled->text() ? *filled->text() : std::string();
  }
  std::erase(missing, "");
  std::int64_t id = TRY(persona_id_of(transaction, persona));
  for (const auto& [persona_id, grant] : TRY(grants(transaction, id))) {
    std::erase(missing, grant.name());
  }
  return missing;
}

// Makes the grants that are missing, where the caller wants it and may; else adds what is missing.
Result<> see_to_grants(const Connections& connections, Call& call,
                       const InstallFlowTemplate::Input& input, const Value& definition,
                       const Value& values, std::vector<FieldError>& problems) {
  std::vector<std::string> missing =
      TRY(missing_tools(call.transaction, input.persona_uuid, definition, values));
  if (missing.empty()) return {};
  bool may_grant = call.caller.may(GrantTools::info.scope);
  if (input.grant.value_or(false) && may_grant) {
    GrantTools::Input wanted{.persona_uuid = input.persona_uuid};
    for (std::string& tool : missing) wanted.grants.push_back({.tool = std::move(tool)});
    auto granted = GrantTools::run(connections, call, wanted);
    if (granted) return {};
    if (granted.error().code != ErrorCode::invalid) return fail(std::move(granted.error()));
    for (FieldError& field : granted.error().fields) {
      problems.push_back({"/persona_uuid", std::move(field.message)});
    }
    return {};
  }
  for (const std::string& tool : missing) {
    problems.push_back(
        {"/persona_uuid",
         fmt::format("The persona has not been granted {}; {}.", tool,
                     may_grant ? "`grant` grants it, or grant_tools within limits"
                               : "somebody who may change personas can do that by grant_tools")});
  }
  return {};
}

}  // namespace

std::span<const FlowTemplate> flow_templates() { return templates; }

Result<ListFlowTemplates::Output> ListFlowTemplates::run(Call&, const Input&) {
  Output output;
  for (const FlowTemplate& one : templates) {
    Value definition = definition_in(one);
    auto fields = read<FlowFields>(definition, Reading::strict);
    ASSERT(fields);
    Template shown{.name = std::string(one.name),
                   .title = std::string(one.title),
                   .about = fields->about.value_or(""),
                   .parameters = fields->parameters.value_or(std::vector<FlowParameter>()),
                   .definition = definition};
    gather_tools(*definition.find("steps"), shown.tools);
    output.templates.push_back(std::move(shown));
  }
  return output;
}

Result<InstallFlowTemplate::Output> InstallFlowTemplate::run(const Connections& connections,
                                                             Call& call, const Input& input) {
  auto found = std::ranges::find(templates, input.template_name, &FlowTemplate::name);
  if (found == std::end(templates)) {
    return fail({.code = ErrorCode::not_found,
                 .message = fmt::format("There is no template {}.", input.template_name),
                 .number = 404});
  }
  CreateFlow::Input flow{.name = input.name.value_or(std::string(found->title)),
                         .persona_uuid = input.persona_uuid,
                         .definition = definition_in(*found),
                         .parameters = input.parameters,
                         .enabled = input.enabled.value_or(true)};
  Value said = input.parameters.value_or(Value::object());
  auto fields = read<FlowFields>(flow.definition, Reading::strict);
  ASSERT(fields);
  Value values = parameter_values(*fields, said);
  std::vector<FieldError> problems;
  TRY(check_things(call.transaction, values, problems));
  TRY(see_to_grants(connections, call, input, flow.definition, values, problems));
  auto created = CreateFlow::run(call, flow);
  if (!created && created.error().code == ErrorCode::invalid) {
    std::ranges::move(created.error().fields, std::back_inserter(problems));
  } else if (!created) {
    return created;
  }
  if (!problems.empty()) return fail_fields(std::move(problems));
  FlowWithSteps made = *std::move(created);
  TRY(note_template(call.transaction, made.flow.uuid, found->name));
  made.flow.template_name = found->name;
  return made;
}

void ListFlowTemplates::Template::describe(Fields<Template>& field) {
  field("name", &Template::name, "Its name.");
  field("title", &Template::title, "What people call it.");
  field("about", &Template::about, "What it does.");
  field("parameters", &Template::parameters, "What it needs to know.");
  field("tools", &Template::tools, "The tools that its persona needs.");
  field("definition", &Template::definition, "Its definition.");
}
void ListFlowTemplates::Output::describe(Fields<Output>& field) {
  field("templates", &Output::templates, "The templates.");
}
void InstallFlowTemplate::Input::describe(Fields<Input>& field) {
  field("template_name", &Input::template_name, "The template.", {.min = 1, .max = 64});
  field("persona_uuid", &Input::persona_uuid, "The persona it acts as.");
  field("name", &Input::name, "What the flow is called; as the template without.",
        {.min = 1, .max = 100});
  field("parameters", &Input::parameters, "Values of the template's parameters, by name.");
  field("enabled", &Input::enabled, "Whether it starts by itself at once; yes by default.");
  field("grant", &Input::grant,
        "Whether the persona is granted, without limits, the tools that it lacks for it; no by "
        "default. Wants the scope personas:write.");
}

}  // namespace piggy
