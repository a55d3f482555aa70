// The interpreter against what people type: test/chat/phrasings.txt, which its author did not
// write.

#include "chat/interpreter.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "base/sanitized.h"
#include "base/time.h"
#include "shape/json.h"

namespace piggy {
namespace {

// The world on top of the file.
class World final : public Names {
 public:
  Result<std::vector<Named>> contacts(std::string_view word) override {
    struct Known {
      std::string_view value, email, name, card;
    };
    constexpr Known known[] = {{"$ann", "ann@example.com", "ann lee", "CARD-2"},
                               {"$ann2", "ann.lee@other.example", "ann lee", ""},
                               {"$bob", "bob@example.com", "bob stone", ""},
                               {"$eve", "eve@shop.example", "", ""},
                               {"$anon", "", "", "CARD-1"}};
    std::string wanted(word);
    std::ranges::transform(wanted, wanted.begin(), [](unsigned char c) { return std::tolower(c); });
    std::vector<Named> found;
    for (const Known& one : known) {
      bool by_name = one.name == wanted || one.name.starts_with(wanted + " ") ||
                     one.name.ends_with(" " + wanted);
      if (one.card == word || one.email == wanted || (!wanted.empty() && by_name)) {
        found.push_back({.value = std::string(one.value),
                         .label = std::string(one.email),
                         .name = std::string(one.email)});
      }
    }
    return found;
  }
  Result<std::vector<Named>> shops() override {
    return std::vector<Named>{{"$amsterdam", "Amsterdam", "Amsterdam"},
                              {"$utrecht", "Utrecht", "Utrecht"}};
  }
  Result<std::vector<Named>> promotions() override {
    return std::vector<Named>{{"$summer", "Summer sale", "Summer sale"},
                              {"$winter", "Winter sale", "Winter sale"},
                              {"$welcome", "Welcome", "Welcome"}};
  }
};

struct Phrasing {
  std::string typed;
  std::string expected;
};

std::vector<Phrasing> phrasings() {
  std::ifstream file(PIGGY_ROOT "/test/chat/phrasings.txt");
  REQUIRE(file);
  std::vector<Phrasing> all;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("> ")) {
      all.push_back({.typed = line.substr(2), .expected = {}});
      std::getline(file, all.back().expected);
    }
  }
  return all;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

bool same(const Value& a, const Value& b) {
  if (a.text() && b.text()) {
    if (a.text()->find('@') != std::string::npos) return lower(*a.text()) == lower(*b.text());
    auto time_a = parse_time(*a.text()), time_b = parse_time(*b.text());
    return *a.text() == *b.text() || (time_a && time_b && *time_a == *time_b);
  }
  if (a.members() && b.members()) {
    return a.members()->size() == b.members()->size() &&
           std::ranges::all_of(*a.members(), [&](const Member& member) {
             const Value* other = b.find(member.name);
             return other && same(member.value, *other);
           });
  }
  if (a.items() && b.items()) {
    return std::ranges::equal(*a.items(), *b.items(),
                              [](const Value& x, const Value& y) { return same(x, y); });
  }
  return a == b;
}

std::string said(const Meaning& meaning) {
  switch (meaning.kind) {
    case Meaning::Kind::nothing:
    case Meaning::Kind::confirm:  // Nothing is done before somebody says yes.
      return "nothing";
    case Meaning::Kind::call:
      return fmt::format("{} {}", meaning.tool, to_json(meaning.input));
    case Meaning::Kind::ask:
      return fmt::format("ask {} {}", meaning.tool, meaning.field);
    case Meaning::Kind::choose:
      return fmt::format("choose {} {}", meaning.tool, meaning.field);
  }
  return {};
}

bool is_right(const Meaning& meaning, const std::string& expected) {
  if (meaning.kind != Meaning::Kind::call) return said(meaning) == expected;
  std::size_t space = expected.find(' ');
  if (space == std::string::npos || expected.substr(0, space) != meaning.tool) return false;
  auto input = parse_json(expected.substr(space + 1));
  return input && same(*input, meaning.input);
}

bool reads(std::string_view tool) {
  return tool == "get_contact_credit_balance" || tool == "list_forms" || tool == "list_perks" ||
         tool == "find_voucher_by_code";
}

}  // namespace

TEST_CASE("what people type is understood: 95 of 100, and nothing wrong is done") {
  World world;
  std::size_t right = 0;
  auto all = phrasings();
  REQUIRE(all.size() >= 200);
  std::size_t tried = 0;
  for (std::size_t i = 0; i < all.size(); i += sanitized ? 10 : 1) {
    const Phrasing& one = all[i];
    tried++;
    auto meaning = interpret(one.typed, world);
    REQUIRE(meaning);
    if (is_right(*meaning, one.expected)) {
      right++;
      continue;
    }
    std::string told = fmt::format("> {}\n  expected {}\n  read     {} {}", one.typed, one.expected,
                                   said(*meaning), meaning->say);
    // A wrong action is worse than a question.
    if (meaning->kind == Meaning::Kind::call && !reads(meaning->tool)) {
      FAIL_CHECK(told);
    } else {
      MESSAGE(told);
    }
  }
  MESSAGE(fmt::format("{} of {} phrasings are understood", right, tried));
  CHECK(right * 100 >= tried * 95);
}

TEST_CASE("what is told and not asked for is done after a yes, and after nothing else") {
  World world;
  auto told = interpret("we usually give bob@example.com 50 points at Amsterdam", world);
  REQUIRE(told);
  REQUIRE(told->kind == Meaning::Kind::confirm);
  CHECK(told->say.contains("contact bob@example.com, shop Amsterdam"));

  auto yes = interpret_answer("Yes please, do it.", *told, world);
  REQUIRE(yes);
  CHECK(said(*yes) == R"(create_credit_reception {"credits":50,"contact_uuid":"$bob",)"
                      R"("shop_uuid":"$amsterdam"})");

  for (std::string_view other : {"no", "yes?", "yes, but tomorrow", "do you think so", "50", "",
                                 "Amsterdam", "don't do it", "ok, never mind"}) {
    auto answer = interpret_answer(other, *told, world);
    REQUIRE(answer);
    CHECK_MESSAGE(answer->kind == Meaning::Kind::nothing, other);
  }
}

TEST_CASE("what takes a request back is no answer to a question") {
  World world;
  auto shop = interpret("give bob@example.com 50 points", world);
  REQUIRE(shop);
  REQUIRE(said(*shop) == "ask create_credit_reception shop_uuid");
  for (std::string_view taken_back : {"not Utrecht", "never mind, I was in Utrecht myself",
                                      "when I am in Utrecht", "Utrecht, no, forget it"}) {
    auto answer = interpret_answer(taken_back, *shop, world);
    REQUIRE(answer);
    CHECK_MESSAGE(answer->kind == Meaning::Kind::nothing, taken_back);
  }
  auto answer = interpret_answer("it was in Utrecht", *shop, world);
  REQUIRE(answer);
  CHECK(said(*answer) == R"(create_credit_reception {"credits":50,"contact_uuid":"$bob",)"
                         R"("shop_uuid":"$utrecht"})");
}

}  // namespace piggy
