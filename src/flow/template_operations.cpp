#include "flow/template_operations.h"

#include <fmt/format.h>

#include <algorithm>

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

Result<InstallFlowTemplate::Output> InstallFlowTemplate::run(Call& call, const Input& input) {
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
  FlowWithSteps made = TRY(CreateFlow::run(call, flow));
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
}

}  // namespace piggy
