#include "base/utf8.h"

#include <doctest/doctest.h>

#include <string>

namespace piggy {

TEST_CASE("letters are counted and kept whole, however many bytes they have") {
  CHECK(letters_in("") == 0);
  CHECK(letters_in("a\u00e9\u20ac\U0001F41D") == 4);
  CHECK(beginning_of("honey", 9) == "honey");
  CHECK(beginning_of("honey", 5) == "honey");
  CHECK(beginning_of("honey", 2) == "ho");
  CHECK(beginning_of("a\u20acb", 4) == "a\u20ac");
  CHECK(beginning_of("a\u20acb", 3) == "a");
  CHECK(beginning_of("\u20ac", 2) == "");
  CHECK(beginning_of("\U0001F41D\U0001F41D", 7) == "\U0001F41D");
  CHECK(beginning_of(std::string(9, '\x80'), 8).size() == 5);
  CHECK(shortened("honey", 5) == "honey");
  CHECK(shortened("a\u20acb", 3) == "a\u2026");
  CHECK(on_one_line("a\u20ac\r\n\x7f\u00e9", 9) == "a\u20ac   \u00e9");
  CHECK(on_one_line("a\nbc", 3) == "a b\u2026");
}

}  // namespace piggy
