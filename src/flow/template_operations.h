#pragma once

// Flows that are shipped ready to use.

#include <span>

#include "connection/connection.h"
#include "flow/operations.h"

namespace piggy {

struct FlowTemplate {
  std::string_view name;
  std::string_view title;
  std::string_view definition;  // JSON.
};
std::span<const FlowTemplate> flow_templates();

struct ListFlowTemplates {
  static constexpr OperationInfo info = {
      .name = "list_flow_templates",
      .title = "List Flow Templates",
      .about = "Lists the flows that are shipped ready to use, with what each needs to know.",
      .verb = Verb::get,
      .path = "/flow-templates",
      .scope = "flows:read",
      .surface = Surface::platform,
      .wire = {.data = "templates"}};
  using Input = Empty;
  struct Template {
    std::string name = {};
    std::string title = {};
    std::string about = {};
    std::vector<FlowParameter> parameters = {};
    std::vector<std::string> tools = {};
    Value definition = {};
    static void describe(Fields<Template>& field);
  };
  struct Output {
    std::vector<Template> templates = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input&);
};

struct InstallFlowTemplate {
  static constexpr OperationInfo info = {
      .name = "install_flow_template",
      .title = "Install Flow Template",
      .about =
          "Makes a flow of a template and enables it, in one step: with `grant` the persona is "
          "also "
          "given the tools that the template calls. All that is missing (a parameter, a form, a "
          "sequence, a connection, a grant) is named at once, and then nothing is made.",
      .verb = Verb::post,
      .path = "/flow-templates/{template_name}/install",
      .scope = "flows:write",
      .effect = Effect::write,
      .surface = Surface::platform,
      .wire = {.status = 201}};
  struct Input {
    std::string template_name = {};
    Uuid persona_uuid = {};
    std::optional<std::string> name = {};
    std::optional<Value> parameters = {};
    std::optional<bool> enabled = {};
    std::optional<bool> grant = {};
    static void describe(Fields<Input>& field);
  };
  using Output = FlowWithSteps;
  static Result<Output> run(const Connections& connections, Call& call, const Input& input);
};

}  // namespace piggy
