#include <doctest/doctest.h>

#include "http/form.h"
#include "shape/json.h"

namespace piggy::http {

namespace {

std::string part(std::string_view name, std::string_view text) {
  return "--b\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"\r\n\r\n" +
         std::string(text) + "\r\n";
}

std::string multipart(std::string_view body, std::string_view boundary = "b") {
  auto value = parse_multipart(body, boundary);
  return value ? to_json(*value) : "refused: " + value.error().message;
}

bool refused(std::string_view body, std::string_view boundary = "b") {
  return !parse_multipart(body, boundary).has_value();
}

}  // namespace

TEST_CASE("parts are named texts, and their brackets nest") {
  CHECK(multipart(part("email", "ann@example.com") + part("options[0][label]", "Blue") +
                  part("options[1][label]", "Red") + part("tags[]", "x") + "--b--\r\n") ==
        R"({"email":"ann@example.com","options":[{"label":"Blue"},{"label":"Red"}],"tags":["x"]})");
}

TEST_CASE("a PHP DateTime arrives in parts") {
  CHECK(multipart(part("activation_date[date]", "2024-01-01 00:00:00.000000") +
                  part("activation_date[timezone_type]", "3") +
                  part("activation_date[timezone]", "UTC") + "--b--") ==
        R"({"activation_date":{"date":"2024-01-01 00:00:00.000000","timezone_type":"3",)"
        R"("timezone":"UTC"}})");
}

TEST_CASE("a text keeps its line breaks and may look like a boundary") {
  CHECK(multipart(part("a", "one\r\ntwo\r\n\r\n--c\r\n--") + "--b--") ==
        R"({"a":"one\r\ntwo\r\n\r\n--c\r\n--"})");
  CHECK(multipart(part("a", "") + part("b", "x--b") + "--b--") == R"({"a":"","b":"x--b"})");
  CHECK(multipart("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n--b--") == R"({"a":""})");
}

TEST_CASE("a file is taken as a text, and other header lines say nothing") {
  CHECK(multipart("--b\r\ncontent-disposition: form-data; filename=\"x.csv\"; name=\"file\"\r\n"
                  "Content-Type: text/csv\r\n\r\na,b\r\n--b--") == R"({"file":"a,b"})");
}

TEST_CASE("a preamble, an epilogue and padding are overlooked") {
  CHECK(multipart("hello\r\n--b \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--\r\n"
                  "bye --b") == R"({"a":"1"})");
  CHECK(multipart("--b--") == "{}");
}

TEST_CASE("broken multipart bodies are refused") {
  CHECK(refused(""));
  CHECK(refused("nothing"));
  CHECK(refused(part("a", "1")));          // It never ends.
  CHECK(refused(part("a", "1") + "--b"));  // Nor does this.
  CHECK(refused(part("a", "1") + "--bx--"));
  CHECK(refused("--b\r\n\r\ntext\r\n--b--"));  // A part without a name.
  CHECK(refused("--b\r\nContent-Disposition: form-data\r\n\r\ntext\r\n--b--"));
  CHECK(refused("--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\ntext\r\n--b--"));
  CHECK(refused("--b\r\nContent-Disposition: form-data; name=a\r\n"));
  CHECK(refused("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n"));
  CHECK(refused("--b\r\n"));
  CHECK(refused("--b"));
  CHECK(refused(part("a", "\xff") + "--b--"));
  CHECK(
      refused("--b\r\nContent-Disposition: form-data; name=a\r\n"
              "Content-Transfer-Encoding: base64\r\n\r\nYQ==\r\n--b--"));
  CHECK(refused("--b\r\nX: " + std::string(9000, 'x') +
                "\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--"));
  CHECK(refused("----", ""));
  CHECK(refused("x", std::string(71, 'b')));
}

TEST_CASE("a multipart body keeps the limits of forms") {
  std::string many;
  for (int i = 0; i < 1000; i++) many += part("a[]", "x");
  CHECK_FALSE(refused(many + "--b--"));
  CHECK(refused(many + part("a[]", "x") + "--b--"));
}

}  // namespace piggy::http
