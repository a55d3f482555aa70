#include "contact/attribute_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/lower_case.h"
#include "base/trimmed.h"
#include "contact/words.h"
#include "shape/read.h"

namespace piggy {
namespace {

namespace words = contact_words;
using Accepted = std::expected<Value, Told>;

constexpr std::size_t line_max = 1'000;  // Bytes of a text on one line, of a text with many.
constexpr std::size_t text_max = 65'536;
constexpr std::size_t address_max = 2'048;

template <std::size_t places>
Accepted no(const Phrase<places>& why, const auto&... values) {
  return std::unexpected(why.told(values...));
}

// Numbers and booleans are as good as their text, because forms send nothing else.
std::optional<std::string> text_in(const Value& given) {
  if (given.text()) return std::string(trimmed(*given.text()));
  if (given.integer() || given.number() || given.boolean()) return to_json(given);
  return std::nullopt;
}

bool only(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || others.find(c) != std::string_view::npos;
  });
}

bool has_control(std::string_view text, bool lines_allowed) {
  return std::any_of(text.begin(), text.end(), [&](char c) {
    bool line = c == '\n' || c == '\r' || c == '\t';
    return (static_cast<unsigned char>(c) < ' ' && !(lines_allowed && line)) || c == 127;
  });
}

Accepted accept_text(std::string text, std::size_t max, bool lines_allowed = false) {
  if (text.size() > max) return no(words::too_long, max);
  if (has_control(text, lines_allowed)) return no(words::control_characters);
  return text;
}

Accepted accept_url(std::string text) {
  std::string lower = lower_case(text);
  bool web = lower.starts_with("https://") || lower.starts_with("http://");
  if (!web || text.size() > address_max || text.find(' ') != std::string::npos ||
      has_control(text, false)) {
    return no(words::no_web_address);
  }
  return text;
}

Accepted accept_phone(const std::string& text) {
  bool right = text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
                 return (c >= '0' && c <= '9') || std::string_view(" +-().").contains(c);
               });
  auto digits =
      std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!right || digits < 3) return no(words::no_phone);
  return text;
}

Accepted accept_color(const std::string& text) {
  bool right = (text.size() == 4 || text.size() == 7 || text.size() == 9) && text[0] == '#' &&
               std::string_view(text).substr(1).find_first_not_of("0123456789abcdefABCDEF") ==
                   std::string_view::npos;
  if (!right) return no(words::no_color);
  return text;
}

Accepted accept_number(const std::string& text) {
  std::int64_t integer = 0;
  const char* end = text.data() + text.size();
  auto whole = std::from_chars(text.data(), end, integer);
  if (whole.ec == std::errc() && whole.ptr == end) return Value(integer);
  double number = 0;
  auto broken = std::from_chars(text.data(), end, number);
  if (broken.ec != std::errc() || broken.ptr != end || !std::isfinite(number)) {
    return no(words::no_number);
  }
  return Value(number);
}

Accepted accept_boolean(const std::string& text) {
  std::string word = lower_case(text);
  if (word == "true" || word == "1" || word == "yes") return Value(true);
  if (word == "false" || word == "0" || word == "no") return Value(false);
  return no(words::no_boolean);
}

Accepted accept_date(const std::string& text) {
  auto time = parse_time(text);
  if (!time) return no(words::no_date);
  return to_atom(*time).substr(0, 10);
}

Accepted accept_birth_date(const std::string& text, Time now) {
  Accepted date = accept_date(text);
  if (!date) return date;
  if (*date->text() > to_atom(now)) return no(words::in_the_future);
  return date;
}

Accepted accept_moment(const std::string& text) {
  auto time = parse_time(text);
  if (!time) return no(words::no_moment);
  return to_atom(*time);
}

Accepted accept_time_of_day(const std::string& text) {
  std::string day = "2000-01-01T" + text + (text.size() == 5 ? ":00" : "");
  bool right = (text.size() == 5 || text.size() == 8) && parse_time(day).has_value();
  if (!right) return no(words::no_time_of_day);
  return text.substr(0, 5);
}

// Both ends of a range: a list of two, {start, end}, or one text with `/`, `;` or " - " between.
std::optional<std::pair<std::string, std::string>> ends_of(const Value& given) {
  const Value* start = given.find("start");
  const Value* end = given.find("end");
  if (const auto* items = given.items(); items && items->size() == 2) {
    start = &(*items)[0];
    end = &(*items)[1];
  }
  if (start && end && start->text() && end->text()) return std::pair(*start->text(), *end->text());
  if (!given.text()) return std::nullopt;
  for (std::string_view between : {"/", ";", " - "}) {
    std::size_t at = given.text()->find(between);
    if (at == std::string::npos) continue;
    return std::pair(given.text()->substr(0, at), given.text()->substr(at + between.size()));
  }
  return std::nullopt;
}

Accepted accept_range(const Value& given, Accepted (*accept_end)(const std::string&)) {
  auto ends = ends_of(given);
  if (!ends) return no(words::no_range);
  Accepted start = accept_end(std::string(trimmed(ends->first)));
  if (!start) return start;
  Accepted end = accept_end(std::string(trimmed(ends->second)));
  if (!end) return end;
  bool dates = start->text()->size() == 10;
  if (dates && *end->text() < *start->text()) return no(words::ends_too_early);
  return *start->text() + "/" + *end->text();
}

