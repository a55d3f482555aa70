#pragma once

// Making, finding and reading contacts (piggy-api-v3, section 10.1).

#include "contact/contact_view.h"
#include "contact/referral_code.h"
#include "operation/page.h"
#include "operation/time_range.h"

namespace piggy {

struct ListContacts {
  static constexpr OperationInfo info = {
      .name = "list_contacts",
      .title = "List Contacts",
      .about =
          "Lists all contacts with everything known of each, oldest first, page by page. To "
          "find one person use find_contact instead. Changes nothing.",
      .verb = Verb::get,
      .path = "/contacts",
      .scope = "contacts:read",
      .on_register = true,
      .wire = {.meta = Meta::object, .data = "contacts", .paging = Paging::a}};
  struct Input {
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    std::optional<std::string> sort = {};
    std::optional<TimeRange> created_at = {};
    static void describe(Fields<Input>& field) {
      field("page", &Input::page, "Which page, from 1.", {.min = 0, .max = 1'000'000'000});
      field("limit", &Input::limit, "Contacts on a page; 30 when left out.",
            {.min = 1, .max = 100});
      field("sort", &Input::sort, "created_at for oldest first, -created_at for newest first.");
      field("created_at", &Input::created_at,
            "Only those made in this span: an object with any of gt, gte, lt, lte.");
    }
  };
  struct Output {
    std::vector<Contact> contacts = {};
    Page page = {};
    static void describe(Fields<Output>& field) {
      field("contacts", &Output::contacts, "The contacts of this page.");
      field("page", &Output::page, "Which part of the whole this is.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct CreatedContact {
  Uuid uuid = {};
  static void describe(Fields<CreatedContact>& field) {
    field("uuid", &CreatedContact::uuid, "The contact.");
  }
};

struct NewContactInput {
  std::string email = {};
  std::optional<std::string> referral_code = {};
  static void describe(Fields<NewContactInput>& field) {
    field("email", &NewContactInput::email, "The contact's address; one contact for each.",
          {.max = 254, .format = Format::email});
    field("referral_code", &NewContactInput::referral_code,
          "The referral code of the contact who brought this one: a referral begins, where the "
          "shop has switched them on. One that is nobody's is passed over.",
          {.max = referral_code_length_max});
  }
};

struct CreateContact {
  static constexpr OperationInfo info = {
      .name = "create_contact",
      .title = "Create Contact",
      .about =
          "Makes a contact for an e-mail address that has none yet, with a balance of zero. "
          "Refused when the address is taken; use find_or_create_contact when unsure.",
      .verb = Verb::post,
      .path = "/contacts",
      .scope = "contacts:write",
      .effect = Effect::write,
      .on_register = true};
  using Input = NewContactInput;
  using Output = CreatedContact;
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateContactAsync {
  static constexpr OperationInfo info = {
      .name = "create_contact_async",
      .title = "Create Contact (async)",
      .about = "The same as create_contact, under the path that older clients use for speed.",
      .verb = Verb::post,
      .path = "/contacts/async",
      .scope = "contacts:write",
      .effect = Effect::write,
      .on_register = true};
  using Input = NewContactInput;
  using Output = CreatedContact;
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateAnonymousContact {
  static constexpr OperationInfo info = {
      .name = "create_anonymous_contact",
      .title = "Create Anonymous Contact",
      .about =
          "Makes a contact without a known address, for instance for a card handed out in a "
          "shop. It earns like any other and becomes a real one by claim_anonymous_contact.",
      .verb = Verb::post,
      .path = "/contacts/anonymous",
      .scope = "contacts:write",
      .effect = Effect::write,
      .on_register = true,
      .path_alias = "/contact/anonymous"};
  struct Input {
    std::optional<std::string> contact_identifier_value = {};
    std::optional<std::string> contact_identifier_name = {};
    static void describe(Fields<Input>& field) {
      field("contact_identifier_value", &Input::contact_identifier_value,
            "An identifier (a card) that exists and belongs to nobody; it is linked to the new "
            "contact.",
            {.max = 255});
      field("contact_identifier_name", &Input::contact_identifier_name,
            "A new name for that identifier.", {.max = 255});
    }
  };
  using Output = CreatedContact;
  static Result<Output> run(Call& call, const Input& input);
};

struct ContactByEmail {
  std::string email = {};
  static void describe(Fields<ContactByEmail>& field) {
    field("email", &ContactByEmail::email, "The contact's address, in any case.",
          {.max = 254, .format = Format::email});
  }
};

struct FindContact {
  static constexpr OperationInfo info = {
      .name = "find_contact",
      .title = "Find Contact",
      .about =
          "Finds the contact of an e-mail address and shows everything known of it. Use it to "
          "get the contact_uuid that other tools ask for. Changes nothing; never makes one.",
      .verb = Verb::get,
      .path = "/contacts/find-one-by",
      .scope = "contacts:read",
      .on_register = true,
      .tool = true,
      .wire = {.meta = Meta::list}};
  using Input = ContactByEmail;
  using Output = Contact;
  static Result<Output> run(Call& call, const Input& input);
};

struct FindOrCreateContact {
  static constexpr OperationInfo info = {
      .name = "find_or_create_contact",
      .title = "Find or Create Contact",
      .about =
          "Shows the contact of an e-mail address, making it when there is none. The answer "
          "does not tell which of the two happened.",
      .verb = Verb::get,
      .path = "/contacts/find-or-create",
      .scope = "contacts:write",
      .effect = Effect::write,
      .idempotent = true,
      .on_register = true,
      .wire = {.meta = Meta::list}};
  using Input = ContactByEmail;
  using Output = Contact;
  static Result<Output> run(Call& call, const Input& input);
};

struct FindOrCreateContactAsync {
  static constexpr OperationInfo info = {
      .name = "find_or_create_contact_async",
      .title = "Find or Create Contact (async)",
      .about = "As find_or_create_contact, answering with the uuid alone.",
      .verb = Verb::get,
      .path = "/contacts/find-or-create/async",
      .scope = "contacts:write",
      .effect = Effect::write,
      .idempotent = true,
      .on_register = true,
      .wire = {.meta = Meta::list}};
  using Input = ContactByEmail;
  using Output = CreatedContact;
  static Result<Output> run(Call& call, const Input& input);
};

struct ContactByUuid {
  Uuid contact_uuid = {};
  static void describe(Fields<ContactByUuid>& field) {
    field("contact_uuid", &ContactByUuid::contact_uuid, "The contact.");
  }
};

struct GetContact {
  static constexpr OperationInfo info = {
      .name = "get_contact",
      .title = "Get Contact",
      .about = "Shows everything known of one contact. Changes nothing.",
      .verb = Verb::get,
      .path = "/contacts/{contact_uuid}",
      .scope = "contacts:read",
      .on_register = true,
      .wire = {.meta = Meta::list}};
  using Input = ContactByUuid;
  using Output = Contact;
  static Result<Output> run(Call& call, const Input& input);
};

struct GetContactCreditBalance {
  static constexpr OperationInfo info = {
      .name = "get_contact_credit_balance",
      .title = "Get Contact's Credit Balance",
      .about =
          "Tells how many credits (loyalty points) a contact holds now. Always the sum of all "
          "its transactions. Use it before promising a reward. Changes nothing.",
      .verb = Verb::get,
      .path = "/contacts/{contact_uuid}/credit-balance",
      .scope = "contacts:read",
      .on_register = true,
      .tool = true};
  using Input = ContactByUuid;
  struct Output {
    std::int64_t balance = 0;
    static void describe(Fields<Output>& field) {
      field("balance", &Output::balance, "Credits; below zero only where that is allowed.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetContactPrepaidBalance {
  static constexpr OperationInfo info = {
      .name = "get_contact_prepaid_balance",
      .title = "Get Contact's Prepaid Balance",
      .about =
          "Tells the stored value of a contact. Nothing sells stored value yet, so it is "
          "always zero. Changes nothing.",
      .verb = Verb::get,
      .path = "/contacts/{contact_uuid}/prepaid-balance",
      .scope = "contacts:read",
      .on_register = true,
      .path_alias = "/contacts/{contact_uuid}/prepaid/balance",
      .wire = {.meta = Meta::list}};
  using Input = ContactByUuid;
  struct Output {
    std::int64_t balance_in_cents = 0;
    std::string balance = {};
    static void describe(Fields<Output>& field) {
      field("balance_in_cents", &Output::balance_in_cents, "In cents.");
      field("balance", &Output::balance, "The same for people.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetContactTier {
  static constexpr OperationInfo info = {
      .name = "get_contact_tier",
      .title = "Get Contact's Tier",
      .about =
          "Shows the tier a contact is in; all members are null when it is in none. Changes "
          "nothing.",
      .verb = Verb::get,
      .path = "/contacts/{contact_uuid}/tier",
      .scope = "contacts:read",
      .wire = {.meta = Meta::list}};
  using Input = ContactByUuid;
  struct Output {
    std::optional<std::string> name = {};
    std::optional<std::string> description = {};
    std::optional<std::int64_t> position = {};
    Value media = {};
    std::optional<Uuid> uuid = {};
    static void describe(Fields<Output>& field) {
      field("name", &Output::name, "Its name.");
      field("description", &Output::description, "What it stands for.");
      field("position", &Output::position, "Its place, the lowest tier first.");
      field("media", &Output::media, "A picture, as {type, value}.");
      field("uuid", &Output::uuid, "The tier.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

}  // namespace piggy
