#include "flow/expression.h"

#include <doctest/doctest.h>

#include "shape/json.h"

namespace piggy {
namespace {

Value names() {
  return *parse_json(
      R"({"steps": {"score": {"number": 62, "cell": "A1", "reasons": ["fit", "visits"]}},
                         "event": {"contact": {"email": "ann@example.com", "name": null}},
                         "list": [1, 2, 3], "empty": []})");
}

std::string value_of(std::string_view expression) {
  auto value = evaluate(expression, names());
  return value ? to_json(*value) : "FAILED " + value.error().message;
}

std::string filled(std::string_view json) {
  auto value = filled_in(*parse_json(json), names());
  if (value) return to_json(*value);
  std::string text;
  for (const FieldError& field : value.error().fields) text += field.path + ": " + field.message;
  return text;
}

}  // namespace

TEST_CASE("an expression reads values and computes with them") {
  CHECK(value_of("steps.score.number >= 60") == "true");
  CHECK(value_of("steps.score.number + 1") == "63");
  CHECK(value_of("9007199254740993 + 0") == "9007199254740993");
  CHECK(value_of("steps.score.reasons[1]") == R"("fit")");
  CHECK(value_of("event.contact.name") == "null");
  CHECK(value_of("default(event.contact.name, 'there')") == R"("there")");
  CHECK(value_of("contains(steps.score.reasons, 'visits') and 'yes' or 'no'") == R"("yes")");
  CHECK(value_of("contains(event.contact.email, '@example')") == "true");
  CHECK(value_of("upper(steps.score.cell) .. '/' .. lower('ÀB')") == R"("A1/Àb")");
  CHECK(value_of("sum(map(list, function(x) return x * 2 end))") == "12");
  CHECK(value_of("filter(list, function(x) return x > 1 end)") == "[2,3]");
  CHECK(value_of("map(empty, function(x) return x end)") == "[]");
  CHECK(value_of("join(list, '-')") == R"("1-2-3")");
  CHECK(value_of("{name = 'x', list = {1, 2}, 3}").starts_with("FAILED"));
  CHECK(value_of("{name = 'x', list = {1, 2}}") == R"({"list":[1,2],"name":"x"})");
  CHECK(value_of("round(2.5)") == "3");
  CHECK(value_of("round(2.345, 2)") == "2.35");
  CHECK(value_of("min(3, 1.5, 2)") == "1.5");
  CHECK(value_of("number('12') + 1") == "13");
  CHECK(value_of("number('twelve')") == "null");
  CHECK(value_of("count(list) + count(nil)") == "3");
  CHECK(value_of("text(12) .. '!'") == R"("12!")");
}

TEST_CASE("what is wrong with an expression is said in its own words") {
  CHECK(value_of("steps.scor.number").find("'scor'") != std::string::npos);
  CHECK(value_of("1 +").find("cannot be evaluated") != std::string::npos);
  CHECK(value_of("1/0").starts_with("FAILED"));
  CHECK(value_of("'10' + 1").starts_with("FAILED"));
  CHECK(value_of("sum").starts_with("FAILED"));
  CHECK(value_of("1) or (2").find("2") == std::string::npos);
}

TEST_CASE("an expression reaches nothing but its values, and ends") {
  for (std::string_view reach :
       {"os.exit()", "io.open('/etc/passwd')", "require('os')", "load('return 1')()", "print('x')",
        "getmetatable('').__index", "string.rep('x', 10)", "('x'):rep(1000)", "debug.getregistry()",
        "_G.os", "collectgarbage()", "setmetatable({}, {})"}) {
    CAPTURE(reach);
    CHECK(value_of(reach).starts_with("FAILED"));
  }
  CHECK(value_of("(function() while true do end end)()").find("too long") != std::string::npos);
  CHECK(value_of("(function() local t = {} while true do t[#t + 1] = #t end end)()")
            .starts_with("FAILED"));
  CHECK(value_of("(function() local s = 'x' while true do s = s .. s end end)()")
            .starts_with("FAILED"));
  CHECK(value_of("(function() local function f() return f() + 1 end return f() end)()")
            .starts_with("FAILED"));
  CHECK(value_of("(function() local t = {} for i = 1, 100 do t = {t = t} end return t end)()")
            .find("deep") != std::string::npos);
}

TEST_CASE("texts are filled in, wherever they stand") {
  CHECK(
      filled(
          R"({"a": "${{ steps.score.number }}", "b": ["Hi ${{ default(event.contact.name, 'you') }}!"]})") ==
      R"({"a":62,"b":["Hi you!"]})");
  CHECK(filled(R"(["${{ {a = {b = 1}}}}", "$${{ 1 }}", "100 $", "${{ '}}' }}", ""])") ==
        R"([{"a":{"b":1}},"${{ 1 }}","100 $","}}",""])");
  CHECK(filled(R"("${{ list }} and ${{ nil }}")") == R"("[1,2,3] and ")");
  CHECK(filled(R"({"a": "${{ nope.x }}", "b": {"c": "${{ 1 + }}"}})").find("/b/c: ") !=
        std::string::npos);
  CHECK(filled(R"({"a": "${{ 1"})") == "/a: An expression is not closed with }}.");
}

TEST_CASE("problems are found before anything is run") {
  std::vector<FieldError> problems;
  check_expressions(*parse_json(R"({"a": "${{ 1 + }}", "b": ["${{ x", "fine ${{ x.y }}"]})"),
                    "/input", problems);
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].path == "/input/a");
  CHECK(problems[1].path == "/input/b/0");
}

}  // namespace piggy
