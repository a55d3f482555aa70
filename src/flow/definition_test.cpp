#include "flow/definition.h"

#include "flow/template_operations.h"
#include "flow/test_stage.h"

namespace piggy {
namespace {

std::vector<std::string> problems_of(std::string_view definition, std::string_view values = "{}") {
  auto read = read_definition(Stage::json(definition), Stage::json(values), "UTC");
  std::vector<std::string> paths;
  if (!read) {
    for (const FieldError& field : read.error().fields) paths.push_back(field.path);
  }
  std::ranges::sort(paths);
  return paths;
}

}  // namespace

TEST_CASE("all that is wrong with a definition is named at once, with its place") {
  CHECK(problems_of(R"({
    "parameters": [{"name": "Bad name", "label": "x", "kind": "text", "value": "x"},
                   {"name": "n", "label": "N", "kind": "integer", "value": "three"}],
    "trigger": {"schedule": {"zone": "Mars/Olympus", "times": ["26:00"]}, "manual": {}},
    "limit": {"key": "${{ 1 + }}"},
    "steps": [
      {"id": "one", "call": {"tool": "x", "input": {"a": "${{ steps.two.x }}", "b": "${{ ( }}"}}},
      {"id": "one", "set": {"a": 1}, "stop": {"reason": "x"}},
      {"id": "Three", "branch": {"if": "1 ==", "then": [{"id": "four", "call": {"tool": ""}}]}},
      {"id": "five", "ask": {"prompt": "Hi ${{ event.name }}", "or_else": null}},
      {"id": "six", "for_each": {"in": "event.list", "as": "end", "steps": [{"id": "seven", "nonsense": 1}]}},
      {"id": "eight", "wait": {}}]})") ==
        Lines{"/limit/key", "/parameters/0/name", "/parameters/n", "/steps/0/call/input/a",
              "/steps/0/call/input/b", "/steps/1", "/steps/1/id", "/steps/2/branch/if",
              "/steps/2/branch/then/0/call/tool", "/steps/2/id", "/steps/3/ask/or_else",
              "/steps/3/ask/prompt", "/steps/4/for_each/as", "/steps/4/for_each/steps/0/nonsense",
              "/steps/5/wait", "/trigger", "/trigger/schedule/times/0", "/trigger/schedule/zone"});
}

TEST_CASE(
    "the templates that are shipped are without problems, and their schema says what they are") {
  std::string uuid = "\"018f0000-0000-7000-8000-000000000001\"";
  for (const FlowTemplate& one : flow_templates()) {
    CAPTURE(one.name);
    Value values = Value::object();
    Value definition = Stage::json(one.definition);
    for (const Value& parameter : *definition.find("parameters")->items()) {
      if (parameter.find("value") || parameter.find("optional")) continue;
      std::string_view kind = parameter.text_of("kind");
      values.set(parameter.text_of("name"), kind == "uuid" ? Stage::json(uuid)
                                            : kind == "emails"
                                                ? Stage::json(R"(["ann@example.com"])")
                                                : Value("x"));
    }
    auto read = read_definition(definition, values, "Europe/Amsterdam");
    if (!read) {
      for (const FieldError& field : read.error().fields)
        MESSAGE(field.path << ": " << field.message);
    }
    CHECK(read);
  }
  Value schema = definition_schema();
  CHECK(to_json(schema).find(R"("then":{"type":"array","items":{"$ref":"#/$defs/step"})") !=
        std::string::npos);
}

}  // namespace piggy
