#include "http/accept_language.h"

#include <algorithm>

#include "base/trimmed.h"

namespace piggy::http {
namespace {

// Thousandths from 0 to 1000, as in "0.8"; none for what is no weight.
std::optional<int> weight_in(std::string_view text) {
  bool right = !text.empty() && text.size() <= 5 && (text[0] == '0' || text[0] == '1') &&
               (text.size() == 1 || text[1] == '.');
  if (!right) return std::nullopt;
  int weight = (text[0] - '0') * 1'000;
  int worth = 100;
  for (char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (c < '0' || c > '9') return std::nullopt;
    weight += (c - '0') * worth;
    worth /= 10;
  }
  if (weight > 1'000) return std::nullopt;
  return weight;
}

struct Range {
  std::string_view tag = {};
  int weight = 0;
};

std::optional<Range> range_in(std::string_view element) {
  std::size_t end = std::min(element.find(';'), element.size());
  Range range{.tag = trimmed(element.substr(0, end)), .weight = 1'000};
  if (end == element.size()) return range;
  std::string_view parameter = trimmed(element.substr(end + 1));
  if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) return std::nullopt;
  auto weight = weight_in(parameter.substr(2));
  if (!weight) return std::nullopt;
  range.weight = *weight;
  return range;
}

// What is said of one language.
struct Wish {
  Language language = Language::en;
  std::optional<int> weight = {};  // None: not named.
  std::size_t place = 0;           // Where it was named; of what a wildcard brings, the end.
};

}  // namespace

std::optional<Language> language_asked_for(std::string_view accept_language) {
  Wish wishes[] = {{.language = Language::en}, {.language = Language::nl}};
  std::optional<int> others;  // What the wildcard says.
  for (std::size_t from = 0; from < accept_language.size();) {
    std::size_t to = std::min(accept_language.find(',', from), accept_language.size());
    auto range = range_in(accept_language.substr(from, to - from));
    std::size_t place = from;
    from = to + 1;
    if (!range) continue;
    if (range->tag == "*") others = std::max(range->weight, others.value_or(0));
    auto language = language_of_tag(range->tag);
    // Who refuses one region says nothing about the language elsewhere.
    bool of_a_region = language && range->tag.size() != tag_of(*language).size();
    if (!language || (of_a_region && range->weight == 0)) continue;
    Wish& wish = wishes[static_cast<std::size_t>(*language)];
    if (wish.weight && *wish.weight >= range->weight) continue;
    wish.weight = range->weight;
    wish.place = place;
  }
  const Wish* best = nullptr;
  for (Wish& wish : wishes) {
    if (!wish.weight) {
      wish.weight = others.value_or(0);
      wish.place = accept_language.size();
    }
    bool better = best == nullptr || *wish.weight > *best->weight ||
                  (*wish.weight == *best->weight && wish.place < best->place);
    if (*wish.weight > 0 && better) best = &wish;
  }
  if (!best) return std::nullopt;
  return best->language;
}

Language language_of(const Request& request) {
  return language_asked_for(request.header("accept-language")).value_or(Language::en);
}

}  // namespace piggy::http
