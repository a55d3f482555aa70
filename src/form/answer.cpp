// What a stranger answered, made into what we keep. Everything may be hostile: far too long, of a
// wrong kind, nested, with characters that no person types.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/trimmed.h"
#include "form/form.h"
#include "shape/read.h"

namespace piggy {
namespace {

constexpr std::size_t answer_bytes_max = 10'000;

bool is_phone(std::string_view text) {
  auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return digits >= 5 && digits <= 20 && text.size() <= 40 &&
         text.find_first_not_of("0123456789+-()./ ") == std::string_view::npos;
}

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

std::optional<bool> boolean_in(std::string_view text) {
  for (std::string_view yes : {"1", "true", "yes", "on"}) {
    if (text == yes) return true;
  }
  for (std::string_view no : {"0", "false", "no", "off"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

// The answer as it is kept, or what is wrong with it.
std::expected<Value, std::string_view> answer_in(FormFieldType type, std::string_view text) {
  switch (type) {
    case FormFieldType::text:
      break;
    case FormFieldType::email:
      if (!is_email(text)) return std::unexpected("must be a valid email address");
      break;
    case FormFieldType::phone:
      if (!is_phone(text)) return std::unexpected("must be a phone number");
      break;
    case FormFieldType::number:
      if (auto number = number_in(text)) return *number;
      return std::unexpected("must be a number");
    case FormFieldType::boolean:
      if (auto boolean = boolean_in(text)) return *boolean;
      return std::unexpected("must be true or false");
    case FormFieldType::date:
      if (!parse_time(text)) return std::unexpected("must be a date such as 2024-01-31");
      break;
  }
  return Value(text);
}

// Text, numbers and booleans as text; nothing for what is nested.
std::optional<std::string> text_in(const Value& given) {
  if (given.text()) return std::string(trimmed(*given.text()));
  if (given.is_null()) return std::string();
  if (given.items() || given.members()) return std::nullopt;
  return to_json(given);
}

}  // namespace

Result<Value> answers_in(const std::vector<FormField>& fields, const Value& given) {
  Value answers = Value::object();
  std::vector<FieldError> problems;
  for (const FormField& field : fields) {
    auto refuse = [&](std::string_view what) {
      problems.push_back({"/" + field.name, fmt::format("The {} field {}.", field.name, what)});
    };
    const Value* value = given.find(field.name);
    std::optional<std::string> text = value ? text_in(*value) : std::string();
    if (!text || text->find('\0') != std::string::npos) {
      refuse("must be a text");
    } else if (text->empty()) {
      if (field.required.value_or(false)) refuse("is required");
    } else if (text->size() > answer_bytes_max) {
      refuse(fmt::format("may not be greater than {} bytes", answer_bytes_max));
    } else if (auto answer = answer_in(field.type, *text)) {
      answers.set(field.name, *std::move(answer));
    } else {
      refuse(answer.error());
    }
  }
  if (problems.empty()) return answers;
  return fail_fields(std::move(problems));
}

}  // namespace piggy
