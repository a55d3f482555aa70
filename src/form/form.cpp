#include "form/form.h"

#include <fmt/format.h>

#include "operation/numbers.h"
#include "shape/json.h"
#include "shape/read.h"

namespace piggy {
namespace {

constexpr AppendTable form_table = {
    "form",
    "account_id bigint, id bigint, uuid bytea, name text, status text, type text, fields text, "
    "created_at bigint, version bigint, page text, updated_at bigint"};

constexpr AppendTable version_table = {
    "form_version",
    "account_id bigint, form_id bigint, version bigint, name text, fields text, page text, "
    "replaced_at bigint"};

constexpr std::string_view select_where = R"sql(
  SELECT id, uuid, name, status, type, fields, version, page FROM form WHERE account_id = $1{}
)sql";

constexpr std::string_view select_version = R"sql(
  SELECT name, fields, page FROM form_version
  WHERE account_id = $1 AND form_id = $2 AND version = $3
)sql";

constexpr std::string_view update_row = R"sql(
  UPDATE form SET name = $3, status = $4, type = $5, fields = $6, version = $7, page = $8,
                  updated_at = $9
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_account = "SELECT account_id FROM form WHERE uuid = $1";

auto form_not_found() { return refuse(ErrorCode::not_found, 60013, "Form not found."); }

struct VersionRow {
  std::string name = {};
  Value fields = {};
  Value page = {};
};

}  // namespace

Result<std::vector<FormRow>> forms(Transaction& transaction, const FormFilter& filter) {
  std::string where;
  std::vector<Parameter> parameters;
  auto add = [&](std::string_view column, Parameter parameter) {
    parameters.push_back(std::move(parameter));
    where += fmt::format(" AND {} = ${}", column, parameters.size() + 1);  // $1 is the account.
  };
  if (filter.status) add("status", *filter.status);
  if (filter.type) add("type", *filter.type);
  where += " ORDER BY id";
  return transaction.all<FormRow>(fmt::format(fmt::runtime(select_where), where), parameters);
}

Result<FormRow> form_of(Transaction& transaction, const Uuid& uuid) {
  std::string sql = fmt::format(fmt::runtime(select_where), " AND uuid = $2");
  auto form = TRY(transaction.first<FormRow>(sql, {uuid}));
  if (!form) return form_not_found();
  return *std::move(form);
}

Result<FormRow> form_in_version(Transaction& transaction, FormRow form, std::int64_t version) {
  if (version == form.version) return form;
  auto row = TRY(transaction.first<VersionRow>(select_version, {form.id, version}));
  if (!row) return refuse(ErrorCode::not_found, 60013, "The form has no such version.");
  form.version = version;
  form.name = std::move(row->name);
  form.fields = std::move(row->fields);
  form.page = std::move(row->page);
  return form;
}

Result<> make_form(Transaction& transaction, FormRow& form, const std::vector<FormField>& fields) {
  form.id = transaction.next_id();
  form.uuid = transaction.next_uuid();
  form.fields = fields_kept(fields);
  if (form.page.is_null()) form.page = Value::object();
  return transaction.append(form_table,
                            {form.id, form.uuid, form.name, form.status, form.type, form.fields,
                             transaction.now(), form.version, form.page, transaction.now()});
}

Result<> update_form(Transaction& transaction, const FormRow& before, FormRow& after) {
  bool edited =
      after.name != before.name || after.fields != before.fields || after.page != before.page;
  after.version = before.version + (edited ? 1 : 0);
  if (edited) {
    TRY(transaction.append(version_table, {before.id, before.version, before.name, before.fields,
                                           before.page, transaction.now()}));
  }
  TRY(transaction.run(update_row, {after.id, after.name, after.status, after.type, after.fields,
                                   after.version, after.page, transaction.now()}));
  return {};
}

std::vector<FormField> fields_of(const FormRow& form) {
  std::vector<FormField> fields;
  ASSERT(form.fields.items());
  for (const Value& stored : *form.fields.items()) {
    auto field = read<FormField>(stored, Reading::strict);
    ASSERT(field.has_value());
    fields.push_back(*std::move(field));
  }
  return fields;
}

Value fields_kept(const std::vector<FormField>& fields) {
  std::string json;
  write_json(json, shape_of<std::vector<FormField>>(), &fields);
  auto kept = parse_json(json);
  ASSERT(kept.has_value());
  return *std::move(kept);
}

FormPageTexts page_texts_of(const FormRow& form) {
  return read<FormPageTexts>(form.page, Reading::lenient).value_or(FormPageTexts());
}

Result<FormRow> open_form(Transaction& transaction, const Uuid& uuid) {
  FormRow form = TRY(form_of(transaction, uuid));
  if (form.status != FormStatus::PUBLISHED || form.type != FormType::PUBLIC) {
    return form_not_found();
  }
  return form;
}

Result<std::int64_t> account_of_form(Transaction& transaction, const Uuid& uuid) {
  ASSERT(transaction.account() == 0);
  auto account = TRY(transaction.first<std::int64_t>(select_account, {uuid}));
  if (!account) return form_not_found();
  return *account;
}

void FormPageTexts::describe(Fields<FormPageTexts>& field) {
  field("introduction", &FormPageTexts::introduction, "What stands above the fields.",
        {.max = 2'000});
  field("button", &FormPageTexts::button, "What the button says; \"Send\" when not given.",
        {.max = 60});
  field("thanks", &FormPageTexts::thanks, "What people see once it was sent.", {.max = 2'000});
  field("only_from_pages", &FormPageTexts::only_from_pages,
        "Whether it can be sent from its page and its snippet alone, not by a program that skips "
        "them. No by default.");
}

}  // namespace piggy
