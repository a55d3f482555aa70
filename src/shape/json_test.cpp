#include "shape/json.h"

#include <doctest/doctest.h>

#include <bit>

#include "shape/read.h"

namespace piggy {
namespace {

std::string again(std::string_view json) {
  auto value = parse_json(json);
  return value ? to_json(*value) : value.error().message;
}

std::string canonical(std::string_view json) {
  auto value = parse_json(json);
  return value ? canonical_json(*value) : value.error().message;
}

bool refused(std::string_view json) {
  auto value = parse_json(json);
  if (value) return false;
  CHECK(value.error().code == ErrorCode::invalid);
  CHECK(value.error().number == 1003);
  CHECK(value.error().message.starts_with("The JSON cannot be read: "));
  CHECK(value.error().message.ends_with("."));
  return true;
}

std::string nested(int lists, std::string_view inside = "") {
  auto depth = static_cast<std::size_t>(lists);
  return std::string(depth, '[') + std::string(inside) + std::string(depth, ']');
}

struct Inner {
  std::optional<double> share = {};
  static void describe(Fields<Inner>& field) { field("share", &Inner::share, "Its share."); }
};

BOOST_DEFINE_ENUM_CLASS(Mood, good, float_)

struct Everything {
  bool flag = true;
  std::int64_t whole = -7;
  double amount = 10.4;
  std::string word = "a\"b";
  Uuid id = {};
  Time when = {1'700'000'000 * microseconds_per_second};
  Mood mood = Mood::float_;
  std::vector<Inner> inner = {};
  std::optional<std::int64_t> missing = {};
  Value any = Value::object({{"b", nullptr}});
  std::optional<std::string> secret = "hidden";
  Value rest = Value::object({{"z", 1}, {"y", 2}});

  static void describe(Fields<Everything>& field) {
    field("flag", &Everything::flag, "It.");
    field("whole", &Everything::whole, "It.");
    field("amount", &Everything::amount, "It.");
    field("word", &Everything::word, "It.", {.alias = "text"});
    field("id", &Everything::id, "It.");
    field("when", &Everything::when, "It.");
    field("mood", &Everything::mood, "It.");
    field("inner", &Everything::inner, "It.");
    field("missing", &Everything::missing, "It.");
    field("any", &Everything::any, "It.");
    field("secret", &Everything::secret, "It.", {.hidden = true});
    field("rest", &Everything::rest, "It.", {.flat = true});
  }
};

}  // namespace

TEST_CASE("what is read is written again as it was, without spaces") {
  for (const char* json :
       {"null", "true", "false", "0", "-1", "\"\"", "[]", "{}", "[[],{}]", R"({"":1})",
        R"({"b":[1,2.5,"c"],"a":{"d":null}})", R"("\"\\\n\r\t")", R"("\u0000\u0001\u001f")",
        "\"é€😀\x7f\"", "9223372036854775807", "-9223372036854775808", "[1e+300,5e-324]"}) {
    CHECK(again(json) == json);
  }
  CHECK(again(" \n{ \"a\" :\t[ 1 , 2 ] }\r\n") == R"({"a":[1,2]})");
  CHECK(again(R"("\u00e9\ud83d\ude00\/\b\f")") == "\"é😀/\\b\\f\"");
}

TEST_CASE("what is no JSON is refused with a plain sentence") {
  for (const char* json :
       {"",     " ",        "{",        "[1,]",      "{\"a\":1,}", "{a:1}", "'a'", "nul",
        "True", "NaN",      "Infinity", "01",        "1.",         ".5",    "+1",  "1e",
        "\"a",  "\"a\nb\"", R"("\x")",  R"("\u12")", "// a\n1",    "[1 2]"}) {
    CHECK_MESSAGE(refused(json), json);
  }
  CHECK(parse_json("").error().message == "The JSON cannot be read: it is empty.");
}

TEST_CASE("anything behind the document is refused") {
  for (const char* json : {"1 2", "{} {}", "[]]", "{}x", "null,", "\"a\"\"b\""}) {
    CHECK_MESSAGE(refused(json), json);
  }
  CHECK(refused(std::string_view("{}\0", 3)));
}

TEST_CASE("text that is not UTF-8 is refused, and so are halves of surrogate pairs") {
  for (std::string bytes : {"\xff", "\x80", "\xc3", "\xe2\x82", "\xc0\x80", "\xc1\xbf",
                            "\xe0\x80\xaf", "\xf0\x80\x80\x80", "\xed\xa0\x80", "\xed\xbf\xbf",
                            "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80"}) {
    CHECK(refused("\"" + bytes + "\""));
    CHECK(refused("{\"" + bytes + "\":1}"));
  }
  CHECK(parse_json("\"\xff\"").error().message == "The JSON cannot be read: it is not UTF-8.");
  for (const char* json : {R"("\ud800")", R"("\ud800x")", R"("\udc00")", R"("\ud800\ud800")"}) {
    CHECK_MESSAGE(refused(json), json);
  }
  CHECK(again("\"\xf4\x8f\xbf\xbf\"") == "\"\xf4\x8f\xbf\xbf\"");
}

TEST_CASE("a key that stands twice is refused, however it is written and however deep") {
  CHECK(parse_json(R"({"a":1,"b":2,"a":1})").error().message ==
        "The JSON cannot be read: the key \"a\" stands twice.");
  CHECK(refused(R"({"a":1,"\u0061":2})"));
  CHECK(refused(R"([{"b":{"":1,"":2}}])"));
  CHECK(again(R"({"a":{"a":1},"A":2})") == R"({"a":{"a":1},"A":2})");
}

TEST_CASE("nesting is read to a depth of 32, and refused beyond") {
  CHECK(again(nested(32)) == nested(32));
  CHECK(refused(nested(33)));
  CHECK(refused(nested(5'000)));
  CHECK(refused(std::string(5'000, '[')));
  CHECK(refused(R"({"a":)" + nested(32) + "}"));
}

TEST_CASE("what a list of depth 32 holds does not make it deeper") {
  CHECK(again(nested(32, "1")) == nested(32, "1"));
  CHECK(refused(nested(33, "1")));
}

TEST_CASE("integers keep every digit up to 64 bits, and are refused beyond") {
  CHECK(*parse_json("9223372036854775807")->integer() == std::numeric_limits<std::int64_t>::max());
  CHECK(*parse_json("9007199254740993")->integer() == 9007199254740993);
  CHECK_FALSE(parse_json("1.0")->integer());
  for (const char* json :
       {"18446744073709551616", "-9223372036854775809", "123456789012345678901234567890"}) {
    CHECK_MESSAGE(refused(json), json);
    CHECK(again(json) == "The JSON cannot be read: it holds a number that cannot be read.");
  }
  CHECK(refused("1e400"));
  CHECK(refused("-1e400"));
}

TEST_CASE("doubles are written in their shortest exact form") {
  CHECK(to_json(0.1) == "0.1");
  CHECK(to_json(0.1 + 0.2) == "0.30000000000000004");
  CHECK(to_json(10.40) == "10.4");
  CHECK(to_json(5.0) == "5");
  CHECK(to_json(-2.5e-7) == "-2.5e-07");
  CHECK(to_json(1e21) == "1e+21");
  CHECK(to_json(1.0 / 3) == "0.3333333333333333");
  for (std::uint64_t seed = 1; seed < 5'000; seed++) {
    auto number = std::bit_cast<double>(seed * 0x9e3779b97f4a7c15u);
    if (!std::isfinite(number)) continue;
    auto read = parse_json(to_json(number));
    REQUIRE(read);
    CHECK(*read == Value(number));
  }
}

TEST_CASE("whole doubles of every size are read again") {
  for (int power = 0; power < 1024; power++) {
    for (double number : {std::ldexp(1.0, power), -std::ldexp(1.0, power)}) {
      auto read = parse_json(to_json(number));
      REQUIRE_MESSAGE(read, number);
      CHECK(*read == Value(number));
    }
  }
}

TEST_CASE("the canonical form sorts members and keeps the order of lists") {
  CHECK(canonical(R"({"b":[2,1,{"d":1,"c":2}],"a":" x "})") ==
        R"({"a":" x ","b":[2,1,{"c":2,"d":1}]})");
  CHECK(canonical(R"({"aa":1,"a":2,"B":3,"":4})") == R"({"":4,"B":3,"a":2,"aa":1})");
}

TEST_CASE("the canonical form of RFC 8785's first example") {
  CHECK(canonical(R"({"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],)"
                  R"("string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",)"
                  R"("literals":[null,true,false]})") ==
        R"({"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],)"
        R"("string":"€$\u000f\nA'B\"\\\\\"/"})");
}

// RFC 8785, section 3.2.3 and appendix B.
TEST_CASE("the canonical form sorts by UTF-16 and writes numbers as JavaScript does") {
  CHECK(
      canonical(R"({"\ufb33":1,"\ud83d\ude00":2,"\u20ac":3,"\r":4,"1":5,"\u0080":6,"\u00f6":7})") ==
      "{\"\\r\":4,\"1\":5,\"\u0080\":6,\"ö\":7,\"€\":3,\"😀\":2,\"\ufb33\":1}");
  CHECK(canonical("[1e21,1e20,9007199254740993,295147905179352830000.0,1e-7,1e-6,-0.0,-1.5e300]") ==
        "[1e+21,100000000000000000000,9007199254740993,295147905179352830000,1e-7,0.000001,0,"
        "-1.5e+300]");
  CHECK(canonical("[5e-324,1.7976931348623157e308,333333333.3333332,0.000035]") ==
        "[5e-324,1.7976931348623157e+308,333333333.3333332,0.000035]");
}

TEST_CASE("the same data has the same canonical bytes") {
  CHECK(canonical("[1.0,-0.0,1e2]") == canonical("[1,0,100]"));
  CHECK(canonical("1e15") == canonical("1000000000000000"));
  CHECK(canonical("1e18") == canonical("1000000000000000000"));
}

TEST_CASE("for people, a member or item stands on a line of its own") {
  CHECK(pretty_json(*parse_json(R"({"a":[1,{"b":null}],"c":{},"d":[],"e":"f"})")) ==
        "{\n"
        "  \"a\": [\n"
        "    1,\n"
        "    {\n"
        "      \"b\": null\n"
        "    }\n"
        "  ],\n"
        "  \"c\": {},\n"
        "  \"d\": [],\n"
        "  \"e\": \"f\"\n"
        "}");
  for (const char* json : {"{}", "[]", "1", "\"a\"", "null"}) {
    CHECK(pretty_json(*parse_json(json)) == json);
  }
}

TEST_CASE("a described object is written in the order of its fields, missing optionals as null") {
  std::string json =
      R"({"flag":true,"whole":-7,"amount":10.4,"word":"a\"b",)"
      R"("id":"00000000-0000-0000-0000-000000000000","when":"2023-11-14T22:13:20+00:00",)"
      R"("mood":"float","inner":[{"share":0.5},{"share":null}],"missing":null,)"
      R"("any":{"b":null},"z":1,"y":2})";
  CHECK(to_json(Everything{.inner = {{0.5}, {}}}) == json);
  for (Reading how : {Reading::strict, Reading::lenient, Reading::words}) {
    auto read_again = read<Everything>(*parse_json(json), how);
    REQUIRE(read_again);
    CHECK(to_json(*read_again) == json);
  }
}

TEST_CASE("one field of the outermost record can be left out") {
  Everything object{.inner = {{0.5}}};
  const Shape& shape = shape_of<Everything>();
  std::string out = "=";
  write_json(out, shape, &object, shape.field("flag"));
  CHECK(out.starts_with(R"(={"whole":-7,)"));
  CHECK(out.contains(R"("inner":[{"share":0.5}],)"));
}

}  // namespace piggy
