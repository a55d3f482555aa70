#include "webhook/operations.h"

#include <sodium.h>

#include "webhook/delivery_operations.h"
#include "webhook/receiver.h"
#include "webhook/signature.h"

namespace piggy {
namespace {

constexpr std::int64_t attributes_max = 100;
constexpr std::int64_t attribute_name_max = 255;

WebhookSubscription shown(const WebhookSubscriptionRow& row) {
  WebhookSubscription subscription{.uuid = row.uuid,
                                   .name = row.name,
                                   .event_type = row.event_type,
                                   .url = row.url,
                                   .status = row.status,
                                   .created_at = row.created_at};
  for (const Value& name : *row.attributes.items()) {
    subscription.properties.push_back(*name.text());
  }
  return subscription;
}

Result<Value> kept(const std::vector<std::string>& attributes) {
  std::vector<FieldError> problems;
  Value names = Value::list();
  for (std::size_t i = 0; i < attributes.size(); i++) {
    if (attributes[i].empty() || attributes[i].size() > attribute_name_max) {
      problems.push_back({"/attributes/" + std::to_string(i),
                          "An attribute's name has between 1 and 255 characters."});
    }
    names.push(attributes[i]);
  }
  if (!problems.empty()) return fail_fields(std::move(problems));
  return names;
}

std::string label(const WebhookSubscriptionRow& row) { return "webhook subscription " + row.name; }

constexpr std::string_view about_attributes =
    "Of contact_updated: the names of the attributes whose change is told, such as email. All when "
    "there are none.";

}  // namespace

void WebhookSubscription::describe(Fields<WebhookSubscription>& field) {
  using S = WebhookSubscription;
  field("uuid", &S::uuid, "The subscription.");
  field("name", &S::name, "What it is for.");
  field("event_type", &S::event_type, "What is told.");
  field("url", &S::url, "Who is told.");
  field("properties", &S::properties, "The names of the attributes that it asked for.");
  field("status", &S::status, "Whether it is told of anything.");
  field("version", &S::version, "Always V1.");
  field("created_at", &S::created_at, "When it was made.");
}

void ListWebhookSubscriptions::Input::describe(Fields<Input>& field) {
  field("event_type", &Input::event_type, "Only those told of this.");
  field("status", &Input::status, "Only those in this state.");
}

void ListWebhookSubscriptions::Output::describe(Fields<Output>& field) {
  field("subscriptions", &Output::subscriptions, "All subscriptions, oldest first.");
}

Result<ListWebhookSubscriptions::Output> ListWebhookSubscriptions::run(Call& call,
                                                                       const Input& input) {
  Output output;
  for (const auto& row : TRY(webhook_subscriptions(call.transaction))) {
    if (input.event_type && *input.event_type != row.event_type) continue;
    if (input.status && *input.status != row.status) continue;
    output.subscriptions.push_back(shown(row));
  }
  return output;
}

void CreateWebhookSubscription::Input::describe(Fields<Input>& field) {
  field("name", &Input::name, "What it is for.", {.min = 1, .max = 255});
  field("event_type", &Input::event_type,
        "What is told: a word of the v3 wire, or one of ours. What nothing here does yet "
        "(prepaid) is never told.");
  field("url", &Input::url, "Who is told: an https address.",
        {.min = 1, .max = 2'000, .format = Format::uri});
  field("secret", &Input::secret,
        "What deliveries are signed with. As Standard Webhooks has it: whsec_ and base64.",
        {.min = 1, .max = 255, .format = Format::secret});
  field("attributes", &Input::attributes, about_attributes, {.max = attributes_max});
  field("status", &Input::status, "ACTIVE when left out.");
}

Result<WebhookSubscription> CreateWebhookSubscription::run(const std::unique_ptr<Vault>& vault,
                                                           Call& call, const Input& input) {
  TRY(may_be_told(input.url));
  WebhookSubscriptionRow row{.name = input.name,
                             .event_type = input.event_type,
                             .url = input.url,
                             .status = input.status.value_or(WebhookStatus::ACTIVE)};
  if (input.attributes) row.attributes = TRY(kept(*input.attributes));
  std::string secret = input.secret.value_or(new_webhook_secret());
  Result<> made = make_webhook_subscription(call.transaction, *vault, secret, row);
  sodium_memzero(secret.data(), secret.size());
  TRY(std::move(made));
  call.changes(label(row), nullptr, row.url);
  return shown(row);
}

void GetWebhookSubscription::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The subscription: see list_webhook_subscriptions.");
}

Result<WebhookSubscription> GetWebhookSubscription::run(Call& call, const Input& input) {
  return shown(TRY(webhook_subscription_of(call.transaction, input.uuid)));
}

void UpdateWebhookSubscription::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The subscription: see list_webhook_subscriptions.");
  field("name", &Input::name, "What it is for.", {.min = 1, .max = 255});
  field("url", &Input::url, "Who is told: an https address.",
        {.min = 1, .max = 2'000, .format = Format::uri});
  field("status", &Input::status, "INACTIVE: it is told of nothing.");
  field("attributes", &Input::attributes, about_attributes, {.max = attributes_max});
  field("secret", &Input::secret, "Ignored.", {.format = Format::secret, .hidden = true});
}

Result<WebhookSubscription> UpdateWebhookSubscription::run(Call& call, const Input& input) {
  WebhookSubscriptionRow row = TRY(webhook_subscription_of(call.transaction, input.uuid));
  if (row.event_type == WebhookEvent::contact_updated && !input.attributes) {
    return fail_field("/attributes", "The attributes field is required.");
  }
  if (input.url) TRY(may_be_told(*input.url));
  Value attributes = input.attributes ? TRY(kept(*input.attributes)) : row.attributes;
  auto change = [&](auto& member, const auto& value, std::string_view what) {
    if (!value || *value == member) return;
    if constexpr (std::is_enum_v<std::decay_t<decltype(member)>>) {
      call.changes(std::string(what) + " of " + label(row), word_of(member), word_of(*value));
    } else {
      call.changes(std::string(what) + " of " + label(row), member, *value);
    }
    member = *value;
  };
  change(row.url, input.url, "address");
  change(row.status, input.status, "status");
  change(row.attributes, std::optional(attributes), "attributes");
  change(row.name, input.name, "name");
  TRY(update_webhook_subscription(call.transaction, row));
  return shown(row);
}

void DeleteWebhookSubscription::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The subscription: see list_webhook_subscriptions.");
}

Result<DeleteWebhookSubscription::Output> DeleteWebhookSubscription::run(
    const std::unique_ptr<Vault>& vault, Call& call, const Input& input) {
  WebhookSubscriptionRow row = TRY(webhook_subscription_of(call.transaction, input.uuid));
  TRY(delete_webhook_subscription(call.transaction, *vault, row));
  call.changes(label(row), row.url, nullptr);
  return Output{};
}

void RotateWebhookSecret::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The subscription: see list_webhook_subscriptions.");
}

void RotateWebhookSecret::Output::describe(Fields<Output>& field) {
  field("secret", &Output::secret, "The new secret. It is not shown again.",
        {.format = Format::secret});
}

Result<RotateWebhookSecret::Output> RotateWebhookSecret::run(const std::unique_ptr<Vault>& vault,
                                                             Call& call, const Input& input) {
  WebhookSubscriptionRow row = TRY(webhook_subscription_of(call.transaction, input.uuid));
  Output output{.secret = new_webhook_secret()};
  TRY(vault->replace(call.transaction, row.secret_uuid, SecretBytes::copy_of(output.secret)));
  call.changes("secret of " + label(row), "the one before", "a new one");
  return output;
}

void add_webhook_operations(Catalogue& catalogue, const std::unique_ptr<Vault>& vault) {
  catalogue.add<ListWebhookSubscriptions>();
  catalogue.add<CreateWebhookSubscription>(vault);
  catalogue.add<GetWebhookSubscription>();
  catalogue.add<UpdateWebhookSubscription>();
  catalogue.add<DeleteWebhookSubscription>(vault);
  catalogue.add<RotateWebhookSecret>(vault);
  catalogue.add<SendTestWebhook>();
  catalogue.add<ListWebhookDeliveries>();
  catalogue.add<GetWebhookDelivery>();
  catalogue.add<ResendWebhookDelivery>();
}

}  // namespace piggy
