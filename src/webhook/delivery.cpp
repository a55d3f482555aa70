#include "webhook/delivery.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "database/conditions.h"
#include "webhook/payload.h"

namespace piggy {
namespace {

constexpr std::array<std::int64_t, webhook_retries_max> pauses_seconds = {10, 60, 300, 1'800,
                                                                          7'200};
constexpr std::int64_t dropped_together = 500;

constexpr AppendTable delivery_table = {
    "webhook_delivery",
    "account_id bigint, id bigint, uuid bytea, subscription_id bigint, type text, contact bytea, "
    "other_contact bytea, body text, state text, attempts bigint, tries bigint, due_at bigint, "
    "words text, problem text, created_at bigint"};

constexpr std::string_view select_where = R"sql(
  SELECT id, uuid, subscription_id, type, contact, other_contact, {}, state, attempts, tries,
         due_at, status, words, problem, created_at, attempted_at, ended_at
  FROM webhook_delivery WHERE account_id = $1 {}
)sql";

constexpr std::string_view update_repeat = R"sql(
  UPDATE webhook_delivery
  SET state = 'waiting', tries = 0, due_at = $3, ended_at = NULL, told_id = $4
  WHERE account_id = $1 AND id = $2
)sql";

// Of one that was emptied or cancelled meanwhile it is not kept what the receiver said: it may
// repeat what it was told.
constexpr std::string_view update_answered = R"sql(
  UPDATE webhook_delivery
  SET state = CASE WHEN state = 'waiting' THEN $3 ELSE state END,
      attempts = $4, tries = $5, due_at = $6, status = $7,
      words = CASE WHEN body = '' THEN '' ELSE $8 END,
      problem = CASE WHEN state = 'waiting' THEN $9 ELSE problem END,
      attempted_at = $10, told_id = $12,
      ended_at = CASE WHEN state = 'waiting' THEN $11 ELSE ended_at END
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view update_forgotten = R"sql(
  UPDATE webhook_delivery
  SET body = '', words = '', contact = NULL, other_contact = NULL,
      problem = CASE WHEN state = 'waiting' THEN 'The contact was deleted.' ELSE problem END,
      ended_at = CASE WHEN state = 'waiting' THEN $3 ELSE ended_at END,
      state = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE state END
  WHERE account_id = $1 AND (contact = $2 OR other_contact = $2)
)sql";

constexpr std::string_view update_contact = R"sql(
  UPDATE webhook_delivery SET contact = $3 WHERE account_id = $1 AND contact = $2
)sql";

constexpr std::string_view update_other_contact = R"sql(
  UPDATE webhook_delivery SET other_contact = $3 WHERE account_id = $1 AND other_contact = $2
)sql";

constexpr std::string_view delete_old = R"sql(
  DELETE FROM webhook_delivery WHERE (account_id, id) IN (
    SELECT account_id, id FROM webhook_delivery WHERE created_at < $1 ORDER BY created_at LIMIT $2)
)sql";

std::string select_deliveries(std::string_view where, std::string_view body = "body") {
  return fmt::format(fmt::runtime(select_where), body, where);
}

bool wants(const WebhookSubscriptionRow& subscription, const EventRow& event) {
  return subscription.status == WebhookStatus::ACTIVE && subscription.id < event.id &&
         word_of(subscription.event_type) == event.type &&
         (subscription.event_type != WebhookEvent::contact_updated ||
          tells_of(event, subscription.attributes));
}

Result<> follow(Transaction& transaction, EventRefs events) {
  std::vector<WebhookSubscriptionRow> subscriptions = TRY(webhook_subscriptions(transaction));
  if (subscriptions.empty()) return {};
  std::set<std::int64_t> woken;
  for (const EventRow& event : events) {
    std::vector<std::int64_t> wanting;
    for (const auto& subscription : subscriptions) {
      if (wants(subscription, event)) wanting.push_back(subscription.id);
    }
    if (wanting.empty()) continue;
    auto data = TRY(webhook_data(transaction, event));
    if (!data) continue;
    EventRow told{.type = event.type, .subject = event.subject, .payload = *std::move(data)};
    std::string body = webhook_body(told.type, told.payload);
    ContactsTold contacts = contacts_told(told);
    for (std::int64_t subscription : wanting) {
      WebhookDeliveryRow row{.subscription_id = subscription,
                             .type = event.type,
                             .contact = contacts.contact,
                             .other_contact = contacts.other,
                             .body = body};
      TRY(add_webhook_delivery(transaction, row));
      woken.insert(subscription);
    }
  }
  for (std::int64_t subscription : woken) TRY(wake_receiver(transaction, subscription));
  return {};
}

}  // namespace

