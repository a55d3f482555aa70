#include "contact/contact_view.h"

#include <fmt/format.h>

#include "contact/attribute_value.h"
#include "contact/referral_code.h"
#include "contact/system_attribute.h"
#include "ledger/ledger.h"
#include "operation/numbers.h"
#include "tier/move.h"

namespace piggy {
namespace {

constexpr std::string_view select_record = R"sql(
  SELECT id, uuid, email, is_anonymous, channel, status, attributes, created_at, updated_at
  FROM contact WHERE account_id = $1 AND id = $2
)sql";

// Ids grow with time, so their order is that of creation.
constexpr std::string_view select_oldest_first = R"sql(
  SELECT id, uuid, email, is_anonymous, channel, status, attributes, created_at, updated_at
  FROM contact
  WHERE account_id = $1 AND status <> 'DELETED' AND created_at >= $2 AND created_at < $3
  ORDER BY id LIMIT $4 OFFSET $5
)sql";

constexpr std::string_view select_newest_first = R"sql(
  SELECT id, uuid, email, is_anonymous, channel, status, attributes, created_at, updated_at
  FROM contact
  WHERE account_id = $1 AND status <> 'DELETED' AND created_at >= $2 AND created_at < $3
  ORDER BY id DESC LIMIT $4 OFFSET $5
)sql";

constexpr std::string_view count_records = R"sql(
  SELECT COUNT(*) FROM contact
  WHERE account_id = $1 AND status <> 'DELETED' AND created_at >= $2 AND created_at < $3
)sql";

constexpr std::string_view select_default_identifiers = R"sql(
  SELECT contact_id, value FROM contact_identifier
  WHERE account_id = $1 AND contact_id >= $2 AND contact_id <= $3 AND is_default = 1
)sql";

struct DefaultIdentifier {
  std::int64_t contact_id = 0;
  std::string value = {};
};

// What belongs to the contacts of one answer.
struct Belongings {
  std::vector<MemberRow> members = {};
  std::vector<ContactBalance> balances = {};
  std::vector<MemberShop> shops = {};
  std::vector<SubscriptionRow> subscriptions = {};
  std::vector<DefaultIdentifier> identifiers = {};
};

// In a writing transaction the balances in play count, not those in the tables.
Result<> read_balances(Transaction& transaction, const std::vector<ContactRecord>& records,
                       std::int64_t first, std::int64_t last, Belongings& all) {
  if (!transaction.writes()) {
    all.members = TRY(members_between(transaction, first, last));
    all.balances = TRY(balances_between(transaction, first, last));
    return {};
  }
  for (const ContactRecord& record : records) {
    MemberRow* member = TRY(member_of(transaction, record.id));
    ASSERT(member);
    all.members.push_back(*member);
    all.balances.push_back({record.id, TRY(balance_of(transaction, record.id))});
  }
  return {};
}

Result<Belongings> belongings_of(Transaction& transaction,
                                 const std::vector<ContactRecord>& records) {
  std::int64_t first = std::min(records.front().id, records.back().id);
  std::int64_t last = std::max(records.front().id, records.back().id);
  Belongings all;
  TRY(read_balances(transaction, records, first, last, all));
  all.shops = TRY(shops_between(transaction, first, last));
  all.subscriptions = TRY(subscriptions_between(transaction, first, last));
  all.identifiers =
      TRY(transaction.all<DefaultIdentifier>(select_default_identifiers, {first, last}));
  return all;
}

template <class Row>
const Row& row_of(const std::vector<Row>& rows, std::int64_t id) {
  for (const Row& row : rows) {
    if (row.id == id) return row;
  }
  assertion_failed("every contact has a standing and a balance");
}

AttributeInContact in_contact(const AttributeDefinition& attribute) {
  return {.id = attribute.id,
          .type = attribute.type,
          .field_type = attribute.type,
          .name = attribute.name,
          .label = attribute.label,
          .options = attribute.options,
          .is_piggy_defined = attribute.is_piggy_defined,
          .is_soft_read_only = attribute.is_soft_read_only,
          .is_hard_read_only = attribute.is_hard_read_only};
}

Value stored_value(const ContactFacts& facts, const AttributeDefinition& attribute,
                   const SystemAttribute* system) {
  if (system && system->compute) return system->compute(facts);
  for (std::size_t i = 0; i < facts.sheet.types.size(); i++) {
    if (attribute.id == facts.sheet.types[i].id) return word_of(facts.subscriptions[i]);
  }
  const Value* stored = facts.record.attributes.find(attribute.name);
  return stored ? *stored : Value();
}

