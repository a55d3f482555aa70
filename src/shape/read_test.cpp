#include "shape/read.h"

#include <doctest/doctest.h>

#include "shape/json.h"

namespace piggy {
namespace {

BOOST_DEFINE_ENUM_CLASS(Paint, red, float_, blue)

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

// A struct of one field.
template <class T, std::int64_t low = least, std::int64_t high = most, Format form = Format::plain>
struct Only {
  T a = {};
  static void describe(Fields<Only>& field) {
    field("a", &Only::a, "It.", {.min = low, .max = high, .format = form});
  }
};

std::string problems_of(const Error& error) {
  CHECK(error.code == ErrorCode::invalid);
  CHECK(error.number == 1003);
  std::string text;
  for (const FieldError& field : error.fields) {
    text += (text.empty() ? "" : " ") + field.path + ": " + field.message;
  }
  return text;
}

// What it was read as, in JSON, or the problems.
template <class T>
std::string reading(const Value& value, Reading how) {
  auto object = read<T>(value, how);
  return object ? to_json(*object) : problems_of(object.error());
}

template <class Struct>
std::string one(const Value& given, Reading how) {
  auto object = read<Struct>(Value::object({{"a", given}}), how);
  if (!object) return problems_of(object.error());
  std::string json = to_json(*object);
  return json.substr(5, json.size() - 6);  // {"a":…}
}

template <class T>
std::string strict(const Value& given) {
  return one<Only<T>>(given, Reading::strict);
}
template <class T>
std::string lenient(const Value& given) {
  return one<Only<T>>(given, Reading::lenient);
}

struct Part {
  std::string label = {};
  std::int64_t price = 0;
  std::optional<std::vector<std::string>> colours = {};
  static void describe(Fields<Part>& field) {
    field("label", &Part::label, "What it is.", {.min = 1, .max = 5});
    field("price", &Part::price, "What it costs.", {.min = 0});
    field("colours", &Part::colours, "What it may look like.");
  }
};

struct Line {
  std::string label = {};
  std::int64_t price = 0;
  std::vector<Part> parts = {};
  static void describe(Fields<Line>& field) {
    field("label", &Line::label, "What it is.", {.min = 1, .max = 5});
    field("price", &Line::price, "What it costs.", {.min = 0});
    field("parts", &Line::parts, "What it consists of.");
  }
};

}  // namespace

TEST_CASE("strictly, each kind takes its own type and no other") {
  CHECK(strict<bool>(true) == "true");
  CHECK(strict<bool>(1) == "/a: The a field must be true or false.");
  CHECK(strict<bool>("true") == "/a: The a field must be true or false.");
  CHECK(strict<std::int64_t>(7) == "7");
  CHECK(strict<std::int64_t>(7.0) == "7");
  CHECK(strict<std::int64_t>(7.5) == "/a: The a must be an integer.");
  CHECK(strict<std::int64_t>("7") == "/a: The a must be an integer.");
  CHECK(strict<double>(7) == "7");
  CHECK(strict<double>(0.25) == "0.25");
  CHECK(strict<double>("0.25") == "/a: The a must be a number.");
  CHECK(strict<std::string>(" b ") == "\" b \"");
  CHECK(strict<std::string>("") == "\"\"");
  CHECK(strict<std::string>(7) == "/a: The a must be a string.");
  CHECK(strict<Paint>("float") == "\"float\"");
  CHECK(strict<Paint>("float_") == "/a: The a must be one of red, float, blue.");
  CHECK(strict<Paint>(" red") == "/a: The a must be one of red, float, blue.");
  CHECK(strict<Paint>(0) == "/a: The a must be one of red, float, blue.");
  CHECK(strict<std::vector<std::int64_t>>(Value::List{1, 2}) == "[1,2]");
  CHECK(strict<std::vector<std::int64_t>>(1) == "/a: The a must be an array.");
  CHECK(strict<Line>("b") == "/a: The a must be an object.");
  CHECK(strict<Value>(Value::object({{"b", Value::List{1, nullptr}}})) == R"({"b":[1,null]})");
}

TEST_CASE("leniently, numbers and flags may come as text") {
  CHECK(lenient<std::int64_t>("7") == "7");
  CHECK(lenient<std::int64_t>(" -7 ") == "-7");
  CHECK(lenient<std::int64_t>("+7") == "7");
  CHECK(lenient<double>("10.40") == "10.4");
  CHECK(lenient<double>("1e3") == "1000");
  CHECK(lenient<std::string>(12) == "\"12\"");
  CHECK(lenient<std::string>(1.5) == "\"1.5\"");
  CHECK(lenient<std::string>(" b ") == "\"b\"");
  CHECK(lenient<Paint>(" blue ") == "\"blue\"");
  for (const Value& yes : {Value(true), Value(1), Value("1"), Value("true"), Value("YES")}) {
    CHECK(lenient<bool>(yes) == "true");
  }
  for (const Value& no : {Value(false), Value(0), Value("0"), Value("False"), Value("no")}) {
    CHECK(lenient<bool>(no) == "false");
  }
}

TEST_CASE("leniently, what is no number or flag is refused all the same") {
  for (const char* text : {"7.5", "7a", "0x7", "1e2", "9223372036854775808", "- 7", "+-7", "--7"}) {
    CHECK_MESSAGE(lenient<std::int64_t>(text) == "/a: The a must be an integer.", text);
  }
  for (const char* text : {"nan", "inf", "-infinity", "1e999", "1,5", "0x1p3", "1.5.1"}) {
    CHECK_MESSAGE(lenient<double>(text) == "/a: The a must be a number.", text);
  }
  for (const Value& given : {Value(2), Value(-1), Value("on"), Value("2"), Value::list()}) {
    CHECK(lenient<bool>(given) == "/a: The a field must be true or false.");
  }
  CHECK(lenient<std::string>(true) == "/a: The a must be a string.");
  CHECK(lenient<std::string>(Value::list()) == "/a: The a must be a string.");
}

TEST_CASE("what is missing or null is a problem only where it is required") {
  for (Reading how : {Reading::strict, Reading::lenient, Reading::words}) {
    CHECK(reading<Only<std::string>>(Value::object(), how) == "/a: The a field is required.");
    CHECK(reading<Only<Value>>(Value::object(), how) == "/a: The a field is required.");
    CHECK(one<Only<std::int64_t>>(nullptr, how) == "/a: The a field is required.");
    CHECK(one<Only<Line>>(nullptr, how) == "/a: The a field is required.");
    CHECK(reading<Only<std::optional<bool>>>(Value::object(), how) == R"({"a":null})");
    CHECK(one<Only<std::optional<Line>>>(nullptr, how) == "null");
    CHECK(one<Only<Value>>(nullptr, how) == "null");
  }
  CHECK(reading<Only<std::optional<bool>>>(nullptr, Reading::strict) == R"({"a":null})");
}

TEST_CASE("empty text is not given on the v3 wire, and among words where no text is asked for") {
  using Text = std::optional<std::string>;
  using Number = std::optional<std::int64_t>;
  CHECK(lenient<Text>("") == "null");
  CHECK(lenient<Text>(" \t") == "null");
  CHECK(lenient<std::string>("") == "/a: The a field is required.");
  CHECK(one<Only<Text>>("", Reading::words) == "\"\"");
  CHECK(one<Only<std::string>>("", Reading::words) == "\"\"");
  CHECK(one<Only<Number>>("", Reading::words) == "null");
  CHECK(one<Only<Number>>("7", Reading::words) == "7");
  CHECK(strict<Text>("") == "\"\"");
  CHECK(strict<Number>("") == "/a: The a must be an integer.");
}

TEST_CASE("what no field takes is ignored leniently, and an error strictly and among words") {
  Value given = Value::object({{"a", 1}, {"b/c~d", 2}, {"A", 3}});
  CHECK(reading<Only<std::int64_t>>(given, Reading::lenient) == R"({"a":1})");
  for (Reading how : {Reading::strict, Reading::words}) {
    CHECK(reading<Only<std::int64_t>>(given, how) ==
          "/b~1c~0d: The b/c~d field is not known here. /A: The A field is not known here.");
  }
}

TEST_CASE("all problems are named at once, each by its JSON pointer") {
  Value given = Value::object(
      {{"label", ""},
       {"parts", Value::List{Value::object({{"label", "wheel"}, {"price", "x"}, {"colours", 1}}), 5,
                             Value::object({{"price", -1}, {"colours", Value::List{"red", 2}}})}},
       {"size", 1}});
  CHECK(reading<Line>(given, Reading::strict) ==
        "/label: The label must be at least 1 characters. "
        "/price: The price field is required. "
        "/parts/0/price: The price must be an integer. "
        "/parts/0/colours: The colours must be an array. "
        "/parts/1: The 1 must be an object. "
        "/parts/2/label: The label field is required. "
        "/parts/2/price: The price must be at least 0. "
        "/parts/2/colours/1: The 1 must be a string. "
        "/size: The size field is not known here.");
  for (const Value& nothing : {Value(1), Value("x"), Value::list(), Value(false)}) {
    CHECK(reading<Line>(nothing, Reading::lenient) == ": The input must be an object.");
  }
}

TEST_CASE("records within lists within records are read") {
  std::string json =
      R"({"label":"car","price":9,"parts":[{"label":"door","price":1,"colours":null},)"
      R"({"label":"body","price":2,"colours":["red","blue"]}]})";
  CHECK(reading<Line>(*parse_json(json), Reading::strict) == json);
}

TEST_CASE("limits hold, the ends included") {
  auto number = [](const Value& given) {
    return one<Only<std::int64_t, -2, 9>>(given, Reading::strict);
  };
  CHECK(number(-2) == "-2");
  CHECK(number(9) == "9");
  CHECK(number(-3) == "/a: The a must be at least -2.");
  CHECK(number(10) == "/a: The a may not be greater than 9.");
  CHECK(one<Only<double, 0, 1>>(1.001, Reading::strict) == "/a: The a may not be greater than 1.");
  auto text = [](const Value& given) {
    return one<Only<std::string, 2, 3>>(given, Reading::lenient);
  };
  CHECK(text("é€😀") == "\"é€😀\"");  // Characters count, not bytes.
  CHECK(text("é") == "/a: The a must be at least 2 characters.");
  CHECK(text(" abc ") == "\"abc\"");
  CHECK(text(1234) == "/a: The a may not be greater than 3 characters.");
  // Of a list they limit the length, not the items.
  auto list = [](const Value& given) {
    return one<Only<std::vector<std::int64_t>, 1, 2>>(given, Reading::strict);
  };
  CHECK(list(Value::List{70, 80}) == "[70,80]");
  CHECK(list(Value::list()) == "/a: The a must be at least 1 items.");
  CHECK(list(Value::List{1, 1, 1}) == "/a: The a may not be greater than 2 items.");
  CHECK(one<Only<std::optional<std::int64_t>, 1, 2>>(3, Reading::strict) ==
        "/a: The a may not be greater than 2.");
}

TEST_CASE("without limits every number is taken, and large limits are exact") {
  CHECK(strict<std::int64_t>(most) == std::to_string(most));
  CHECK(strict<std::int64_t>(least) == std::to_string(least));
  CHECK(strict<double>(1e300) == "1e+300");
  CHECK(strict<double>(-1e300) == "-1e+300");
  constexpr std::int64_t limit = std::int64_t{1} << 53;
  CHECK(one<Only<std::int64_t, 0, limit>>(limit, Reading::strict) == std::to_string(limit));
  CHECK(one<Only<std::int64_t, 0, limit>>(limit + 1, Reading::strict) ==
        "/a: The a may not be greater than 9007199254740992.");
}

TEST_CASE("a number that is too large to be an exact integer is none") {
  for (const char* json : {"9223372036854775808", "18446744073709551615", "1e19"}) {
    CHECK(strict<std::int64_t>(*parse_json(json)) == "/a: The a must be an integer.");
  }
}

TEST_CASE("white space around a text is no part of it on the v3 wire; other characters are") {
  CHECK(lenient<std::string>("\n\t a b \r\v") == "\"a b\"");
  CHECK(lenient<std::string>("\x1b[31m \x01") == R"("\u001b[31m \u0001")");
  CHECK(strict<std::string>(" a ") == "\" a \"");
}

TEST_CASE("an address of a picture is one of the web") {
  auto address = [](const Value& given) {
    return one<Only<std::string, least, most, Format::uri>>(given, Reading::strict);
  };
  CHECK(address("https://example.com/a.png?b=%20#c") == "\"https://example.com/a.png?b=%20#c\"");
  for (const char* other :
       {"javascript:alert(1)", "data:text/html,a", "//example.com", "https://a b",
        "https://a\"onload", "https:\\\\example.com", "https://a\nb"}) {
    CHECK(address(other) == "/a: The a must be an address that begins with https:// or http://.");
  }
}

TEST_CASE("an email looks like one, also in a list") {
  auto email = [](const Value& given) {
    return one<Only<std::string, least, most, Format::email>>(given, Reading::strict);
  };
  CHECK(email("ann@example.com") == "\"ann@example.com\"");
  CHECK(email("ann") == "/a: The a must be a valid email address.");
  auto emails = [](const Value& given) {
    return one<Only<std::vector<std::string>, least, most, Format::email>>(given, Reading::strict);
  };
  CHECK(emails(Value::List{"a@b.nl", "ann"}) == "/a/1: The 1 must be a valid email address.");
}

TEST_CASE("an address has a local part, one @, a domain with a dot, and no spaces or controls") {
  std::string local(64, 'a');
  for (const std::string& good : {std::string("a@b.c"), std::string("a.b+c@d-e.example.com"),
                                  std::string("é@exämple.nl"), local + "@b.nl"}) {
    CHECK_MESSAGE(is_email(good), good);
  }
  for (const std::string& bad :
       {std::string(), std::string("@"), std::string("a@"), std::string("@b.nl"),
        std::string("a@b"), std::string("a@@b.nl"), std::string("a@b@c.nl"),
        std::string("a b@c.nl"), std::string("a@b.nl\n"), std::string("a\0@b.nl", 7),
        std::string("a@.nl"), std::string("a@b."), std::string("a@b..nl"), std::string(".a@b.nl"),
        std::string("a.@b.nl"), std::string("a@b.nl\x7f"), std::string("<a@b.nl>"),
        local + "a@b.nl", "a@" + std::string(260, 'b') + ".nl"}) {
    CHECK_MESSAGE(!is_email(bad), bad);
  }
}

TEST_CASE("a text with a NUL, which no database takes, is refused") {
  std::string text("a\0b", 3);
  CHECK(strict<std::string>(text) == "/a: The a must not hold a NUL character.");
  CHECK(lenient<std::string>(text) == "/a: The a must not hold a NUL character.");
}

TEST_CASE("an id that is no UUID is a problem strictly, and on the v3 wire simply nobody's") {
  std::string id = "018bcfe5-687b-7000-8000-000000000001";
  std::string nil = "\"00000000-0000-0000-0000-000000000000\"";
  CHECK(strict<Uuid>(id) == "\"" + id + "\"");
  CHECK(strict<Uuid>("018BCFE5-687B-7000-8000-000000000001") == "\"" + id + "\"");
  for (const Value& other : {Value("7"), Value(7), Value(id + "0"), Value("{" + id + "}")}) {
    CHECK(strict<Uuid>(other) == "/a: The a must be a UUID.");
    CHECK(lenient<Uuid>(other) == nil);
    CHECK(one<Only<Uuid>>(other, Reading::words) == nil);
  }
  CHECK(lenient<Uuid>(" " + id + " ") == "\"" + id + "\"");
  CHECK(lenient<Uuid>(true) == "/a: The a must be a UUID.");
  CHECK(lenient<Uuid>(Value::list()) == "/a: The a must be a UUID.");
}

// http_build_query makes three keys of a DateTime, json_encode an object of the same.
TEST_CASE("a time is a text, or PHP's DateTime in its time zone") {
  std::string problem = "/a: The a must be a date and time such as 2024-01-31T09:30:00+00:00.";
  auto php = [](const char* date, const Value& zone) {
    return Value::object({{"date", date}, {"timezone_type", 3}, {"timezone", zone}});
  };
  CHECK(strict<Time>("2024-01-31T10:30:00+01:00") == "\"2024-01-31T09:30:00+00:00\"");
  CHECK(strict<Time>("2024-02-30") == problem);
  CHECK(strict<Time>(1'700'000'000) == problem);
  CHECK(lenient<Time>(php("2024-01-15 12:00:00.000000", "Europe/Amsterdam")) ==
        "\"2024-01-15T11:00:00+00:00\"");
  CHECK(lenient<Time>(php("2024-07-15 12:00:00.000000", "Europe/Amsterdam")) ==
        "\"2024-07-15T10:00:00+00:00\"");
  CHECK(lenient<Time>(php("2024-07-15 12:00:00.000000", "+02:00")) ==
        "\"2024-07-15T10:00:00+00:00\"");
  CHECK(lenient<Time>(Value::object({{"date", "2024-07-15 12:00:00"}})) ==
        "\"2024-07-15T12:00:00+00:00\"");
  CHECK(lenient<Time>(php("2024-07-15 12:00:00", "Mars/Olympus")) == problem);
  CHECK(lenient<Time>(php("soon", "UTC")) == problem);
  CHECK(lenient<Time>(Value::object()) == problem);
  CHECK(lenient<std::optional<Time>>("") == "null");
}

TEST_CASE("strictly, a time is a text as its schema says") {
  Value php = Value::object({{"date", "2024-01-15 12:00:00"}, {"timezone", "UTC"}});
  CHECK(strict<Time>(php).starts_with("/a: "));
}

namespace {

struct Odd {
  std::string data_type = {};
  std::optional<std::string> utm = {};
  Value rest = {};
  static void describe(Fields<Odd>& field) {
    field("data_type", &Odd::data_type, "Its type.", {.alias = "dataType"});
    field("utm", &Odd::utm, "Without meaning.", {.hidden = true});
    field("rest", &Odd::rest, "Everything else.", {.flat = true});
  }
};

}  // namespace

TEST_CASE("a field may go by another name, have no meaning, or take what is left") {
  for (Reading how : {Reading::strict, Reading::lenient, Reading::words}) {
    Value given = Value::object({{"dataType", "x"}, {"utm", "y"}, {"b", 1}, {"rest", 2}});
    CHECK(reading<Odd>(given, how) == R"({"data_type":"x","b":1,"rest":2})");
    CHECK(reading<Odd>(Value::object({{"data_type", "x"}}), how) == R"({"data_type":"x"})");
    CHECK(reading<Odd>(Value::object(), how) == "/data_type: The data_type field is required.");
  }
}

}  // namespace piggy
