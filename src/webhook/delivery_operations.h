#pragma once

// What was sent to receivers, and what they made of it. Ours: the v3 wire does not tell.

#include "operation/operation.h"
#include "operation/page.h"
#include "webhook/delivery.h"

namespace piggy {

// Whom a delivery is for, as long as that is there.
struct DeliverySubscription {
  Uuid uuid = {};
  std::string name = {};
  std::string url = {};

  static void describe(Fields<DeliverySubscription>& field);
};

struct WebhookDelivery {
  Uuid uuid = {};
  std::optional<DeliverySubscription> subscription = {};
  std::string type = {};
  WebhookDeliveryState state = WebhookDeliveryState::waiting;
  std::int64_t attempts = 0;
  std::optional<Time> next_attempt_at = {};
  std::optional<std::int64_t> answer_status = {};
  std::string answer = {};
  std::string problem = {};
  std::optional<Uuid> contact_uuid = {};
  Time created_at = {};
  std::optional<Time> attempted_at = {};
  std::optional<Time> ended_at = {};

  static void describe(Fields<WebhookDelivery>& field);
};

struct ListWebhookDeliveries {
  static constexpr OperationInfo info = {
      .name = "list_webhook_deliveries",
      .title = "List Webhook Deliveries",
      .about =
          "Lists what was sent to webhook subscriptions in the last 30 days, or waits for them, "
          "the newest first: of one subscription, in one state, of some time.",
      .verb = Verb::get,
      .path = "/webhook-deliveries",
      .scope = "webhooks:read",
      .surface = Surface::platform};
  struct Input {
    std::optional<Uuid> subscription_uuid = {};
    std::optional<WebhookDeliveryState> state = {};
    std::optional<Time> since = {};
    std::optional<Time> until = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<WebhookDelivery> deliveries = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetWebhookDelivery {
  static constexpr OperationInfo info = {
      .name = "get_webhook_delivery",
      .title = "Get Webhook Delivery",
      .about =
          "Shows one delivery and, to who may read contacts, what it says. That is gone once the "
          "contact is deleted.",
      .verb = Verb::get,
      .path = "/webhook-deliveries/{delivery_uuid}",
      .scope = "webhooks:read",
      .surface = Surface::platform};
  struct Input {
    Uuid delivery_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    WebhookDelivery delivery = {};
    std::optional<std::string> body = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct ResendWebhookDelivery {
  static constexpr OperationInfo info = {
      .name = "resend_webhook_delivery",
      .title = "Resend Webhook Delivery",
      .about =
          "Sends a delivery again at once, with all its tries: one that failed, one that still "
          "waits, or one that arrived. It keeps its webhook-id, so that a receiver can tell. Not "
          "to a subscription that is inactive or deleted.",
      .verb = Verb::post,
      .path = "/webhook-deliveries/{delivery_uuid}/resend",
      .scope = "webhooks:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    Uuid delivery_uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = WebhookDelivery;
  static Result<Output> run(Call& call, const Input& input);
};

struct SendTestWebhook {
  static constexpr OperationInfo info = {
      .name = "send_test_webhook",
      .title = "Send Test Webhook",
      .about =
          "Sends a subscription a delivery of the type webhook_test, which tells of nothing but "
          "the "
          "subscription itself. What became of it stands in get_webhook_delivery in a moment.",
      .verb = Verb::post,
      .path = "/webhook-subscriptions/{uuid}/test",
      .scope = "webhooks:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    Uuid uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = WebhookDelivery;
  static Result<Output> run(Call& call, const Input& input);
};

}  // namespace piggy
