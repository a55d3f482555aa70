#include "chat/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "base/lower_case.h"
#include "base/uuid.h"
#include "shape/read.h"

namespace piggy {
namespace {

constexpr std::array<std::string_view, 20> small_numbers = {
    "zero",     "one",     "two",     "three",     "four",     "five",    "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::array<std::string_view, 10> tens = {"",      "",      "twenty",  "thirty", "forty",
                                                   "fifty", "sixty", "seventy", "eighty", "ninety"};
constexpr std::array<std::string_view, 12> months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_pause(char c) { return std::string_view(".,;:!?").contains(c); }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// "1,000", "1.000" (a group of three after the point), "24.95", "24,95", "-20", "+20".
std::optional<double> number_in(std::string_view text) {
  std::string digits;
  std::string_view rest = text;
  if (rest.starts_with('+') || rest.starts_with('-')) {
    if (rest[0] == '-') digits += '-';
    rest.remove_prefix(1);
  }
  if (rest.empty() || !is_digit(rest[0])) return std::nullopt;
  while (!rest.empty()) {
    std::size_t length = std::min(rest.find_first_of(".,"), rest.size());
    if (length == 0 || !std::ranges::all_of(rest.substr(0, length), is_digit)) return std::nullopt;
    digits += rest.substr(0, length);
    rest.remove_prefix(length);
    if (rest.empty()) break;
    std::size_t group = std::min(rest.substr(1).find_first_of(".,"), rest.size() - 1);
    bool last = group == rest.size() - 1;
    if (group != 3) {
      if (!last) return std::nullopt;
      digits += '.';
    }
    rest.remove_prefix(1);
  }
  double number = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::optional<double> number_word(std::string_view word) {
  if (word == "dozen") return 12;
  if (word == "hundred") return 100;
  if (word == "thousand") return 1000;
  auto small = std::ranges::find(small_numbers, word);
  if (small != small_numbers.end()) return static_cast<double>(small - small_numbers.begin());
  for (std::size_t ten = 2; ten < tens.size(); ten++) {
    if (!word.starts_with(tens[ten])) continue;
    std::string_view rest = word.substr(tens[ten].size());
    if (rest.empty()) return static_cast<double>(ten) * 10;
    if (!rest.starts_with('-')) continue;
    auto one = std::ranges::find(small_numbers, rest.substr(1));
    if (one != small_numbers.end()) {
      return static_cast<double>(ten) * 10 + static_cast<double>(one - small_numbers.begin());
    }
  }
  return std::nullopt;
}

std::optional<int> month_of(std::string_view word) {
  if (word.size() < 3) return std::nullopt;
  auto found = std::ranges::find(months, word.substr(0, 3));
  if (found == months.end()) return std::nullopt;
  constexpr std::array<std::string_view, 12> whole = {
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  auto index = static_cast<std::size_t>(found - months.begin());
  if (word.size() > 3 && !whole[index].starts_with(word) && word != "sept") return std::nullopt;
  return static_cast<int>(index) + 1;
}

bool is_iso_date(std::string_view text) {
  return text.size() >= 10 && text[4] == '-' && text[7] == '-' &&
         std::ranges::all_of(text.substr(0, 4), is_digit) &&
         std::ranges::all_of(text.substr(5, 2), is_digit) &&
         std::ranges::all_of(text.substr(8, 2), is_digit);
}

// "31/12/2026", "31.12.2026", "12/31/2026"; nothing where day and month might be either.
std::optional<std::string> date_in(std::string_view text) {
  std::size_t first = text.find_first_of("/.-");
  if (first == 0 || first > 2 || text.size() < first + 7) return std::nullopt;
  std::size_t second = text.find(text[first], first + 1);
  if (second == std::string_view::npos || text.size() != second + 5) return std::nullopt;
  std::string_view parts[] = {text.substr(0, first), text.substr(first + 1, second - first - 1),
                              text.substr(second + 1)};
  int numbers[3] = {};
  for (std::size_t i = 0; i < 3; i++) {
    auto [end, error] =
        std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), numbers[i]);
    if (error != std::errc() || end != parts[i].data() + parts[i].size()) return std::nullopt;
  }
  auto [day, month, year] = numbers;
  if (text[first] != '.' && day <= 12 && month <= 12 && day != month) return std::nullopt;
  if (month > 12) std::swap(day, month);
  if (day < 1 || day > 31 || month < 1 || month > 12) return std::nullopt;
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

// Upper case with a digit or a dash in it: SUMMER-AAAA, CARD-1, SKU-1, WELCOME10.
bool is_code(std::string_view text) {
  bool letter = false, mark = false;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') {
      letter = true;
    } else if (is_digit(c) || c == '-' || c == '_') {
      mark = true;
    } else {
      return false;
    }
  }
  return letter && mark && text.size() >= 3;
}

Word word_of_text(std::string_view text) {
  Word word{.said = std::string(text), .lower = lower_case(text)};
  if (is_email(text)) {
    word.kind = WordKind::email;
  } else if (parse_uuid(word.lower)) {
    word.kind = WordKind::uuid;
  } else if (is_iso_date(text)) {
    word.kind = WordKind::date;
    word.date = text;
  } else if (auto date = date_in(text)) {
    word.kind = WordKind::date;
    word.date = *std::move(date);
  } else if (auto number = number_in(text)) {
    word.kind = WordKind::number;
    word.number = *number;
  } else if (auto times =
                 text.ends_with('x') ? number_in(text.substr(0, text.size() - 1)) : std::nullopt) {
    word.kind = WordKind::number;  // "15x".
    word.number = *times;
  } else if (auto spelled = number_word(word.lower)) {
    word.kind = WordKind::number;
    word.number = *spelled;
  } else if (is_code(text)) {
    word.kind = WordKind::code;
  }
  return word;
}

// What closes a quotation that was opened so; "" when it opens none.
std::string_view closing(std::string_view at) {
  if (at.starts_with('"')) return "\"";
  if (at.starts_with("“")) return "”";
  if (at.starts_with("«")) return "»";
  if (at.starts_with('`')) return "`";
  if (at.starts_with("‘")) return "’";
  if (at.starts_with('\'')) return "'";
  return {};
}

// "19:30", "7:30" with "pm" behind it, "7pm"; nothing for what is no time of day.
std::optional<std::string> time_of_day(const Word& word, const Word* next) {
  std::string_view text = word.lower;
  bool pm = text.ends_with("pm"), am = text.ends_with("am");
  if (pm || am) text.remove_suffix(2);
  if (next) {
    pm = pm || next->is("pm") || next->is("p.m");
    am = am || next->is("am") || next->is("a.m");
  }
  std::size_t colon = text.find(':');
  if (colon == std::string_view::npos && !pm && !am) return std::nullopt;
  std::string_view hours = text.substr(0, colon);
  std::string_view minutes = colon == std::string_view::npos ? "00" : text.substr(colon + 1);
  if (hours.empty() || hours.size() > 2 || minutes.size() != 2 ||
      !std::ranges::all_of(hours, is_digit) || !std::ranges::all_of(minutes, is_digit)) {
    return std::nullopt;
  }
  int hour = std::atoi(std::string(hours).c_str());
  int minute = std::atoi(std::string(minutes).c_str());
  if (pm && hour < 12) hour += 12;
  if (am && hour == 12) hour = 0;
  if (hour > 23 || minute > 59) return std::nullopt;
  return fmt::format("{:02}:{:02}:00", hour, minute);
}

// A day and a time of day beside each other, either way round and with "at" or "on" between, become
// one moment.
void join_times(std::vector<Word>& words) {
  auto drop = [&](std::size_t at) { words.erase(words.begin() + static_cast<std::ptrdiff_t>(at)); };
  for (std::size_t i = 0; i < words.size(); i++) {
    const Word* next = i + 1 < words.size() ? &words[i + 1] : nullptr;
    auto time = time_of_day(words[i], next);
    if (!time) continue;
    if (next && (next->is("pm") || next->is("am") || next->is("p.m") || next->is("a.m"))) {
      words[i].pause = next->pause;
      drop(i + 1);
    }
    auto is_day = [&](std::size_t at) {
      return at < words.size() && words[at].kind == WordKind::date && words[at].date.size() == 10;
    };
    std::size_t before = i >= 1 && words[i - 1].is("at") ? i - 2 : i - 1;
    std::size_t after = i + 1 < words.size() && words[i + 1].is("on") ? i + 2 : i + 1;
    if (is_day(before)) {
      words[before].date += "T" + *time;
      words[before].pause = words[i].pause;
      for (std::size_t at = i; at > before; at--) drop(at);
      i = before;
    } else if (is_day(after)) {
      words[after].date += "T" + *time;
      for (std::size_t at = after; at-- > i;) drop(at);
    }
  }
}

// "31 December 2026", "December 31, 2026" and "31 Dec" with a year become one date; "two hundred"
// and "5 thousand" one number; and "thank you" one word, in which nobody is spoken of.
void join(std::vector<Word>& words) {
  auto day = [](const Word& word) {
    std::string_view text = word.lower;
    for (std::string_view ending : {"st", "nd", "rd", "th"}) {
      if (text.size() > 2 && text.ends_with(ending) && is_digit(text[0])) text.remove_suffix(2);
    }
    auto number = number_in(text);
    return number && *number >= 1 && *number <= 31 && *number == std::floor(*number)
               ? static_cast<int>(*number)
               : 0;
  };
  auto spelled = [](const Word& word) {
    return word.kind == WordKind::number && !is_digit(word.said[0]);
  };
  auto drop = [&](std::size_t at, std::size_t count) {
    auto first = words.begin() + static_cast<std::ptrdiff_t>(at);
    words[at - 1].pause = words[at + count - 1].pause;
    words.erase(first, first + static_cast<std::ptrdiff_t>(count));
  };
  for (std::size_t i = 0; i + 1 < words.size(); i++) {
    if (words[i].is("thank") && words[i + 1].is("you")) {
      words[i].lower = "thanks";
      drop(i + 1, 1);
      if (i + 1 == words.size()) break;
    }
    const Word& next = words[i + 1];
    if (words[i].kind == WordKind::number &&
        (next.is("hundred") || next.is("thousand") || next.is("dozen"))) {
      words[i].number *= next.number;
      drop(i + 1, 1);
    }
    if (i + 2 < words.size() && words[i].number >= 100 && spelled(words[i]) &&
        words[i + 1].is("and") && spelled(words[i + 2]) && words[i + 2].number < 100) {
      words[i].number += words[i + 2].number;
      drop(i + 1, 2);
    }
    // "The 31st of August".
    if (i + 2 < words.size() && words[i + 1].is("of") && day(words[i]) > 0 &&
        month_of(words[i + 2].lower)) {
      words.erase(words.begin() + static_cast<std::ptrdiff_t>(i + 1));
    }
    if (i + 2 >= words.size()) continue;
    const Word& year = words[i + 2];
    if (year.kind != WordKind::number || year.number < 2000 || year.number > 2200) continue;
    auto month = month_of(words[i].lower);
    int number = month ? day(words[i + 1]) : day(words[i]);
    if (!month) month = month_of(words[i + 1].lower);
    if (!month || !number) continue;
    words[i].kind = WordKind::date;
    words[i].date = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(year.number), *month, number);
    drop(i + 1, 2);
  }
  join_times(words);
}

