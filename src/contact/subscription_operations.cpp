#include "contact/subscription_operations.h"

#include <fmt/format.h>

#include "contact/language.h"
#include "contact/words.h"
#include "email/email.h"
#include "event/event.h"

namespace piggy {
namespace {

namespace words = contact_words;

constexpr AppendTable type_table = {
    "subscription_type",
    "account_id bigint, id bigint, uuid bytea, name text, description text, active bigint, "
    "strategy text"};

Result<> ask_for_confirmation(Call& call, const ContactRow& contact, const SubscriptionType& type) {
  if (contact.is_anonymous) return {};
  const std::string& company = call.caller.company;
  std::string link =
      fmt::format("{}/portal/double-opt-in-confirmation?contact_uuid={}&subscription_type={}",
                  call.settings.public_url, to_string(contact.uuid), type.id);
  Language language = TRY(language_for(call.transaction, contact.id));
  std::string yes = words::yes_please.in(language);
  std::string not_asked_for = words::not_asked_for.in(language);
  std::string question =
      words::confirm_question.in(language, escape_html(type.name), escape_html(company));
  return queue_email(call.transaction,
                     {.from = call.settings.mail_from,
                      .to = contact.email,
                      .subject = words::confirm_subject.in(language, type.name),
                      .text = fmt::format("{}\n\n{}: {}\n\n{}\n",
                                          words::confirm_question.in(language, type.name, company),
                                          yes, link, not_asked_for),
                      .html = fmt::format("<p>{}</p><p><a href=\"{}\">{}</a></p><p>{}</p>",
                                          question, escape_html(link), yes, not_asked_for)});
}

Result<Subscription> shown(Call& call, const ContactRow& contact, const SubscriptionType& type) {
  SubscriptionStatus status = TRY(subscription_status(call.transaction, contact.id, type));
  return Subscription{.is_subscribed = status == SubscriptionStatus::SUBSCRIBED,
                      .status = status,
                      .subscription_type = type};
}

}  // namespace

Result<> change_subscription(Call& call, const ContactRow& contact, const SubscriptionType& type,
                             SubscriptionStatus after) {
  SubscriptionStatus before = TRY(subscription_status(call.transaction, contact.id, type));
  TRY(set_subscription(call.transaction, contact.id, type, after));
  if (before == after) return {};
  call.changes(fmt::format("subscription of {} to {}", contact.email, type.name), word_of(before),
               word_of(after));
  Value about = Value::object({{"uuid", to_string(contact.uuid)}, {"email", contact.email}});
  Value names = Value::list();
  names.push(fmt::format("subscription_status_{}", type.id));
  return emit(call.transaction, "contact_updated", contact.uuid,
              Value::object({{"contact", std::move(about)}, {"changed_attributes", names}}));
}

Result<> subscribe(Call& call, const ContactRow& contact, const SubscriptionType& type) {
  SubscriptionStatus before = TRY(subscription_status(call.transaction, contact.id, type));
  SubscriptionStatus after = SubscriptionStatus::SUBSCRIBED;
  bool must_confirm = type.strategy == SubscriptionStrategy::DOUBLE_OPT_IN &&
                      before != SubscriptionStatus::SUBSCRIBED;
  if (must_confirm) {
    after = SubscriptionStatus::PENDING_CONFIRMATION;
    if (before != after) TRY(ask_for_confirmation(call, contact, type));
  }
  return change_subscription(call, contact, type, after);
}

Result<> unsubscribe(Call& call, const ContactRow& contact, const SubscriptionType& type) {
  return change_subscription(call, contact, type, SubscriptionStatus::UNSUBSCRIBED);
}

Result<ListContactSubscriptions::Output> ListContactSubscriptions::run(Call& call,
                                                                       const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  auto types = TRY(subscription_types(call.transaction));
  auto rows = TRY(subscriptions_between(call.transaction, contact.id, contact.id));
  return Output{shown_subscriptions(types, rows, contact.id)};
}

Result<Subscription> SubscribeContact::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  SubscriptionType type = TRY(subscription_type_of(call.transaction, input.subscription_type_uuid));
  TRY(subscribe(call, contact, type));
  return shown(call, contact, type);
}

Result<Subscription> UnsubscribeContact::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  SubscriptionType type = TRY(subscription_type_of(call.transaction, input.subscription_type_uuid));
  TRY(unsubscribe(call, contact, type));
  return shown(call, contact, type);
}

Result<Subscription> ConfirmContactSubscription::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  SubscriptionType type = TRY(subscription_type_of(call.transaction, input.subscription_type_uuid));
  SubscriptionStatus before = TRY(subscription_status(call.transaction, contact.id, type));
  if (before == SubscriptionStatus::UNSUBSCRIBED) {
    return fail(ErrorCode::conflict, "Nothing waits for a confirmation.");
  }
  TRY(change_subscription(call, contact, type, SubscriptionStatus::SUBSCRIBED));
  return shown(call, contact, type);
}

Result<ListSubscriptionTypes::Output> ListSubscriptionTypes::run(Call& call, const Input&) {
  return Output{TRY(subscription_types(call.transaction))};
}

Result<SubscriptionType> CreateSubscriptionType::run(Call& call, const Input& input) {
  SubscriptionType type{.name = input.name,
                        .description = input.description.value_or(""),
                        .strategy = input.strategy.value_or(SubscriptionStrategy::OPT_IN),
                        .uuid = call.transaction.next_uuid(),
                        .id = call.transaction.next_id()};
  TRY(call.transaction.append(
      type_table, {type.id, type.uuid, type.name, type.description, type.active, type.strategy}));
  call.changes("subscription type " + type.name, nullptr, "created");
  return type;
}

}  // namespace piggy
