#pragma once

// Operations on subscriptions (piggy-api-v3, section 10.4).

#include "contact/contact_operations.h"
#include "contact/subscription.h"

namespace piggy {

// What subscribing and unsubscribing do, for whoever else lets a contact do so. Subscribing to a
// DOUBLE_OPT_IN type only asks the contact by e-mail.
Result<> subscribe(Call& call, const ContactRow& contact, const SubscriptionType& type);
Result<> unsubscribe(Call& call, const ContactRow& contact, const SubscriptionType& type);
// Sets what a contact receives, whatever its type's strategy asks for. Tells of a change by an
// event, and of none when there is none.
Result<> change_subscription(Call& call, const ContactRow& contact, const SubscriptionType& type,
                             SubscriptionStatus after);

struct ListContactSubscriptions {
  static constexpr OperationInfo info = {
      .name = "list_contact_subscriptions",
      .title = "List Contact Subscriptions",
      .about = "Tells for every subscription type whether a contact receives it. Changes nothing.",
      .verb = Verb::get,
      .path = "/contact-subscriptions/{contact_uuid}",
      .scope = "contacts:read",
      .on_register = true,
      .wire = {.data = "subscriptions"}};
  using Input = ContactByUuid;
  struct Output {
    std::vector<Subscription> subscriptions = {};
    static void describe(Fields<Output>& field) {
      field("subscriptions", &Output::subscriptions, "One for each type.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct ContactAndType {
  Uuid contact_uuid = {};
  Uuid subscription_type_uuid = {};
  static void describe(Fields<ContactAndType>& field) {
    field("contact_uuid", &ContactAndType::contact_uuid, "The contact.");
    field("subscription_type_uuid", &ContactAndType::subscription_type_uuid,
          "The subscription type.");
  }
};

struct SubscribeContact {
  static constexpr OperationInfo info = {
      .name = "subscribe_contact",
      .title = "Subscribe Contact",
      .about =
          "Subscribes a contact to a type of message, with the contact's consent alone. For a "
          "DOUBLE_OPT_IN type the contact is asked by e-mail first.",
      .verb = Verb::put,
      .path = "/contact-subscriptions/{contact_uuid}/subscribe",
      .scope = "contacts:write",
      .effect = Effect::write,
      .idempotent = true,
      .on_register = true,
      .wire = {.meta = Meta::list}};
  using Input = ContactAndType;
  using Output = Subscription;
  static Result<Output> run(Call& call, const Input& input);
};

struct UnsubscribeContact {
  static constexpr OperationInfo info = {
      .name = "unsubscribe_contact",
      .title = "Unsubscribe Contact",
      .about = "Stops a type of message for a contact at once.",
      .verb = Verb::put,
      .path = "/contact-subscriptions/{contact_uuid}/unsubscribe",
      .scope = "contacts:write",
      .effect = Effect::write,
      .idempotent = true,
      .on_register = true,
      .wire = {.meta = Meta::list}};
  using Input = ContactAndType;
  using Output = Subscription;
  static Result<Output> run(Call& call, const Input& input);
};

struct ConfirmContactSubscription {
  static constexpr OperationInfo info = {
      .name = "confirm_contact_subscription",
      .title = "Confirm Contact Subscription",
      .about =
          "Records that the contact confirmed a subscription that waits for it. For the page "
          "that the confirmation e-mail leads to.",
      .verb = Verb::post,
      .path = "/contact-subscriptions/{contact_uuid}/confirm",
      .scope = "contacts:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  using Input = ContactAndType;
  using Output = Subscription;
  static Result<Output> run(Call& call, const Input& input);
};

struct ListSubscriptionTypes {
  static constexpr OperationInfo info = {
      .name = "list_subscription_types",
      .title = "List Subscription Types",
      .about = "Lists what contacts can subscribe to. Changes nothing.",
      .verb = Verb::get,
      .path = "/subscription-types",
      .scope = "contacts:read",
      .on_register = true,
      .wire = {.data = "types"}};
  using Input = Empty;
  struct Output {
    std::vector<SubscriptionType> types = {};
    static void describe(Fields<Output>& field) { field("types", &Output::types, "Oldest first."); }
  };
  static Result<Output> run(Call& call, const Input&);
};

struct CreateSubscriptionType {
  static constexpr OperationInfo info = {
      .name = "create_subscription_type",
      .title = "Create Subscription Type",
      .about =
          "Adds something contacts can subscribe to. The v3 wire has no way to; the vendor's "
          "dashboard does it.",
      .verb = Verb::post,
      .path = "/subscription-types",
      .scope = "contacts:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string name = {};
    std::optional<std::string> description = {};
    std::optional<SubscriptionStrategy> strategy = {};
    static void describe(Fields<Input>& field) {
      field("name", &Input::name, "Its name.", {.min = 1, .max = 200});
      field("description", &Input::description, "What one receives.", {.max = 1'000});
      field("strategy", &Input::strategy, "How one subscribes; OPT_IN when left out.");
    }
  };
  using Output = SubscriptionType;
  static Result<Output> run(Call& call, const Input& input);
};

}  // namespace piggy