// "???" stands for what is not known.
bool leaves_open(std::string_view chunk) {
  return chunk.size() > 1 && std::ranges::all_of(chunk, [](char c) { return c == '?'; });
}

// How long the label is in "quantity=30"; 0 where there is none.
std::size_t label_before_equals(std::string_view chunk) {
  std::size_t size = std::min(chunk.find('='), chunk.size() - 1);
  bool letters = std::ranges::all_of(chunk.substr(0, size), [](char c) {
    return c == '_' || c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  bool arrow = chunk.substr(size).starts_with("=>");
  return letters && chunk[size] == '=' && !arrow ? size : 0;
}

}  // namespace

std::vector<Word> words_in(std::string_view text) {
  std::vector<Word> words;
  constexpr std::string_view loose = ".,;:!?()[]{}<>€$£%…";
  std::size_t at = 0;
  bool between = true;  // An apostrophe within a word opens no quotation.
  while (at < text.size()) {
    if (is_space(text[at])) {
      at++;
      between = true;
      continue;
    }
    std::string_view rest = text.substr(at);
    std::string_view close = between ? closing(rest) : std::string_view();
    if (!close.empty()) {
      std::size_t open_size = close.size();
      std::size_t end = rest.find(close, open_size);
      if (end != std::string_view::npos && end > open_size) {
        std::string_view inside = rest.substr(open_size, end - open_size);
        words.push_back(
            {.kind = WordKind::quoted, .said = std::string(inside), .lower = lower_case(inside)});
        at += end + close.size();
        if (at < text.size() && is_pause(text[at])) words.back().pause = text[at];
        between = false;
        continue;
      }
    }
    std::size_t length = 0;
    while (length < rest.size() && !is_space(rest[length])) length++;
    std::string_view chunk = rest.substr(0, length);
    at += length;
    between = true;
    char pause = is_pause(chunk.back()) ? chunk.back() : chunk.ends_with("…") ? '.' : '\0';
    constexpr std::array<std::string_view, 9> dashes = {"-",  "–", "—",  "--", "/",
                                                        "->", "→", "=>", "|"};
    bool dash = std::ranges::find(dashes, chunk) != dashes.end();
    if (chunk == "=") continue;  // "quantity = 30".
    if (std::size_t size = label_before_equals(chunk); size > 0) {
      words.push_back(word_of_text(chunk.substr(0, size)));
      at -= chunk.size() - size - 1;
      continue;
    }
    if (dash || (chunk.size() == 1 && pause)) {
      bool arrow = chunk == "->" || chunk == "→" || chunk == "=>";
      if (!words.empty()) words.back().pause = arrow ? '>' : dash ? '-' : pause;
      continue;
    }
    // What stands around a word is not part of it.
    auto strip = [&](std::string_view mark) {
      bool stripped = false;
      while (chunk.size() >= mark.size() && chunk.starts_with(mark)) {
        chunk.remove_prefix(mark.size());
        stripped = true;
      }
      while (chunk.size() >= mark.size() && chunk.ends_with(mark)) {
        chunk.remove_suffix(mark.size());
        stripped = true;
      }
      return stripped;
    };
    for (bool again = true; again;) {
      again = false;
      for (char c : loose) {
        if (static_cast<unsigned char>(c) < 0x80) again = strip(std::string_view(&c, 1)) || again;
      }
      for (std::string_view mark : {"€", "£", "…", "\"", "'", "`", "“", "”", "‘", "’"}) {
        again = strip(mark) || again;
      }
    }
    if (chunk.ends_with("'s") || chunk.ends_with("’s")) {
      chunk.remove_suffix(chunk.ends_with("'s") ? 2 : 4);
    }
    if (chunk.empty() && leaves_open(text.substr(at - length, length))) {
      words.push_back({.said = "???", .lower = "???"});
      continue;
    }
    if (chunk.empty()) continue;
    words.push_back(word_of_text(chunk));
    words.back().pause = pause;
  }
  join(words);
  return words;
}

}  // namespace piggy
