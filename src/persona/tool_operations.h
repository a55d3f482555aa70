#pragma once

// Tools as people choose and try them.

#include "connection/connection.h"
#include "operation/operation.h"

namespace piggy {

// The tool of that name if it can be granted and called; `not_found` otherwise. Not every operation
// that has a name is offered as a tool.
Result<Tool> offered_tool(const Connections& connections, Transaction& transaction,
                          std::string_view name);

struct ListTools {
  static constexpr OperationInfo info = {
      .name = "list_tools",
      .title = "List Tools",
      .about = "Lists the tools that can be granted, each with what it does and what it costs.",
      .verb = Verb::get,
      .path = "/tools",
      .scope = "personas:read",
      .surface = Surface::platform,
      .wire = {.data = "tools"}};
  using Input = Empty;
  struct Item {
    std::string tool = {};
    std::string title = {};
    std::string connection = {};
    std::string about = {};
    std::string effect = {};
    std::int64_t price = 0;
    bool can_be_undone = false;
    static void describe(Fields<Item>& field);
  };
  struct Output {
    std::vector<Item> tools = {};
    static void describe(Fields<Output>& field) { field("tools", &Output::tools, "The tools."); }
  };
  static Result<Output> run(const Connections& connections, Call& call, const Input&);
};

struct GetTool {
  static constexpr OperationInfo info = {
      .name = "get_tool",
      .title = "Get Tool",
      .about =
          "Shows one tool with the JSON Schemas of what it takes and answers, as MCP clients see "
          "them: enough to make a form of it.",
      .verb = Verb::get,
      .path = "/tools/{tool}",
      .scope = "personas:read",
      .surface = Surface::platform};
  struct Input {
    std::string tool = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::string tool = {};
    std::string title = {};
    std::string connection = {};
    std::string about = {};
    std::string effect = {};
    std::int64_t price = 0;
    bool can_be_undone = false;
    Value input_schema = {};
    Value output_schema = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(const Connections& connections, Call& call, const Input& input);
};

void add_tool_operations(Catalogue& catalogue, const Connections& connections);

}  // namespace piggy
