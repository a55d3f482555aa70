#include "form/submission.h"

#include <fmt/format.h>

#include "activity/activity.h"
#include "base/lower_case.h"
#include "contact/auth_token.h"
#include "contact/contact_change.h"
#include "contact/referral_code.h"
#include "event/event.h"
#include "form/consent.h"
#include "operation/numbers.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr std::int64_t same_span = 600 * microseconds_per_second;

constexpr AppendTable submission_table = {
    "form_submission",
    "account_id bigint, id bigint, uuid bytea, form_id bigint, contact_id bigint, answers text, "
    "created_at bigint, version bigint, state text, spam_reason text, address text, "
    "user_agent text, digest bytea, submission_key bytea"};

constexpr std::string_view select_where = R"sql(
  SELECT id, uuid, form_id, contact_id, answers, created_at, version, state, spam_reason, address,
         user_agent
  FROM form_submission WHERE account_id = $1 AND {}
)sql";

constexpr std::string_view count_where = R"sql(
  SELECT COUNT(*) FROM form_submission WHERE account_id = $1 AND {}
)sql";

constexpr std::string_view select_by_key = R"sql(
  SELECT uuid FROM form_submission WHERE account_id = $1 AND submission_key = $2 ORDER BY id LIMIT 1
)sql";

constexpr std::string_view select_by_digest = R"sql(
  SELECT uuid FROM form_submission WHERE account_id = $1 AND digest = $2 AND created_at > $3
  ORDER BY id DESC LIMIT 1
)sql";

constexpr std::string_view select_form = "SELECT uuid FROM form WHERE account_id = $1 AND id = $2";

constexpr std::string_view update_state = R"sql(
  UPDATE form_submission SET state = $3, spam_reason = $4, contact_id = $5
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view move_rows = R"sql(
  UPDATE form_submission SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view select_of_contact = R"sql(
  SELECT uuid, id FROM form_submission WHERE account_id = $1 AND contact_id = $2 ORDER BY id
)sql";

constexpr std::string_view empty_rows = R"sql(
  UPDATE form_submission
  SET answers = '{}', address = '', user_agent = '', digest = NULL, submission_key = NULL
  WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view select_spam = R"sql(
  SELECT id, answers FROM form_submission WHERE account_id = $1 AND state = 'spam'
)sql";

constexpr std::string_view delete_row = R"sql(
  DELETE FROM form_submission WHERE account_id = $1 AND id = $2
)sql";

std::string sql_of(std::string_view frame, const SubmissionFilter& filter) {
  return fmt::format(fmt::runtime(frame),
                     filter.state ? "form_id = $2 AND state = $3" : "form_id = $2");
}

std::vector<Parameter> parameters_of(const SubmissionFilter& filter) {
  std::vector<Parameter> parameters{filter.form_id};
  if (filter.state) parameters.emplace_back(*filter.state);
  return parameters;
}

}  // namespace

Result<SubmissionRow> submission_of(Transaction& transaction, const Uuid& uuid) {
  auto row = TRY(transaction.first<SubmissionRow>(
      fmt::format(fmt::runtime(select_where), "uuid = $2"), {uuid}));
  if (!row) return refuse(ErrorCode::not_found, 60013, "Submission not found.");
  return *std::move(row);
}

Result<FormRow> form_of_submission(Transaction& transaction, const SubmissionRow& submission) {
  auto uuid = TRY(transaction.one<Uuid>(select_form, {submission.form_id}));
  return form_in_version(transaction, TRY(form_of(transaction, uuid)), submission.version);
}

Result<std::vector<SubmissionRow>> submissions(Transaction& transaction,
                                               const SubmissionFilter& filter, std::int64_t limit,
                                               std::int64_t offset) {
  std::vector<Parameter> parameters = parameters_of(filter);
  std::string sql = sql_of(select_where, filter);
  sql += fmt::format(" ORDER BY id DESC LIMIT ${} OFFSET ${}", parameters.size() + 2,
                     parameters.size() + 3);
  parameters.emplace_back(limit);
  parameters.emplace_back(offset);
  return transaction.all<SubmissionRow>(sql, parameters);
}

