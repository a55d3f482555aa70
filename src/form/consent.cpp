#include "form/consent.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "activity/activity.h"
#include "contact/auth_token.h"
#include "contact/language.h"
#include "contact/subscription_operations.h"
#include "contact/words.h"
#include "email/email.h"
#include "event/event.h"
#include "form/words.h"
#include "operation/numbers.h"

namespace piggy {
namespace {

namespace words = form_words;

constexpr std::int64_t confirmation_lifetime = 7 * microseconds_per_day;
constexpr std::int64_t mails_max = 3;  // A day, to one contact.

constexpr AppendTable proof_table = {
    "consent_proof",
    "account_id bigint, id bigint, uuid bytea, contact_id bigint, subscription_type_id bigint, "
    "submission_id bigint, statement text, state text, confirmation_id bigint"};

constexpr AppendTable confirmation_table = {
    "form_confirmation",
    "account_id bigint, id bigint, uuid bytea, submission_id bigint, contact_id bigint, "
    "expires_at bigint, sent_count bigint, sent_at bigint, confirmed_at bigint, "
    "confirmed_address text, confirmed_user_agent text"};

constexpr std::string_view select_proofs = R"sql(
  SELECT p.uuid, p.subscription_type_id, p.statement, p.state, s.uuid, s.created_at, s.address,
         s.user_agent, s.version, f.uuid, f.name, c.confirmed_at, c.confirmed_address,
         c.confirmed_user_agent
  FROM consent_proof p
  JOIN form_submission s ON s.account_id = p.account_id AND s.id = p.submission_id
  JOIN form f ON f.account_id = p.account_id AND f.id = s.form_id
  LEFT JOIN form_confirmation c ON c.account_id = p.account_id AND c.id = p.confirmation_id
  WHERE p.account_id = $1 AND p.contact_id = $2
  ORDER BY p.id DESC
)sql";

constexpr std::string_view select_confirmation = R"sql(
  SELECT id, uuid, submission_id, contact_id, expires_at, sent_count, sent_at, confirmed_at
  FROM form_confirmation WHERE account_id = $1 AND {}
)sql";

constexpr std::string_view select_account = R"sql(
  SELECT account_id FROM form_confirmation WHERE uuid = $1
)sql";

constexpr std::string_view sum_sent = R"sql(
  SELECT CAST(COALESCE(SUM(sent_count), 0) AS bigint) FROM form_confirmation
  WHERE account_id = $1 AND contact_id = $2 AND sent_at > $3
)sql";

constexpr std::string_view select_asked = R"sql(
  SELECT id, subscription_type_id, statement FROM consent_proof
  WHERE account_id = $1 AND confirmation_id = $2 AND state = 'pending' ORDER BY id
)sql";

constexpr std::string_view update_confirmed = R"sql(
  UPDATE form_confirmation
  SET confirmed_at = $3, confirmed_address = $4, confirmed_user_agent = $5
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view update_sent = R"sql(
  UPDATE form_confirmation SET sent_count = $3, sent_at = $4, expires_at = $5
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view update_proofs = R"sql(
  UPDATE consent_proof SET state = 'confirmed'
  WHERE account_id = $1 AND confirmation_id = $2 AND state = 'pending'
)sql";

constexpr std::string_view end_of_submission = R"sql(
  UPDATE form_confirmation SET expires_at = 0
  WHERE account_id = $1 AND submission_id = $2 AND confirmed_at IS NULL
)sql";

constexpr std::string_view move_proofs = R"sql(
  UPDATE consent_proof SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view move_confirmations = R"sql(
  UPDATE form_confirmation SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view forget_rows = R"sql(
  UPDATE form_confirmation SET confirmed_address = '', confirmed_user_agent = '', expires_at = 0
  WHERE account_id = $1 AND contact_id = $2
)sql";

// A link proves that its mail was read: only we can make the secret of one.
std::string secret_of(const Caller& account, const Uuid& confirmation) {
  Hash hash = account_hash(account, "form confirmation", to_string(confirmation));
  char hex[2 * sizeof hash + 1];
  sodium_bin2hex(hex, sizeof hex, hash.data(), hash.size());
  return hex;
}

bool is_secret(const Caller& account, const Uuid& confirmation, std::string_view given) {
  std::string secret = secret_of(account, confirmation);
  return given.size() == secret.size() &&
         sodium_memcmp(given.data(), secret.data(), secret.size()) == 0;
}

Result<bool> may_send(Call& call, std::int64_t contact_id) {
  auto sent = TRY(call.transaction.one<std::int64_t>(
      sum_sent, {contact_id, call.now() + -microseconds_per_day}));
  return sent < mails_max;
}

