#include "webhook/subscription.h"

#include <fmt/format.h>

#include <algorithm>

#include "operation/numbers.h"
#include "webhook/sender.h"

namespace piggy {
namespace {

constexpr std::string_view secret_name = "webhook secret";
constexpr std::int64_t rest_max = 60 * microseconds_per_second;

constexpr std::string_view select_where = R"sql(
  SELECT id, uuid, name, event_type, url, status, attributes, secret_uuid, failures, rest_until,
         due_at, created_at
  FROM webhook_subscription WHERE account_id = $1 {} ORDER BY id
)sql";

constexpr std::string_view select_count =
    "SELECT count(*) FROM webhook_subscription WHERE account_id = $1";

constexpr std::string_view insert_row = R"sql(
  INSERT INTO webhook_subscription (account_id, id, uuid, name, event_type, url, status, attributes,
                                    secret_uuid, failures, rest_until, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10, $10)
)sql";

constexpr std::string_view update_row = R"sql(
  UPDATE webhook_subscription
  SET name = $3, url = $4, status = $5, attributes = $6, updated_at = $7
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view delete_row =
    "DELETE FROM webhook_subscription WHERE account_id = $1 AND id = $2";

constexpr std::string_view cancel_waiting = R"sql(
  UPDATE webhook_delivery SET state = 'cancelled', problem = 'The subscription was deleted.',
                              ended_at = $3
  WHERE account_id = $1 AND subscription_id = $2 AND state = 'waiting'
)sql";

constexpr std::string_view select_first_due = R"sql(
  SELECT due_at FROM webhook_delivery
  WHERE account_id = $1 AND subscription_id = $2 AND state = 'waiting'
  ORDER BY due_at, id LIMIT 1
)sql";

constexpr std::string_view update_turn = R"sql(
  UPDATE webhook_subscription SET failures = $3, rest_until = $4, due_at = $5
  WHERE account_id = $1 AND id = $2
)sql";

// Sooner than it was, but not before its rest is over.
constexpr std::string_view update_wake = R"sql(
  UPDATE webhook_subscription
  SET due_at = CASE WHEN rest_until > $3 THEN rest_until ELSE $3 END
  WHERE account_id = $1 AND id = $2 AND (due_at IS NULL OR due_at > $3)
)sql";

constexpr std::string_view update_rouse = R"sql(
  UPDATE webhook_subscription SET rest_until = 0, due_at = $3 WHERE account_id = $1 AND id = $2
)sql";

Result<> set_turn(Transaction& transaction, std::int64_t id, std::int64_t failures,
                  Time rest_until) {
  auto due = TRY(transaction.first<Time>(select_first_due, {id}));
  if (due) due = std::max(*due, rest_until);
  TRY(transaction.run(update_turn, {id, failures, rest_until, due}));
  return {};
}

}  // namespace

Result<WebhookSubscriptionRow> webhook_subscription_of(Transaction& transaction, const Uuid& uuid) {
  static const std::string select = fmt::format(fmt::runtime(select_where), "AND uuid = $2");
  auto row = TRY(transaction.first<WebhookSubscriptionRow>(select, {uuid}));
  if (!row) {
    return refuse(ErrorCode::not_found, 80300, "Webhook subscription not found.");
  }
  return *std::move(row);
}

Result<std::optional<WebhookSubscriptionRow>> webhook_subscription_by_id(Transaction& transaction,
                                                                         std::int64_t id) {
  static const std::string select = fmt::format(fmt::runtime(select_where), "AND id = $2");
  return transaction.first<WebhookSubscriptionRow>(select, {id});
}

Result<std::vector<WebhookSubscriptionRow>> webhook_subscriptions(Transaction& transaction) {
  static const std::string select = fmt::format(fmt::runtime(select_where), "");
  return transaction.all<WebhookSubscriptionRow>(select);
}

Result<> make_webhook_subscription(Transaction& transaction, Vault& vault, std::string_view secret,
                                   WebhookSubscriptionRow& row) {
  if (TRY(transaction.one<std::int64_t>(select_count)) >= webhook_subscriptions_max) {
    return refuse(ErrorCode::conflict, 60000, "Usage limit reached.");
  }
  row.id = transaction.next_id();
  row.uuid = transaction.next_uuid();
  row.created_at = transaction.now();
  row.secret_uuid = TRY(vault.put(transaction, secret_name, SecretBytes::copy_of(secret)));
  TRY(transaction.run(insert_row, {row.id, row.uuid, row.name, row.event_type, row.url, row.status,
                                   row.attributes, row.secret_uuid, row.created_at}));
  return {};
}

Result<> update_webhook_subscription(Transaction& transaction, const WebhookSubscriptionRow& row) {
  TRY(transaction.run(update_row,
                      {row.id, row.name, row.url, row.status, row.attributes, transaction.now()}));
  // Perhaps at another address: what is known of the one before does not count.
  TRY(set_turn(transaction, row.id, 0, Time{}));
  webhook_signal().give();
  return {};
}

Result<> delete_webhook_subscription(Transaction& transaction, Vault& vault,
                                     const WebhookSubscriptionRow& row) {
  TRY(transaction.run(cancel_waiting, {row.id, transaction.now()}));
  TRY(transaction.run(delete_row, {row.id}));
  return vault.erase(transaction, row.secret_uuid);
}

Result<> note_receiver(Transaction& transaction, std::int64_t id, bool failed) {
  auto row = TRY(webhook_subscription_by_id(transaction, id));
  if (!row) return {};
  if (!failed) return set_turn(transaction, id, 0, Time{});
  std::int64_t rest =
      std::min(microseconds_per_second << std::min<std::int64_t>(row->failures, 10), rest_max);
  return set_turn(transaction, id, row->failures + 1, transaction.now() + rest);
}

Result<> settle_receiver(Transaction& transaction, std::int64_t id) {
  auto row = TRY(webhook_subscription_by_id(transaction, id));
  return row ? set_turn(transaction, id, row->failures, row->rest_until) : Result<>();
}

Result<> wake_receiver(Transaction& transaction, std::int64_t id) {
  TRY(transaction.run(update_wake, {id, transaction.now()}));
  webhook_signal().give();
  return {};
}

Result<> rouse_receiver(Transaction& transaction, std::int64_t id) {
  TRY(transaction.run(update_rouse, {id, transaction.now()}));
  webhook_signal().give();
  return {};
}

}  // namespace piggy