Result<std::int64_t> count_submissions(Transaction& transaction, const SubmissionFilter& filter) {
  auto counts =
      TRY(transaction.all<std::int64_t>(sql_of(count_where, filter), parameters_of(filter)));
  return counts.at(0);
}

namespace {

// The same submission is known again by hashes under the account's key, which tell nothing of what
// was answered.
struct Identity {
  std::optional<Hash> key = {};
  Hash digest = {};
};

Identity identity_of(Call& call, const Delivery& delivery) {
  std::string form = to_string(delivery.form.uuid);
  Identity identity;
  if (!delivery.visit.key.empty()) {
    identity.key = account_hash(call.caller, "form submission key",
                                fmt::format("{} {}", form, delivery.visit.key));
  }
  identity.digest = account_hash(call.caller, "form submission",
                                 fmt::format("{} {} {}", form, lower_case(delivery.answers.address),
                                             canonical_json(delivery.answers.kept)));
  return identity;
}

Result<std::optional<Uuid>> known_already(Call& call, const Identity& identity) {
  if (identity.key) {
    auto found = TRY(call.transaction.first<Uuid>(select_by_key, {*identity.key}));
    if (found) return found;
  }
  return call.transaction.first<Uuid>(select_by_digest, {identity.digest, call.now() + -same_span});
}

struct Found {
  ContactRow row = {};
  bool made = false;
};

Result<Found> contact_for(Transaction& transaction, std::string_view address) {
  auto found = TRY(contact_by_email(transaction, address));
  if (found) return Found{.row = *std::move(found)};
  return Found{
      .row = TRY(make_contact(transaction, {.email = std::string(address), .channel = "FORMS"})),
      .made = true};
}

// What a contact has already is only replaced where the form says so: the address may be anybody's.
Result<> write_attributes(Call& call, const Found& contact, const Questionnaire& asked,
                          const Value& answers) {
  std::vector<AttributeChange> changes;
  std::optional<ContactRecord> record;
  for (const FormQuestion& question : asked.questions) {
    const Value* answer = answers.find(question.field.name);
    if (!question.attribute || !answer) continue;
    if (!record) record = TRY(contact_record(call.transaction, contact.row.id));
    bool free = contact.made || question.field.overwrite.value_or(false) ||
                !record->attributes.find(question.attribute->name);
    if (free) changes.push_back({question.attribute, *answer});
  }
  if (changes.empty()) return {};
  return change_contact(call, *record, changes, "");
}

Value told_of(const std::vector<GivenConsent>& consents) {
  Value list = Value::list();
  for (const GivenConsent& consent : consents) {
    list.push(Value::object({{"subscription_type_uuid", to_string(consent.subscription_type_uuid)},
                             {"name", consent.name},
                             {"state", word_of(consent.state)}}));
  }
  return list;
}

// All that follows from a submission that is kept and is no spam.
Result<> complete(Call& call, SubmissionRow& submission, const FormRow& form,
                  const Questionnaire& asked, std::string_view address,
                  std::string_view referral_code = {}, Language language = Language::en) {
  Value about =
      Value::object({{"uuid", to_string(submission.uuid)},
                     {"form", Value::object({{"uuid", to_string(form.uuid)}, {"name", form.name}})},
                     {"contact", nullptr},
                     {"answers", submission.answers},
                     {"version", submission.version},
                     {"consents", Value::list()}});
  if (!address.empty()) {
    Found contact = TRY(contact_for(call.transaction, address));
    submission.contact_id = contact.row.id;
    if (contact.made) TRY(tell_referred(call, contact.row, referral_code));
    TRY(write_attributes(call, contact, asked, submission.answers));
    about.set("consents",
              told_of(TRY(take_consents(call, contact.row, submission, asked, language))));
    about.set("contact",
              Value::object({{"uuid", to_string(contact.row.uuid)}, {"email", contact.row.email}}));
    TRY(record_activity(
        call.transaction, contact.row,
        {.kind = ActivityKind::form_submitted, .source = form.uuid, .detail = form.name}));
  }
  return emit(call.transaction, "form_submission_completed", submission.uuid,
              Value::object({{"form_submission", std::move(about)}}));
}

}  // namespace

