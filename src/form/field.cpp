#include "form/field.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace piggy {
namespace {

constexpr std::string_view name_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

FormFieldType type_like(AttributeType type) {
  switch (type) {
    case AttributeType::email:
      return FormFieldType::email;
    case AttributeType::phone:
      return FormFieldType::phone;
    case AttributeType::number:
    case AttributeType::float_:
      return FormFieldType::number;
    case AttributeType::boolean:
      return FormFieldType::boolean;
    case AttributeType::date:
    case AttributeType::birth_date:
      return FormFieldType::date;
    case AttributeType::long_text:
    case AttributeType::rich_text:
      return FormFieldType::long_text;
    case AttributeType::url:
      return FormFieldType::url;
    case AttributeType::select:
      return FormFieldType::select;
    case AttributeType::multi_select:
      return FormFieldType::multi_select;
    default:
      return FormFieldType::text;
  }
}

bool is_choice(FormFieldType type) {
  return type == FormFieldType::select || type == FormFieldType::multi_select;
}

bool is_words(FormFieldType type) {
  return type == FormFieldType::text || type == FormFieldType::long_text;
}

// What needs nothing but the field itself. `say` takes the member and what is wrong with it.
template <class Say>
void check_alone(const FormField& field, FormFieldType type, const Say& say) {
  if (field.name.find_first_not_of(name_characters) != std::string::npos) {
    say("name", "The name may hold letters, digits and _ only.");
  }
  if (is_reserved_name(field.name)) say("name", "The name is taken by the form itself.");
  bool has_options = field.options && !field.options->empty();
  if (is_choice(type) && !field.attribute && !has_options) {
    say("options", "A choice needs options.");
  }
  if (has_options && (!is_choice(type) || field.attribute)) {
    say("options", "Only a choice that stands for no attribute has options of its own.");
  }
  std::set<std::string_view> values;
  for (const FormOption& option : field.options.value_or(std::vector<FormOption>())) {
    if (!values.insert(option.value).second) say("options", "Two options have the same value.");
  }
  if (field.max_length && !is_words(type)) say("max_length", "Only texts have a length.");
  if (field.overwrite && !field.attribute) say("overwrite", "There is no attribute to overwrite.");
  bool consent = type == FormFieldType::consent;
  if (consent && !field.text) say("text", "A consent needs the exact words that are agreed to.");
  if (consent && !field.subscription_type_uuid) {
    say("subscription_type_uuid", "A consent needs the subscription that it is for.");
  }
  if (consent && field.attribute) say("attribute", "A consent is no attribute.");
  if (!consent && field.text) say("text", "Only a consent has words that are agreed to.");
  if (!consent && field.subscription_type_uuid) {
    say("subscription_type_uuid", "Only a consent is for a subscription.");
  }
}

// Anybody may answer for anybody: what the system keeps, and what would tell by a refusal whether
// another contact has it, cannot be answered.
template <class Say>
void check_attribute(const FormField& field, const AttributeDefinition* attribute, const Say& say) {
  if (!attribute) return say("attribute", "There is no such attribute of contacts.");
  if (attribute->name == "email") {
    return say("attribute", "The address is asked for by a field of type email.");
  }
  if (attribute->read_only()) return say("attribute", "This attribute cannot be written.");
  if (attribute->has_unique_value) {
    return say("attribute", "An attribute of unique values would tell strangers who has them.");
  }
  if (field.type && *field.type != type_like(attribute->type)) {
    say("type", fmt::format("The attribute {} is answered as {}.", attribute->name,
                            word_of(type_like(attribute->type))));
  }
}

}  // namespace

bool is_reserved_name(std::string_view name) {
  return name == "uuid" || name == "dry_run" || name.starts_with('_');
}

std::vector<FormOption> FormQuestion::options() const {
  if (!attribute) return field.options.value_or(std::vector<FormOption>());
  std::vector<FormOption> options;
  for (const AttributeOption& option : attribute->options) {
    options.push_back({.value = option.value, .label = option.label});
  }
  return options;
}

