#pragma once

// Changing, joining, deleting and importing contacts (piggy-api-v3, sections 10.1, 15.1, 15.11).

#include "contact/contact_operations.h"

namespace piggy {

struct UpdateContact {
  static constexpr OperationInfo info = {
      .name = "update_contact",
      .title = "Update Contact",
      .about =
          "Sets attributes of a contact, such as firstname, birthdate or the account's own "
          "(see list_contact_attributes). Only the given names change; unknown and read-only "
          "ones are left out without an error; empty text clears a value.",
      .verb = Verb::put,
      .path = "/contacts/{contact_uuid}",
      .scope = "contacts:write",
      .effect = Effect::write,
      .idempotent = true,
      .on_register = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    Uuid contact_uuid = {};
    std::optional<Value> attributes = {};
    static void describe(Fields<Input>& field) {
      field("contact_uuid", &Input::contact_uuid, "The contact.");
      field("attributes", &Input::attributes,
            "Required. An object of attribute names and their new values; a multi_select takes a "
            "list or text with semicolons between.");
    }
  };
  using Output = Contact;
  static Result<Output> run(Call& call, const Input& input);
};

BOOST_DEFINE_ENUM_CLASS(ContactDeletion, DEFAULT, GDPR)

struct DeleteContact {
  static constexpr OperationInfo info = {
      .name = "delete_contact",
      .title = "Delete Contact",
      .about =
          "Deletes a contact by a job, within minutes: its credits expire, its attributes, "
          "identifiers and subscriptions are removed. Cannot be undone. What it bought and "
          "received stays in the books without its name.",
      .verb = Verb::post,
      .path = "/contacts/{contact_uuid}/delete",
      .scope = "contacts:write",
      .effect = Effect::destructive,
      .on_register = true,
      .wire = {.meta = Meta::object, .data = null_data}};
  struct Input {
    Uuid contact_uuid = {};
    ContactDeletion type = ContactDeletion::DEFAULT;
    static void describe(Fields<Input>& field) {
      field("contact_uuid", &Input::contact_uuid, "The contact.");
      field("type", &Input::type,
            "DEFAULT keeps the log of what happened; GDPR removes the address from it too.");
    }
  };
  using Output = Empty;
  static Result<Output> run(Call& call, const Input& input);
};

struct ClaimAnonymousContact {
  static constexpr OperationInfo info = {
      .name = "claim_anonymous_contact",
      .title = "Claim Anonymous Contact",
      .about =
          "Gives an anonymous contact its real e-mail address. When another contact has that "
          "address already, the two become one at once: the existing one stays and receives "
          "all credits, identifiers and history, and the answer shows it. Use it when the "
          "holder of a card tells who they are. That joining cannot be undone. Refused for a "
          "contact that is not anonymous.",
      .verb = Verb::put,
      .path = "/contacts/{anonymous_contact_uuid}/claim",
      .scope = "contacts:write",
      .effect = Effect::destructive,
      .on_register = true,
      .tool = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    Uuid anonymous_contact_uuid = {};
    std::string email = {};
    static void describe(Fields<Input>& field) {
      field("anonymous_contact_uuid", &Input::anonymous_contact_uuid, "The anonymous contact.");
      field("email", &Input::email, "The real address.", {.max = 254, .format = Format::email});
    }
  };
  using Output = Contact;
  static Result<Output> run(const ContactMoves& moves, Call& call, const Input& input);
};

struct MergeContacts {
  static constexpr OperationInfo info = {
      .name = "merge_contacts",
      .title = "Merge Contacts",
      .about =
          "Joins two contacts of one person by a job, within minutes: credits, history, "
          "vouchers and identifiers of the source move to the destination, attributes the "
          "destination lacks are filled, and the source ceases to exist. Cannot be undone. "
          "Use it only when it is certain that both belong to the same person and that person "
          "agrees.",
      .verb = Verb::post,
      .path = "/contacts/merge",
      .scope = "contacts:write",
      .effect = Effect::destructive,
      .tool = true,
      .wire = {.meta = Meta::list, .data = null_data}};
  struct Input {
    Uuid source_contact_uuid = {};
    Uuid destination_contact_uuid = {};
    static void describe(Fields<Input>& field) {
      field("source_contact_uuid", &Input::source_contact_uuid, "Ceases to exist.");
      field("destination_contact_uuid", &Input::destination_contact_uuid,
            "Stays, and receives everything.");
    }
  };
  using Output = Empty;
  static Result<Output> run(Call& call, const Input& input);
};

struct ImportedAttribute {
  std::string name = {};
  Value value = {};
  static void describe(Fields<ImportedAttribute>& field) {
    field("name", &ImportedAttribute::name, "The attribute's name.", {.max = 64});
    field("value", &ImportedAttribute::value, "Its value.", {.untrusted = true});
  }
};

struct ImportedSubscription {
  Uuid uuid = {};
  bool enroll = false;
  static void describe(Fields<ImportedSubscription>& field) {
    field("uuid", &ImportedSubscription::uuid, "The subscription type.");
    field("enroll", &ImportedSubscription::enroll, "Whether to subscribe or to unsubscribe.");
  }
};

struct ImportedContact {
  std::string email = {};
  std::optional<std::vector<ImportedAttribute>> custom_attributes = {};
  std::optional<std::vector<ImportedSubscription>> subscription_types = {};
  static void describe(Fields<ImportedContact>& field) {
    field("email", &ImportedContact::email, "The address; a contact that has it is updated.",
          {.max = 254, .format = Format::email});
    field("custom_attributes", &ImportedContact::custom_attributes, "Attributes to set.",
          {.max = 200});
    field("subscription_types", &ImportedContact::subscription_types,
          "What to subscribe to or unsubscribe from.", {.max = 200});
  }
};

struct ImportContacts {
  static constexpr OperationInfo info = {
      .name = "import_contacts",
      .title = "Import Contacts",
      .about =
          "Makes or updates many contacts by a job, within minutes. The whole list is checked "
          "first and refused when anything in it is wrong. Contacts are found by address; "
          "nothing is ever deleted.",
      .verb = Verb::post,
      .path = "/contacts/batch",
      .scope = "contacts:write",
      .effect = Effect::write,
      .idempotent = true,
      .on_register = true,
      .wire = {.meta = Meta::list, .data = "queued"}};
  struct Input {
    std::vector<ImportedContact> contacts = {};
    static void describe(Fields<Input>& field) {
      field("contacts", &Input::contacts, "The contacts.", {.min = 1, .max = 1'000});
    }
  };
  struct Output {
    std::vector<std::string> queued = {};
    static void describe(Fields<Output>& field) {
      field("queued", &Output::queued, "Always empty: the work has only begun.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

}  // namespace piggy
