#include "chat/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

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
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return out;
}

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
  if (word == "a dozen" || word == "dozen") return 12;
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
  Word word{.said = std::string(text), .lower = lower(text)};
  if (is_email(text)) {
    word.kind = WordKind::email;
  } else if (parse_uuid(word.lower)) {
    word.kind = WordKind::uuid;
  } else if (is_iso_date(text)) {
    word.kind = WordKind::date;
    word.date = text;
  } else if (auto number = number_in(text)) {
    word.kind = WordKind::number;
    word.number = *number;
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

// "31 December 2026", "December 31, 2026" and "31 Dec" with a year become one date; "two hundred"
// and "5 thousand" one number.
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
  for (std::size_t i = 0; i + 1 < words.size(); i++) {
    if (words[i].kind == WordKind::number &&
        (words[i + 1].is("hundred") || words[i + 1].is("thousand") || words[i + 1].is("dozen"))) {
      words[i].number *= words[i + 1].is("hundred") ? 100 : words[i + 1].is("dozen") ? 12 : 1000;
      words.erase(words.begin() + static_cast<std::ptrdiff_t>(i) + 1);
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
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                words.begin() + static_cast<std::ptrdiff_t>(i) + 3);
  }
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
            {.kind = WordKind::quoted, .said = std::string(inside), .lower = lower(inside)});
        at += end + close.size();
        between = false;
        continue;
      }
    }
    std::size_t length = 0;
    while (length < rest.size() && !is_space(rest[length])) length++;
    std::string_view chunk = rest.substr(0, length);
    at += length;
    between = true;
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
    if (!chunk.empty()) words.push_back(word_of_text(chunk));
  }
  join(words);
  return words;
}

}  // namespace piggy
