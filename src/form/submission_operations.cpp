#include "form/submission_operations.h"

namespace piggy {
namespace {

constexpr std::int64_t limit_default = 30;

Result<FormSubmission> shown(Transaction& transaction, const SubmissionRow& row) {
  FormSubmission submission{.uuid = row.uuid,
                            .state = row.state,
                            .spam_reason = row.spam_reason,
                            .version = row.version,
                            .answers = row.answers,
                            .created_at = row.created_at};
  if (row.contact_id) {
    submission.contact = reference_to(TRY(contact_by_id(transaction, *row.contact_id)));
  }
  return submission;
}

Result<MarkedSubmission> marked(Transaction& transaction, const Uuid& uuid) {
  FormSubmission now = TRY(shown(transaction, TRY(submission_of(transaction, uuid))));
  return MarkedSubmission{.uuid = uuid, .state = now.state, .contact = std::move(now.contact)};
}

}  // namespace

Result<ListFormSubmissions::Output> ListFormSubmissions::run(Call& call, const Input& input) {
  FormRow form = TRY(form_of(call.transaction, input.form_uuid));
  SubmissionFilter filter{.form_id = form.id, .state = input.state};
  Output output{.page = page_of(input.page, input.limit, limit_default)};
  output.page.total = TRY(count_submissions(call.transaction, filter));
  for (const SubmissionRow& row :
       TRY(submissions(call.transaction, filter, output.page.limit, output.page.offset()))) {
    output.submissions.push_back(TRY(shown(call.transaction, row)));
  }
  return output;
}

Result<MarkedSubmission> MarkSubmissionSpam::run(Call& call, const Input& input) {
  SubmissionRow row = TRY(submission_of(call.transaction, input.submission_uuid));
  TRY(mark_spam(call, row));
  return marked(call.transaction, row.uuid);
}

Result<MarkedSubmission> MarkSubmissionNotSpam::run(Call& call, const Input& input) {
  SubmissionRow row = TRY(submission_of(call.transaction, input.submission_uuid));
  TRY(mark_not_spam(call, row));
  return marked(call.transaction, row.uuid);
}

Result<ResendFormConfirmation::Output> ResendFormConfirmation::run(Call& call, const Input& input) {
  SubmissionRow row = TRY(submission_of(call.transaction, input.submission_uuid));
  TRY(resend_confirmation(call, row));
  return Output{.submission_uuid = row.uuid};
}

Result<std::int64_t> ConfirmFormConsents::account_of(Transaction& transaction, const Input& input) {
  return account_of_confirmation(transaction, input.uuid);
}

Result<ConfirmFormConsents::Output> ConfirmFormConsents::run(Call& call, const Input& input,
                                                             const Visit& visit) {
  Output output{.subscriptions = TRY(confirm(call, input.uuid, input.secret, visit))};
  call.effects.clear();  // As of a submission: whose it is is not told.
  call.changes("consents", "pending", "confirmed");
  return output;
}

Result<ListConsentProofs::Output> ListConsentProofs::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  auto types = TRY(subscription_types(call.transaction));
  Output output;
  for (ConsentProofRow& row : TRY(consent_proofs(call.transaction, contact))) {
    ConsentProof proof{.uuid = row.uuid,
                       .state = row.state,
                       .text = std::move(row.statement),
                       .form_uuid = row.form_uuid,
                       .form_name = std::move(row.form_name),
                       .form_version = row.form_version,
                       .submission_uuid = row.submission_uuid,
                       .given_at = row.given_at,
                       .given_address = std::move(row.given_address),
                       .given_user_agent = std::move(row.given_user_agent)};
    if (row.confirmed_at && row.state == ConsentState::confirmed) {
      proof.confirmed_at = row.confirmed_at;
      proof.confirmed_address = std::move(row.confirmed_address);
      proof.confirmed_user_agent = std::move(row.confirmed_user_agent);
    }
    for (const SubscriptionType& type : types) {
      if (type.id != row.subscription_type_id) continue;
      proof.subscription_type_uuid = type.uuid;
      proof.subscription = type.name;
    }
    output.proofs.push_back(std::move(proof));
  }
  return output;
}

