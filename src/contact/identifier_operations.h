#pragma once

// Operations on identifiers (piggy-api-v3, sections 10.2, 15.14).

#include "contact/contact_operations.h"

namespace piggy {

// As the wire shows one (section 9.3).
struct ContactIdentifier {
  std::string name = {};
  std::string value = {};
  bool active = true;
  std::optional<ContactReference> contact = {};
  static void describe(Fields<ContactIdentifier>& field) {
    field("name", &ContactIdentifier::name, "Its name.");
    field("value", &ContactIdentifier::value, "Its value, which never changes.");
    field("active", &ContactIdentifier::active, "Whether it can be used.");
    field("contact", &ContactIdentifier::contact, "Whose it is; null when it is nobody's.");
  }
};

struct ListContactIdentifiers {
  static constexpr OperationInfo info = {
      .name = "list_contact_identifiers",
      .title = "List Contact Identifiers",
      .about = "Lists the identifiers (cards, customer numbers) of one contact. Changes nothing.",
      .verb = Verb::get,
      .path = "/contacts/{contact_uuid}/contact-identifiers",
      .scope = "contacts:read",
      .wire = {.meta = Meta::list, .data = "identifiers"}};
  using Input = ContactByUuid;
  struct Item {
    std::string name = {};
    std::string value = {};
    bool active = true;
    bool is_default = false;
    std::optional<ContactReference> contact = {};
    static void describe(Fields<Item>& field) {
      field("name", &Item::name, "Its name.");
      field("value", &Item::value, "Its value, which never changes.");
      field("active", &Item::active, "Whether it can be used.");
      field("default", &Item::is_default, "Whether it stands for the contact where one must.");
      field("contact", &Item::contact, "Whose it is.");
    }
  };
  struct Output {
    std::vector<Item> identifiers = {};
    static void describe(Fields<Output>& field) {
      field("identifiers", &Output::identifiers, "Oldest first.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct IdentifierByValue {
  std::string contact_identifier_value = {};
  static void describe(Fields<IdentifierByValue>& field) {
    field("contact_identifier_value", &IdentifierByValue::contact_identifier_value,
          "The identifier's value, exactly.", {.min = 1, .max = 255});
  }
};

struct FindContactIdentifier {
  static constexpr OperationInfo info = {
      .name = "find_contact_identifier",
      .title = "Find Contact Identifier",
      .about =
          "Finds an identifier (a card, a customer number) by its exact value and tells whose "
          "it is. Refused when it is inactive. Changes nothing.",
      .verb = Verb::get,
      .path = "/contact-identifiers/find",
      .scope = "contacts:read",
      .on_register = true,
      .tool = true,
      .wire = {.meta = Meta::list}};
  using Input = IdentifierByValue;
  using Output = ContactIdentifier;
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateContactIdentifier {
  static constexpr OperationInfo info = {
      .name = "create_contact_identifier",
      .title = "Create Contact Identifier",
      .about =
          "Makes an identifier with a value that is not taken, and links it to a contact when "
          "one is given.",
      .verb = Verb::post,
      .path = "/contact-identifiers",
      .scope = "contacts:write",
      .effect = Effect::write,
      .on_register = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::string contact_identifier_value = {};
    std::optional<Uuid> contact_uuid = {};
    std::optional<std::string> contact_identifier_name = {};
    static void describe(Fields<Input>& field) {
      field("contact_identifier_value", &Input::contact_identifier_value,
            "The value; it can never change.", {.min = 1, .max = 255});
      field("contact_uuid", &Input::contact_uuid, "The contact to link it to at once.");
      field("contact_identifier_name", &Input::contact_identifier_name,
            "A name; the value when left out.", {.max = 255});
    }
  };
  using Output = ContactIdentifier;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdateContactIdentifiers {
  static constexpr OperationInfo info = {
      .name = "update_contact_identifiers",
      .title = "Update Contact Identifiers",
      .about =
          "Renames an identifier (a card, a customer number), or switches it off or on. Use "
          "it when a card is lost: an inactive one is refused everywhere until it is switched "
          "on again. Its value cannot change; make a new one instead.",
      .verb = Verb::put,
      .path = "/contact-identifiers",
      .scope = "contacts:write",
      .effect = Effect::write,
      .idempotent = true,
      .tool = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::string contact_identifier_value = {};
    std::optional<std::string> contact_identifier_name = {};
    std::optional<bool> contact_identifier_active = {};
    static void describe(Fields<Input>& field) {
      field("contact_identifier_value", &Input::contact_identifier_value,
            "Which identifier; the value itself never changes.", {.min = 1, .max = 255});
      field("contact_identifier_name", &Input::contact_identifier_name, "Its new name.",
            {.min = 1, .max = 255});
      field("contact_identifier_active", &Input::contact_identifier_active,
            "false switches it off, true on.");
    }
  };
  using Output = ContactIdentifier;
  static Result<Output> run(Call& call, const Input& input);
};

struct LinkContactIdentifier {
  static constexpr OperationInfo info = {
      .name = "link_contact_identifier",
      .title = "Link Contact Identifier",
      .about =
          "Links an identifier that belongs to nobody to a contact. Undone by "
          "unlink_contact_identifier.",
      .verb = Verb::put,
      .path = "/contact-identifiers/link",
      .scope = "contacts:write",
      .effect = Effect::write,
      .on_register = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::string contact_identifier_value = {};
    Uuid contact_uuid = {};
    static void describe(Fields<Input>& field) {
      field("contact_identifier_value", &Input::contact_identifier_value, "The identifier.",
            {.min = 1, .max = 255});
      field("contact_uuid", &Input::contact_uuid, "The contact.");
    }
  };
  using Output = ContactIdentifier;
  static Result<Output> run(Call& call, const Input& input);
};

struct UnlinkContactIdentifier {
  static constexpr OperationInfo info = {
      .name = "unlink_contact_identifier",
      .title = "Unlink Contact Identifier",
      .about = "Takes an identifier from its contact; it stays and can be linked again.",
      .verb = Verb::put,
      .path = "/contact-identifiers/unlink",
      .scope = "contacts:write",
      .effect = Effect::write,
      .idempotent = true,
      .on_register = true,
      .wire = {.meta = Meta::list}};
  using Input = IdentifierByValue;
  using Output = ContactIdentifier;
  static Result<Output> run(Call& call, const Input& input);
};

struct DeleteContactIdentifier {
  static constexpr OperationInfo info = {
      .name = "delete_contact_identifier",
      .title = "Delete Contact Identifier",
      .about =
          "Removes an identifier for good; its value becomes free. The answer shows it for the "
          "last time.",
      .verb = Verb::del,
      .path = "/contact-identifiers",
      .scope = "contacts:write",
      .effect = Effect::destructive,
      .on_register = true,
      .wire = {.meta = Meta::list}};
  using Input = IdentifierByValue;
  using Output = ContactIdentifier;
  static Result<Output> run(Call& call, const Input& input);
};

}  // namespace piggy