Result<WebhookDeliveryRow> webhook_delivery_of(Transaction& transaction, const Uuid& uuid) {
  static const std::string select = select_deliveries("AND uuid = $2");
  auto row = TRY(transaction.first<WebhookDeliveryRow>(select, {uuid}));
  if (!row) return fail(ErrorCode::not_found, "There is no such delivery.");
  return *std::move(row);
}

Result<std::vector<WebhookDeliveryRow>> webhook_deliveries(Transaction& transaction,
                                                           const WebhookDeliveryFilter& filter,
                                                           Page& page) {
  Conditions where;
  if (filter.subscription_id) where.add("AND subscription_id =", *filter.subscription_id);
  if (filter.state) where.add("AND state =", *filter.state);
  if (filter.since) where.add("AND created_at >=", *filter.since);
  if (filter.until) where.add("AND created_at <", *filter.until);
  std::string count = "SELECT count(*) FROM webhook_delivery WHERE account_id = $1" + where.text();
  page.total = TRY(transaction.all<std::int64_t>(count, where.parameters())).front();
  where.add("ORDER BY id DESC LIMIT", page.limit);
  where.add("OFFSET", page.offset());
  return transaction.all<WebhookDeliveryRow>(select_deliveries(where.text(), "''"),
                                             where.parameters());
}

Result<> add_webhook_delivery(Transaction& transaction, WebhookDeliveryRow& row) {
  row.id = transaction.next_id();
  row.uuid = transaction.next_uuid();
  row.created_at = row.due_at = transaction.now();
  TRY(transaction.append(delivery_table, {row.id, row.uuid, row.subscription_id, row.type,
                                          row.contact, row.other_contact, row.body, row.state, 0, 0,
                                          row.due_at, "", "", row.created_at}));
  return {};
}

Result<> repeat_webhook_delivery(Transaction& transaction, WebhookDeliveryRow& row) {
  row.state = WebhookDeliveryState::waiting;
  row.tries = 0;
  row.due_at = transaction.now();
  row.ended_at.reset();
  TRY(transaction.run(update_repeat, {row.id, row.due_at, transaction.next_id()}));
  return rouse_receiver(transaction, row.subscription_id);
}

Result<std::optional<WebhookDeliveryRow>> next_webhook_delivery(Transaction& transaction,
                                                                std::int64_t subscription_id) {
  static const std::string select = select_deliveries(
      "AND subscription_id = $2 AND state = 'waiting' AND due_at <= $3 ORDER BY due_at, id "
      "LIMIT 1");
  return transaction.first<WebhookDeliveryRow>(select, {subscription_id, transaction.now()});
}

Result<> note_webhook_answer(Transaction& transaction, const WebhookDeliveryRow& row,
                             const WebhookAnswer& answer) {
  Time now = transaction.now();
  std::int64_t tries = row.tries + 1;
  auto state = answer.taken()                ? WebhookDeliveryState::delivered
               : tries > webhook_retries_max ? WebhookDeliveryState::failed
                                             : WebhookDeliveryState::waiting;
  bool waits = state == WebhookDeliveryState::waiting;
  Time due = now;
  if (waits) {
    due = now + pauses_seconds[static_cast<std::size_t>(tries - 1)] * microseconds_per_second;
  }
  TRY(transaction.run(
      update_answered,
      {row.id, state, row.attempts + 1, tries, due, answer.status, answer.words, answer.problem,
       now, waits ? std::optional<Time>() : std::optional(now), transaction.next_id()}));
  return note_receiver(transaction, row.subscription_id, !answer.taken());
}

void add_webhook_follower(Followers& followers) { followers.follow("webhooks", follow); }

Result<> forget_webhook_deliveries(Transaction& transaction, const ContactRow& contact) {
  TRY(transaction.run(update_forgotten, {contact.uuid, transaction.now()}));
  return {};
}

Result<> move_webhook_deliveries(Transaction& transaction, const ContactRow& source,
                                 const ContactRow& destination) {
  TRY(transaction.run(update_contact, {source.uuid, destination.uuid}));
  TRY(transaction.run(update_other_contact, {source.uuid, destination.uuid}));
  return {};
}

Result<std::int64_t> drop_old_webhook_deliveries(Transaction& transaction) {
  return transaction.run(delete_old, {transaction.now() + -webhook_retention, dropped_together});
}

}  // namespace piggy
