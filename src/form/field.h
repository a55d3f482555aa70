#pragma once

// What a form asks for. A field may stand for an attribute of contacts, whose type and options then
// say what an answer must be, or for the consent to a subscription, in exact words.

#include <optional>
#include <string>
#include <vector>

#include "contact/contact_view.h"
#include "operation/operation.h"
#include "shape/shape.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(FormFieldType, text, email, phone, number, boolean, date, long_text, url,
                        select, multi_select, consent)

struct FormOption {
  std::string value = {};
  std::string label = {};

  static void describe(Fields<FormOption>& field);
};

struct FormField {
  std::string name = {};
  std::string label = {};
  std::optional<FormFieldType> type = {};
  std::optional<bool> required = {};
  std::optional<std::string> help = {};
  std::optional<std::vector<FormOption>> options = {};
  std::optional<std::int64_t> max_length = {};
  std::optional<std::string> attribute = {};
  std::optional<bool> overwrite = {};
  std::optional<Uuid> subscription_type_uuid = {};
  std::optional<std::string> text = {};

  static void describe(Fields<FormField>& field);
};

// A field together with what it refers to, as that is now.
struct FormQuestion {
  FormField field = {};
  FormFieldType type = FormFieldType::text;
  const AttributeDefinition* attribute = nullptr;  // Null when there is none, or no longer.
  const SubscriptionType* consent = nullptr;

  bool required() const { return field.required.value_or(false); }
  // What may be chosen, of the attribute or of the field.
  std::vector<FormOption> options() const;
};

// Questions point into the sheet, so that it stays where it is.
struct Questionnaire {
  Questionnaire() = default;
  Questionnaire(Questionnaire&&) = default;
  Questionnaire& operator=(Questionnaire&&) = default;

  ContactSheet sheet = {};
  std::vector<FormQuestion> questions = {};

  const FormQuestion* question(std::string_view name) const;
};
Result<Questionnaire> questionnaire(Call& call, std::vector<FormField> fields);

// Whether a form can ask for these. Every problem is named at once.
Result<> check_fields(Call& call, const std::vector<FormField>& fields);

// Names that answers cannot have, because they mean something where answers are sent.
bool is_reserved_name(std::string_view name);

}  // namespace piggy
