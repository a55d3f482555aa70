#include "shape/schema.h"

#include <doctest/doctest.h>

#include "shape/json.h"

namespace piggy {
namespace {

BOOST_DEFINE_ENUM_CLASS(Size, small, large_)

struct Part {
  std::string label = {};
  std::optional<std::int64_t> price = {};
  static void describe(Fields<Part>& field) {
    field("label", &Part::label, "What it is.");
    field("price", &Part::price, "What it costs.");
  }
};

template <class T>
struct Holding {
  T a = {};
  static void describe(Fields<Holding>& field) { field("a", &Holding::a, "It."); }
};

// What the schema says of a field beyond its description.
std::string property(const Shape& shape, SchemaSide side) {
  Value schema = json_schema(shape, side);
  Value* a = schema.find("properties")->find("a");
  REQUIRE(a);
  CHECK(a->text_of("description") == "It.");
  a->erase("description");
  return to_json(*a);
}

template <class T>
std::string input() {
  return property(shape_of<Holding<T>>(), SchemaSide::input);
}
template <class T>
std::string output() {
  return property(shape_of<Holding<T>>(), SchemaSide::output);
}

// The same with options; the shape is not the one that is built once for the type.
template <class T>
std::string with(FieldOptions options) {
  Shape shape = shape_of<Holding<T>>();
  shape.fields[0].options = options;
  return property(shape, SchemaSide::input);
}

std::string list_of(const std::string& items) {
  return R"({"type":"array","items":)" + items + "}";
}

}  // namespace

TEST_CASE("each kind has its schema, the same on both sides") {
  auto both = []<class T>(T) {
    CHECK(input<T>() == output<T>());
    return input<T>();
  };
  CHECK(both(bool{}) == R"({"type":"boolean"})");
  CHECK(both(std::int64_t{}) == R"({"type":"integer"})");
  CHECK(both(double{}) == R"({"type":"number"})");
  CHECK(both(std::string{}) == R"({"type":"string"})");
  CHECK(both(Uuid{}) == R"({"type":"string","format":"uuid"})");
  CHECK(both(Time{}) == R"({"type":"string","format":"date-time"})");
  CHECK(both(Size{}) == R"({"type":"string","enum":["small","large"]})");
  CHECK(both(Value{}) == "{}");
  CHECK(both(std::vector<std::int64_t>{}) == list_of(R"({"type":"integer"})"));
  CHECK(both(std::vector<std::vector<Uuid>>{}) ==
        list_of(list_of(R"({"type":"string","format":"uuid"})")));
}

TEST_CASE("an optional may be left out of an input, and be null in an output") {
  using Text = std::optional<std::string>;
  CHECK(input<Text>() == R"({"type":"string"})");
  CHECK(output<Text>() == R"({"type":["string","null"]})");
  CHECK(input<std::optional<Size>>() == R"({"type":"string","enum":["small","large"]})");
  CHECK(output<std::optional<Size>>() ==
        R"({"type":["string","null"],"enum":["small","large",null]})");
  CHECK(output<std::optional<Time>>() == R"({"type":["string","null"],"format":"date-time"})");
  CHECK(output<std::optional<std::vector<double>>>() ==
        R"({"type":["array","null"],"items":{"type":"number"}})");
  CHECK(output<std::optional<Value>>() == "{}");
  CHECK_FALSE(json_schema(shape_of<Holding<Text>>(), SchemaSide::input).find("required"));
  CHECK(to_json(*json_schema(shape_of<Holding<Text>>(), SchemaSide::output).find("required")) ==
        R"(["a"])");
}

TEST_CASE("nothing beyond the fields is allowed in, and more may come out") {
  CHECK(to_json(json_schema(shape_of<Part>(), SchemaSide::input)) ==
        R"({"type":"object","properties":{)"
        R"("label":{"type":"string","description":"What it is."},)"
        R"("price":{"type":"integer","description":"What it costs."}},)"
        R"("required":["label"],"additionalProperties":false})");
  CHECK(to_json(json_schema(shape_of<Part>(), SchemaSide::output)) ==
        R"({"type":"object","properties":{)"
        R"("label":{"type":"string","description":"What it is."},)"
        R"("price":{"type":["integer","null"],"description":"What it costs."}},)"
        R"("required":["label","price"]})");
  CHECK(to_json(json_schema(shape_of<Empty>(), SchemaSide::input)) ==
        R"({"type":"object","properties":{},"additionalProperties":false})");
}

TEST_CASE("records within lists and optionals are described on the same side") {
  CHECK(input<std::vector<Part>>() ==
        list_of(to_json(json_schema(shape_of<Part>(), SchemaSide::input))));
  CHECK(output<std::vector<Part>>() ==
        list_of(to_json(json_schema(shape_of<Part>(), SchemaSide::output))));
  CHECK(output<std::optional<Part>>().starts_with(R"({"type":["object","null"],"properties":)"));
}

TEST_CASE("limits are told in the words of each kind") {
  CHECK(with<std::int64_t>({.min = 0, .max = 9}) ==
        R"({"type":"integer","minimum":0,"maximum":9})");
  CHECK(with<double>({.min = -1}) == R"({"type":"number","minimum":-1})");
  CHECK(with<std::string>({.min = 1, .max = 64}) ==
        R"({"type":"string","minLength":1,"maxLength":64})");
  CHECK(with<std::vector<double>>({.min = 1, .max = 3}) ==
        R"({"type":"array","minItems":1,"maxItems":3,"items":{"type":"number"}})");
  CHECK(with<std::optional<std::string>>({.max = 5}) == R"({"type":"string","maxLength":5})");
}

TEST_CASE("formats are told, and secrets look like any text") {
  CHECK(with<std::string>({.format = Format::email}) == R"({"type":"string","format":"email"})");
  CHECK(with<std::string>({.format = Format::uri}) == R"({"type":"string","format":"uri"})");
  CHECK(with<std::string>({.format = Format::date}) == R"({"type":"string","format":"date"})");
  CHECK(with<std::string>({.format = Format::secret}) == R"({"type":"string"})");
  CHECK(with<std::string>({.alias = "b", .untrusted = true}) == R"({"type":"string"})");
}

// Reading holds each item to it.
TEST_CASE("the format of a list is told of its items") {
  CHECK(with<std::vector<std::string>>({.format = Format::email}) ==
        list_of(R"({"type":"string","format":"email"})"));
}

TEST_CASE("a hidden field is described nowhere, and a flat one lets others in") {
  Shape shape = shape_of<Part>();
  shape.fields[1].options.hidden = true;
  for (SchemaSide side : {SchemaSide::input, SchemaSide::output}) {
    CHECK_FALSE(json_schema(shape, side).find("properties")->find("price"));
    CHECK(to_json(*json_schema(shape, side).find("required")) == R"(["label"])");
  }
  Shape open = shape_of<Holding<Value>>();
  open.fields[0].options.flat = true;
  for (SchemaSide side : {SchemaSide::input, SchemaSide::output}) {
    CHECK(to_json(json_schema(open, side)) == R"({"type":"object","properties":{}})");
  }
}

}  // namespace piggy
