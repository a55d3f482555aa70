#pragma once

// The attributes of a contact that the system keeps (piggy-api-v3, section 9.1.1): a table in the
// code, the same for every account.

#include <span>
#include <string>

#include "contact/contact_view.h"

namespace piggy {

// What is known of one contact when its values are computed.
struct ContactFacts {
  const ContactRecord& record;
  const MemberRow& member;
  std::int64_t balance = 0;
  const ContactSheet& sheet;
  std::vector<std::int64_t> shops = {};                // Where it has earned, by id.
  std::vector<SubscriptionStatus> subscriptions = {};  // As sheet.types.
};

struct SystemAttribute {
  std::string_view name;
  AttributeType type;
  std::string_view label;
  bool soft_read_only = false;
  bool hard_read_only = false;
  // How the value comes about; null for those that are stored like any other.
  Value (*compute)(const ContactFacts&) = nullptr;
  bool empty_text = false;  // Unset, `current_values` shows "" instead of null.
};

std::span<const SystemAttribute> system_attributes();
const SystemAttribute* system_attribute(std::string_view name);

// All attributes of contacts: these, one for each subscription type, and the account's own.
std::vector<AttributeDefinition> all_contact_attributes(const ContactSheet& sheet,
                                                        std::vector<AttributeDefinition> custom,
                                                        Time since);

// The name of the attribute that tells of a subscription type.
std::string subscription_attribute_name(const SubscriptionType& type);

}  // namespace piggy
