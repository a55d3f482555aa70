#include "http/accept_language.h"

#include <doctest/doctest.h>

namespace piggy::http {
namespace {

std::string asked(std::string_view header) {
  auto language = language_asked_for(header);
  return language ? std::string(tag_of(*language)) : "none";
}

}  // namespace

TEST_CASE("the language with the greatest weight is asked for, and the first of equals") {
  CHECK(asked("nl") == "nl");
  CHECK(asked("en") == "en");
  CHECK(asked("nl,en") == "nl");
  CHECK(asked("en,nl") == "en");
  CHECK(asked("en;q=0.7, nl;q=0.8") == "nl");
  CHECK(asked("nl;q=0.8,en") == "en");
  CHECK(asked("de-DE,de;q=0.9,nl;q=0.3,en;q=0.2") == "nl");
  CHECK(asked("en;q=0.001, nl;q=0.002") == "nl");
  CHECK(asked("en ; q=0.5 ,\tnl ;Q=0.6") == "nl");
  CHECK(asked("nl;q=1.000, en;q=0.999") == "nl");
}

TEST_CASE("a region asks for its language, in any case") {
  CHECK(asked("nl-BE") == "nl");
  CHECK(asked("NL-be;q=0.4, fr") == "nl");
  CHECK(asked("en-GB,nl;q=0.9") == "en");
  CHECK(asked("nl-BE,nl;q=0.9,en-US;q=0.8,en;q=0.7") == "nl");
  CHECK(asked("nld") == "none");
  CHECK(asked("nl-BE;q=0, nl;q=0.5, en;q=0.4") == "nl");
}

TEST_CASE("a weight of zero refuses a language") {
  CHECK(asked("nl;q=0") == "none");
  CHECK(asked("nl;q=0.000, en;q=0.1") == "en");
  CHECK(asked("en;q=0, nl;q=0") == "none");
  CHECK(asked("*, en;q=0") == "nl");
  CHECK(asked("nl;q=0, *;q=0.5") == "en");
}

TEST_CASE("a wildcard stands for what is not named") {
  CHECK(asked("*") == "en");
  CHECK(asked("*;q=0") == "none");
  CHECK(asked("fr, *;q=0.1") == "en");
  CHECK(asked("en;q=0.2, *;q=0.3") == "nl");
  CHECK(asked("*, nl") == "nl");
  CHECK(asked("nl;q=0.2, *;q=0.1") == "nl");
}

TEST_CASE("what is not well formed counts as not said") {
  for (std::string_view junk :
       {"",          ",",          ";",          ";;;,,,",   "nl;",     "nl;q",
        "nl;q=",     "nl;q=2",     "nl;q=-1",    "nl;q=1.5", "nl;q=.5", "nl;q=0.5555",
        "nl;q=0,5x", "nl;q=0.5;x", "nl;level=1", "nl en",    "n l",     "=",
        "\xff\xfe",  "nl;q=1e3",   "q=1",        "-nl"}) {
    CAPTURE(junk);
    CHECK(asked(junk) == "none");
  }
  CHECK(asked("nl;q=abc, en;q=0.1") == "en");
  CHECK(asked(",, ,nl,,") == "nl");
  CHECK(asked(std::string_view("nl\0", 3)) == "none");
}

TEST_CASE("a request that asks for none of our languages is answered in English") {
  CHECK(language_of({.headers = {{"accept-language", "nl"}}}) == Language::nl);
  CHECK(language_of({.headers = {{"Accept-Language", "fr"}}}) == Language::en);
  CHECK(language_of({}) == Language::en);
}

TEST_CASE("a very long header is read to its end") {
  std::string many;
  for (int i = 0; i < 100'000; i++) many += "fr;q=0.9,";
  CHECK(asked(many + "nl;q=0.1") == "nl");
  CHECK(asked(many) == "none");
  CHECK(asked(std::string(1'000'000, ';')) == "none");
  CHECK(asked("nl-" + std::string(1'000'000, 'x')) == "nl");
}

}  // namespace piggy::http
