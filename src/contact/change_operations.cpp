#include "contact/change_operations.h"

#include <fmt/format.h>

#include "base/lower_case.h"
#include "contact/contact_change.h"
#include "contact/operations.h"
#include "ledger/ledger.h"
#include "operation/numbers.h"
#include "schedule/job.h"
#include "shape/read.h"

namespace piggy {
namespace {

// Who may not set an address still sends it along; only one that differs is an attempt to change
// it.
Result<bool> change_given_address(Call& call, ContactRecord& record, const Value& values) {
  const Value* email = values.find("email");
  if (!email || !email->text() || email->text()->empty()) return false;
  std::string address = lower_case(*email->text());
  if (address == record.email) return false;
  if (!is_email(address)) {
    return fail_field("/attributes/email", "The email must be a valid email address.");
  }
  return change_address(call, record, address);
}

// Checks one contact of an import as the job will meet it.
Result<> check_imported(const ContactSheet& sheet, const ImportedContact& contact,
                        const std::string& path, Time now) {
  Value values = Value::object();
  for (const ImportedAttribute& attribute :
       contact.custom_attributes.value_or(std::vector<ImportedAttribute>())) {
    values.set(attribute.name, attribute.value);
  }
  TRY(accept_attributes(sheet, values, path + "/custom_attributes", now));
  for (const ImportedSubscription& said :
       contact.subscription_types.value_or(std::vector<ImportedSubscription>())) {
    bool known = std::any_of(sheet.types.begin(), sheet.types.end(),
                             [&](const SubscriptionType& type) { return type.uuid == said.uuid; });
    if (!known) return refuse(ErrorCode::not_found, 55030, "Subscription type not found.");
  }
  return {};
}

}  // namespace

Result<Contact> UpdateContact::run(Call& call, const Input& input) {
  if (!input.attributes || input.attributes->is_null()) {
    return fail_field("/attributes", "The attributes field is required.");
  }
  const Value& values = *input.attributes;
  bool empty_list = values.items() && values.items()->empty();  // How PHP writes an empty object.
  if (!values.members() && !empty_list) {
    return fail_field("/attributes", "The attributes must be an object.");
  }
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  ContactRecord record = TRY(contact_record(call.transaction, contact.id));
  ContactSheet sheet = TRY(contact_sheet(call));
  auto changes = TRY(accept_attributes(sheet, values, "/attributes", call.now()));
  bool moved = TRY(change_given_address(call, record, values));
  TRY(change_contact(call, record, changes, "/attributes", moved));
  auto shown = TRY(show_contacts(call, sheet, {std::move(record)}));
  return std::move(shown.front());
}

Result<Empty> DeleteContact::run(Call& call, const Input& input) {
  ContactRow contact = TRY(contact_of(call.transaction, input.contact_uuid));
  Value payload =
      Value::object({{"contact", to_string(contact.uuid)}, {"type", word_of(input.type)}});
  TRY(add_job(call.transaction, delete_contact_kind, payload));
  if (call.dry_run) {
    call.changes("contact " + contact.email, "there", "deleted within minutes, for good");
    call.changes("credit balance of " + contact.email,
                 TRY(balance_of(call.transaction, contact.id)), 0);
  }
  return Empty{};
}

Result<Contact> ClaimAnonymousContact::run(const ContactMoves& moves, Call& call,
                                           const Input& input) {
  ContactRow anonymous = TRY(contact_of(call.transaction, input.anonymous_contact_uuid));
  if (!anonymous.is_anonymous) {
    return refuse(ErrorCode::conflict, 60016, "Contact not anonymous.");
  }
  if (auto existing = TRY(contact_by_email(call.transaction, input.email))) {
    if (existing->id == anonymous.id) return contact_exists();
    call.changes("contact " + anonymous.email, "there", "joined into " + existing->email);
    TRY(join_contacts(call.transaction, anonymous, *existing, moves));
    return show_contact(call, existing->id);
  }
  ContactRecord record = TRY(contact_record(call.transaction, anonymous.id));
  bool moved = TRY(change_address(call, record, input.email));
  TRY(change_contact(call, record, {}, "", moved));
  return show_contact(call, record.id);
}

Result<Empty> MergeContacts::run(Call& call, const Input& input) {
  if (input.source_contact_uuid == input.destination_contact_uuid) {
    return fail_field("/destination_contact_uuid",
                      "The destination_contact_uuid must be another contact than the source.");
  }
  ContactRow source = TRY(contact_of(call.transaction, input.source_contact_uuid));
  ContactRow destination = TRY(contact_of(call.transaction, input.destination_contact_uuid));
  Value payload = Value::object(
      {{"source", to_string(source.uuid)}, {"destination", to_string(destination.uuid)}});
  TRY(add_job(call.transaction, merge_contacts_kind, payload));
  if (call.dry_run) {
    std::int64_t moving = TRY(balance_of(call.transaction, source.id));
    std::int64_t held = TRY(balance_of(call.transaction, destination.id));
    call.changes("contact " + source.email, "there", "joined into " + destination.email);
    call.changes("credit balance of " + destination.email, held, held + moving);
  }
  return Empty{};
}

Result<ImportContacts::Output> ImportContacts::run(Call& call, const Input& input) {
  ContactSheet sheet = TRY(contact_sheet(call));
  Value contacts = Value::list();
  for (std::size_t i = 0; i < input.contacts.size(); i++) {
    const ImportedContact& contact = input.contacts[i];
    TRY(check_imported(sheet, contact, fmt::format("/contacts/{}", i), call.now()));
    contacts.push(TRY(parse_json(to_json(contact))));
  }
  TRY(add_job(call.transaction, import_contacts_kind, Value::object({{"contacts", contacts}})));
  call.changes("contacts made or updated", 0, static_cast<std::int64_t>(input.contacts.size()));
  return Output{};
}

}  // namespace piggy