// A truth of the system's is told in its own way.
bool is_truth(const SystemAttribute* system) {
  return system && system->type == AttributeType::boolean;
}

void add_attributes(const ContactFacts& facts, std::string_view time_zone, Contact& contact) {
  std::span<const SystemAttribute> systems = system_attributes();
  for (std::size_t i = 0; i < facts.sheet.attributes.size(); i++) {
    const AttributeDefinition& attribute = facts.sheet.attributes[i];
    const SystemAttribute* system = i < systems.size() ? &systems[i] : nullptr;
    Value stored = stored_value(facts, attribute, system);
    Value current = current_value(attribute, stored);
    std::string printed = printed_value(attribute, stored);
    if (is_truth(system)) {
      current = stored;
      printed = *stored.boolean() ? "1" : "";
    }
    if (current.is_null() && system && system->empty_text) current = "";
    contact.attributes.push_back({std::move(printed), in_contact(attribute)});
    contact.current_values.members()->push_back({attribute.name, std::move(current)});
    contact.current_display_values.members()->push_back(
        {attribute.name, displayed_value(attribute, stored, time_zone)});
  }
}

// The links lead to the contacts portal. Unlike the vendor's they carry no sign-in token: who may
// read a contact may not yet act as that contact (see get_contact_auth_token).
void add_links(const ContactFacts& facts, const Call& call, Contact& contact) {
  std::string_view url = call.settings.public_url;
  auto add = [&](std::string name, Value value, Value display) {
    contact.current_values.members()->push_back({name, std::move(value)});
    contact.current_display_values.members()->push_back({std::move(name), std::move(display)});
  };
  auto link = [&](std::string name, std::string address) {
    add(std::move(name), address, address);
  };
  std::string uuid = to_string(contact.uuid);
  link("add_to_wallet", fmt::format("{}/portal/add-to-wallet/loyalty?uuid={}", url, uuid));
  link("custom_app_login_url", fmt::format("{}/portal/home", url));
  add("custom_app_login_code", nullptr, "");
  link("subscription_preferences_url",
       fmt::format("{}/portal/subscription-preferences/{}", url, uuid));
  for (const SubscriptionType& type : facts.sheet.types) {
    if (type.strategy != SubscriptionStrategy::DOUBLE_OPT_IN) continue;
    link(fmt::format("double_opt_in_confirmation_url_{}", type.id),
         fmt::format("{}/portal/double-opt-in-confirmation?contact_uuid={}&subscription_type={}",
                     url, uuid, type.id));
  }
  link("referral_code", referral_code_of(call.caller, contact.id));
}

Contact shown(Call& call, const ContactSheet& sheet, const Belongings& all,
              const ContactRecord& record) {
  ContactFacts facts{.record = record,
                     .member = row_of(all.members, record.id),
                     .balance = row_of(all.balances, record.id).balance,
                     .sheet = sheet};
  for (const MemberShop& shop : all.shops) {
    if (shop.contact_id == record.id) facts.shops.push_back(shop.shop_id);
  }
  Contact contact{.id = record.id, .uuid = record.uuid, .email = record.email};
  contact.subscriptions = shown_subscriptions(sheet.types, all.subscriptions, record.id);
  for (const Subscription& said : contact.subscriptions) facts.subscriptions.push_back(said.status);
  for (const TierRow& tier : sheet.tiers) {
    if (tier.id == facts.member.tier_id) contact.tier = shown(tier);
  }
  contact.credit_balance = {.id = record.id, .balance = facts.balance};
  contact.attributes.reserve(sheet.attributes.size());
  contact.current_values = Value::object({{"uuid", to_string(record.uuid)}});
  contact.current_display_values = Value::object({{"uuid", ""}});
  add_attributes(facts, call.caller.time_zone, contact);
  Value identifier;
  for (const DefaultIdentifier& row : all.identifiers) {
    if (row.contact_id == record.id) identifier = row.value;
  }
  contact.current_display_values.set("default_contact_identifier",
                                     identifier.is_null() ? Value("") : identifier);
  contact.current_values.set("default_contact_identifier", std::move(identifier));
  add_links(facts, call, contact);
  return contact;
}

