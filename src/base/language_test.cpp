#include "base/language.h"

#include <doctest/doctest.h>

namespace piggy {
namespace {

constexpr Phrase<2> both("{} is your code for {}", "{} is je code voor {}");

}  // namespace

TEST_CASE("a language is known by the first part of its tag, in any case") {
  CHECK(language_of_tag("nl") == Language::nl);
  CHECK(language_of_tag("NL-be") == Language::nl);
  CHECK(language_of_tag("nl_NL") == Language::nl);
  CHECK(language_of_tag("en-Latn-GB") == Language::en);
  for (std::string_view other : {"", "-", "-nl", "nld", "n", "de", "x-nl", " nl"}) {
    CAPTURE(other);
    CHECK(!language_of_tag(other));
  }
}

TEST_CASE("a phrase puts its values into the words of a language") {
  CHECK(both.in(Language::en, 123, "Shop {}") == "123 is your code for Shop {}");
  CHECK(both.in(Language::nl, 123, "Shop {}") == "123 is je code voor Shop {}");
  CHECK(both.told(1, "A").in(Language::nl) == "1 is je code voor A");
  CHECK(both.told(1, "A").in(Language::en) == "1 is your code for A");
}

}  // namespace piggy