void add_submission_operations(Catalogue& catalogue) {
  catalogue.add<ListFormSubmissions>();
  catalogue.add<MarkSubmissionSpam>();
  catalogue.add<MarkSubmissionNotSpam>();
  catalogue.add<ResendFormConfirmation>();
  catalogue.add<ConfirmFormConsents>();
  catalogue.add<ListConsentProofs>();
}

// Descriptions ------------------------------------------------------------------------------------

void FormSubmission::describe(Fields<FormSubmission>& field) {
  field("uuid", &FormSubmission::uuid, "The submission.");
  field("state", &FormSubmission::state, "Spam is kept apart: nothing was done for it.");
  field("spam_reason", &FormSubmission::spam_reason, "Why it is spam; empty when it is not.");
  field("version", &FormSubmission::version, "The version of the form that was answered.");
  field("contact", &FormSubmission::contact, "Whose it is, by the first e-mail address.");
  field("answers", &FormSubmission::answers,
        "What was answered, by the names of the fields. Empty once its contact was deleted, and "
        "never in the record of calls.",
        {.format = Format::secret, .untrusted = true});
  field("created_at", &FormSubmission::created_at, "When it was sent in.");
}

void MarkedSubmission::describe(Fields<MarkedSubmission>& field) {
  field("uuid", &MarkedSubmission::uuid, "The submission.");
  field("state", &MarkedSubmission::state, "What it is now.");
  field("contact", &MarkedSubmission::contact, "Whose it is, by the first e-mail address.");
}

void ListFormSubmissions::Input::describe(Fields<Input>& field) {
  field("form_uuid", &Input::form_uuid, "The form.");
  field("state", &Input::state, "Only of this state.");
  field("page", &Input::page, "Which page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many a page holds; 30 when not given.",
        {.min = 1, .max = 100});
}

void ListFormSubmissions::Output::describe(Fields<Output>& field) {
  field("submissions", &Output::submissions, "The submissions, the newest first.");
  field("page", &Output::page, "Which part of them this is.");
}

void ResendFormConfirmation::Output::describe(Fields<Output>& field) {
  field("submission_uuid", &Output::submission_uuid, "The submission.");
}

void ConfirmFormConsents::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The confirmation, as in the mail's link.");
  field("secret", &Input::secret, "The secret of the mail's link.",
        {.min = 1, .max = 200, .format = Format::secret});
}

void ConfirmFormConsents::Output::describe(Fields<Output>& field) {
  field("subscriptions", &Output::subscriptions, "The names of what is received from now on.");
}

void ConsentProof::describe(Fields<ConsentProof>& field) {
  field("uuid", &ConsentProof::uuid, "The proof.");
  field("subscription_type_uuid", &ConsentProof::subscription_type_uuid, "What was agreed to.");
  field("subscription", &ConsentProof::subscription, "Its name.");
  field("state", &ConsentProof::state,
        "given: one tick was enough. pending: a mail asks. confirmed: its link was followed.");
  field("text", &ConsentProof::text, "The exact words.");
  field("form_uuid", &ConsentProof::form_uuid, "The form.");
  field("form_name", &ConsentProof::form_name, "Its name now.");
  field("form_version", &ConsentProof::form_version, "The version of the form.");
  field("submission_uuid", &ConsentProof::submission_uuid, "The submission.");
  field("given_at", &ConsentProof::given_at, "When the box was ticked.");
  field("given_address", &ConsentProof::given_address,
        "From which IP address; empty once the contact was deleted.");
  field("given_user_agent", &ConsentProof::given_user_agent, "With which program, as that says.",
        {.untrusted = true});
  field("confirmed_at", &ConsentProof::confirmed_at, "When the mail's link was followed.");
  field("confirmed_address", &ConsentProof::confirmed_address, "From which IP address.");
  field("confirmed_user_agent", &ConsentProof::confirmed_user_agent,
        "With which program, as that says.", {.untrusted = true});
}

void ListConsentProofs::Input::describe(Fields<Input>& field) {
  field("contact_uuid", &Input::contact_uuid, "The contact.");
}

void ListConsentProofs::Output::describe(Fields<Output>& field) {
  field("proofs", &Output::proofs, "The proofs, the newest first.");
}

}  // namespace piggy
