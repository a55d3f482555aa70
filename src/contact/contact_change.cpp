#include "contact/contact_change.h"

#include <fmt/format.h>

#include "base/lower_case.h"
#include "contact/attribute_value.h"
#include "contact/search_words.h"
#include "event/event.h"
#include "operation/numbers.h"

namespace piggy {
namespace {

constexpr std::string_view update_contact = R"sql(
  UPDATE contact SET email = $3, is_anonymous = $4, attributes = $5, updated_at = $6
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_holder = R"sql(
  SELECT contact_id FROM attribute_unique_value
  WHERE account_id = $1 AND attribute_id = $2 AND value = $3
)sql";

constexpr std::string_view insert_holder = R"sql(
  INSERT INTO attribute_unique_value (account_id, attribute_id, value, contact_id)
  VALUES ($1, $2, $3, $4)
)sql";

constexpr std::string_view delete_holder = R"sql(
  DELETE FROM attribute_unique_value
  WHERE account_id = $1 AND attribute_id = $2 AND value = $3 AND contact_id = $4
)sql";

constexpr std::string_view delete_verifications = R"sql(
  DELETE FROM verification WHERE account_id = $1 AND email = $2
)sql";

Result<> renew_words(Transaction& transaction, const ContactRecord& record) {
  ContactRow contact{.id = record.id,
                     .uuid = record.uuid,
                     .email = record.email,
                     .is_anonymous = record.is_anonymous};
  return renew_search_words(transaction, contact, record.attributes);
}

// A name in a JSON Pointer (RFC 6901).
std::string pointer(std::string_view path, std::string_view name) {
  std::string out(path);
  out += '/';
  for (char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

Result<> take_unique(Transaction& transaction, const ContactRecord& record,
                     const AttributeDefinition& attribute, const Value* before, const Value& after,
                     std::string_view path) {
  if (before) {
    TRY(transaction.run(delete_holder,
                        {attribute.id, printed_value(attribute, *before), record.id}));
  }
  if (after.is_null()) return {};
  std::string value = printed_value(attribute, after);
  if (TRY(transaction.first<std::int64_t>(select_holder, {attribute.id, value}))) {
    return fail_field(pointer(path, attribute.name),
                      fmt::format("The {} has already been taken.", attribute.name));
  }
  TRY(transaction.run(insert_holder, {attribute.id, value, record.id}));
  return {};
}

}  // namespace

Result<std::vector<AttributeChange>> accept_attributes(const ContactSheet& sheet,
                                                       const Value& values, std::string_view path,
                                                       Time now) {
  std::vector<AttributeChange> changes;
  std::vector<FieldError> problems;
  if (!values.members()) return changes;
  for (const Member& member : *values.members()) {
    const AttributeDefinition* attribute = sheet.attribute(member.name);
    if (!attribute || attribute->read_only() || member.value.is_null()) continue;
    auto value = accept_value(*attribute, member.value, now);
    if (value) {
      changes.push_back({attribute, *std::move(value)});
    } else {
      problems.push_back({pointer(path, member.name),
                          fmt::format("The {} {}.", member.name, value.error().in(Language::en))});
    }
  }
  if (!problems.empty()) return fail_fields(std::move(problems));
  return changes;
}

Result<> change_contact(Call& call, ContactRecord& record,
                        const std::vector<AttributeChange>& changes, std::string_view path,
                        bool address_changed) {
  Value names = Value::list();
  bool renames = false;
  if (address_changed) names.push("email");
  for (const auto& [attribute, value] : changes) {
    const Value* before = record.attributes.find(attribute->name);
    if (before ? *before == value : value.is_null()) continue;
    if (attribute->has_unique_value) {
      TRY(take_unique(call.transaction, record, *attribute, before, value, path));
    }
    call.changes(fmt::format("{} of {}", attribute->name, record.email), before ? *before : Value(),
                 value);
    if (value.is_null()) {
      record.attributes.erase(attribute->name);
    } else {
      record.attributes.set(attribute->name, value);
    }
    renames = renames || attribute->name == "firstname" || attribute->name == "lastname";
    names.push(attribute->name);
  }
  if (renames) TRY(renew_words(call.transaction, record));
  record.updated_at = call.now();
  TRY(call.transaction.run(update_contact, {record.id, record.email, record.is_anonymous,
                                            record.attributes, record.updated_at}));
  Value about = Value::object({{"uuid", to_string(record.uuid)}, {"email", record.email}});
  return emit(call.transaction, "contact_updated", record.uuid,
              Value::object({{"contact", std::move(about)}, {"changed_attributes", names}}));
}

Result<bool> change_address(Call& call, ContactRecord& record, std::string_view email) {
  std::string address = lower_case(email);
  if (address == record.email) return false;
  if (TRY(contact_by_email(call.transaction, address))) return contact_exists();
  TRY(call.transaction.run(delete_verifications, {record.email}));
  call.changes("email of contact " + to_string(record.uuid), record.email, address);
  record.email = address;
  record.is_anonymous = false;
  TRY(renew_words(call.transaction, record));
  return true;
}

}  // namespace piggy
