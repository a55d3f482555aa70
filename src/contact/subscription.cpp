#include "contact/subscription.h"

#include "operation/numbers.h"

namespace piggy {
namespace {

constexpr std::string_view select_types = R"sql(
  SELECT name, description, active, strategy, uuid, id FROM subscription_type
  WHERE account_id = $1 ORDER BY id
)sql";

constexpr std::string_view select_between = R"sql(
  SELECT contact_id, subscription_type_id, status FROM subscription
  WHERE account_id = $1 AND contact_id >= $2 AND contact_id <= $3
)sql";

constexpr std::string_view upsert_subscription = R"sql(
  INSERT INTO subscription (account_id, contact_id, subscription_type_id, status, updated_at)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (account_id, contact_id, subscription_type_id)
  DO UPDATE SET status = excluded.status, updated_at = excluded.updated_at
)sql";

}  // namespace

Result<std::vector<SubscriptionType>> subscription_types(Transaction& transaction) {
  return transaction.all<SubscriptionType>(select_types);
}

Result<SubscriptionType> subscription_type_of(Transaction& transaction, const Uuid& uuid) {
  for (SubscriptionType& type : TRY(subscription_types(transaction))) {
    if (type.uuid == uuid) return std::move(type);
  }
  return refuse(ErrorCode::not_found, 55030, "Subscription type not found.");
}

Result<std::vector<SubscriptionRow>> subscriptions_between(Transaction& transaction,
                                                           std::int64_t first, std::int64_t last) {
  return transaction.all<SubscriptionRow>(select_between, {first, last});
}

SubscriptionStatus status_unsaid(const SubscriptionType& type) {
  return type.strategy == SubscriptionStrategy::OPT_OUT ? SubscriptionStatus::SUBSCRIBED
                                                        : SubscriptionStatus::UNSUBSCRIBED;
}

std::vector<Subscription> shown_subscriptions(const std::vector<SubscriptionType>& types,
                                              const std::vector<SubscriptionRow>& rows,
                                              std::int64_t contact_id) {
  std::vector<Subscription> shown;
  shown.reserve(types.size());
  for (const SubscriptionType& type : types) {
    SubscriptionStatus status = status_unsaid(type);
    for (const SubscriptionRow& row : rows) {
      bool said = row.contact_id == contact_id && row.subscription_type_id == type.id;
      if (said) status = row.status;
    }
    shown.push_back({.is_subscribed = status == SubscriptionStatus::SUBSCRIBED,
                     .status = status,
                     .subscription_type = type});
  }
  return shown;
}

Result<SubscriptionStatus> subscription_status(Transaction& transaction, std::int64_t contact_id,
                                               const SubscriptionType& type) {
  auto rows = TRY(subscriptions_between(transaction, contact_id, contact_id));
  return shown_subscriptions({type}, rows, contact_id).front().status;
}

Result<> set_subscription(Transaction& transaction, std::int64_t contact_id,
                          const SubscriptionType& type, SubscriptionStatus status) {
  TRY(transaction.run(upsert_subscription, {contact_id, type.id, status, transaction.now()}));
  return {};
}

}  // namespace piggy