const FormQuestion* Questionnaire::question(std::string_view name) const {
  auto found = std::ranges::find_if(
      questions, [&](const FormQuestion& question) { return question.field.name == name; });
  return found == questions.end() ? nullptr : &*found;
}

Result<Questionnaire> questionnaire(Call& call, std::vector<FormField> fields) {
  Questionnaire all;
  bool refers = std::ranges::any_of(fields, [](const FormField& field) {
    return field.attribute || field.subscription_type_uuid;
  });
  if (refers) all.sheet = TRY(contact_sheet(call));
  for (FormField& field : fields) {
    FormQuestion question;
    if (field.attribute) question.attribute = all.sheet.attribute(*field.attribute);
    if (question.attribute) question.type = type_like(question.attribute->type);
    if (field.type) question.type = *field.type;
    if (field.subscription_type_uuid) {
      auto type = std::ranges::find(all.sheet.types, *field.subscription_type_uuid,
                                    &SubscriptionType::uuid);
      if (type != all.sheet.types.end()) question.consent = &*type;
    }
    question.field = std::move(field);
    all.questions.push_back(std::move(question));
  }
  return all;
}

Result<> check_fields(Call& call, const std::vector<FormField>& fields) {
  Questionnaire all = TRY(questionnaire(call, fields));
  std::vector<FieldError> problems;
  std::set<std::string_view> names;
  bool consent = false, address = false;
  for (std::size_t i = 0; i < fields.size(); i++) {
    const FormQuestion& question = all.questions[i];
    const FormField& field = question.field;
    auto say = [&](std::string_view member, std::string what) {
      problems.push_back({fmt::format("/fields/{}/{}", i, member), std::move(what)});
    };
    check_alone(field, question.type, say);
    if (!names.insert(field.name).second) say("name", "The name is taken.");
    if (field.attribute) check_attribute(field, question.attribute, say);
    if (field.subscription_type_uuid && !question.consent) {
      say("subscription_type_uuid", "There is no such subscription type.");
    }
    consent = consent || question.type == FormFieldType::consent;
    address = address || (question.type == FormFieldType::email && !field.attribute);
  }
  if (consent && !address) {
    problems.push_back({"/fields", "Who agrees is known by a field of type email: there is none."});
  }
  if (problems.empty()) return {};
  return fail_fields(std::move(problems));
}

// Descriptions ------------------------------------------------------------------------------------

void FormOption::describe(Fields<FormOption>& field) {
  field("value", &FormOption::value, "What is sent and kept.", {.min = 1, .max = 200});
  field("label", &FormOption::label, "What people see.", {.min = 1, .max = 200});
}

void FormField::describe(Fields<FormField>& field) {
  field("name", &FormField::name, "What its answer is called: letters, digits and _.",
        {.min = 1, .max = 64});
  field("label", &FormField::label, "What people see.", {.min = 1, .max = 200});
  field("type", &FormField::type,
        "What an answer must be. Left out: as its attribute says, or text. The first email field "
        "says whose answers they are; a consent is a box to tick.");
  field("required", &FormField::required, "Whether it must be answered; no by default.");
  field("help", &FormField::help, "A line below the label.", {.max = 500});
  field("options", &FormField::options, "What may be chosen, of a select or multi_select.",
        {.max = 200});
  field("max_length", &FormField::max_length, "How many characters a text may have.",
        {.min = 1, .max = 10'000});
  field("attribute", &FormField::attribute,
        "The attribute of contacts that the answer is written to; its type and options hold.",
        {.min = 1, .max = 100});
  field("overwrite", &FormField::overwrite,
        "Whether an answer replaces what a contact already has in the attribute. No by default: "
        "anybody may give anybody's address.");
  field("subscription_type_uuid", &FormField::subscription_type_uuid,
        "What a consent subscribes to. Of a DOUBLE_OPT_IN type the contact is asked by e-mail "
        "first.");
  field("text", &FormField::text, "The exact words of a consent, kept as proof.",
        {.min = 1, .max = 2'000});
}

}  // namespace piggy
