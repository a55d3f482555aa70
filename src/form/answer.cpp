#include "form/answer.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/trimmed.h"
#include "base/utf8.h"
#include "contact/attribute_value.h"
#include "contact/words.h"
#include "form/words.h"
#include "shape/json.h"
#include "shape/read.h"

namespace piggy {
namespace {

namespace words = form_words;

constexpr std::int64_t answer_bytes_max = 10'000;
constexpr std::size_t choices_max = 200;

using Accepted = std::expected<Value, Told>;

std::unexpected<Told> no(const Phrase<>& why) { return std::unexpected(why.told()); }
std::unexpected<Told> no(const Phrase<1>& why, std::int64_t amount) {
  return std::unexpected(why.told(amount));
}

bool is_phone(std::string_view text) {
  auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return digits >= 5 && digits <= 20 && text.size() <= 40 &&
         text.find_first_not_of("0123456789+-()./ ") == std::string_view::npos;
}

bool is_web_address(std::string_view text) {
  bool web = text.starts_with("https://") || text.starts_with("http://");
  return web && text.size() <= 2'048 && std::ranges::all_of(text, [](char c) {
           return static_cast<unsigned char>(c) > ' ' && c != 127;
         });
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

bool is_option(const FormQuestion& question, std::string_view value) {
  return std::ranges::any_of(question.options(),
                             [&](const FormOption& option) { return option.value == value; });
}

// The answer as it is kept, or what is wrong with it.
Accepted answer_in(const FormQuestion& question, const std::string& text) {
  switch (question.type) {
    case FormFieldType::text:
    case FormFieldType::long_text:
    case FormFieldType::multi_select:  // Not one text; see choices_in.
      break;
    case FormFieldType::email:
      if (!is_email(text)) return no(contact_words::no_email);
      break;
    case FormFieldType::phone:
      if (!is_phone(text)) return no(words::no_phone);
      break;
    case FormFieldType::url:
      if (!is_web_address(text)) return no(words::no_web_address);
      break;
    case FormFieldType::number:
      if (auto number = number_in(text)) return *number;
      return no(contact_words::no_number);
    case FormFieldType::boolean:
    case FormFieldType::consent:
      if (auto boolean = boolean_in(text)) return *boolean;
      return no(words::no_boolean);
    case FormFieldType::date:
      if (!parse_time(text)) return no(contact_words::no_date);
      break;
    case FormFieldType::select:
      if (!is_option(question, text)) return no(words::no_option);
      break;
  }
  auto max = question.field.max_length;
  if (max && letters_in(text) > static_cast<std::size_t>(*max)) {
    return no(words::too_many_letters, *max);
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

// A list, or one text.
std::expected<Value::List, Told> choices_given(const Value& given) {
  Value::List choices;
  Value::List one{given};
  const Value::List& items = given.items() ? *given.items() : one;
  if (items.size() > choices_max) return no(words::too_many_values);
  for (const Value& item : items) {
    auto text = text_in(item);
    if (!text) return no(words::no_list);
    if (!text->empty() && std::ranges::find(choices, Value(*text)) == choices.end())
      choices.push_back(*text);
  }
  return choices;
}

Accepted choices_in(const FormQuestion& question, const Value::List& choices) {
  for (const Value& choice : choices) {
    if (!is_option(question, *choice.text())) return no(words::no_options);
  }
  return Value(choices);
}

// An attribute takes what it takes, whoever writes it.
Accepted for_attribute(const FormQuestion& question, Accepted answer, Time now) {
  if (!answer || !question.attribute || answer->is_null()) return answer;
  Value given = *answer;
  if (const double* number = given.number(); number && *number == std::floor(*number)) {
    given = to_json(given);
  }
  return accept_value(*question.attribute, given, now);
}

// Nothing at all was answered: null.
Accepted accepted(const FormQuestion& question, const Value& given, Time now) {
  if (question.type == FormFieldType::multi_select) {
    auto choices = choices_given(given);
    if (!choices) return std::unexpected(choices.error());
    if (choices->empty()) return Value();
    return for_attribute(question, choices_in(question, *choices), now);
  }
  auto text = text_in(given);
  if (!text || text->find('\0') != std::string::npos) return no(words::no_text);
  if (text->empty()) return Value();
  if (text->size() > static_cast<std::size_t>(answer_bytes_max)) {
    return no(words::too_many_bytes, answer_bytes_max);
  }
  return for_attribute(question, answer_in(question, *text), now);
}

}  // namespace

bool is_ticked(const Value& answers, std::string_view name) {
  const Value* answer = answers.find(name);
  return answer && answer->boolean() && *answer->boolean();
}

Answers answers_in(const Questionnaire& asked, const Value& given, Time now) {
  Answers answers;
  std::string address_field;
  bool agreed = false;
  for (const FormQuestion& question : asked.questions) {
    const std::string& name = question.field.name;
    auto refuse = [&](Told what) { answers.problems.push_back({name, std::move(what)}); };
    const Value* value = given.find(name);
    Accepted answer = accepted(question, value ? *value : Value(), now);
    if (!answer) {
      refuse(answer.error());
      continue;
    }
    bool consent = question.type == FormFieldType::consent;
    if (answer->is_null() && question.required()) refuse(words::required.told());
    if (!answer->is_null()) answers.kept.set(name, *std::move(answer));
    if (consent && question.required() && answers.kept.find(name) &&
        !is_ticked(answers.kept, name)) {
      refuse(words::not_agreed.told());
    }
    agreed = agreed || (consent && is_ticked(answers.kept, name));
    if (question.type == FormFieldType::email && !question.attribute) {
      if (address_field.empty()) address_field = name;
      if (answers.address.empty()) answers.address = answers.kept.text_of(name);
    }
  }
  bool named = std::ranges::find(answers.problems, address_field, &AnswerProblem::name) !=
               answers.problems.end();
  if (agreed && answers.address.empty() && !named) {
    answers.problems.push_back({address_field, words::needed_with_consent.told()});
  }
  return answers;
}

std::unexpected<Error> refuse_answers(const std::vector<AnswerProblem>& problems,
                                      Language language) {
  std::vector<FieldError> fields;
  for (const AnswerProblem& problem : problems) {
    fields.push_back({"/" + problem.name,
                      words::of_field.in(language, problem.name, problem.what.in(language))});
  }
  return fail_fields(std::move(fields));
}

}  // namespace piggy
