#include "contact/attribute_operations.h"

#include <fmt/format.h>

#include <algorithm>

#include "contact/contact_view.h"
#include "contact/system_attribute.h"
#include "operation/numbers.h"

namespace piggy {
namespace {

constexpr std::string_view name_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

// Names that a contact's values use for something else.
constexpr std::string_view reserved_names[] = {"uuid",
                                               "add_to_wallet",
                                               "referral_code",
                                               "default_contact_identifier",
                                               "custom_app_login_url",
                                               "custom_app_login_code",
                                               "subscription_preferences_url"};

Result<> check_name(AttributeEntity entity, std::string_view name) {
  if (name.find_first_not_of(name_characters) != std::string_view::npos) {
    return fail_field("/name", "The name may only hold letters, digits, underscores and dashes.");
  }
  if (entity != AttributeEntity::contact) return {};
  bool reserved = std::ranges::find(reserved_names, name) != std::end(reserved_names) ||
                  system_attribute(name) || name.starts_with("subscription_status_") ||
                  name.starts_with("double_opt_in_confirmation_url_");
  if (reserved) return attribute_exists();
  return {};
}

Result<std::vector<AttributeOption>> options_of(
    AttributeType type, const std::optional<std::vector<NewOption>>& given) {
  std::vector<AttributeOption> options;
  for (std::size_t i = 0; given && i < given->size(); i++) {
    const NewOption& option = (*given)[i];
    std::string path = fmt::format("/options/{}/value", i);
    std::string value = option.value.text() ? *option.value.text() : to_json(option.value);
    bool plain = option.value.text() || option.value.integer() || option.value.number();
    if (!plain || value.empty() || value.size() > 255 || value.contains(';')) {
      return fail_field(path, "The value must be a text or a number, without semicolons.");
    }
    for (const AttributeOption& before : options) {
      if (before.value == value) return fail_field(path, "The value has already been taken.");
    }
    options.push_back({.value = std::move(value), .label = option.label});
  }
  bool choice = type == AttributeType::select || type == AttributeType::multi_select;
  if (!choice) options.clear();  // Other types take none; clients send empty ones along.
  return options;
}

// Everything without a group stands in the first one.
AttributeGroup group_of(const AttributeDefinition& attribute,
                        const std::vector<AttributeGroupRow>& groups) {
  for (const AttributeGroupRow& group : groups) {
    if (attribute.group_name != group.name) continue;
    return {.id = group.id, .name = group.name, .label = group.label, .position = group.position};
  }
  if (attribute.entity == AttributeEntity::contact) {
    return {.id = 1, .name = "profile", .label = "Profile"};
  }
  return {.id = 1, .name = "General", .label = "General"};
}

template <class Shown>
Shown shown(const AttributeDefinition& attribute, const std::vector<AttributeGroupRow>& groups) {
  Shown shown;
  if constexpr (requires { shown.entity; }) shown.entity = attribute.entity;
  shown.id = attribute.id;
  shown.name = attribute.name;
  shown.label = attribute.label;
  shown.type = attribute.type;
  shown.group_name = attribute.group_name;
  shown.group = group_of(attribute, groups);
  shown.is_piggy_defined = attribute.is_piggy_defined;
  shown.is_soft_read_only = attribute.is_soft_read_only;
  shown.is_hard_read_only = attribute.is_hard_read_only;
  if (attribute.is_piggy_defined) shown.field_type = "default";
  shown.has_unique_value = attribute.has_unique_value;
  shown.description = attribute.description;
  shown.options = attribute.options;
  shown.position = attribute.position;
  shown.created_at = attribute.created_at;
  shown.can_be_deleted = !attribute.is_piggy_defined;
  return shown;
}

// As everybody sees them: with the system's, and with places counted over all.
Result<std::vector<AttributeDefinition>> attributes_of(Call& call, AttributeEntity entity) {
  if (entity != AttributeEntity::contact) return custom_attributes(call.transaction, entity);
  ContactSheet sheet = TRY(contact_sheet(call));
  return std::move(sheet.attributes);
}

Result<AttributeDefinition> attribute_named(Call& call, AttributeEntity entity,
                                            std::string_view name) {
  for (AttributeDefinition& attribute : TRY(attributes_of(call, entity))) {
    if (attribute.name == name) return std::move(attribute);
  }
  return model_not_found();
}

// Attributes belong to groups that exist; naming a new one makes it.
Result<> ensure_group(Call& call, AttributeEntity entity, std::string_view name) {
  for (const AttributeGroupRow& group : TRY(attribute_groups(call.transaction, entity))) {
    if (group.name == name) return {};
  }
  bool first = name == (entity == AttributeEntity::contact ? "profile" : "General");
  if (!first) TRY(make_attribute_group(call.transaction, entity, name, name));
  return {};
}

template <class Shown>
Result<Shown> create(Call& call, const NewAttribute& attribute) {
  TRY(check_name(attribute.entity, attribute.name));
  if (attribute.group_name) TRY(ensure_group(call, attribute.entity, *attribute.group_name));
  AttributeDefinition made = TRY(make_attribute(call.transaction, attribute));
  call.changes(fmt::format("{} attribute {}", word_of(made.entity), made.name), nullptr, "created");
  made = TRY(attribute_named(call, made.entity, made.name));
  auto groups = TRY(attribute_groups(call.transaction, made.entity));
  return shown<Shown>(made, groups);
}

template <class Shown>
void describe_attribute(Fields<Shown>& field) {
  field("id", &Shown::id, "Its number.");
  if constexpr (requires(Shown shown) { shown.entity; }) {
    field("entity", &Shown::entity, "What it belongs to.");
  }
  field("name", &Shown::name, "The name to set it by; never changes.");
  field("label", &Shown::label, "The name people see.");
  field("type", &Shown::type, "What its values are; never changes.");
  field("group_name", &Shown::group_name, "The group it was put into.");
  field("group", &Shown::group, "The group it is shown in.");
  field("is_piggy_defined", &Shown::is_piggy_defined, "Whether the system keeps it.");
  field("is_soft_read_only", &Shown::is_soft_read_only, "Whether only the system sets it.");
  field("is_hard_read_only", &Shown::is_hard_read_only, "Whether it never changes.");
  field("field_type", &Shown::field_type, "`default` for the system's, else null.");
  field("has_unique_value", &Shown::has_unique_value, "Whether no value may be there twice.");
  field("description", &Shown::description, "What it is for.");
  field("options", &Shown::options, "What a choice may be.");
  field("position", &Shown::position, "Its place among all, from 1.");
  field("created_at", &Shown::created_at, "When it was made.");
  field("meta", &Shown::meta, "Always empty.");
  field("can_be_deleted", &Shown::can_be_deleted, "Whether it is the account's own.");
  field("last_used_date", &Shown::last_used_date, "Always null.");
  field("created_by_user", &Shown::created_by_user, "Always null.");
}

}  // namespace

Result<ListContactAttributes::Output> ListContactAttributes::run(Call& call, const Input&) {
  Output output;
  auto groups = TRY(attribute_groups(call.transaction, AttributeEntity::contact));
  for (const AttributeDefinition& attribute : TRY(attributes_of(call, AttributeEntity::contact))) {
    output.attributes.push_back(shown<ContactAttributeDefinition>(attribute, groups));
  }
  return output;
}

Result<ContactAttributeDefinition> CreateContactAttribute::run(Call& call, const Input& input) {
  return create<Output>(call, {.name = input.name,
                               .label = input.label.value_or(""),
                               .type = input.data_type,
                               .description = input.description.value_or(""),
                               .options = TRY(options_of(input.data_type, input.options)),
                               .has_unique_value = input.has_unique_value.value_or(false)});
}

Result<ListCustomAttributes::Output> ListCustomAttributes::run(Call& call, const Input& input) {
  Output output;
  auto groups = TRY(attribute_groups(call.transaction, input.entity));
  for (const AttributeDefinition& attribute : TRY(attributes_of(call, input.entity))) {
    output.attributes.push_back(shown<CustomAttribute>(attribute, groups));
  }
  return output;
}

Result<CustomAttribute> CreateCustomAttribute::run(Call& call, const Input& input) {
  return create<Output>(call, {.entity = canonical(input.entity),
                               .name = input.name,
                               .label = input.label,
                               .type = input.type,
                               .description = input.description.value_or(""),
                               .options = TRY(options_of(input.type, input.options)),
                               .group_name = input.group_name,
                               .has_unique_value = input.has_unique_value.value_or(false)});
}

Result<CustomAttribute> UpdateCustomAttribute::run(Call& call, const Input& input) {
  AttributeEntity entity = canonical(input.entity);
  AttributeDefinition attribute = TRY(attribute_named(call, entity, input.name));
  if (attribute.is_piggy_defined) {
    return fail_field("/name", "The name is that of an attribute of the system.");
  }
  std::string what = fmt::format("label of {} attribute {}", word_of(entity), attribute.name);
  if (input.label) call.changes(what, attribute.label, *input.label);
  attribute.label = input.label.value_or(attribute.label);
  attribute.description = input.description.value_or(attribute.description);
  if (input.options) attribute.options = TRY(options_of(attribute.type, input.options));
  if (input.group_name) {
    TRY(ensure_group(call, entity, *input.group_name));
    attribute.group_name = input.group_name;
  }
  TRY(update_attribute(call.transaction, attribute));
  return shown<CustomAttribute>(attribute, TRY(attribute_groups(call.transaction, entity)));
}

Result<ListCustomAttributeGroups::Output> ListCustomAttributeGroups::run(Call& call,
                                                                         const Input& input) {
  Output output;
  for (AttributeGroupRow& row : TRY(attribute_groups(call.transaction, input.entity))) {
    output.groups.push_back(
        {row.entity, std::move(row.name), std::move(row.label), row.created_at});
  }
  return output;
}

Result<CustomAttributeGroup> CreateCustomAttributeGroup::run(Call& call, const Input& input) {
  AttributeGroupRow made = TRY(
      make_attribute_group(call.transaction, input.entity, input.name, input.label.value_or("")));
  call.changes("attribute group " + made.name, nullptr, "created");
  return CustomAttributeGroup{made.entity, made.name, made.label, made.created_at};
}

void CustomAttribute::describe(Fields<CustomAttribute>& field) { describe_attribute(field); }

void ContactAttributeDefinition::describe(Fields<ContactAttributeDefinition>& field) {
  describe_attribute(field);
}

void CreateCustomAttribute::Input::describe(Fields<Input>& field) {
  field("entity", &Input::entity, "What it belongs to.");
  field("name", &Input::name, "The name to set it by: letters, digits, underscores and dashes.",
        {.min = 1, .max = 64});
  field("label", &Input::label, "The name people see.", {.min = 1, .max = 255});
  field("type", &Input::type, "What its values are.");
  field("options", &Input::options, "The choices of a select or multi_select.", {.max = 500});
  field("description", &Input::description, "What it is for.", {.max = 1'000});
  field("group_name", &Input::group_name, "The group to show it in; made when there is none.",
        {.min = 1, .max = 64});
  field("has_unique_value", &Input::has_unique_value,
        "true: no two contacts may have the same value. Kept for other entities.");
}

void UpdateCustomAttribute::Input::describe(Fields<Input>& field) {
  field("name", &Input::name, "Which attribute.", {.min = 1, .max = 64});
  field("entity", &Input::entity, "What it belongs to.");
  field("label", &Input::label, "The name people see.", {.min = 1, .max = 255});
  field("options", &Input::options, "All choices from now on.", {.max = 500});
  field("description", &Input::description, "What it is for.", {.max = 1'000});
  field("group_name", &Input::group_name, "The group to show it in; made when there is none.",
        {.min = 1, .max = 64});
}

}  // namespace piggy
