#include "form/operations.h"

#include <fmt/format.h>

#include <set>

namespace piggy {
namespace {

Form shown(const Call& call, const FormRow& row) {
  return {.uuid = row.uuid,
          .name = row.name,
          .status = row.status,
          .type = row.type,
          .url = call.settings.public_url + "/forms/" + to_string(row.uuid)};
}

FormStatus status_meant(FormStatusFilter filter) {
  switch (filter) {
    case FormStatusFilter::DRAFT:
    case FormStatusFilter::INACTIVE:
      return FormStatus::DRAFT;
    case FormStatusFilter::PUBLISHED:
    case FormStatusFilter::ACTIVE:
      return FormStatus::PUBLISHED;
    case FormStatusFilter::BIN:
      return FormStatus::BIN;
  }
  return FormStatus::DRAFT;
}

// Answers arrive beside the form's uuid, under the names of the fields.
Result<> check_names(const std::vector<FormField>& fields) {
  std::vector<FieldError> problems;
  std::set<std::string_view> names = {"uuid"};
  for (std::size_t i = 0; i < fields.size(); i++) {
    std::string path = fmt::format("/fields/{}/name", i);
    const std::string& name = fields[i].name;
    bool plain = name.find_first_not_of(
                     "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                     "0123456789_") == std::string::npos;
    if (!plain) problems.push_back({path, "The name may hold letters, digits and _ only."});
    if (!names.insert(name).second) problems.push_back({path, "The name is taken."});
  }
  if (problems.empty()) return {};
  return fail_fields(std::move(problems));
}

}  // namespace

Result<ListForms::Output> ListForms::run(Call& call, const Input& input) {
  FormFilter filter = {.type = input.type};
  if (input.status) filter.status = status_meant(*input.status);
  Output output;
  for (const FormRow& row : TRY(forms(call.transaction, filter))) {
    output.forms.push_back(shown(call, row));
  }
  return output;
}

Result<CreateForm::Output> CreateForm::run(Call& call, const Input& input) {
  TRY(check_names(input.fields));
  FormRow row = {.name = input.name,
                 .status = input.status.value_or(FormStatus::DRAFT),
                 .type = input.type.value_or(FormType::PUBLIC)};
  TRY(make_form(call.transaction, row, input.fields));
  call.changes("form " + row.name, nullptr, "created");
  return shown(call, row);
}

Result<std::int64_t> SubmitForm::account_of(Transaction& transaction, const Input& input) {
  return account_of_form(transaction, input.uuid);
}

Result<SubmitForm::Output> SubmitForm::run(Call& call, const Input& input) {
  FormRow form = TRY(open_form(call.transaction, input.uuid));
  Value answers = TRY(answers_in(fields_of(form), input.answers));
  Submission submission = TRY(submit(call.transaction, form, answers));
  call.changes("submission of form " + form.name, nullptr, "created");
  return Output{.uuid = submission.uuid};
}

void add_form_operations(Catalogue& catalogue) {
  catalogue.add<ListForms>();
  catalogue.add<CreateForm>();
  catalogue.add<SubmitForm>();
}

// Descriptions ------------------------------------------------------------------------------------

void Form::describe(Fields<Form>& field) {
  field("uuid", &Form::uuid, "The form.");
  field("name", &Form::name, "Its name.");
  field("status", &Form::status, "Whether it can be sent in: PUBLISHED.");
  field("type", &Form::type, "Whether anybody can send it in.");
  field("url", &Form::url, "Its address.");
}

void ListForms::Input::describe(Fields<Input>& field) {
  field("status", &Input::status,
        "Only of this status. ACTIVE means PUBLISHED, INACTIVE means DRAFT.");
  field("type", &Input::type, "Only of this type.");
}

void ListForms::Output::describe(Fields<Output>& field) {
  field("forms", &Output::forms, "The forms, oldest first.");
}

void CreateForm::Input::describe(Fields<Input>& field) {
  field("name", &Input::name, "Its name.", {.min = 1, .max = 200});
  field("fields", &Input::fields, "What it asks for, in order.", {.min = 1, .max = 100});
  field("status", &Input::status, "DRAFT when not given.");
  field("type", &Input::type, "PUBLIC when not given.");
}

void SubmitForm::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The form.");
  field("answers", &Input::answers, "The answers, by the names of the form's fields.",
        {.flat = true, .untrusted = true});
}

void SubmitForm::Output::describe(Fields<Output>& field) {
  field("uuid", &Output::uuid, "What was sent in.");
}

}  // namespace piggy
