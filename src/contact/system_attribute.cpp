#include "contact/system_attribute.h"

#include <fmt/format.h>

namespace piggy {
namespace {

// Unset: no transaction yet.
Value moment(Time time) { return time == Time{} ? Value() : Value(to_atom(time)); }

Value tier_id(const ContactFacts& facts) {
  return facts.member.tier_id ? Value(std::to_string(facts.member.tier_id)) : Value();
}

Value shops_of(const ContactFacts& facts) {
  Value list = Value::list();
  for (const ShopRow& shop : facts.sheet.shops) {
    if (std::find(facts.shops.begin(), facts.shops.end(), shop.id) == facts.shops.end()) continue;
    list.push(to_string(shop.uuid));
  }
  return list.items()->empty() ? Value() : list;
}

using enum AttributeType;
using Facts = const ContactFacts&;

// In the order of the captures, which clients rely on (section 9.1).
constexpr SystemAttribute table[] = {
    {.name = "avatar", .type = media_upload, .label = "Avatar", .empty_text = true},
    {.name = "firstname", .type = text, .label = "First name", .empty_text = true},
    {.name = "lastname", .type = text, .label = "Last name", .empty_text = true},
    {"email", email, "Email", true, true, [](Facts of) { return Value(of.record.email); }},
    {"previous_loyalty_balance", number, "Previous credit balance", true, false,
     [](Facts of) { return Value(of.member.previous_balance); }},
    {"loyalty_balance", number, "Credit balance", true, false,
     [](Facts of) { return Value(of.balance); }},
    {"loyalty_number_of_transactions", number, "Number of transactions", true, false,
     [](Facts of) { return Value(of.member.transactions); }},
    {"loyalty_first_transaction_date", date_time, "First credit reception date", true, true,
     [](Facts of) { return moment(of.member.first_at); }},
    {"loyalty_last_transaction_date", date_time, "Last transaction date", true, false,
     [](Facts of) { return moment(of.member.last_at); }},
    {.name = "address", .type = text, .label = "Address", .empty_text = true},
    {.name = "phonenumber", .type = phone, .label = "Telephone number", .empty_text = true},
    {.name = "birthdate", .type = birth_date, .label = "Birth date"},
    {"channel", select, "Channel", true, true, [](Facts of) { return Value(of.record.channel); }},
    {.name = "age", .type = number, .label = "Age"},
    {.name = "locale", .type = select, .label = "Preferred language"},
    {"status", select, "Status", true, false, [](Facts of) { return Value(of.record.status); }},
    {"updated_at", date_time, "Updated at", true, false,
     [](Facts of) { return Value(to_atom(of.record.updated_at)); }},
    {"created_at", date_time, "Created at", true, true,
     [](Facts of) { return Value(to_atom(of.record.created_at)); }},
    {"is_anonymous", boolean, "Anonymous", true, false,
     [](Facts of) { return Value(of.record.is_anonymous); }},
    // Nothing can be put into a prepaid balance yet, so it is zero by construction.
    {"prepaid_balance", float_, "Prepaid balance", true, false, [](Facts) { return Value(0); }},
    {"loyalty_associated_shops", multi_select, "Associated shops", true, false, shops_of},
    {"loyalty_total_credits_received", number, "Total credits received", true, false,
     [](Facts of) { return Value(of.member.received); }},
    {"tier", select, "Tier", true, true, tier_id},
};

constexpr std::string_view channels[] = {"BUSINESS_APP",
                                         "API",
                                         "BUSINESS_DASHBOARD",
                                         "CUSTOMER_APP",
                                         "WEBSHOP_API",
                                         "IMPORT",
                                         "WEBSITE_FORM",
                                         "REGISTER_API",
                                         "OAUTH_API",
                                         "SUBSCRIPTION_TYPE",
                                         "CUSTOM_APP",
                                         "AUTOMATIONS",
                                         "FORMS",
                                         "WIDGET"};

std::vector<AttributeOption> options_of(std::string_view name, const ContactSheet& sheet) {
  std::vector<AttributeOption> options;
  auto add = [&](std::string_view value, std::string_view label) {
    options.push_back({.value = std::string(value), .label = std::string(label)});
  };
  if (name == "channel") {
    for (std::string_view channel : channels) add(channel, channel);
  } else if (name == "locale") {
    add("en", "English");
    add("nl", "Nederlands");
    add("de", "Deutsch");
    add("es", "Español");
    add("fr", "Français");
  } else if (name == "status") {
    add("ACTIVE", "Active");
    add("INACTIVE", "Inactive");
  } else if (name == "is_anonymous") {
    add("true", "True");
    add("false", "False");
  } else if (name == "loyalty_associated_shops") {
    for (const ShopRow& shop : sheet.shops) add(to_string(shop.uuid), shop.name);
  } else if (name == "tier") {
    for (const TierRow& tier : sheet.tiers) add(std::to_string(tier.id), tier.name);
  }
  return options;
}

// Its number is that of the type: both come from one counter, so no attribute shares it.
AttributeDefinition attribute_of(const SubscriptionType& type, Time since) {
  return {.id = type.id,
          .name = subscription_attribute_name(type),
          .label = fmt::format("Subscription status: {}", type.name),
          .type = AttributeType::select,
          .options = {{.value = "UNSUBSCRIBED", .label = "Unsubscribed"},
                      {.value = "PENDING_CONFIRMATION", .label = "Pending confirmation"},
                      {.value = "SUBSCRIBED", .label = "Subscribed"}},
          .is_piggy_defined = true,
          .is_soft_read_only = true,
          .created_at = since};
}

}  // namespace

std::span<const SystemAttribute> system_attributes() { return table; }

const SystemAttribute* system_attribute(std::string_view name) {
  for (const SystemAttribute& attribute : table) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

std::vector<AttributeDefinition> all_contact_attributes(const ContactSheet& sheet,
                                                        std::vector<AttributeDefinition> custom,
                                                        Time since) {
  std::vector<AttributeDefinition> all;
  all.reserve(std::size(table) + sheet.types.size() + custom.size());
  for (const SystemAttribute& system : table) {
    all.push_back({.id = static_cast<std::int64_t>(all.size() + 1),
                   .name = std::string(system.name),
                   .label = std::string(system.label),
                   .type = system.type,
                   .options = options_of(system.name, sheet),
                   .is_piggy_defined = true,
                   .is_soft_read_only = system.soft_read_only,
                   .is_hard_read_only = system.hard_read_only,
                   .created_at = since});
  }
  for (const SubscriptionType& type : sheet.types) all.push_back(attribute_of(type, since));
  for (AttributeDefinition& attribute : custom) all.push_back(std::move(attribute));
  for (std::size_t i = 0; i < all.size(); i++) all[i].position = static_cast<std::int64_t>(i + 1);
  return all;
}

std::string subscription_attribute_name(const SubscriptionType& type) {
  return fmt::format("subscription_status_{}", type.id);
}

}  // namespace piggy
