#include "http/form.h"

#include <doctest/doctest.h>

#include "shape/json.h"

namespace piggy::http {

namespace {

std::string form(std::string_view text) {
  auto value = parse_form(text);
  return value ? to_json(*value) : "refused: " + value.error().message;
}

bool refused(std::string_view text) { return !parse_form(text).has_value(); }

}  // namespace

TEST_CASE("percent signs and pluses are decoded, broken escapes are not") {
  CHECK(percent_decode("a%20b%2Bc", false) == "a b+c");
  CHECK(percent_decode("a+b", true) == "a b");
  CHECK(percent_decode("a+b", false) == "a+b");
  CHECK(percent_decode("%c3%A9", false) == "é");
  CHECK(percent_decode("", true) == "");
  for (std::string_view broken : {"%", "%4", "%zz", "a%g0", "a%0"}) {
    CAPTURE(broken);
    CHECK_FALSE(percent_decode(broken, true));
  }
}

TEST_CASE("a plain form is an object of texts") {
  CHECK(form("") == "{}");
  CHECK(form("email=ann%40example.com&credits=10") ==
        R"({"email":"ann@example.com","credits":"10"})");
  CHECK(form("a=1&b&c=") == R"({"a":"1","b":"","c":""})");
  CHECK(form("a=b=c&&=x&") == R"({"a":"b=c"})");
  CHECK(form("0=a&1=b") == R"({"0":"a","1":"b"})");
}

TEST_CASE("brackets nest, also when they are percent-encoded") {
  CHECK(form("attributes[firstname]=Ann&attributes[lastname]=Lee") ==
        R"({"attributes":{"firstname":"Ann","lastname":"Lee"}})");
  CHECK(form("options%5B0%5D%5Blabel%5D=Blue&options%5B0%5D%5Bvalue%5D=b") ==
        R"({"options":[{"label":"Blue","value":"b"}]})");
  CHECK(form("line_items[0][sub_line_items][1][price]=50") ==
        R"({"line_items":[{"sub_line_items":[{"price":"50"}]}]})");
  CHECK(form("created_at[gte]=2024-01-01") == R"({"created_at":{"gte":"2024-01-01"}})");
}

TEST_CASE("a PHP DateTime arrives as its three parts") {
  CHECK(form("activation_date%5Bdate%5D=2024-01-01+00%3A00%3A00.000000&"
             "activation_date%5Btimezone_type%5D=3&activation_date%5Btimezone%5D=UTC") ==
        R"({"activation_date":{"date":"2024-01-01 00:00:00.000000","timezone_type":"3",)"
        R"("timezone":"UTC"}})");
}

TEST_CASE("an all-numeric set of names is a list in the order of its numbers") {
  CHECK(form("attributes[]=email&attributes[]=lastname") ==
        R"({"attributes":["email","lastname"]})");
  CHECK(form("a[2]=c&a[0]=a&a[10]=d&a[1]=b") == R"({"a":["a","b","c","d"]})");
  CHECK(form("a[999999999]=z&a[5]=y") == R"({"a":["y","z"]})");
  CHECK(form("a[7]=x&a[]=y") == R"({"a":["x","y"]})");
  CHECK(form("a[0]=x&a[b]=y") == R"({"a":{"0":"x","b":"y"}})");
  CHECK(form("a[007]=x") == R"({"a":{"007":"x"}})");
  CHECK(form("a[-1]=x") == R"({"a":{"-1":"x"}})");
  CHECK(form("a[99999999999999999999]=x") == R"({"a":{"99999999999999999999":"x"}})");
}

TEST_CASE("of a name given twice the last one counts") {
  CHECK(form("a=1&a=2") == R"({"a":"2"})");
  CHECK(form("a=1&a[b]=2") == R"({"a":{"b":"2"}})");
  CHECK(form("a[b]=1&a[c]=2&a=3") == R"({"a":"3"})");
  CHECK(form("a[b]=1&a=2&a[c]=3") == R"({"a":{"c":"3"}})");
  CHECK(form("a[b]=1&a=2&a[b]=3&a[b][c]=4") == R"({"a":{"b":{"c":"4"}}})");
  CHECK(form("a[]=1&a[]=2&a=x&a[]=3") == R"({"a":["3"]})");
}

TEST_CASE("brackets that do not pair are part of the name") {
  CHECK(form("a[b=1") == R"({"a[b":"1"})");
  CHECK(form("a]=1") == R"({"a]":"1"})");
  CHECK(form("[a]=1") == R"({"[a]":"1"})");
  CHECK(form("[]=1") == R"({"[]":"1"})");
  CHECK(form("a[b]c=1") == R"({"a[b]c":"1"})");
  CHECK(form("a[b[c]]=1") == R"({"a[b[c]]":"1"})");
  CHECK(form("a[b]]=1") == R"({"a[b]]":"1"})");
}

