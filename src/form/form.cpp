#include "form/form.h"

#include <fmt/format.h>

#include "event/event.h"
#include "operation/numbers.h"
#include "shape/read.h"

namespace piggy {
namespace {

constexpr AppendTable form_table = {
    "form",
    "account_id bigint, id bigint, uuid bytea, name text, status text, type text, fields text, "
    "created_at bigint"};

constexpr AppendTable submission_table = {
    "form_submission",
    "account_id bigint, id bigint, uuid bytea, form_id bigint, contact_id bigint, answers text, "
    "created_at bigint"};

constexpr std::string_view select_where = R"sql(
  SELECT id, uuid, name, status, type, fields FROM form WHERE account_id = $1{}
)sql";

constexpr std::string_view select_account = "SELECT account_id FROM form WHERE uuid = $1";

constexpr std::string_view move_rows = R"sql(
  UPDATE form_submission SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

auto form_not_found() { return refuse(ErrorCode::not_found, 60013, "Form not found."); }

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

Result<> make_form(Transaction& transaction, FormRow& form, const std::vector<FormField>& fields) {
  form.id = transaction.next_id();
  form.uuid = transaction.next_uuid();
  form.fields = Value::list();
  for (const FormField& field : fields) {
    form.fields.push(Value::object({{"name", field.name},
                                    {"label", field.label},
                                    {"type", word_of(field.type)},
                                    {"required", field.required.value_or(false)}}));
  }
  return transaction.append(form_table, {form.id, form.uuid, form.name, form.status, form.type,
                                         form.fields, transaction.now()});
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

Result<FormRow> open_form(Transaction& transaction, const Uuid& uuid) {
  std::string sql = fmt::format(fmt::runtime(select_where), " AND uuid = $2");
  auto form = TRY(transaction.first<FormRow>(sql, {uuid}));
  if (!form || form->status != FormStatus::PUBLISHED || form->type != FormType::PUBLIC) {
    return form_not_found();
  }
  return *std::move(form);
}

Result<std::int64_t> account_of_form(Transaction& transaction, const Uuid& uuid) {
  ASSERT(transaction.account() == 0);
  auto account = TRY(transaction.first<std::int64_t>(select_account, {uuid}));
  if (!account) return form_not_found();
  return *account;
}

namespace {

// The address of the person, if the form asked for one and got it.
std::string_view address_in(const std::vector<FormField>& fields, const Value& answers) {
  for (const FormField& field : fields) {
    if (field.type == FormFieldType::email && answers.find(field.name)) {
      return answers.text_of(field.name);
    }
  }
  return {};
}

Result<ContactRow> contact_for(Transaction& transaction, std::string_view address) {
  auto found = TRY(contact_by_email(transaction, address));
  if (found) return *std::move(found);
  return make_contact(transaction, {.email = std::string(address), .channel = "FORMS"});
}

}  // namespace

Result<Submission> submit(Transaction& transaction, const FormRow& form, const Value& answers) {
  Submission submission = {.uuid = transaction.next_uuid()};
  std::string_view address = address_in(fields_of(form), answers);
  std::optional<std::int64_t> contact_id;
  Value about =
      Value::object({{"uuid", to_string(submission.uuid)},
                     {"form", Value::object({{"uuid", to_string(form.uuid)}, {"name", form.name}})},
                     {"contact", nullptr},
                     {"answers", answers}});
  if (!address.empty()) {
    submission.contact = TRY(contact_for(transaction, address));
    contact_id = submission.contact->id;
    about.set("contact", Value::object({{"uuid", to_string(submission.contact->uuid)},
                                        {"email", submission.contact->email}}));
  }
  TRY(transaction.append(submission_table, {transaction.next_id(), submission.uuid, form.id,
                                            contact_id, answers, transaction.now()}));
  TRY(emit(transaction, "form_submission_completed", submission.uuid,
           Value::object({{"form_submission", std::move(about)}})));
  return submission;
}

Result<> move_submissions(Transaction& transaction, const ContactRow& source,
                          const ContactRow& destination) {
  TRY(transaction.run(move_rows, {source.id, destination.id}));
  return {};
}

void FormField::describe(Fields<FormField>& field) {
  field("name", &FormField::name, "What its answer is called: letters, digits and _.",
        {.min = 1, .max = 64});
  field("label", &FormField::label, "What people see.", {.min = 1, .max = 200});
  field("type", &FormField::type, "What an answer must be.");
  field("required", &FormField::required, "Whether it must be answered; no by default.");
}

}  // namespace piggy