Result<Submission> submit(Call& call, const Delivery& delivery) {
  Transaction& transaction = call.transaction;
  Identity identity = identity_of(call, delivery);
  if (auto uuid = TRY(known_already(call, identity))) return Submission{*uuid, true};
  bool spam = !delivery.spam_reason.empty();
  SubmissionRow row = {.id = transaction.next_id(),
                       .uuid = transaction.next_uuid(),
                       .form_id = delivery.form.id,
                       .answers = delivery.answers.kept,
                       .created_at = call.now(),
                       .version = delivery.form.version,
                       .state = spam ? SubmissionState::spam : SubmissionState::completed,
                       .spam_reason = delivery.spam_reason,
                       .address = delivery.visit.address,
                       .user_agent = delivery.visit.user_agent};
  if (!spam) {
    TRY(complete(call, row, delivery.form, delivery.asked, delivery.answers.address,
                 delivery.referral_code, delivery.visit.language));
  }
  TRY(transaction.append(
      submission_table,
      {row.id, row.uuid, row.form_id, row.contact_id, row.answers, row.created_at, row.version,
       row.state, row.spam_reason, row.address, row.user_agent, identity.digest, identity.key}));
  return Submission{.uuid = row.uuid};
}

Result<> mark_spam(Call& call, const SubmissionRow& submission) {
  if (submission.state == SubmissionState::spam) {
    return fail(ErrorCode::conflict, "It is marked as spam already.");
  }
  TRY(end_confirmations(call.transaction, submission));
  TRY(call.transaction.run(update_state, {submission.id, SubmissionState::spam, "A person said so.",
                                          submission.contact_id}));
  call.changes("submission " + to_string(submission.uuid), word_of(submission.state), "spam");
  return {};
}

Result<> mark_not_spam(Call& call, SubmissionRow& submission) {
  if (submission.state != SubmissionState::spam) {
    return fail(ErrorCode::conflict, "It is not marked as spam.");
  }
  // Marked by a person after all of it was done: it is not done again.
  bool done = submission.contact_id.has_value();
  FormRow form = TRY(form_of_submission(call.transaction, submission));
  Questionnaire asked = TRY(questionnaire(call, fields_of(form)));
  Answers answers = answers_in(asked, submission.answers, call.now());
  if (!done) TRY(complete(call, submission, form, asked, answers.address));
  TRY(call.transaction.run(update_state,
                           {submission.id, SubmissionState::completed, "", submission.contact_id}));
  call.changes("submission " + to_string(submission.uuid), "spam", "completed");
  return {};
}

Result<> move_submissions(Transaction& transaction, const ContactRow& source,
                          const ContactRow& destination) {
  TRY(transaction.run(move_rows, {source.id, destination.id}));
  return move_consents(transaction, source, destination);
}

namespace {

struct NamedRow {
  Uuid uuid = {};
  std::int64_t id = 0;
};

struct SpamRow {
  std::int64_t id = 0;
  Value answers = {};
};

bool names_address(const Value& answers, std::string_view address) {
  for (const Member& member : *answers.members()) {
    if (member.value.text() && lower_case(*member.value.text()) == address) return true;
  }
  return false;
}

}  // namespace

Result<> forget_submissions(Transaction& transaction, const ContactRow& contact) {
  TRY(forget_consents(transaction, contact));
  for (const NamedRow& row : TRY(transaction.all<NamedRow>(select_of_contact, {contact.id}))) {
    TRY(forget_subject(transaction, row.uuid, row.id));
  }
  TRY(transaction.run(empty_rows, {contact.id}));
  // Spam belongs to nobody, but may give an address.
  if (contact.is_anonymous) return {};
  for (const SpamRow& row : TRY(transaction.all<SpamRow>(select_spam))) {
    if (row.answers.members() && names_address(row.answers, contact.email)) {
      TRY(transaction.run(delete_row, {row.id}));
    }
  }
  return {};
}

}  // namespace piggy
