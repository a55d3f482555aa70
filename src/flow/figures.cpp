#include "flow/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

namespace piggy {
namespace {

struct Figure {
  std::string written = {};
  double amount = 0;
  int places = 0;  // After the decimal point.
  bool per_cent = false;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 1,234.5 and 12.5%; a comma or a point between groups of three digits is one of thousands.
std::vector<Figure> figures_in(std::string_view text) {
  std::vector<Figure> figures;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_digit(text[i])) {
      i++;
      continue;
    }
    std::size_t end = i;
    std::string digits;
    int places = 0;
    while (end < text.size()) {
      if (is_digit(text[end])) {
        digits += text[end++];
        continue;
      }
      std::size_t run = 0;
      while (end + 1 + run < text.size() && is_digit(text[end + 1 + run])) run++;
      if (text[end] == ',' && run == 3) {
        end++;
        continue;
      }
      if (text[end] == '.' && run > 0) {
        places = static_cast<int>(run);
        digits += text.substr(end, run + 1);
        end += run + 1;
      }
      break;
    }
    bool per_cent = text.substr(end).starts_with("%") || text.substr(end).starts_with(" %") ||
                    text.substr(end).starts_with(" per cent") ||
                    text.substr(end).starts_with(" percent");
    figures.push_back({.written = std::string(text.substr(i, end - i)),
                       .amount = std::strtod(digits.c_str(), nullptr),
                       .places = places,
                       .per_cent = per_cent});
    i = end;
  }
  return figures;
}

struct Data {
  std::vector<double> numbers = {};
  std::string texts = {};
};

void gather(const Value& value, Data& data) {
  if (const auto* integer = value.integer()) {
    data.numbers.push_back(static_cast<double>(*integer));
  } else if (const double* number = value.number()) {
    data.numbers.push_back(*number);
  } else if (const auto* text = value.text()) {
    data.texts += *text + "\n";
  } else if (const auto* items = value.items()) {
    for (const Value& item : *items) gather(item, data);
  } else if (const auto* members = value.members()) {
    for (const Member& member : *members) gather(member.value, data);
  }
}

bool is_in(const Figure& figure, const Data& data) {
  double unit = std::pow(10.0, -figure.places);
  auto same = [&](double number) {
    return std::abs(std::abs(number) - figure.amount) <= unit / 2 + 1e-9;
  };
  for (double number : data.numbers) {
    // A whole number is told whole: rounding is for what has a fraction.
    bool whole = number == std::floor(number);
    if (whole && figure.places == 0 ? std::abs(number) == figure.amount : same(number)) return true;
    if (figure.per_cent && std::abs(number) <= 1 && same(number * 100)) return true;
  }
  for (std::size_t at = data.texts.find(figure.written); at != std::string::npos;
       at = data.texts.find(figure.written, at + 1)) {
    std::size_t end = at + figure.written.size();
    bool alone = (at == 0 || !is_digit(data.texts[at - 1])) &&
                 (end == data.texts.size() || !is_digit(data.texts[end]));
    if (alone) return true;
  }
  return false;
}

}  // namespace

Result<> figures_are_in(std::string_view text, const Value& data) {
  Data known;
  gather(data, known);
  std::string missing;
  for (const Figure& figure : figures_in(text)) {
    if (is_in(figure, known)) continue;
    missing += (missing.empty() ? "" : ", ") + figure.written;
  }
  if (missing.empty()) return {};
  return fail(ErrorCode::invalid,
              fmt::format("The text tells figures that are nowhere in the data: {}.", missing));
}

}  // namespace piggy
