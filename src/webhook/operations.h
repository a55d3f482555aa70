#pragma once

// Webhook subscriptions as the v3 wire has them (piggy-api-v3, section 13.1). What was sent to them
// stands in delivery_operations.h.

#include "operation/operation.h"
#include "webhook/subscription.h"

namespace piggy {

struct WebhookSubscription {
  Uuid uuid = {};
  std::string name = {};
  WebhookEvent event_type = {};
  std::string url = {};
  std::vector<std::string> properties = {};
  WebhookStatus status = WebhookStatus::ACTIVE;
  std::string version = "V1";
  Time created_at = {};

  static void describe(Fields<WebhookSubscription>& field);
};

struct ListWebhookSubscriptions {
  static constexpr OperationInfo info = {
      .name = "list_webhook_subscriptions",
      .title = "List Webhook Subscriptions",
      .about =
          "Lists who is told of what happens here: each subscription sends one type of event to "
          "one address.",
      .verb = Verb::get,
      .path = "/webhook-subscriptions",
      .scope = "webhooks:read",
      .wire = {.data = "subscriptions"}};
  struct Input {
    std::optional<WebhookEvent> event_type = {};
    std::optional<WebhookStatus> status = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<WebhookSubscription> subscriptions = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateWebhookSubscription {
  static constexpr OperationInfo info = {
      .name = "create_webhook_subscription",
      .title = "Create Webhook Subscription",
      .about =
          "From now on tells an address of one type of event, signed with the secret. The secret "
          "is sealed and never shown again; without one a subscription gets one that nobody knows "
          "until rotate_webhook_secret shows the next.",
      .verb = Verb::post,
      .path = "/webhook-subscriptions",
      .scope = "webhooks:write",
      .effect = Effect::write,
      .wire = {.status = 201, .meta = Meta::list}};
  struct Input {
    std::string name = {};
    WebhookEvent event_type = {};
    std::string url = {};
    std::optional<std::string> secret = {};
    std::optional<std::vector<std::string>> attributes = {};
    std::optional<WebhookStatus> status = {};
    static void describe(Fields<Input>& field);
  };
  using Output = WebhookSubscription;
  static Result<Output> run(const std::unique_ptr<Vault>& vault, Call& call, const Input& input);
};

struct GetWebhookSubscription {
  static constexpr OperationInfo info = {.name = "get_webhook_subscription",
                                         .title = "Get Webhook Subscription",
                                         .about = "Shows one webhook subscription.",
                                         .verb = Verb::get,
                                         .path = "/webhook-subscriptions/{uuid}",
                                         .scope = "webhooks:read",
                                         .wire = {.meta = Meta::list}};
  struct Input {
    Uuid uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = WebhookSubscription;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdateWebhookSubscription {
  static constexpr OperationInfo info = {
      .name = "update_webhook_subscription",
      .title = "Update Webhook Subscription",
      .about =
          "Changes the name, the address, the attributes, or whether it is active. What is not "
          "given stays, but the attributes of a subscription to contact_updated must be given each "
          "time. An inactive one hears nothing of what happens meanwhile; what waits for it goes "
          "on when it is active again. Type and secret cannot change here.",
      .verb = Verb::put,
      .path = "/webhook-subscriptions/{uuid}",
      .scope = "webhooks:write",
      .effect = Effect::write,
      .idempotent = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    Uuid uuid = {};
    std::optional<std::string> name = {};
    std::optional<std::string> url = {};
    std::optional<WebhookStatus> status = {};
    std::optional<std::vector<std::string>> attributes = {};
    Value secret = {};  // A client sends it along; it is ignored.
    static void describe(Fields<Input>& field);
  };
  using Output = WebhookSubscription;
  static Result<Output> run(Call& call, const Input& input);
};

struct DeleteWebhookSubscription {
  static constexpr OperationInfo info = {
      .name = "delete_webhook_subscription",
      .title = "Delete Webhook Subscription",
      .about =
          "Ends a subscription for good: its secret is erased, and what still waits for it is not "
          "sent. What was sent stays to be looked at for 30 days.",
      .verb = Verb::del,
      .path = "/webhook-subscriptions/{uuid}",
      .scope = "webhooks:write",
      .effect = Effect::destructive,
      .wire = {.data = "nothing"}};
  struct Input {
    Uuid uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<std::string> nothing = {};
    static void describe(Fields<Output>& field) { field("nothing", &Output::nothing, "Empty."); }
  };
  static Result<Output> run(const std::unique_ptr<Vault>& vault, Call& call, const Input& input);
};

// Ours: the v3 wire cannot change a secret.
struct RotateWebhookSecret {
  static constexpr OperationInfo info = {
      .name = "rotate_webhook_secret",
      .title = "Rotate Webhook Secret",
      .about =
          "Makes a new secret for a subscription and shows it this once. From now on everything is "
          "signed with it, so the receiver refuses what comes until it knows it, too; what it "
          "refuses is tried again.",
      .verb = Verb::post,
      .path = "/webhook-subscriptions/{uuid}/secret",
      .scope = "webhooks:write",
      .effect = Effect::destructive,
      .surface = Surface::platform};
  struct Input {
    Uuid uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::string secret = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(const std::unique_ptr<Vault>& vault, Call& call, const Input& input);
};

void add_webhook_operations(Catalogue& catalogue, const std::unique_ptr<Vault>& vault);

}  // namespace piggy
