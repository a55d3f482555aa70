#pragma once

// One event for one subscription, sent until it is taken or was tried often enough.

#include <string>
#include <vector>

#include "base/error.h"
#include "contact/contact.h"
#include "database/database.h"
#include "event/follow.h"
#include "operation/page.h"
#include "shape/shape.h"
#include "webhook/receiver.h"
#include "webhook/subscription.h"

namespace piggy {

// cancelled: nobody is to be told any more.
BOOST_DEFINE_ENUM_CLASS(WebhookDeliveryState, waiting, delivered, failed, cancelled)

struct WebhookDeliveryRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t subscription_id = 0;
  std::string type = {};
  std::optional<Uuid> contact = {};
  std::optional<Uuid> other_contact = {};  // Of a referral it tells of two.
  std::string body = {};                   // "" once its contact is forgotten.
  WebhookDeliveryState state = WebhookDeliveryState::waiting;
  std::int64_t attempts = 0;  // In all.
  std::int64_t tries = 0;     // Since it was last asked for.
  Time due_at = {};
  std::optional<std::int64_t> status = {};  // Of the last answer.
  std::string answer = {};                  // How that began.
  std::string problem = {};
  Time created_at = {};
  std::optional<Time> attempted_at = {};
  std::optional<Time> ended_at = {};
};

// The type of a delivery that tells of nothing.
inline constexpr std::string_view webhook_test_type = "webhook_test";
// After the first; the pauses between them are 10 s, 1 min, 5 min, 30 min and 2 h.
constexpr std::int64_t webhook_retries_max = 5;
constexpr std::int64_t webhook_retention = 30 * 86'400 * microseconds_per_second;

// `not_found` when there is none.
Result<WebhookDeliveryRow> webhook_delivery_of(Transaction& transaction, const Uuid& uuid);

struct WebhookDeliveryFilter {
  std::optional<std::int64_t> subscription_id = {};
  std::optional<WebhookDeliveryState> state = {};
  std::optional<Time> since = {};
  std::optional<Time> until = {};
};
// The newest first, without their bodies. Fills the total of `page`.
Result<std::vector<WebhookDeliveryRow>> webhook_deliveries(Transaction& transaction,
                                                           const WebhookDeliveryFilter& filter,
                                                           Page& page);

// Mints id, uuid and moments; due at once. Its receiver is still to be woken.
Result<> add_webhook_delivery(Transaction& transaction, WebhookDeliveryRow& row);
// Due at once, as if it were new.
Result<> repeat_webhook_delivery(Transaction& transaction, WebhookDeliveryRow& row);
// What waits longest for an active subscription and is due; none when nothing is.
Result<std::optional<WebhookDeliveryRow>> next_webhook_delivery(Transaction& transaction,
                                                                std::int64_t subscription_id);
// What its receiver made of it.
Result<> note_webhook_answer(Transaction& transaction, const WebhookDeliveryRow& row,
                             const WebhookAnswer& answer);

// Each event becomes a delivery for each active subscription to it that was there before it.
void add_webhook_follower(Followers& followers);

// When a contact is forgotten: what was kept of it is emptied, what waits is not sent. When two
// become one: what tells of the source is forgotten with the destination.
Result<> forget_webhook_deliveries(Transaction& transaction, const ContactRow& contact);
Result<> move_webhook_deliveries(Transaction& transaction, const ContactRow& source,
                                 const ContactRow& destination);

// Some of those of all accounts that were made before the retention. How many.
Result<std::int64_t> drop_old_webhook_deliveries(Transaction& transaction);

}  // namespace piggy
