#pragma once

// Attributes: what is known of a contact (or of another entity) beyond its fixed members. A shop
// defines its own; those of a contact that the system keeps stand in contact/system_attribute.h.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "shape/shape.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(AttributeType, url, text, date, phone, float_, color, email, number, select,
                        boolean, rich_text, date_time, long_text, date_range, time_range,
                        identifier, birth_date, file_upload, media_upload, multi_select,
                        license_plate)

// `business_profile` is the older word for `business_profiles` and means the same.
BOOST_DEFINE_ENUM_CLASS(AttributeEntity, business_profiles, business_profile, contact, reward,
                        promotion, voucher, giftcard, giftcard_transaction, prepaid, booking, visit,
                        shift)

struct AttributeOption {
  std::string value = {};
  std::string label = {};
  std::optional<std::string> description = {};
  Value media = {};

  static void describe(Fields<AttributeOption>& field) {
    field("value", &AttributeOption::value, "What is stored.");
    field("label", &AttributeOption::label, "What people see.");
    field("description", &AttributeOption::description, "More about it.");
    field("media", &AttributeOption::media, "A picture, as {type, value}.");
  }
};

struct AttributeDefinition {
  std::int64_t id = 0;
  AttributeEntity entity = AttributeEntity::contact;
  std::string name = {};
  std::string label = {};
  AttributeType type = AttributeType::text;
  std::string description = {};
  std::string placeholder = {};
  std::vector<AttributeOption> options = {};
  std::optional<std::string> group_name = {};
  bool has_unique_value = false;
  bool is_piggy_defined = false;
  bool is_soft_read_only = false;
  bool is_hard_read_only = false;
  std::int64_t position = 0;
  Time created_at = {};

  bool read_only() const { return is_soft_read_only || is_hard_read_only; }
  const AttributeOption* option(std::string_view value) const;
};

// The attributes that the account itself defined, in order.
Result<std::vector<AttributeDefinition>> custom_attributes(Transaction& transaction,
                                                           AttributeEntity entity);

// 60009 when there is one of that name already.
struct NewAttribute {
  AttributeEntity entity = AttributeEntity::contact;
  std::string name = {};
  std::string label = {};
  AttributeType type = AttributeType::text;
  std::string description = {};
  std::string placeholder = {};
  std::vector<AttributeOption> options = {};
  std::optional<std::string> group_name = {};
  bool has_unique_value = false;
};
Result<AttributeDefinition> make_attribute(Transaction& transaction, const NewAttribute& attribute);

// What may be changed of one: label, description, placeholder, options, group.
Result<> update_attribute(Transaction& transaction, const AttributeDefinition& attribute);

struct AttributeGroupRow {
  std::int64_t id = 0;
  AttributeEntity entity = AttributeEntity::contact;
  std::string name = {};
  std::string label = {};
  std::int64_t position = 0;
  Time created_at = {};
};
Result<std::vector<AttributeGroupRow>> attribute_groups(Transaction& transaction,
                                                        AttributeEntity entity);
Result<AttributeGroupRow> make_attribute_group(Transaction& transaction, AttributeEntity entity,
                                               std::string_view name, std::string_view label);

// The one word for an entity that has two.
inline AttributeEntity canonical(AttributeEntity entity) {
  return entity == AttributeEntity::business_profile ? AttributeEntity::business_profiles : entity;
}

}  // namespace piggy
