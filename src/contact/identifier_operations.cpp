#include "contact/identifier_operations.h"

#include "contact/identifier.h"

namespace piggy {
namespace {

Result<ContactIdentifier> shown(Transaction& transaction, const IdentifierRow& row) {
  ContactIdentifier identifier{.name = row.name, .value = row.value, .active = row.active};
  if (row.contact_id) {
    identifier.contact = reference_to(TRY(contact_by_id(transaction, *row.contact_id)));
  }
  return identifier;
}

}  // namespace

Result<ListContactIdentifiers::Output> ListContactIdentifiers::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  Output output;
  for (IdentifierOfContact& row : TRY(identifiers_of(call.transaction, contact))) {
    output.identifiers.push_back({.name = std::move(row.name),
                                  .value = std::move(row.value),
                                  .active = row.active,
                                  .is_default = row.is_default,
                                  .contact = reference_to(contact)});
  }
  return output;
}

Result<ContactIdentifier> FindContactIdentifier::run(Call& call, const Input& input) {
  IdentifierRow row = TRY(identifier_of(call.transaction, input.contact_identifier_value));
  return shown(call.transaction, row);
}

Result<ContactIdentifier> CreateContactIdentifier::run(Call& call, const Input& input) {
  std::optional<ContactRow> contact;
  if (input.contact_uuid) contact = TRY(contact_of(call.transaction, *input.contact_uuid));
  IdentifierRow made = TRY(make_identifier(call, input.contact_identifier_value,
                                           input.contact_identifier_name.value_or(""),
                                           contact ? &*contact : nullptr));
  return shown(call.transaction, made);
}

Result<ContactIdentifier> UpdateContactIdentifiers::run(Call& call, const Input& input) {
  IdentifierRow before = TRY(any_identifier_of(call.transaction, input.contact_identifier_value));
  IdentifierRow after = before;
  after.name = input.contact_identifier_name.value_or(before.name);
  after.active = input.contact_identifier_active.value_or(before.active);
  TRY(update_identifier(call, before, after));
  return shown(call.transaction, after);
}

Result<ContactIdentifier> LinkContactIdentifier::run(Call& call, const Input& input) {
  IdentifierRow row = TRY(identifier_of(call.transaction, input.contact_identifier_value));
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  if (row.contact_id) return identifier_linked();
  TRY(link_identifier(call, row, contact));
  row.contact_id = contact.id;
  return shown(call.transaction, row);
}

Result<ContactIdentifier> UnlinkContactIdentifier::run(Call& call, const Input& input) {
  IdentifierRow row = TRY(identifier_of(call.transaction, input.contact_identifier_value));
  if (row.contact_id) TRY(unlink_identifier(call, row));
  row.contact_id.reset();
  return shown(call.transaction, row);
}

// The answer is the identifier as it was left, and not null: two of the official clients read one
// (piggy-api-v3, section 18.6).
Result<ContactIdentifier> DeleteContactIdentifier::run(Call& call, const Input& input) {
  IdentifierRow row = TRY(any_identifier_of(call.transaction, input.contact_identifier_value));
  TRY(delete_identifier(call, row));
  return ContactIdentifier{.name = row.name, .value = row.value, .active = false};
}

}  // namespace piggy
