#pragma once

// Forms that a shop puts on the web, and what people sent in with them. Answers come from anybody:
// they are text to look at, never instructions.

#include <string>
#include <vector>

#include "base/error.h"
#include "contact/contact.h"
#include "database/database.h"
#include "shape/shape.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(FormStatus, DRAFT, PUBLISHED, BIN)
BOOST_DEFINE_ENUM_CLASS(FormType, PUBLIC, PRIVATE)
BOOST_DEFINE_ENUM_CLASS(FormFieldType, text, email, phone, number, boolean, date)

struct FormField {
  std::string name = {};
  std::string label = {};
  FormFieldType type = FormFieldType::text;
  std::optional<bool> required = {};

  static void describe(Fields<FormField>& field);
};

struct FormRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  FormStatus status = FormStatus::DRAFT;
  FormType type = FormType::PUBLIC;
  Value fields = {};
};

struct FormFilter {
  std::optional<FormStatus> status = {};
  std::optional<FormType> type = {};
};

// Oldest first.
Result<std::vector<FormRow>> forms(Transaction& transaction, const FormFilter& filter);
// Mints id and uuid of the row.
Result<> make_form(Transaction& transaction, FormRow& form, const std::vector<FormField>& fields);
std::vector<FormField> fields_of(const FormRow& form);

// A form that anybody may send in: published, and not private. `not_found` for any other.
Result<FormRow> open_form(Transaction& transaction, const Uuid& uuid);
// Whose form it is. Above all tenants.
Result<std::int64_t> account_of_form(Transaction& transaction, const Uuid& uuid);

// The answers as they are kept: those that fields ask for, each in its type. Every problem is named
// at once, and answers that no field asks for are left out.
Result<Value> answers_in(const std::vector<FormField>& fields, const Value& given);

struct Submission {
  Uuid uuid = {};
  std::optional<ContactRow> contact = {};
};
// Finds or makes the contact of the first e-mail address answered, and keeps the answers.
Result<Submission> submit(Transaction& transaction, const FormRow& form, const Value& answers);

// When two contacts become one.
Result<> move_submissions(Transaction& transaction, const ContactRow& source,
                          const ContactRow& destination);

}  // namespace piggy
