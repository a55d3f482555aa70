#pragma once

// What an address elsewhere wants to be told of an account.

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "shape/shape.h"
#include "vault/vault.h"

namespace piggy {

// What can be subscribed to. First the words of the v3 wire (piggy-api-v3, section 13.2), of which
// some are not told yet because nothing here does them; then ours.
BOOST_DEFINE_ENUM_CLASS(WebhookEvent, contact_created, contact_updated, contact_identifier_created,
                        credit_reception_created, prepaid_transaction_created,
                        giftcard_transaction_created, voucher_created, voucher_updated,
                        voucher_redeemed, voucher_deleted, form_submission_completed,
                        referral_completed, reward_updated, promotion_updated, tier_reached,
                        lead_score_changed, segment_entered, segment_left, subscription_confirmed)

BOOST_DEFINE_ENUM_CLASS(WebhookStatus, ACTIVE, INACTIVE)

struct WebhookSubscriptionRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  WebhookEvent event_type = {};
  std::string url = {};
  WebhookStatus status = WebhookStatus::ACTIVE;
  Value attributes = Value::list();  // Names; of contact_updated alone. None: whatever changes.
  Uuid secret_uuid = {};
  std::int64_t failures = 0;  // In a row.
  Time rest_until = {};
  std::optional<Time> due_at = {};
  Time created_at = {};
};

// More than an account has.
constexpr std::int64_t webhook_subscriptions_max = 1'000;

// 80300 when there is none.
Result<WebhookSubscriptionRow> webhook_subscription_of(Transaction& transaction, const Uuid& uuid);
// None when it is gone.
Result<std::optional<WebhookSubscriptionRow>> webhook_subscription_by_id(Transaction& transaction,
                                                                         std::int64_t id);
// The oldest first.
Result<std::vector<WebhookSubscriptionRow>> webhook_subscriptions(Transaction& transaction);

// Mints id, uuid and moment, and seals the secret. 60000 when there are too many.
Result<> make_webhook_subscription(Transaction& transaction, Vault& vault, std::string_view secret,
                                   WebhookSubscriptionRow& row);
// Writes name, address, status and attributes. What waits goes on at once when it is active.
Result<> update_webhook_subscription(Transaction& transaction, const WebhookSubscriptionRow& row);
// With its secret. What waits for it is cancelled, what was sent stays to be looked at.
Result<> delete_webhook_subscription(Transaction& transaction, Vault& vault,
                                     const WebhookSubscriptionRow& row);

// What became of one delivery, said of its receiver: one that fails rests, longer each time.
Result<> note_receiver(Transaction& transaction, std::int64_t id, bool failed);
// Looks when its next turn is.
Result<> settle_receiver(Transaction& transaction, std::int64_t id);
// Something waits for it from now on.
Result<> wake_receiver(Transaction& transaction, std::int64_t id);
// The same for what a person asks for: it does not rest any longer.
Result<> rouse_receiver(Transaction& transaction, std::int64_t id);

}  // namespace piggy
