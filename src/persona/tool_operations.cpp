#include "persona/tool_operations.h"

#include <fmt/format.h>

#include "operation/tool_schema.h"
#include "persona/plan.h"
#include "shape/schema.h"

namespace piggy {
namespace {

bool can_be_undone(const Tool& tool) {
  return tool.connection_id == 0 && !tool.operation->info.undone_by.empty();
}

}  // namespace

Result<Tool> offered_tool(const Connections& connections, Transaction& transaction,
                          std::string_view name) {
  auto tool = connections.tool(transaction, name);
  if (!tool && tool.error().code != ErrorCode::not_found) return tool;
  if (tool && tool->connection_id) return tool;
  // Ours have their prefix here: without it a name is an operation's.
  if (tool && tool->operation->info.tool && tool->name() == name) return tool;
  return fail(ErrorCode::not_found, fmt::format("There is no tool {}.", name));
}

void ListTools::Item::describe(Fields<Item>& field) {
  field("tool", &Item::tool, "The tool's name.");
  field("title", &Item::title, "Its name for people.");
  field("connection", &Item::connection, "The connection it belongs to; empty for this Piggy.");
  field("about", &Item::about, "What it does.");
  field("effect", &Item::effect, "read, write or destructive.");
  field("price", &Item::price, "What a call costs, in plan credits.");
  field("can_be_undone", &Item::can_be_undone, "Whether undo_call can take a call back.");
}

Result<ListTools::Output> ListTools::run(const Connections& connections, Call& call, const Input&) {
  Output output;
  for (const Tool& tool : TRY(connections.tools(call.transaction))) {
    const OperationInfo& info = tool.operation->info;
    output.tools.push_back({.tool = tool.name(),
                            .title = std::string(info.title),
                            .connection = tool.connection,
                            .about = std::string(info.about),
                            .effect = std::string(word_of(info.effect)),
                            .price = price_of(info),
                            .can_be_undone = can_be_undone(tool)});
  }
  return output;
}

void GetTool::Input::describe(Fields<Input>& field) {
  field("tool", &Input::tool, "The tool's name, such as piggy_list_perks.", {.min = 1});
}

void GetTool::Output::describe(Fields<Output>& field) {
  field("tool", &Output::tool, "The tool's name.");
  field("title", &Output::title, "Its name for people.");
  field("connection", &Output::connection, "The connection it belongs to; empty for this Piggy.");
  field("about", &Output::about, "What it does.");
  field("effect", &Output::effect, "read, write or destructive.");
  field("price", &Output::price, "What a call costs, in plan credits.");
  field("can_be_undone", &Output::can_be_undone, "Whether undo_call can take a call back.");
  field("input_schema", &Output::input_schema, "What it takes, as JSON Schema 2020-12.");
  field("output_schema", &Output::output_schema,
        "What it answers, as JSON Schema 2020-12; null for a connection's, which may tell less.");
}

Result<GetTool::Output> GetTool::run(const Connections& connections, Call& call,
                                     const Input& input) {
  Tool tool = TRY(offered_tool(connections, call.transaction, input.tool));
  const OperationInfo& info = tool.operation->info;
  Output output{.tool = tool.name(),
                .title = std::string(info.title),
                .connection = tool.connection,
                .about = std::string(info.about),
                .effect = std::string(word_of(info.effect)),
                .price = price_of(info),
                .can_be_undone = can_be_undone(tool),
                .input_schema = tool_input_schema(*tool.operation)};
  if (!tool.connection_id) {
    output.output_schema = json_schema(*tool.operation->output, SchemaSide::output);
  }
  return output;
}

void add_tool_operations(Catalogue& catalogue, const Connections& connections) {
  catalogue.add<ListTools>(connections);
  catalogue.add<GetTool>(connections);
}

}  // namespace piggy
