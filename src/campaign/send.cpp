#include "campaign/send.h"

#include <fmt/format.h>

#include <algorithm>

#include "campaign/mail_template.h"
#include "campaign/suppression.h"
#include "contact/contact_set.h"
#include "event/signal.h"
#include "operation/numbers.h"

namespace piggy {

constexpr std::string_view send_columns =
    "id, uuid, contact_id, template_id, subscription_type_id, key, source, variant, voucher_code, "
    "state, reason, attempts, due_at, done_at";

namespace {

constexpr AppendTable send_table = {
    "send",
    "account_id bigint, id bigint, uuid bytea, contact_id bigint, template_id bigint, "
    "subscription_type_id bigint, key text, source bytea, variant text, voucher_code text, "
    "state text, reason text, attempts bigint, due_at bigint, message bytea, done_at bigint, "
    "created_at bigint"};

constexpr std::string_view cancel_waiting = R"sql(
  UPDATE send SET state = 'cancelled', reason = $3, done_at = $4
  WHERE account_id = $1 AND contact_id = $2 AND state = 'queued'
)sql";

constexpr std::string_view cancel_waiting_of_source = R"sql(
  UPDATE send SET state = 'cancelled', reason = $3, done_at = $4
  WHERE account_id = $1 AND contact_id = $2 AND state = 'queued' AND source = $5
)sql";

constexpr std::string_view count_by_state = R"sql(
  SELECT state, reason, variant, count(*) FROM send WHERE account_id = $1 AND source = $2
  GROUP BY state, reason, variant ORDER BY state, reason, variant
)sql";

constexpr std::string_view move_to_contact = R"sql(
  UPDATE send SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view move_events = R"sql(
  UPDATE mail_event SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view empty_events = R"sql(
  UPDATE mail_event SET detail = '' WHERE account_id = $1 AND contact_id = $2
)sql";

std::string reason_of_contact(const ContactRow& contact) {
  if (contact.email.ends_with("@deleted.invalid")) return "deleted";
  if (contact.is_anonymous) return "anonymous";
  return {};
}

std::string reason_of_consent(const SubscriptionType& purpose, SubscriptionStatus status) {
  if (!purpose.active) return "purpose_inactive";
  if (status == SubscriptionStatus::PENDING_CONFIRMATION) return "not_confirmed";
  if (status == SubscriptionStatus::UNSUBSCRIBED) return "not_subscribed";
  return {};
}

}  // namespace

Result<SubscriptionType> purpose_of(Transaction& transaction, std::int64_t subscription_type_id) {
  for (SubscriptionType& type : TRY(subscription_types(transaction))) {
    if (type.id == subscription_type_id) return std::move(type);
  }
  return model_not_found();
}

Result<std::vector<MailRecipient>> recipients_of(Transaction& transaction,
                                             const std::vector<std::int64_t>& contact_ids,
                                             const SubscriptionType& purpose) {
  std::vector<MailRecipient> recipients;
  std::vector<std::string_view> addresses;
  std::vector<ContactRow> contacts = TRY(contacts_by_ids(transaction, contact_ids));
  std::vector<SubscriptionRow> said = TRY(subscriptions_of(transaction, contact_ids, purpose.id));
  std::sort(said.begin(), said.end(),
            [](const auto& a, const auto& b) { return a.contact_id < b.contact_id; });
  for (const ContactRow& contact : contacts) addresses.push_back(contact.email);
  std::vector<std::string> suppressed = TRY(suppressed_for(transaction, addresses));
  for (std::size_t i = 0; i < contacts.size(); i++) {
    MailRecipient& recipient = recipients.emplace_back();
    recipient.contact = contacts[i];
    auto row = std::lower_bound(
        said.begin(), said.end(), contacts[i].id,
        [](const SubscriptionRow& a, std::int64_t id) { return a.contact_id < id; });
    bool has_said = row != said.end() && row->contact_id == contacts[i].id;
    recipient.reason = reason_of_contact(contacts[i]);
    if (recipient.reason.empty()) recipient.reason = suppressed[i];
    if (recipient.reason.empty()) {
      recipient.reason =
          reason_of_consent(purpose, has_said ? row->status : status_unsaid(purpose));
    }
  }
  return recipients;
}

