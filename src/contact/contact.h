#pragma once

// Contacts: the people (and the anonymous cards) that earn. What other modules need of them.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "operation/operation.h"

namespace piggy {

struct ContactRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string email = {};  // Lower case.
  bool is_anonymous = false;
};

// 55031 when there is none.
Result<ContactRow> contact_of(Transaction& transaction, const Uuid& uuid);
Result<ContactRow> contact_by_id(Transaction& transaction, std::int64_t id);
// The address in any case.
Result<std::optional<ContactRow>> contact_by_email(Transaction& transaction,
                                                   std::string_view email);

// Makes a contact with all that belongs to one: ledger account, standing, the event. 60005 when the
// address is taken.
struct NewContact {
  std::string email = {};
  bool is_anonymous = false;
  std::string_view channel = "OAUTH_API";
};
Result<ContactRow> make_contact(Transaction& transaction, const NewContact& contact);

// An identifier (a card, a customer number) and whose it is.
struct IdentifierRow {
  std::int64_t id = 0;
  std::string value = {};
  std::string name = {};
  bool active = true;
  std::optional<std::int64_t> contact_id = {};
};
// 60003 unknown, 60004 inactive.
Result<IdentifierRow> identifier_of(Transaction& transaction, std::string_view value);
Result<std::optional<IdentifierRow>> identifier_by_id(Transaction& transaction, std::int64_t id);

// What moves when two contacts become one. Each module that keeps rows of contacts gives one of
// these to main, which hands the whole list to whoever joins contacts.
using ContactMove =
    std::function<Result<>(Transaction&, const ContactRow& source, const ContactRow& destination)>;
using ContactMoves = std::vector<ContactMove>;

// What is forgotten with a contact that is deleted, in the same transaction: each module that keeps
// words of or about people gives one.
using ContactErasure = std::function<Result<>(Transaction&, const ContactRow&)>;
using ContactErasures = std::vector<ContactErasure>;

// Joins two contacts now, in this transaction: balance, standing, identifiers, attributes,
// subscriptions, and all `moves`; the source is gone afterwards. Irreversible.
Result<> join_contacts(Transaction& transaction, const ContactRow& source,
                       const ContactRow& destination, const ContactMoves& moves);

// Short forms of the wire (piggy-api-v3, section 9.2).
struct ContactReference {
  Uuid uuid = {};
  std::string email = {};

  static void describe(Fields<ContactReference>& field) {
    field("uuid", &ContactReference::uuid, "The contact.");
    field("email", &ContactReference::email, "The contact's address.");
  }
};
ContactReference reference_to(const ContactRow& contact);

struct CreditBalance {
  std::int64_t id = 0;
  std::int64_t balance = 0;

  static void describe(Fields<CreditBalance>& field) {
    field("id", &CreditBalance::id, "The number of the balance.");
    field("balance", &CreditBalance::balance, "Credits on the contact's account.");
  }
};

struct ContactWithBalance {
  Uuid uuid = {};
  std::string email = {};
  CreditBalance credit_balance = {};

  static void describe(Fields<ContactWithBalance>& field) {
    field("uuid", &ContactWithBalance::uuid, "The contact.");
    field("email", &ContactWithBalance::email, "The contact's address.");
    field("credit_balance", &ContactWithBalance::credit_balance, "The balance after it.");
  }
};

// An identifier inside of other objects (section 9.3), without its contact.
struct IdentifierReference {
  std::string name = {};
  std::string value = {};
  bool active = true;

  static void describe(Fields<IdentifierReference>& field) {
    field("name", &IdentifierReference::name, "Its name.");
    field("value", &IdentifierReference::value, "Its value, which never changes.");
    field("active", &IdentifierReference::active, "Whether it can be used.");
  }
};

}  // namespace piggy