Email confirmation_email(Call& call, const ContactRow& contact, const Uuid& confirmation,
                         const std::vector<std::string>& statements, Language language) {
  std::string link = fmt::format("{}/forms/confirm/{}?secret={}", call.settings.public_url,
                                 to_string(confirmation), secret_of(call.caller, confirmation));
  const std::string& company = call.caller.company;
  std::string lines, items;
  for (const std::string& statement : statements) {
    lines += fmt::format("- {}\n", statement);
    items += fmt::format("<li>{}</li>", escape_html(statement));
  }
  std::string here = words::confirm_here.in(language);
  std::string if_not_you = words::if_not_you.in(language);
  std::string anchor = fmt::format("<a href=\"{}\">{}</a>", escape_html(link), here);
  return {
      .from = call.settings.mail_from,
      .to = contact.email,
      .subject = contact_words::confirm_subject.in(language, company),
      .text = fmt::format("{}\n\n{}\n{}:\n{}\n\n{}\n", words::somebody_agreed.in(language, company),
                          lines, words::if_you.in(language, here), link, if_not_you),
      .html = fmt::format("<p>{}</p><ul>{}</ul><p>{}.</p><p>{}</p>",
                          words::somebody_agreed.in(language, escape_html(company)), items,
                          words::if_you.in(language, anchor), if_not_you)};
}

Result<> send_confirmation(Call& call, const ContactRow& contact, const Uuid& confirmation,
                           const std::vector<std::string>& statements,
                           Language of_the_page = Language::en) {
  Language language = TRY(language_for(call.transaction, contact.id, of_the_page));
  return queue_email(call.transaction,
                     confirmation_email(call, contact, confirmation, statements, language));
}

struct AskedRow {
  std::int64_t id = 0;
  std::int64_t subscription_type_id = 0;
  std::string statement = {};
};

// A row for the mail; the mail itself only as long as the contact did not get several today.
Result<std::int64_t> ask(Call& call, const ContactRow& contact, const SubmissionRow& submission,
                         const std::vector<std::string>& statements, Language of_the_page) {
  Transaction& transaction = call.transaction;
  bool sends = TRY(may_send(call, contact.id));
  std::int64_t id = transaction.next_id();
  Uuid uuid = transaction.next_uuid();
  TRY(transaction.append(confirmation_table,
                         {id, uuid, submission.id, contact.id, call.now() + confirmation_lifetime,
                          sends ? 1 : 0, call.now(), std::nullopt, "", ""}));
  if (sends) TRY(send_confirmation(call, contact, uuid, statements, of_the_page));
  return id;
}

Result<ConfirmationRow> confirmation_of(Call& call, const Uuid& uuid, std::string_view secret) {
  auto row = TRY(call.transaction.first<ConfirmationRow>(
      fmt::format(fmt::runtime(select_confirmation), "uuid = $2"), {uuid}));
  if (!row || !is_secret(call.caller, uuid, secret)) {
    return refuse(ErrorCode::not_found, 60013, "There is no such confirmation.");
  }
  return *std::move(row);
}

Result<> tell_subscribed(Call& call, const ContactRow& contact, const SubscriptionType& type) {
  return record_activity(
      call.transaction, contact,
      {.kind = ActivityKind::subscribed, .source = type.uuid, .detail = type.name});
}

// Whether the contact must be asked by mail; otherwise it is subscribed.
Result<bool> subscribe_or_wait(Call& call, const ContactRow& contact,
                               const SubscriptionType& type) {
  auto before = TRY(subscription_status(call.transaction, contact.id, type));
  if (before == SubscriptionStatus::SUBSCRIBED) return false;
  bool asks = type.strategy == SubscriptionStrategy::DOUBLE_OPT_IN;
  auto after = asks ? SubscriptionStatus::PENDING_CONFIRMATION : SubscriptionStatus::SUBSCRIBED;
  TRY(change_subscription(call, contact, type, after));
  if (!asks) TRY(tell_subscribed(call, contact, type));
  return asks;
}

}  // namespace

Result<std::vector<GivenConsent>> take_consents(Call& call, const ContactRow& contact,
                                                const SubmissionRow& submission,
                                                const Questionnaire& asked, Language of_the_page) {
  struct Taken {
    const FormQuestion* question;
    bool waits;
  };
  std::vector<Taken> taken;
  std::vector<std::string> statements;
  std::vector<GivenConsent> given;
  for (const FormQuestion& question : asked.questions) {
    bool consent = question.type == FormFieldType::consent && question.consent;
    if (!consent || !is_ticked(submission.answers, question.field.name)) continue;
    bool waits = TRY(subscribe_or_wait(call, contact, *question.consent));
    if (waits) statements.push_back(question.field.text.value_or(""));
    taken.push_back({&question, waits});
    given.push_back({.subscription_type_uuid = question.consent->uuid,
                     .name = question.consent->name,
                     .state = waits ? ConsentState::pending : ConsentState::given});
  }
  std::optional<std::int64_t> confirmation;
  if (!statements.empty()) {
    confirmation = TRY(ask(call, contact, submission, statements, of_the_page));
  }
  for (const auto& [question, waits] : taken) {
    TRY(call.transaction.append(
        proof_table, {call.transaction.next_id(), call.transaction.next_uuid(), contact.id,
                      question->consent->id, submission.id, question->field.text.value_or(""),
                      waits ? ConsentState::pending : ConsentState::given,
                      waits ? confirmation : std::nullopt}));
  }
  return given;
}

