// Tools as people choose and try them.

#include <doctest/doctest.h>

#include "door/test_office.h"
#include "door/toolbox.h"

namespace piggy {

TEST_CASE("a tool shows the schemas that MCP clients see") {
  Office office;
  for (const mcp::Tool& tool : tools_of(office.engine->catalogue())) {
    Value shown = Office::must(
        office.call(office.boss, "get_tool", fmt::format(R"({{"tool":"{}"}})", tool.name)));
    CHECK(shown.text_of("tool") == tool.name);
    CHECK(shown.text_of("title") == tool.title);
    CHECK(shown.text_of("about") == tool.description);
    CHECK(*shown.find("input_schema") == tool.input_schema);
    CHECK(*shown.find("output_schema") == tool.output_schema);
  }
}

TEST_CASE("a tool of a connection takes what it says and promises no answer") {
  Office office;
  Office::must(
      office.call(office.boss, "create_connection", R"({"connector":"csv","name":"Files"})"));
  Value tools = Office::must(office.call(office.boss, "list_tools", "{}"));
  std::string name(tools.find("tools")->items()->back().text_of("tool"));
  REQUIRE(!name.starts_with("piggy_"));
  Value shown =
      Office::must(office.call(office.boss, "get_tool", fmt::format(R"({{"tool":"{}"}})", name)));
  CHECK(shown.text_of("connection") == "Files");
  CHECK(shown.find("input_schema")->text_of("type") == "object");
  CHECK(shown.find("output_schema")->is_null());
}

TEST_CASE("an operation that is no tool, or an unknown name, is not shown as one") {
  Office office;
  for (const char* name : {"list_personas", "piggy_list_personas", "list_perks", "nothing"}) {
    auto shown = office.call(office.boss, "get_tool", fmt::format(R"({{"tool":"{}"}})", name));
    REQUIRE(!shown);
    CHECK(shown.error().code == ErrorCode::not_found);
  }
}

}  // namespace piggy
