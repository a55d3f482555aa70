#pragma once

// The full contact of the wire (piggy-api-v3, section 9.1), built in this one place.
//
// A list of contacts costs a handful of queries, whatever its length: definitions are read once,
// and what belongs to the contacts is read by their range of ids.

#include <string>
#include <vector>

#include "contact/attribute.h"
#include "contact/contact.h"
#include "contact/subscription.h"
#include "shop/shop.h"
#include "tier/tier.h"

namespace piggy {

// What all contacts of an account share.
struct ContactSheet {
  std::vector<AttributeDefinition> attributes = {};  // In the order of GET /contact-attributes.
  std::vector<ShopRow> shops = {};
  std::vector<TierRow> tiers = {};
  std::vector<SubscriptionType> types = {};

  const AttributeDefinition* attribute(std::string_view name) const;
};
Result<ContactSheet> contact_sheet(Call& call);

// A contact's row in full.
struct ContactRecord {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string email = {};
  bool is_anonymous = false;
  std::string channel = {};
  std::string status = {};
  Value attributes = {};  // Name to stored value; unset ones are not there.
  Time created_at = {};
  Time updated_at = {};
};
Result<ContactRecord> contact_record(Transaction& transaction, std::int64_t id);

struct ContactFilter {
  Time created_from = {};   // Included.
  Time created_until = {};  // Not included.
  bool newest_first = false;
};
Result<std::int64_t> count_contacts(Transaction& transaction, const ContactFilter& filter);
// All of them, without a look at any.
Result<std::int64_t> count_contacts(Transaction& transaction);
Result<std::vector<ContactRecord>> contact_records(Transaction& transaction,
                                                   const ContactFilter& filter, std::int64_t limit,
                                                   std::int64_t offset);

struct AttributeInContact {
  std::int64_t id = 0;
  AttributeType type = AttributeType::text;
  AttributeType field_type = AttributeType::text;
  std::string name = {};
  std::string label = {};
  std::vector<AttributeOption> options = {};
  bool is_piggy_defined = false;
  bool is_soft_read_only = false;
  bool is_hard_read_only = false;

  static void describe(Fields<AttributeInContact>& field);
};

struct ContactAttribute {
  std::string value = {};
  AttributeInContact attribute = {};

  static void describe(Fields<ContactAttribute>& field) {
    field("value", &ContactAttribute::value, "Its value as text; empty when unset.",
          {.untrusted = true});
    field("attribute", &ContactAttribute::attribute, "What the value means.");
  }
};

struct PrepaidBalance {
  std::int64_t balance_in_cents = 0;

  static void describe(Fields<PrepaidBalance>& field) {
    field("balance_in_cents", &PrepaidBalance::balance_in_cents, "Stored value in cents.");
  }
};

struct Contact {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string email = {};
  std::vector<ContactAttribute> attributes = {};
  std::optional<Tier> tier = {};
  std::vector<Subscription> subscriptions = {};
  CreditBalance credit_balance = {};
  PrepaidBalance prepaid_balance = {};
  Value current_values = {};
  Value current_display_values = {};

  static void describe(Fields<Contact>& field);
};

Result<Contact> show_contact(Call& call, std::int64_t id);
// The records are in the order of their ids, either way round.
Result<std::vector<Contact>> show_contacts(Call& call, const ContactSheet& sheet,
                                           const std::vector<ContactRecord>& records);

}  // namespace piggy