Result<std::vector<ConsentProofRow>> consent_proofs(Transaction& transaction,
                                                    const ContactRow& contact) {
  return transaction.all<ConsentProofRow>(select_proofs, {contact.id});
}

Result<std::int64_t> account_of_confirmation(Transaction& transaction, const Uuid& uuid) {
  ASSERT(transaction.account() == 0);
  auto account = TRY(transaction.first<std::int64_t>(select_account, {uuid}));
  if (!account) return refuse(ErrorCode::not_found, 60013, "There is no such confirmation.");
  return *account;
}

Result<std::int64_t> contact_of_confirmation(Call& call, const Uuid& uuid,
                                             std::string_view secret) {
  return TRY(confirmation_of(call, uuid, secret)).contact_id;
}

Result<OpenConfirmation> open_confirmation(Call& call, const Uuid& uuid, std::string_view secret,
                                           Language language) {
  ConfirmationRow row = TRY(confirmation_of(call, uuid, secret));
  if (row.confirmed_at) {
    return fail(ErrorCode::conflict, words::confirmed_already.in(language));
  }
  if (row.expires_at <= call.now()) {
    return fail(ErrorCode::conflict, words::link_too_old.in(language));
  }
  OpenConfirmation open{.row = std::move(row)};
  for (AskedRow& asked : TRY(call.transaction.all<AskedRow>(select_asked, {open.row.id}))) {
    open.statements.push_back(std::move(asked.statement));
  }
  return open;
}

Result<std::vector<std::string>> confirm(Call& call, const Uuid& uuid, std::string_view secret,
                                         const Visit& visit) {
  Transaction& transaction = call.transaction;
  OpenConfirmation open = TRY(open_confirmation(call, uuid, secret, visit.language));
  ContactRow contact = TRY(contact_by_id(transaction, open.row.contact_id));
  auto types = TRY(subscription_types(transaction));
  std::vector<std::string> names;
  Value consents = Value::list();
  for (const AskedRow& asked : TRY(transaction.all<AskedRow>(select_asked, {open.row.id}))) {
    auto type = std::ranges::find(types, asked.subscription_type_id, &SubscriptionType::id);
    if (type == types.end()) continue;
    auto before = TRY(subscription_status(transaction, contact.id, *type));
    TRY(change_subscription(call, contact, *type, SubscriptionStatus::SUBSCRIBED));
    if (before != SubscriptionStatus::SUBSCRIBED) TRY(tell_subscribed(call, contact, *type));
    names.push_back(type->name);
    consents.push(Value::object({{"subscription_type_uuid", to_string(type->uuid)},
                                 {"name", type->name},
                                 {"state", word_of(ConsentState::confirmed)}}));
  }
  TRY(transaction.run(update_confirmed,
                      {open.row.id, call.now(), visit.address, visit.user_agent}));
  TRY(transaction.run(update_proofs, {open.row.id}));
  TRY(emit(transaction, "subscription_confirmed", contact.uuid,
           Value::object({{"contact", Value::object({{"uuid", to_string(contact.uuid)},
                                                     {"email", contact.email}})},
                          {"consents", std::move(consents)}})));
  return names;
}

Result<> resend_confirmation(Call& call, const SubmissionRow& submission) {
  auto row = TRY(call.transaction.first<ConfirmationRow>(
      fmt::format(fmt::runtime(select_confirmation),
                  "submission_id = $2 AND confirmed_at IS NULL AND expires_at > 0"),
      {submission.id}));
  if (!row) return fail(ErrorCode::conflict, "Nothing waits for a confirmation.");
  if (!TRY(may_send(call, row->contact_id))) {
    return fail({.code = ErrorCode::too_many,
                 .message = "Several such mails went to this contact today. Try again tomorrow.",
                 .number = 429,
                 .retry_after_seconds = 86'400});
  }
  ContactRow contact = TRY(contact_by_id(call.transaction, row->contact_id));
  std::vector<std::string> statements;
  for (AskedRow& asked : TRY(call.transaction.all<AskedRow>(select_asked, {row->id}))) {
    statements.push_back(std::move(asked.statement));
  }
  TRY(call.transaction.run(
      update_sent, {row->id, row->sent_count + 1, call.now(), call.now() + confirmation_lifetime}));
  call.changes("e-mail to " + contact.email, nullptr, "asks for a confirmation");
  return send_confirmation(call, contact, row->uuid, statements);
}

Result<> end_confirmations(Transaction& transaction, const SubmissionRow& submission) {
  TRY(transaction.run(end_of_submission, {submission.id}));
  return {};
}

Result<> move_consents(Transaction& transaction, const ContactRow& source,
                       const ContactRow& destination) {
  TRY(transaction.run(move_proofs, {source.id, destination.id}));
  TRY(transaction.run(move_confirmations, {source.id, destination.id}));
  return {};
}

Result<> forget_consents(Transaction& transaction, const ContactRow& contact) {
  TRY(transaction.run(forget_rows, {contact.id}));
  return {};
}

}  // namespace piggy