Result<QueuedSend> queue_send(Transaction& transaction, const NewSend& send) {
  ASSERT(!send.key.empty());
  if (auto there = TRY(send_by_key(transaction, send.key))) {
    return QueuedSend{there->uuid, there->state, there->reason, true};
  }
  NewSend complete = send;
  if (complete.subscription_type_id == 0) {
    complete.subscription_type_id =
        TRY(mail_template_by_id(transaction, send.template_id)).subscription_type_id;
  }
  if (complete.subscription_type_id == 0) {
    return fail_field("/subscription_type_uuid",
                      "Neither this nor the mail template says what the mail is for.");
  }
  SubscriptionType purpose = TRY(purpose_of(transaction, complete.subscription_type_id));
  auto recipients = TRY(recipients_of(transaction, {send.contact_id}, purpose));
  if (recipients.empty()) return contact_not_found();
  return add_send(transaction, complete, recipients.front().reason);
}

Result<QueuedSend> add_send(Transaction& transaction, const NewSend& send,
                            std::string_view reason_against) {
  bool may = reason_against.empty();
  Time now = transaction.now();
  QueuedSend queued{.uuid = transaction.next_uuid(),
                    .state = may ? SendState::queued : SendState::suppressed,
                    .reason = std::string(reason_against)};
  std::optional<Time> done_at;
  if (!may) done_at = now;
  TRY(transaction.append(
      send_table,
      {transaction.next_id(), queued.uuid, send.contact_id, send.template_id,
       send.subscription_type_id, send.key, send.source, send.variant, send.voucher_code,
       queued.state, queued.reason, 0, send.not_before.value_or(now), std::nullopt, done_at, now}));
  if (may) send_signal().give();
  return queued;
}

Result<std::int64_t> cancel_sends(Transaction& transaction, std::int64_t contact_id,
                                  std::optional<Uuid> source) {
  if (source) {
    return transaction.run(cancel_waiting_of_source,
                           {contact_id, "cancelled", transaction.now(), *source});
  }
  return transaction.run(cancel_waiting, {contact_id, "cancelled", transaction.now()});
}

Result<std::optional<SendRow>> send_by_uuid(Transaction& transaction, const Uuid& uuid) {
  static const std::string select =
      fmt::format("SELECT {} FROM send WHERE account_id = $1 AND uuid = $2", send_columns);
  return transaction.first<SendRow>(select, {uuid});
}

Result<std::optional<SendRow>> send_by_key(Transaction& transaction, std::string_view key) {
  static const std::string select =
      fmt::format("SELECT {} FROM send WHERE account_id = $1 AND key = $2", send_columns);
  return transaction.first<SendRow>(select, {key});
}

Result<std::vector<SendCount>> count_sends(Transaction& transaction, const Uuid& source) {
  return transaction.all<SendCount>(count_by_state, {source});
}

Signal& send_signal() {
  static Signal signal;
  return signal;
}

Result<> move_sends(Transaction& transaction, const ContactRow& source,
                    const ContactRow& destination) {
  TRY(transaction.run(cancel_waiting, {source.id, "merged", transaction.now()}));
  TRY(transaction.run(move_to_contact, {source.id, destination.id}));
  TRY(transaction.run(move_events, {source.id, destination.id}));
  return {};
}

Result<> forget_sends(Transaction& transaction, const ContactRow& contact) {
  TRY(transaction.run(cancel_waiting, {contact.id, "deleted", transaction.now()}));
  TRY(transaction.run(empty_events, {contact.id}));
  if (contact.is_anonymous) return {};
  // What was suppressed under its address before is forgotten with it.
  TRY(unsuppress(transaction, contact.email));
  TRY(suppress(transaction, contact.email, SuppressionReason::erased, ""));
  return {};
}

}  // namespace piggy
