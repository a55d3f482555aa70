#include "mcp/tool_list.h"

#include <doctest/doctest.h>

#include "shape/json.h"

using namespace piggy;
using namespace piggy::mcp;

TEST_CASE("a schema reaches the client as it is") {
  constexpr std::string_view schema =
      R"({"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",)"
      R"("$defs":{"a":{"$anchor":"x","const":1.5}},"allOf":[{"anyOf":[{"required":["b"]}]}],)"
      R"("if":{},"then":{},"else":{},"additionalProperties":false})";
  auto list = ToolList::make({{.name = "a.b-c_1", .input_schema = *parse_json(schema)}});
  CHECK(list->json(true).contains(schema));
  CHECK(list->find("a.b-c_1") != nullptr);
  CHECK(list->find("a.b") == nullptr);
}

TEST_CASE("older clients see only output schemas of objects") {
  Value list_schema = Value::object({{"type", "array"}});
  auto list = ToolList::make({{.name = "a", .output_schema = list_schema}});
  CHECK(list->json(true).contains("outputSchema"));
  CHECK(!list->json(false).contains("outputSchema"));
}

TEST_CASE("a tool that only reads destroys nothing") {
  auto list = ToolList::make({{.name = "a", .hints = {.read_only = true}}});
  CHECK(list->json(true).contains(R"("readOnlyHint":true,"destructiveHint":false)"));
}

TEST_CASE("header parameters are found where they can be named") {
  auto list = ToolList::make({{.name = "a", .input_schema = *parse_json(R"({"type":"object",
      "properties":{"x":{"type":"object","properties":{"y":{"type":"string",
      "x-mcp-header":"Y"}}}},"anyOf":[{"properties":{"z":{"type":"string",
      "x-mcp-header":"Z"}}}]})")}});
  const auto& headers = list->find("a")->headers;
  REQUIRE(headers.size() == 1);
  CHECK(headers[0].header == "Mcp-Param-Y");
  CHECK(headers[0].path == std::vector<std::string>{"x", "y"});
}
