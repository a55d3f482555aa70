#include "base/fold.h"

#include <doctest/doctest.h>

namespace piggy {
namespace {

using Words = std::vector<std::string>;

TEST_CASE("case, accents and width make no difference") {
  CHECK(folded("José MÜLLER") == "jose muller");
  CHECK(folded("Straße") == "strasse");
  CHECK(folded("ﬁn Ａ１") == "fin a1");
  CHECK(folded("Łukasz Ørsted") != "");  // Letters of their own, not marked ones.
  CHECK(folded("Ἀθήνα") == folded("αθηνα"));
  CHECK(folded("") == "");
}

TEST_CASE("what is written with a mark of its own is what is written as one letter") {
  CHECK(folded("e\u0301") == folded("\u00e9"));
}

TEST_CASE("words are runs of letters and digits") {
  CHECK(folded_words("Anne-Marie O'Neil") == Words{"anne", "marie", "o", "neil"});
  CHECK(folded_words("  van der  Berg, 3rd ") == Words{"van", "der", "berg", "3rd"});
  CHECK(folded_words("jan.jansen+shop@x.example") ==
        Words{"jan", "jansen", "shop", "x", "example"});
  CHECK(folded_words("山田 太郎") == Words{"山田", "太郎"});
  CHECK(folded_words("… !? 🐷").empty());
}

TEST_CASE("text that is not UTF-8 is taken as ASCII") {
  CHECK(folded("ABC\xff") == "abc\xff");
  CHECK(folded_words("AB\xff"
                     "CD") == Words{"ab", "cd"});
}

}  // namespace
}  // namespace piggy