// When the account was made: the time in its uuid (version 7).
Time born(const Uuid& uuid) {
  std::int64_t milliseconds = 0;
  for (int i = 0; i < 6; i++) milliseconds = milliseconds << 8 | uuid.bytes[i];
  return {milliseconds * 1000};
}

}  // namespace

const AttributeDefinition* ContactSheet::attribute(std::string_view name) const {
  for (const AttributeDefinition& attribute : attributes) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

Result<ContactSheet> contact_sheet(Call& call) {
  ContactSheet sheet;
  sheet.shops = TRY(all_shops(call.transaction));
  sheet.tiers = TRY(all_tiers(call.transaction));
  sheet.types = TRY(subscription_types(call.transaction));
  auto custom = TRY(custom_attributes(call.transaction, AttributeEntity::contact));
  sheet.attributes =
      all_contact_attributes(sheet, std::move(custom), born(call.caller.account_uuid));
  return sheet;
}

Result<ContactRecord> contact_record(Transaction& transaction, std::int64_t id) {
  auto record = TRY(transaction.first<ContactRecord>(select_record, {id}));
  if (!record) return contact_not_found();
  return *std::move(record);
}

Result<std::int64_t> count_contacts(Transaction& transaction, const ContactFilter& filter) {
  return transaction.one<std::int64_t>(count_records, {filter.created_from, filter.created_until});
}

Result<std::int64_t> count_contacts(Transaction& transaction) {
  std::int64_t total = 0;
  for (const TierCount& count : TRY(count_members(transaction))) total += count.contacts;
  return total;
}

Result<std::vector<ContactRecord>> contact_records(Transaction& transaction,
                                                   const ContactFilter& filter, std::int64_t limit,
                                                   std::int64_t offset) {
  return transaction.all<ContactRecord>(
      filter.newest_first ? select_newest_first : select_oldest_first,
      {filter.created_from, filter.created_until, limit, offset});
}

Result<Contact> show_contact(Call& call, std::int64_t id) {
  ContactSheet sheet = TRY(contact_sheet(call));
  ContactRecord record = TRY(contact_record(call.transaction, id));
  auto contacts = TRY(show_contacts(call, sheet, {std::move(record)}));
  return std::move(contacts.front());
}

Result<std::vector<Contact>> show_contacts(Call& call, const ContactSheet& sheet,
                                           const std::vector<ContactRecord>& records) {
  std::vector<Contact> contacts;
  if (records.empty()) return contacts;
  Belongings all = TRY(belongings_of(call.transaction, records));
  contacts.reserve(records.size());
  for (const ContactRecord& record : records) {
    contacts.push_back(shown(call, sheet, all, record));
  }
  return contacts;
}

void AttributeInContact::describe(Fields<AttributeInContact>& field) {
  field("id", &AttributeInContact::id, "Its number.");
  field("type", &AttributeInContact::type, "The type of its values.");
  field("field_type", &AttributeInContact::field_type, "The same again, for older clients.");
  field("name", &AttributeInContact::name, "The name to set it by.");
  field("label", &AttributeInContact::label, "The name people see.");
  field("options", &AttributeInContact::options, "What a choice may be.");
  field("is_piggy_defined", &AttributeInContact::is_piggy_defined, "Whether the system keeps it.");
  field("is_soft_read_only", &AttributeInContact::is_soft_read_only,
        "Whether only the system sets it.");
  field("is_hard_read_only", &AttributeInContact::is_hard_read_only, "Whether it never changes.");
}

void Contact::describe(Fields<Contact>& field) {
  field("id", &Contact::id, "The number of the contact; calls use the uuid.");
  field("uuid", &Contact::uuid, "The contact.");
  field("email", &Contact::email, "Its address; made up for an anonymous contact.");
  field("attributes", &Contact::attributes,
        "Every attribute with its value as text, in the order of list_contact_attributes.");
  field("tier", &Contact::tier, "The tier the contact is in.");
  field("subscriptions", &Contact::subscriptions, "What the contact receives, one for each type.");
  field("credit_balance", &Contact::credit_balance, "The credits it holds.");
  field("prepaid_balance", &Contact::prepaid_balance,
        "Stored value; 0 as long as nothing sells it.");
  field("current_values", &Contact::current_values, "Name to value, typed; null when unset.",
        {.untrusted = true});
  field("current_display_values", &Contact::current_display_values,
        "The same names with text for people.", {.untrusted = true});
}

}  // namespace piggy
