#include "webhook/delivery_operations.h"

#include <map>

#include "webhook/payload.h"

namespace piggy {
namespace {

constexpr std::int64_t page_limit = 30;
constexpr std::int64_t page_limit_max = 100;

using Subscriptions = std::map<std::int64_t, DeliverySubscription>;

Result<Subscriptions> known_subscriptions(Transaction& transaction) {
  Subscriptions known;
  for (auto& row : TRY(webhook_subscriptions(transaction))) {
    known[row.id] = {.uuid = row.uuid, .name = std::move(row.name), .url = std::move(row.url)};
  }
  return known;
}

WebhookDelivery shown(const WebhookDeliveryRow& row, const Subscriptions& subscriptions) {
  bool waits = row.state == WebhookDeliveryState::waiting;
  WebhookDelivery delivery{.uuid = row.uuid,
                           .type = row.type,
                           .state = row.state,
                           .attempts = row.attempts,
                           .next_attempt_at = waits ? std::optional(row.due_at) : std::nullopt,
                           .answer_status = row.status,
                           .answer = row.answer,
                           .problem = row.problem,
                           .contact_uuid = row.contact,
                           .created_at = row.created_at,
                           .attempted_at = row.attempted_at,
                           .ended_at = row.ended_at};
  if (auto known = subscriptions.find(row.subscription_id); known != subscriptions.end()) {
    delivery.subscription = known->second;
  }
  return delivery;
}

Result<WebhookDelivery> shown(Transaction& transaction, const WebhookDeliveryRow& row) {
  return shown(row, TRY(known_subscriptions(transaction)));
}

Result<> must_be_active(const WebhookSubscriptionRow& subscription) {
  if (subscription.status == WebhookStatus::ACTIVE) return {};
  return fail(ErrorCode::conflict, "This subscription is inactive: nothing is sent to it.");
}

}  // namespace

void DeliverySubscription::describe(Fields<DeliverySubscription>& field) {
  field("uuid", &DeliverySubscription::uuid, "The subscription.");
  field("name", &DeliverySubscription::name, "What it is for.");
  field("url", &DeliverySubscription::url, "Who is told.");
}

void WebhookDelivery::describe(Fields<WebhookDelivery>& field) {
  using D = WebhookDelivery;
  field("uuid", &D::uuid, "The delivery; msg_ and this is its webhook-id.");
  field("subscription", &D::subscription, "Whom it is for; none when that was deleted.");
  field("type", &D::type, "What happened.");
  field("state", &D::state,
        "waiting: it will be sent, or sent again; delivered: it was answered with 2xx; failed: it "
        "was tried six times; cancelled: nobody is to be told any more.");
  field("attempts", &D::attempts, "How often it was sent.");
  field("next_attempt_at", &D::next_attempt_at, "When it is sent, at the earliest.");
  field("answer_status", &D::answer_status, "The HTTP status of the last answer.");
  field("answer", &D::answer, "How the last answer begins.", {.untrusted = true});
  field("problem", &D::problem, "Why it was not taken, or is not sent.");
  field("contact_uuid", &D::contact_uuid, "The contact it tells of.");
  field("created_at", &D::created_at, "When it was made.");
  field("attempted_at", &D::attempted_at, "When it was last sent.");
  field("ended_at", &D::ended_at, "When it was delivered, given up or cancelled.");
}

void ListWebhookDeliveries::Input::describe(Fields<Input>& field) {
  field("subscription_uuid", &Input::subscription_uuid, "Only those for this subscription.");
  field("state", &Input::state, "Only those in this state.");
  field("since", &Input::since, "Only those made at this moment or after it.");
  field("until", &Input::until, "Only those made before this moment.");
  field("page", &Input::page, "The number of the page, from 1.", {.min = 1});
  field("limit", &Input::limit, "How many on a page.", {.min = 1, .max = page_limit_max});
}

void ListWebhookDeliveries::Output::describe(Fields<Output>& field) {
  field("deliveries", &Output::deliveries, "The deliveries, newest first.");
  field("page", &Output::page, "Which page this is.");
}

Result<ListWebhookDeliveries::Output> ListWebhookDeliveries::run(Call& call, const Input& input) {
  WebhookDeliveryFilter filter{.state = input.state, .since = input.since, .until = input.until};
  if (input.subscription_uuid) {
    filter.subscription_id =
        TRY(webhook_subscription_of(call.transaction, *input.subscription_uuid)).id;
  }
  Output output{.page = page_of(input.page, input.limit, page_limit)};
  Subscriptions subscriptions = TRY(known_subscriptions(call.transaction));
  for (const auto& row : TRY(webhook_deliveries(call.transaction, filter, output.page))) {
    output.deliveries.push_back(shown(row, subscriptions));
  }
  return output;
}

void GetWebhookDelivery::Input::describe(Fields<Input>& field) {
  field("delivery_uuid", &Input::delivery_uuid, "The delivery: see list_webhook_deliveries.");
}

void GetWebhookDelivery::Output::describe(Fields<Output>& field) {
  field("delivery", &Output::delivery, "The delivery.");
  field("body", &Output::body,
        "What is sent, byte for byte; none for who may not read contacts, or once it is gone.",
        {.untrusted = true});
}

Result<GetWebhookDelivery::Output> GetWebhookDelivery::run(Call& call, const Input& input) {
  WebhookDeliveryRow row = TRY(webhook_delivery_of(call.transaction, input.delivery_uuid));
  Output output{.delivery = TRY(shown(call.transaction, row))};
  if (!row.body.empty() && call.caller.may("contacts:read")) output.body = std::move(row.body);
  return output;
}

void ResendWebhookDelivery::Input::describe(Fields<Input>& field) {
  field("delivery_uuid", &Input::delivery_uuid, "The delivery: see list_webhook_deliveries.");
}

Result<WebhookDelivery> ResendWebhookDelivery::run(Call& call, const Input& input) {
  Transaction& transaction = call.transaction;
  WebhookDeliveryRow row = TRY(webhook_delivery_of(transaction, input.delivery_uuid));
  auto subscription = TRY(webhook_subscription_by_id(transaction, row.subscription_id));
  if (!subscription) return fail(ErrorCode::conflict, "Its subscription was deleted.");
  TRY(must_be_active(*subscription));
  if (row.body.empty()) {
    return fail(ErrorCode::conflict,
                "What it said is gone, because the contact it told of was deleted.");
  }
  call.changes("delivery of " + row.type + " to " + subscription->url, word_of(row.state),
               "waiting");
  TRY(repeat_webhook_delivery(transaction, row));
  return shown(transaction, row);
}

void SendTestWebhook::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The subscription: see list_webhook_subscriptions.");
}

Result<WebhookDelivery> SendTestWebhook::run(Call& call, const Input& input) {
  WebhookSubscriptionRow subscription = TRY(webhook_subscription_of(call.transaction, input.uuid));
  TRY(must_be_active(subscription));
  Value about =
      Value::object({{"uuid", to_string(subscription.uuid)}, {"name", subscription.name}});
  WebhookDeliveryRow row{
      .subscription_id = subscription.id,
      .type = std::string(webhook_test_type),
      .body = webhook_body(webhook_test_type,
                           Value::object({{"webhook_subscription", std::move(about)}}))};
  TRY(add_webhook_delivery(call.transaction, row));
  TRY(rouse_receiver(call.transaction, subscription.id));
  call.changes("test of " + subscription.url, nullptr, "waiting");
  return shown(call.transaction, row);
}

}  // namespace piggy
