// The interpreter against what people type: test/chat/phrasings.txt, which its author did not
// write.

#include "chat/interpreter.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>

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
  for (const Phrasing& one : all) {
    auto meaning = interpret(one.typed, world);
    REQUIRE(meaning);
    if (is_right(*meaning, one.expected)) {
      right++;
      continue;
    }
    std::string told =
        fmt::format("> {}\n  expected {}\n  read     {}", one.typed, one.expected, said(*meaning));
    // A wrong action is worse than a question.
    if (meaning->kind == Meaning::Kind::call && !reads(meaning->tool)) {
      FAIL_CHECK(told);
    } else {
      MESSAGE(told);
    }
  }
  MESSAGE(fmt::format("{} of {} phrasings are understood", right, all.size()));
  CHECK(right * 100 >= all.size() * 95);
}

}  // namespace piggy
