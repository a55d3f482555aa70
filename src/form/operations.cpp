#include "form/operations.h"

#include <fmt/format.h>

#include "contact/referral_code.h"
#include "form/page.h"
#include "form/submission_operations.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr std::size_t key_length_max = 200;

std::string url_of(const Call& call, const FormRow& row) {
  return call.settings.public_url + "/forms/" + to_string(row.uuid);
}

Form shown(const Call& call, const FormRow& row) {
  return {.uuid = row.uuid,
          .name = row.name,
          .status = row.status,
          .type = row.type,
          .url = url_of(call, row)};
}

FormDetails details(const Call& call, const FormRow& row) {
  return {.uuid = row.uuid,
          .name = row.name,
          .status = row.status,
          .type = row.type,
          .url = url_of(call, row),
          .version = row.version,
          .fields = fields_of(row),
          .page = page_texts_of(row)};
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

Value kept(const FormPageTexts& page) { return *parse_json(to_json(page)); }

Result<FormDetails> changed(Call& call, const FormRow& before, FormRow after) {
  TRY(update_form(call.transaction, before, after));
  std::string what = "form " + before.name;
  if (before.status != after.status) {
    call.changes("status of " + what, word_of(before.status), word_of(after.status));
  }
  if (before.version != after.version) {
    call.changes("version of " + what, before.version, after.version);
  }
  return details(call, after);
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
  TRY(check_fields(call, input.fields));
  FormRow row = {.name = input.name,
                 .status = input.status.value_or(FormStatus::DRAFT),
                 .type = input.type.value_or(FormType::PUBLIC),
                 .page = kept(input.page.value_or(FormPageTexts()))};
  TRY(make_form(call.transaction, row, input.fields));
  call.changes("form " + row.name, nullptr, "created");
  return shown(call, row);
}

Result<FormDetails> GetForm::run(Call& call, const Input& input) {
  FormRow form = TRY(form_of(call.transaction, input.form_uuid));
  std::int64_t version = input.version.value_or(form.version);
  return details(call, TRY(form_in_version(call.transaction, std::move(form), version)));
}

Result<FormDetails> UpdateForm::run(Call& call, const Input& input) {
  FormRow before = TRY(form_of(call.transaction, input.form_uuid));
  if (input.fields) TRY(check_fields(call, *input.fields));
  FormRow after = before;
  if (input.name) after.name = *input.name;
  if (input.fields) after.fields = fields_kept(*input.fields);
  if (input.status) after.status = *input.status;
  if (input.type) after.type = *input.type;
  if (input.page) after.page = kept(*input.page);
  return changed(call, before, std::move(after));
}

Result<FormDetails> DeleteForm::run(Call& call, const Input& input) {
  FormRow before = TRY(form_of(call.transaction, input.form_uuid));
  FormRow after = before;
  after.status = FormStatus::BIN;
  return changed(call, before, std::move(after));
}

Result<GetFormSnippet::Output> GetFormSnippet::run(Call& call, const Input& input) {
  FormRow form = TRY(form_of(call.transaction, input.form_uuid));
  if (form.status != FormStatus::PUBLISHED || form.type != FormType::PUBLIC) {
    return fail(ErrorCode::conflict,
                "Only a PUBLISHED form that is PUBLIC can be put on other pages.");
  }
  Questionnaire asked = TRY(questionnaire(call, fields_of(form)));
  Output output{.script_url = url_of(call, form) + "/form.js",
                .submit_url = fmt::format("{}/api/v1/forms/{}/public/submit",
                                          call.settings.public_url, to_string(form.uuid))};
  FormFilling empty;
  output.html = form_element({.form = form,
                              .asked = asked,
                              .filling = empty,
                              .language = input.language.value_or(Language::en),
                              .action = url_of(call, form),
                              .in_a_snippet = true});
  output.html += fmt::format("<script src=\"{}\" async></script>\n", output.script_url);
  return output;
}

Result<std::int64_t> SubmitForm::account_of(Transaction& transaction, const Input& input) {
  return account_of_form(transaction, input.uuid);
}

Result<SubmitForm::Output> SubmitForm::run(Call& call, const Input& input, const Visit& visit) {
  FormRow form = TRY(open_form(call.transaction, input.uuid));
  Questionnaire asked = TRY(questionnaire(call, fields_of(form)));
  Answers answers = answers_in(asked, input.answers, call.now());
  if (!answers.problems.empty()) {
    return refuse_answers(answers.problems, visit.language);
  }
  Visit named = visit;
  if (input.key) named.key = *input.key;
  PageMarks marks{.trap = input.trap.value_or(""), .stamp = input.stamp.value_or("")};
  Submission submission =
      TRY(submit(call, {.form = form,
                        .asked = asked,
                        .answers = answers,
                        .visit = named,
                        .spam_reason = spam_reason_of(call.caller, form, marks, call.now()),
                        .referral_code = input.referral_code.value_or("")}));
  // What changed elsewhere would tell whoever asks what is known of the contact.
  call.effects.clear();
  call.changes("submission of form " + form.name, nullptr, "created");
  return Output{.uuid = submission.uuid,
                .message = thanks_of(form, visit.language),
                .confirmation = asks_by_mail(asked, answers.kept)};
}

void add_form_operations(Catalogue& catalogue) {
  catalogue.add<ListForms>();
  catalogue.add<CreateForm>();
  catalogue.add<GetForm>();
  catalogue.add<UpdateForm>();
  catalogue.add<DeleteForm>();
  catalogue.add<GetFormSnippet>();
  catalogue.add<SubmitForm>();
  add_submission_operations(catalogue);
}

// Descriptions ------------------------------------------------------------------------------------

void Form::describe(Fields<Form>& field) {
  field("uuid", &Form::uuid, "The form.");
  field("name", &Form::name, "Its name.");
  field("status", &Form::status, "Whether it can be sent in: PUBLISHED.");
  field("type", &Form::type, "Whether anybody can send it in.");
  field("url", &Form::url, "Its address.");
}

void FormDetails::describe(Fields<FormDetails>& field) {
  field("uuid", &FormDetails::uuid, "The form.");
  field("name", &FormDetails::name, "Its name, the title of its page.");
  field("status", &FormDetails::status, "Whether it can be sent in: PUBLISHED.");
  field("type", &FormDetails::type, "Whether anybody can send it in.");
  field("url", &FormDetails::url, "Its address.");
  field("version", &FormDetails::version, "Which version this is; 1 is the first.");
  field("fields", &FormDetails::fields, "What it asks for, in order.");
  field("page", &FormDetails::page, "What its page says around the fields.");
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
  field("name", &Input::name, "Its name, the title of its page.", {.min = 1, .max = 200});
  field("fields", &Input::fields, "What it asks for, in order.", {.min = 1, .max = 100});
  field("status", &Input::status, "DRAFT when not given.");
  field("type", &Input::type, "PUBLIC when not given.");
  field("page", &Input::page, "What its page says around the fields.");
}

void GetForm::Input::describe(Fields<Input>& field) {
  field("form_uuid", &Input::form_uuid, "The form.");
  field("version", &Input::version, "Which version; the newest when not given.",
        {.min = 1, .max = 1'000'000});
}

void UpdateForm::Input::describe(Fields<Input>& field) {
  field("form_uuid", &Input::form_uuid, "The form.");
  field("name", &Input::name, "Its name, the title of its page.", {.min = 1, .max = 200});
  field("fields", &Input::fields, "All that it asks for, in order.", {.min = 1, .max = 100});
  field("status", &Input::status, "Whether it can be sent in.");
  field("type", &Input::type, "Whether anybody can send it in.");
  field("page", &Input::page, "What its page says around the fields, all of it.");
}

void GetFormSnippet::Input::describe(Fields<Input>& field) {
  field("form_uuid", &Input::form_uuid, "The form.");
  field("language", &Input::language,
        "What it says where the form has no words of its own, and what its script answers: en, "
        "English, when not given, or nl, Dutch.");
}

void GetFormSnippet::Output::describe(Fields<Output>& field) {
  field("html", &Output::html, "What to put where the form shall stand.");
  field("script_url", &Output::script_url, "The script that the HTML names.");
  field("submit_url", &Output::submit_url,
        "Where the script sends it, from any site; a POST of your own may too.");
}

void SubmitForm::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The form.");
  field(key_field, &Input::key,
        "Your own name for this submission, such as a UUID: however often it is sent, it counts "
        "once.",
        {.max = key_length_max});
  field(stamp_field, &Input::stamp, "When the form's page was shown, as the page was told it.",
        {.max = 200});
  field(trap_field, &Input::trap, "Leave it out: only programs that fill in everything set it.",
        {.max = 10'000});
  field(referral_field, &Input::referral_code,
        "The referral code of the contact who sent this person here; counts for a new contact "
        "alone.",
        {.max = referral_code_length_max});
  // They stay with the submission, where they can be forgotten, and out of the record, where
  // nothing can.
  field("answers", &Input::answers, "The answers, by the names of the form's fields.",
        {.format = Format::secret, .flat = true, .untrusted = true});
}

void SubmitForm::Output::describe(Fields<Output>& field) {
  field("uuid", &Output::uuid, "What was sent in.");
  field("message", &Output::message, "What the form says once it was sent.");
  field("confirmation", &Output::confirmation,
        "Whether a consent among the answers is asked for once more, by e-mail.");
}

}  // namespace piggy
