#pragma once

// Operations on attributes and their groups (piggy-api-v3, sections 10.3, 10.8, 15.2).

#include "contact/attribute.h"
#include "operation/operation.h"

namespace piggy {

// The group an attribute stands in.
struct AttributeGroup {
  std::int64_t id = 0;
  std::string name = {};
  std::string label = {};
  Value created_by_user = {};
  std::int64_t position = 1;
  static void describe(Fields<AttributeGroup>& field) {
    field("id", &AttributeGroup::id, "Its number.");
    field("name", &AttributeGroup::name, "Its name.");
    field("label", &AttributeGroup::label, "The name people see.");
    field("created_by_user", &AttributeGroup::created_by_user, "Always null.");
    field("position", &AttributeGroup::position, "Its place.");
  }
};

// An attribute of any entity, as the wire shows it (section 9.12).
struct CustomAttribute {
  std::int64_t id = 0;
  AttributeEntity entity = AttributeEntity::contact;
  std::string name = {};
  std::string label = {};
  AttributeType type = AttributeType::text;
  std::optional<std::string> group_name = {};
  AttributeGroup group = {};
  bool is_piggy_defined = false;
  bool is_soft_read_only = false;
  bool is_hard_read_only = false;
  std::optional<std::string> field_type = {};
  bool has_unique_value = false;
  std::string description = {};
  std::vector<AttributeOption> options = {};
  std::int64_t position = 0;
  Time created_at = {};
  std::vector<std::string> meta = {};
  bool can_be_deleted = true;
  std::optional<std::string> last_used_date = {};
  Value created_by_user = {};
  static void describe(Fields<CustomAttribute>& field);
};

// The same without the entity, which is always the contact.
struct ContactAttributeDefinition {
  std::int64_t id = 0;
  std::string name = {};
  std::string label = {};
  AttributeType type = AttributeType::text;
  std::optional<std::string> group_name = {};
  AttributeGroup group = {};
  bool is_piggy_defined = false;
  bool is_soft_read_only = false;
  bool is_hard_read_only = false;
  std::optional<std::string> field_type = {};
  bool has_unique_value = false;
  std::string description = {};
  std::vector<AttributeOption> options = {};
  std::int64_t position = 0;
  Time created_at = {};
  std::vector<std::string> meta = {};
  bool can_be_deleted = true;
  std::optional<std::string> last_used_date = {};
  Value created_by_user = {};
  static void describe(Fields<ContactAttributeDefinition>& field);
};

// What a select or multi_select may be. Numbers become text.
struct NewOption {
  std::string label = {};
  Value value = {};
  static void describe(Fields<NewOption>& field) {
    field("label", &NewOption::label, "What people see.", {.min = 1, .max = 255});
    field("value", &NewOption::value, "What is stored: text or a number.");
  }
};

struct ListContactAttributes {
  static constexpr OperationInfo info = {
      .name = "list_contact_attributes",
      .title = "List Contact Attributes",
      .about =
          "Lists every attribute a contact has, the system's and the account's own, with types "
          "and options. Use it to learn which names update_contact takes. Changes nothing.",
      .verb = Verb::get,
      .path = "/contact-attributes",
      .scope = "attributes:read",
      .on_register = true,
      .tool = true,
      .wire = {.meta = Meta::list, .data = "attributes"}};
  using Input = Empty;
  struct Output {
    std::vector<ContactAttributeDefinition> attributes = {};
    static void describe(Fields<Output>& field) {
      field("attributes", &Output::attributes, "In the order in which contacts show them.");
    }
  };
  static Result<Output> run(Call& call, const Input&);
};

struct CreateContactAttribute {
  static constexpr OperationInfo info = {
      .name = "create_contact_attribute",
      .title = "Create Contact Attribute",
      .about =
          "Adds an attribute to all contacts, unset at first; set it by update_contact. Its "
          "name and type can never change, and it cannot be deleted, so look at "
          "list_contact_attributes first. Select and multi_select need options.",
      .verb = Verb::post,
      .path = "/contact-attributes",
      .scope = "attributes:write",
      .effect = Effect::write,
      .on_register = true,
      .tool = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::string name = {};
    std::optional<std::string> label = {};
    AttributeType data_type = AttributeType::text;
    std::optional<std::string> description = {};
    std::optional<std::vector<NewOption>> options = {};
    std::optional<bool> has_unique_value = {};
    std::optional<std::string> form_element_type = {};
    static void describe(Fields<Input>& field) {
      field("name", &Input::name, "The name to set it by: letters, digits, underscores and dashes.",
            {.min = 1, .max = 64});
      field("label", &Input::label, "The name people see; the name when left out.", {.max = 255});
      field("data_type", &Input::data_type, "What its values are.", {.alias = "dataType"});
      field("description", &Input::description, "What it is for.", {.max = 1'000});
      field("options", &Input::options, "The choices of a select or multi_select.", {.max = 500});
      field("has_unique_value", &Input::has_unique_value,
            "true: no two contacts may have the same value.");
      field("form_element_type", &Input::form_element_type, "Sent by some clients; ignored.",
            {.hidden = true});
    }
  };
  using Output = ContactAttributeDefinition;
  static Result<Output> run(Call& call, const Input& input);
};

struct ByEntity {
  AttributeEntity entity = AttributeEntity::contact;
  static void describe(Fields<ByEntity>& field) {
    field("entity", &ByEntity::entity, "What the attributes belong to.");
  }
};

struct ListCustomAttributes {
  static constexpr OperationInfo info = {
      .name = "list_custom_attributes",
      .title = "List Custom Attributes",
      .about =
          "Lists the attributes of a kind of thing, such as bookings or vouchers. Those of "
          "contacts include the system's. Changes nothing.",
      .verb = Verb::get,
      .path = "/custom-attributes",
      .scope = "attributes:read",
      .on_register = true,
      .wire = {.meta = Meta::none, .data = "attributes"}};
  using Input = ByEntity;
  struct Output {
    std::vector<CustomAttribute> attributes = {};
    static void describe(Fields<Output>& field) {
      field("attributes", &Output::attributes, "By position.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateCustomAttribute {
  static constexpr OperationInfo info = {
      .name = "create_custom_attribute",
      .title = "Create Custom Attribute",
      .about =
          "Adds an attribute to a kind of thing, such as bookings or vouchers. Its name and "
          "type can never change, and it cannot be deleted.",
      .verb = Verb::post,
      .path = "/custom-attributes",
      .scope = "attributes:write",
      .effect = Effect::write,
      .on_register = true,
      .wire = {.status = 201, .meta = Meta::list}};
  struct Input {
    AttributeEntity entity = AttributeEntity::contact;
    std::string name = {};
    std::string label = {};
    AttributeType type = AttributeType::text;
    std::optional<std::vector<NewOption>> options = {};
    std::optional<std::string> description = {};
    std::optional<std::string> group_name = {};
    std::optional<bool> has_unique_value = {};
    static void describe(Fields<Input>& field);
  };
  using Output = CustomAttribute;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdateCustomAttribute {
  static constexpr OperationInfo info = {
      .name = "update_custom_attribute",
      .title = "Update Custom Attribute",
      .about =
          "Changes the label, description, options or group of an attribute that the account "
          "defined. Values that contacts have stay, also when their option goes.",
      .verb = Verb::put,
      .path = "/custom-attributes/{name}",
      .scope = "attributes:write",
      .effect = Effect::write,
      .idempotent = true,
      .on_register = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::string name = {};
    AttributeEntity entity = AttributeEntity::contact;
    std::optional<std::string> label = {};
    std::optional<std::vector<NewOption>> options = {};
    std::optional<std::string> description = {};
    std::optional<std::string> group_name = {};
    static void describe(Fields<Input>& field);
  };
  using Output = CustomAttribute;
  static Result<Output> run(Call& call, const Input& input);
};

struct CustomAttributeGroup {
  AttributeEntity entity = AttributeEntity::contact;
  std::string name = {};
  std::string label = {};
  Time created_at = {};
  static void describe(Fields<CustomAttributeGroup>& field) {
    field("entity", &CustomAttributeGroup::entity, "What its attributes belong to.");
    field("name", &CustomAttributeGroup::name, "Its name.");
    field("label", &CustomAttributeGroup::label, "The name people see.");
    field("created_at", &CustomAttributeGroup::created_at, "When it was made.");
  }
};

struct ListCustomAttributeGroups {
  static constexpr OperationInfo info = {
      .name = "list_custom_attribute_groups",
      .title = "List Custom Attribute Groups",
      .about = "Lists the groups that attributes are shown in. Changes nothing.",
      .verb = Verb::get,
      .path = "/custom-attribute-groups",
      .scope = "attributes:read",
      .on_register = true,
      .wire = {.meta = Meta::none, .data = "groups"}};
  using Input = ByEntity;
  struct Output {
    std::vector<CustomAttributeGroup> groups = {};
    static void describe(Fields<Output>& field) {
      field("groups", &Output::groups, "By position.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateCustomAttributeGroup {
  static constexpr OperationInfo info = {
      .name = "create_custom_attribute_group",
      .title = "Create Custom Attribute Group",
      .about = "Makes a group to show attributes in. Cannot be deleted.",
      .verb = Verb::post,
      .path = "/custom-attribute-groups",
      .scope = "attributes:write",
      .effect = Effect::write,
      .on_register = true,
      .wire = {.status = 201, .meta = Meta::list}};
  struct Input {
    AttributeEntity entity = AttributeEntity::contact;
    std::string name = {};
    std::optional<std::string> label = {};
    static void describe(Fields<Input>& field) {
      field("entity", &Input::entity, "What its attributes belong to.");
      field("name", &Input::name, "Its name.", {.min = 1, .max = 64});
      field("label", &Input::label, "The name people see; the name when left out.", {.max = 255});
    }
  };
  using Output = CustomAttributeGroup;
  static Result<Output> run(Call& call, const Input& input);
};

}  // namespace piggy