TEST_CASE("hostile forms are refused") {
  CHECK(refused("a=%zz"));
  CHECK(refused("%=1"));
  CHECK(refused("a=%ff"));
  CHECK(refused("%c3%28=1"));

  std::string deep = "a";
  for (int i = 0; i < 16; i++) deep += "[x]";
  CHECK_FALSE(refused(deep + "=1"));
  CHECK(refused(deep + "[x]=1"));
  CHECK(refused("a" + std::string(500'000, '[') + "=1") == false);  // These do not pair.

  std::string many;
  for (int i = 0; i < 1000; i++) many += "a[" + std::to_string(i * 7919 % 1000) + "]=x&";
  CHECK_FALSE(refused(many));
  CHECK(refused(many + "b=1"));
}

TEST_CASE("a header's parameter is found and unquoted") {
  CHECK(header_parameter("multipart/form-data; boundary=abc", "boundary") == "abc");
  CHECK(header_parameter("multipart/form-data;charset=x; Boundary=\"a;b\"", "boundary") == "a;b");
  CHECK(header_parameter("form-data; filename=\"x; name=y\"; name=\"z\"", "name") == "z");
  CHECK(header_parameter("form-data; name=\"a\\\"b\\\\c\\d\"", "name") == "a\"b\\c\\d");
  CHECK(header_parameter("form-data; name=", "name") == "");
  CHECK_FALSE(header_parameter("form-data; name=\"a", "name"));
  CHECK_FALSE(header_parameter("form-data; names=a; x", "name"));
  CHECK_FALSE(header_parameter("name=a", "name"));
  CHECK_FALSE(header_parameter("", "name"));
  CHECK_FALSE(header_parameter(";;;", "name"));
}

TEST_CASE("a body is read by its content type") {
  CHECK(to_json(*parse_body("application/json; charset=utf-8", R"({"a":1})")) == R"({"a":1})");
  CHECK(to_json(*parse_body("Application/Problem+JSON", "[1]")) == "[1]");
  CHECK(to_json(*parse_body("application/x-www-form-urlencoded", "a=1")) == R"({"a":"1"})");
  CHECK(to_json(*parse_body("multipart/form-data; boundary=x",
                            "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--")) ==
        R"({"a":"1"})");
}

TEST_CASE("an empty body is nothing, whatever its type says") {
  for (std::string_view type : {"application/json", "image/png", "multipart/form-data", ""}) {
    auto value = parse_body(type, "");
    REQUIRE(value);
    CHECK(value->is_null());
  }
}

TEST_CASE("a body of an unknown type, or of none, is refused") {
  CHECK_FALSE(parse_body("text/plain", "a=1"));
  CHECK_FALSE(parse_body("", "{}"));
  CHECK_FALSE(parse_body("multipart/form-data", "--x--"));
  CHECK_FALSE(parse_body("application/json", "{"));
}

}  // namespace piggy::http
