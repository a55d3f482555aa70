#include "contact/identifier.h"

#include "event/event.h"

namespace piggy {
namespace {

constexpr std::string_view select_identifier = R"sql(
  SELECT id, value, name, active, contact_id FROM contact_identifier
  WHERE account_id = $1 AND value = $2
)sql";

constexpr std::string_view insert_identifier = R"sql(
  INSERT INTO contact_identifier (account_id, id, value, name, active, contact_id, is_default,
                                  created_at)
  VALUES ($1, $2, $3, $4, 1, $5, $6, $7)
)sql";

constexpr std::string_view set_link = R"sql(
  UPDATE contact_identifier SET contact_id = $3, name = $4, is_default = $5
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view clear_link = R"sql(
  UPDATE contact_identifier SET contact_id = NULL, is_default = 0
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view set_name = R"sql(
  UPDATE contact_identifier SET name = $3, active = $4 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view delete_row = R"sql(
  DELETE FROM contact_identifier WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_of_contact = R"sql(
  SELECT name, value, active, is_default FROM contact_identifier
  WHERE account_id = $1 AND contact_id = $2 ORDER BY id
)sql";

constexpr std::string_view count_of_contact = R"sql(
  SELECT COUNT(*) FROM contact_identifier WHERE account_id = $1 AND contact_id = $2
)sql";

// The first one of a contact is its default.
Result<bool> is_first(Transaction& transaction, const ContactRow& contact) {
  return TRY(transaction.one<std::int64_t>(count_of_contact, {contact.id})) == 0;
}

}  // namespace

Result<IdentifierRow> any_identifier_of(Transaction& transaction, std::string_view value) {
  auto identifier = TRY(transaction.first<IdentifierRow>(select_identifier, {value}));
  if (!identifier) return identifier_not_found();
  return *std::move(identifier);
}

Result<IdentifierRow> make_identifier(Call& call, std::string_view value, std::string_view name,
                                      const ContactRow* contact) {
  Transaction& transaction = call.transaction;
  if (TRY(transaction.first<IdentifierRow>(select_identifier, {value}))) {
    return refuse(ErrorCode::conflict, 60006, "Contact identifier already exists.");
  }
  IdentifierRow made{.id = transaction.next_id(),
                     .value = std::string(value),
                     .name = std::string(name.empty() ? value : name)};
  bool first = false;
  if (contact) {
    made.contact_id = contact->id;
    first = TRY(is_first(transaction, *contact));
  }
  TRY(transaction.run(insert_identifier,
                      {made.id, made.value, made.name, made.contact_id, first, transaction.now()}));
  call.changes("contact identifier " + made.value, nullptr,
               contact ? "linked to " + contact->email : "created");
  Value about = Value::object({{"name", made.name}, {"value", made.value}, {"active", true}});
  Uuid subject;
  if (contact) {
    subject = contact->uuid;
    about.set("contact",
              Value::object({{"uuid", to_string(contact->uuid)}, {"email", contact->email}}));
  }
  TRY(emit(transaction, "contact_identifier_created", subject,
           Value::object({{"contact_identifier", std::move(about)}})));
  return made;
}

Result<> link_identifier(Call& call, const IdentifierRow& identifier, const ContactRow& contact) {
  bool first = TRY(is_first(call.transaction, contact));
  TRY(call.transaction.run(set_link, {identifier.id, contact.id, identifier.name, first}));
  call.changes("contact of identifier " + identifier.value, nullptr, contact.email);
  return {};
}

Result<> unlink_identifier(Call& call, const IdentifierRow& identifier) {
  TRY(call.transaction.run(clear_link, {identifier.id}));
  call.changes("contact of identifier " + identifier.value, "linked", nullptr);
  return {};
}

Result<> update_identifier(Call& call, const IdentifierRow& before, const IdentifierRow& after) {
  TRY(call.transaction.run(set_name, {after.id, after.name, after.active}));
  if (before.name != after.name) {
    call.changes("name of identifier " + after.value, before.name, after.name);
  }
  if (before.active != after.active) {
    call.changes("identifier " + after.value + " is active", before.active, after.active);
  }
  return {};
}

Result<> delete_identifier(Call& call, const IdentifierRow& identifier) {
  TRY(call.transaction.run(delete_row, {identifier.id}));
  call.changes("contact identifier " + identifier.value, identifier.name, nullptr);
  return {};
}

Result<std::vector<IdentifierOfContact>> identifiers_of(Transaction& transaction,
                                                        const ContactRow& contact) {
  return transaction.all<IdentifierOfContact>(select_of_contact, {contact.id});
}

}  // namespace piggy
