#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "shape/json.h"
#include "world.h"

// Tells the stories of test/scenario/*.txt; README.md there has the language.

namespace piggy {
namespace {

// Whether `whole` has everything that `part` asks for. Lists must be as long.
bool has(const Value& whole, const Value& part) {
  if (part.members()) {
    return std::all_of(part.members()->begin(), part.members()->end(), [&](const Member& member) {
      const Value* twin = whole.find(member.name);
      return twin && has(*twin, member.value);
    });
  }
  if (part.items() && whole.items()) {
    if (part.items()->size() != whole.items()->size()) return false;
    for (std::size_t i = 0; i < part.items()->size(); i++) {
      if (!has((*whole.items())[i], (*part.items())[i])) return false;
    }
    return true;
  }
  return whole == part;
}

const Value* at(const Value& value, std::string_view pointer) {
  const Value* here = &value;
  while (here && !pointer.empty()) {
    pointer.remove_prefix(1);
    std::string_view name = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(name.size());
    if (here->items()) {
      std::size_t index = static_cast<std::size_t>(std::stoul(std::string(name)));
      here = index < here->items()->size() ? &(*here->items())[index] : nullptr;
    } else {
      here = here->find(name);
    }
  }
  return here;
}

class Story {
 public:
  enum class Telling { plain, rehearsed };
  Story(Way way, std::string file, Telling telling = Telling::plain)
      : world_(way), file_(std::move(file)), way_(way), telling_(telling) {}

  void tell() {
    std::ifstream stream(file_);
    REQUIRE(stream);
    std::string line;
    for (int number = 1; std::getline(stream, line); number++) {
      if (line.starts_with('#')) sentence_ = line.substr(1);
      if (line.empty() || line.starts_with('#')) continue;
      std::string where =
          fmt::format("{}:{} by {}:{} -- {} -- heard {}", file_, number,
                      way_names[static_cast<int>(way_)], sentence_, line, heard_.text);
      INFO(where);
      std::istringstream words(line);
      std::string verb;
      words >> verb;
      step(verb, words);
    }
  }

 private:
  void step(const std::string& verb, std::istringstream& words) {
    std::string first, second;
    if (verb == "call" || verb == "dry") {
      words >> first;
      Value input = json(rest_of(words));
      bool rehearsed = telling_ == Telling::rehearsed && verb == "call" && key_.empty();
      heard_ = rehearsed
                   ? call_rehearsed(first, input)
                   : world_.call(first, std::move(input), std::exchange(key_, ""), verb == "dry");
    } else if (verb == "ok") {
      REQUIRE_MESSAGE(heard_.fine, heard_.text);
      CHECK_MESSAGE(has(heard_.answer, json(rest_of(words))), heard_.text);
    } else if (verb == "fail") {
      check_refusal(words);
    } else if (verb == "effect") {
      check_effect(json(rest_of(words)));
    } else if (verb == "set") {
      words >> first >> second;
      const Value* value = at(heard_.answer, second);
      REQUIRE_MESSAGE(value, heard_.text);
      kept_[first] = value->text() ? *value->text() : to_json(*value);
    } else if (verb == "key") {
      words >> key_;
    } else if (verb == "jobs") {
      world_.jobs();
    } else if (verb == "wait") {
      std::int64_t seconds = 0;
      words >> seconds;
      world_.wait(seconds);
    } else if (verb == "tenant") {
      words >> first;
      world_.tenant(first);
    } else {
      FAIL("no such line: " << verb);
    }
  }

  // A guess of a code counts even when it is dry, or it could be tried for ever. And what is done
  // in earnest is remembered under the key that a connection gives it, also when nothing changed.
  // When a token was used is noted beside what is done with it.
  std::string rows() {
    constexpr std::string_view guesses = R"("attempts":)";
    std::string kept;
    std::istringstream lines(world_.rows());
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(R"({"table":"idempotency)")) continue;
      if (line.starts_with(R"({"table":"verification")")) {
        std::size_t at = line.rfind(guesses);
        REQUIRE_MESSAGE(at != std::string::npos, line);
        at += guesses.size();
        line.erase(at, line.find_first_not_of("0123456789", at) - at);
      }
      if (line.starts_with(R"({"table":"token")")) line.erase(line.find(R"("used_at":)"));
      kept += line + "\n";
    }
    return kept;
  }

