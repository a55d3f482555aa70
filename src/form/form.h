#pragma once

// Forms that a shop puts on the web. What people send in stands in submission.h.

#include <string>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "form/field.h"
#include "shape/shape.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(FormStatus, DRAFT, PUBLISHED, BIN)
BOOST_DEFINE_ENUM_CLASS(FormType, PUBLIC, PRIVATE)

// What the page says around the fields. Left out, it says what pages of forms usually say.
struct FormPageTexts {
  std::optional<std::string> introduction = {};
  std::optional<std::string> button = {};
  std::optional<std::string> thanks = {};
  std::optional<bool> only_from_pages = {};

  static void describe(Fields<FormPageTexts>& field);
};

struct FormRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  FormStatus status = FormStatus::DRAFT;
  FormType type = FormType::PUBLIC;
  Value fields = {};
  std::int64_t version = 1;
  Value page = {};
};

struct FormFilter {
  std::optional<FormStatus> status = {};
  std::optional<FormType> type = {};
};

// Oldest first.
Result<std::vector<FormRow>> forms(Transaction& transaction, const FormFilter& filter);
// Whatever its status. `not_found` when there is none.
Result<FormRow> form_of(Transaction& transaction, const Uuid& uuid);
// As it was in that version: name, fields and page.
Result<FormRow> form_in_version(Transaction& transaction, FormRow form, std::int64_t version);
// Mints id and uuid of the row.
Result<> make_form(Transaction& transaction, FormRow& form, const std::vector<FormField>& fields);
// A change of name, fields or page makes a new version, and the one before it is kept.
Result<> update_form(Transaction& transaction, const FormRow& before, FormRow& after);

std::vector<FormField> fields_of(const FormRow& form);
Value fields_kept(const std::vector<FormField>& fields);
FormPageTexts page_texts_of(const FormRow& form);

// A form that anybody may send in: published, and not private. `not_found` for any other.
Result<FormRow> open_form(Transaction& transaction, const Uuid& uuid);
// Whose form it is. Above all tenants.
Result<std::int64_t> account_of_form(Transaction& transaction, const Uuid& uuid);

}  // namespace piggy