Accepted accept_choice(const AttributeDefinition& attribute, const std::string& text) {
  if (attribute.option(text)) return text;
  return no(words::no_option);
}

Accepted accept_choices(const AttributeDefinition& attribute, const Value& given) {
  std::vector<std::string> words;
  if (const auto* items = given.items()) {
    for (const Value& item : *items) words.push_back(text_in(item).value_or("\n"));
  } else {
    std::string text = text_in(given).value_or("\n");
    for (std::size_t from = 0; from <= text.size();) {
      std::size_t to = std::min(text.find(';', from), text.size());
      std::string_view word = trimmed(std::string_view(text).substr(from, to - from));
      if (!word.empty()) words.emplace_back(word);
      from = to + 1;
    }
  }
  Value chosen = Value::list();
  for (const std::string& word : words) {
    if (!attribute.option(word)) return no(words::no_options);
    const auto& before = *chosen.items();
    if (std::find(before.begin(), before.end(), Value(word)) == before.end()) chosen.push(word);
  }
  if (chosen.items()->empty()) return Value();
  return chosen;
}

Accepted accept_license_plate(const std::string& text) {
  if (text.size() > 16 || !only(text, " -.")) return no(words::no_license_plate);
  std::string upper(text);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return upper;
}

Accepted accept_one(const AttributeDefinition& attribute, std::string text, Time now) {
  switch (attribute.type) {
    case AttributeType::url:
      return accept_url(std::move(text));
    case AttributeType::file_upload:
    case AttributeType::media_upload:
      return accept_text(std::move(text), address_max);  // Where the file is, in any form.
    case AttributeType::text:
    case AttributeType::identifier:
      return accept_text(std::move(text), line_max);
    case AttributeType::rich_text:
    case AttributeType::long_text:
      return accept_text(std::move(text), text_max, true);
    case AttributeType::email:
      if (!is_email(text)) return no(words::no_email);
      return lower_case(text);
    case AttributeType::date:
      return accept_date(text);
    case AttributeType::birth_date:
      return accept_birth_date(text, now);
    case AttributeType::date_time:
      return accept_moment(text);
    case AttributeType::phone:
      return accept_phone(text);
    case AttributeType::color:
      return accept_color(text);
    case AttributeType::float_:
    case AttributeType::number:
      return accept_number(text);
    case AttributeType::boolean:
      return accept_boolean(text);
    case AttributeType::select:
      return accept_choice(attribute, text);
    case AttributeType::license_plate:
      return accept_license_plate(text);
    case AttributeType::date_range:
    case AttributeType::time_range:
    case AttributeType::multi_select:
      break;  // Not one text; see accept_value.
  }
  return no(words::not_set);
}

bool unset(const Value& stored) {
  return stored.is_null() || (stored.text() && stored.text()->empty());
}

}  // namespace

std::expected<Value, Told> accept_value(const AttributeDefinition& attribute, const Value& given,
                                        Time now) {
  auto text = text_in(given);
  if (text && text->empty()) return Value();
  if (attribute.type == AttributeType::multi_select) return accept_choices(attribute, given);
  if (attribute.type == AttributeType::date_range) return accept_range(given, accept_date);
  if (attribute.type == AttributeType::time_range) return accept_range(given, accept_time_of_day);
  if (!text) return no(words::not_single);
  return accept_one(attribute, *std::move(text), now);
}

std::string printed_value(const AttributeDefinition&, const Value& stored) {
  if (unset(stored)) return "";
  if (stored.text()) return *stored.text();
  if (!stored.items()) return to_json(stored);
  std::string joined;
  for (const Value& item : *stored.items()) {
    if (!joined.empty()) joined += ';';
    joined += *item.text();
  }
  return joined;
}

// Booleans and lists go as text here too; clients know them no other way.
Value current_value(const AttributeDefinition& attribute, const Value& stored) {
  if (unset(stored)) return Value();
  if (stored.integer() || stored.number()) return stored;
  return printed_value(attribute, stored);
}

std::string displayed_value(const AttributeDefinition& attribute, const Value& stored,
                            std::string_view time_zone) {
  if (unset(stored)) return "";
  if (stored.boolean()) return *stored.boolean() ? "True" : "False";
  if (attribute.type == AttributeType::date_time) {
    auto time = parse_time(*stored.text());
    return time ? to_display(*time, time_zone) : *stored.text();
  }
  auto label_of = [&](const std::string& value) {
    const AttributeOption* option = attribute.option(value);
    return option ? option->label : value;
  };
  if (const auto* items = stored.items()) {
    std::vector<std::string> labels;
    for (const Value& item : *items) labels.push_back(label_of(*item.text()));
    return spoken_list(labels);
  }
  if (attribute.type == AttributeType::select) return label_of(*stored.text());
  return printed_value(attribute, stored);
}

std::string spoken_list(const std::vector<std::string>& words) {
  std::string spoken;
  for (std::size_t i = 0; i < words.size(); i++) {
    if (i > 0) spoken += i + 1 == words.size() ? " and " : ", ";
    spoken += words[i];
  }
  return spoken;
}

}  // namespace piggy