  // Dry, which must change nothing, and then in earnest, which must come to the same. What the deed
  // changes the rehearsal has told of.
  Heard call_rehearsed(const std::string& name, const Value& input) {
    std::string before = rows();
    Heard dry = world_.call(name, input, "", true);
    CHECK(rows() == before);
    Heard heard = world_.call(name, input, "", false);
    CHECK(heard.fine == dry.fine);
    CHECK(heard.number == dry.number);
    bool changed = rows() != before;
    bool told = dry.effects.items() && !dry.effects.items()->empty();
    CHECK_MESSAGE((!changed || told), dry.text);
    return heard;
  }

  void check_effect(const Value& expected) {
    REQUIRE_MESSAGE(heard_.effects.items(), heard_.text);
    const auto& effects = *heard_.effects.items();
    CHECK_MESSAGE(std::any_of(effects.begin(), effects.end(),
                              [&](const Value& each) { return has(each, expected); }),
                  to_json(heard_.effects));
  }

  // MCP has texts where the wire has numbers; the fields are named by both.
  void check_refusal(std::istringstream& words) {
    std::int64_t number = 0;
    words >> number;
    REQUIRE_MESSAGE(!heard_.fine, heard_.text);
    if (heard_.number) CHECK_MESSAGE(heard_.number == number, heard_.text);
    for (std::string pointer; words >> pointer;) {
      std::string name = pointer.substr(pointer.rfind('/') + 1);
      CHECK_MESSAGE(heard_.text.find(name) != std::string::npos, heard_.text);
    }
  }

  std::string rest_of(std::istringstream& words) {
    std::string rest;
    std::getline(words, rest);
    rest.erase(0, std::min(rest.find_first_not_of(' '), rest.size()));
    for (const auto& [name, value] : kept_) {
      for (std::size_t at = 0; (at = rest.find("$" + name, at)) != std::string::npos;) {
        rest.replace(at, name.size() + 1, value);
        at += value.size();
      }
    }
    return rest;
  }

  static Value json(const std::string& text) {
    auto value = parse_json(text.empty() ? "{}" : text);
    REQUIRE_MESSAGE(value, text);
    return *value;
  }

  World world_;
  std::string file_;
  Way way_;
  Telling telling_;
  std::string sentence_;
  std::map<std::string, std::string, std::greater<>> kept_;  // Longer names first.
  std::string key_;
  Heard heard_;
};

std::vector<std::string> stories() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(PIGGY_ROOT "/test/scenario")) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  REQUIRE(files.size() >= 14);
  return files;
}

}  // namespace
}  // namespace piggy

TEST_SUITE("scenario") {
  TEST_CASE("every story is true through every door") {
    for (const std::string& file : piggy::stories()) {
      for (int way = 0; way < static_cast<int>(std::size(piggy::way_names)); way++) {
        std::string name = fmt::format("{} by {}", std::filesystem::path(file).stem().string(),
                                       piggy::way_names[way]);
        SUBCASE(name.c_str()) { piggy::Story(static_cast<piggy::Way>(way), file).tell(); }
      }
    }
  }

  TEST_CASE("every call of every story can be rehearsed dry: nothing changes, and all is told") {
    using piggy::Story;
    for (const std::string& file : piggy::stories()) {
      for (piggy::Way way : {piggy::Way::command, piggy::Way::remote}) {
        std::string name = fmt::format("{} by {}", std::filesystem::path(file).stem().string(),
                                       piggy::way_names[static_cast<int>(way)]);
        SUBCASE(name.c_str()) { Story(way, file, Story::Telling::rehearsed).tell(); }
      }
    }
  }
}
