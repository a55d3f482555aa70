#include "contact/attribute.h"

#include "operation/numbers.h"

namespace piggy {
namespace {

constexpr std::string_view select_attributes = R"sql(
  SELECT id, entity, name, label, type, description, placeholder, options, group_name, has_unique_value,
         position, created_at
  FROM attribute WHERE account_id = $1 AND entity = $2 ORDER BY position, id
)sql";

constexpr std::string_view count_of_name = R"sql(
  SELECT COUNT(*) FROM attribute WHERE account_id = $1 AND entity = $2 AND name = $3
)sql";

constexpr std::string_view select_last_position = R"sql(
  SELECT COALESCE(MAX(position), 0) FROM attribute WHERE account_id = $1 AND entity = $2
)sql";

constexpr std::string_view insert_attribute = R"sql(
  INSERT INTO attribute (account_id, id, entity, name, label, type, description, placeholder,
                         options, group_name, has_unique_value, position, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
)sql";

constexpr std::string_view update_definition = R"sql(
  UPDATE attribute SET label = $3, description = $4, placeholder = $5, options = $6, group_name = $7
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_groups = R"sql(
  SELECT id, entity, name, label, position, created_at FROM attribute_group
  WHERE account_id = $1 AND entity = $2 ORDER BY position, id
)sql";

constexpr std::string_view insert_group = R"sql(
  INSERT INTO attribute_group (account_id, id, entity, name, label, position, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql";

struct AttributeRow {
  std::int64_t id = 0;
  AttributeEntity entity = {};
  std::string name = {};
  std::string label = {};
  AttributeType type = {};
  std::string description = {};
  std::string placeholder = {};
  Value options = {};
  std::optional<std::string> group_name = {};
  bool has_unique_value = false;
  std::int64_t position = 0;
  Time created_at = {};
};

Value stored(const std::vector<AttributeOption>& options) {
  Value list = Value::list();
  for (const AttributeOption& option : options) {
    list.push(Value::object({{"value", option.value}, {"label", option.label}}));
  }
  return list;
}

AttributeDefinition definition_of(AttributeRow row) {
  AttributeDefinition attribute{.id = row.id,
                                .entity = row.entity,
                                .name = std::move(row.name),
                                .label = std::move(row.label),
                                .type = row.type,
                                .description = std::move(row.description),
                                .placeholder = std::move(row.placeholder),
                                .group_name = std::move(row.group_name),
                                .has_unique_value = row.has_unique_value,
                                .position = row.position,
                                .created_at = row.created_at};
  for (const Value& option : *row.options.items()) {
    attribute.options.push_back({.value = std::string(option.text_of("value")),
                                 .label = std::string(option.text_of("label"))});
  }
  return attribute;
}

}  // namespace

const AttributeOption* AttributeDefinition::option(std::string_view value) const {
  for (const AttributeOption& option : options) {
    if (option.value == value) return &option;
  }
  return nullptr;
}

Result<std::vector<AttributeDefinition>> custom_attributes(Transaction& transaction,
                                                           AttributeEntity entity) {
  auto rows = TRY(transaction.all<AttributeRow>(select_attributes, {canonical(entity)}));
  std::vector<AttributeDefinition> attributes;
  attributes.reserve(rows.size());
  for (AttributeRow& row : rows) attributes.push_back(definition_of(std::move(row)));
  return attributes;
}

Result<AttributeDefinition> make_attribute(Transaction& transaction,
                                           const NewAttribute& attribute) {
  AttributeEntity entity = canonical(attribute.entity);
  if (TRY(transaction.one<std::int64_t>(count_of_name, {entity, attribute.name})) > 0) {
    return attribute_exists();
  }
  AttributeDefinition made{
      .id = transaction.next_id(),
      .entity = entity,
      .name = attribute.name,
      .label = attribute.label.empty() ? attribute.name : attribute.label,
      .type = attribute.type,
      .description = attribute.description,
      .placeholder = attribute.placeholder,
      .options = attribute.options,
      .group_name = attribute.group_name,
      .has_unique_value = attribute.has_unique_value,
      .position = TRY(transaction.one<std::int64_t>(select_last_position, {entity})) + 1,
      .created_at = transaction.now()};
  TRY(transaction.run(insert_attribute,
                      {made.id, made.entity, made.name, made.label, made.type, made.description,
                       made.placeholder, stored(made.options), made.group_name,
                       made.has_unique_value, made.position, made.created_at}));
  return made;
}

Result<> update_attribute(Transaction& transaction, const AttributeDefinition& attribute) {
  TRY(transaction.run(update_definition,
                      {attribute.id, attribute.label, attribute.description, attribute.placeholder,
                       stored(attribute.options), attribute.group_name}));
  return {};
}

Result<std::vector<AttributeGroupRow>> attribute_groups(Transaction& transaction,
                                                        AttributeEntity entity) {
  return transaction.all<AttributeGroupRow>(select_groups, {canonical(entity)});
}

Result<AttributeGroupRow> make_attribute_group(Transaction& transaction, AttributeEntity entity,
                                               std::string_view name, std::string_view label) {
  auto groups = TRY(attribute_groups(transaction, entity));
  for (const AttributeGroupRow& group : groups) {
    if (group.name == name) return fail_field("/name", "The name has already been taken.");
  }
  // The place of the group that everything without one belongs to is the first.
  AttributeGroupRow made{.id = transaction.next_id(),
                         .entity = canonical(entity),
                         .name = std::string(name),
                         .label = std::string(label.empty() ? name : label),
                         .position = groups.empty() ? 2 : groups.back().position + 1,
                         .created_at = transaction.now()};
  TRY(transaction.run(
      insert_group, {made.id, made.entity, made.name, made.label, made.position, made.created_at}));
  return made;
}

}  // namespace piggy
