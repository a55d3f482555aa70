#pragma once

// What a contact wants to receive: one subscription for each type that the account has.

#include <string>
#include <vector>

#include "contact/contact.h"

namespace piggy {

// OPT_IN asks once; DOUBLE_OPT_IN asks again by e-mail; OPT_OUT is on until the contact says no.
BOOST_DEFINE_ENUM_CLASS(SubscriptionStrategy, OPT_IN, OPT_OUT, DOUBLE_OPT_IN)
BOOST_DEFINE_ENUM_CLASS(SubscriptionStatus, UNSUBSCRIBED, PENDING_CONFIRMATION, SUBSCRIBED)

// As the wire shows them (piggy-api-v3, section 9.4).
struct SubscriptionType {
  std::string name = {};
  std::string description = {};
  bool active = true;
  SubscriptionStrategy strategy = SubscriptionStrategy::OPT_IN;
  Uuid uuid = {};
  std::int64_t id = 0;

  static void describe(Fields<SubscriptionType>& field) {
    field("name", &SubscriptionType::name, "Its name.");
    field("description", &SubscriptionType::description, "What one receives.");
    field("active", &SubscriptionType::active, "Whether anything is sent.");
    field("strategy", &SubscriptionType::strategy,
          "How one subscribes: OPT_IN at once, DOUBLE_OPT_IN after a confirmation by e-mail, "
          "OPT_OUT is on until the contact unsubscribes.");
    field("uuid", &SubscriptionType::uuid, "The subscription type.");
    field("id", &SubscriptionType::id, "Its number.");
  }
};

struct Subscription {
  bool is_subscribed = false;
  SubscriptionStatus status = SubscriptionStatus::UNSUBSCRIBED;
  SubscriptionType subscription_type = {};

  static void describe(Fields<Subscription>& field) {
    field("is_subscribed", &Subscription::is_subscribed, "Whether the contact receives it.");
    field("status", &Subscription::status,
          "PENDING_CONFIRMATION waits for the contact's answer to an e-mail.");
    field("subscription_type", &Subscription::subscription_type, "What one subscribes to.");
  }
};

Result<std::vector<SubscriptionType>> subscription_types(Transaction& transaction);
// 55030 when there is none.
Result<SubscriptionType> subscription_type_of(Transaction& transaction, const Uuid& uuid);

// What contacts have said. Who said nothing has no row; see `status_unsaid`.
struct SubscriptionRow {
  std::int64_t contact_id = 0;
  std::int64_t subscription_type_id = 0;
  SubscriptionStatus status = SubscriptionStatus::UNSUBSCRIBED;
};
// Of the contacts whose ids lie between the two, both included.
Result<std::vector<SubscriptionRow>> subscriptions_between(Transaction& transaction,
                                                           std::int64_t first, std::int64_t last);
SubscriptionStatus status_unsaid(const SubscriptionType& type);

// One for each type.
std::vector<Subscription> shown_subscriptions(const std::vector<SubscriptionType>& types,
                                              const std::vector<SubscriptionRow>& rows,
                                              std::int64_t contact_id);

Result<SubscriptionStatus> subscription_status(Transaction& transaction, std::int64_t contact_id,
                                               const SubscriptionType& type);
Result<> set_subscription(Transaction& transaction, std::int64_t contact_id,
                          const SubscriptionType& type, SubscriptionStatus status);

}  // namespace piggy
