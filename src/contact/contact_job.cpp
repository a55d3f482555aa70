// The jobs of contacts. Each begins by looking whether there still is anything to do, so that a
// second run does no harm.

#include "contact/attribute_value.h"
#include "contact/change_operations.h"
#include "contact/contact_change.h"
#include "contact/operations.h"
#include "contact/search_words.h"
#include "contact/subscription_operations.h"
#include "event/event.h"
#include "ledger/ledger.h"
#include "operation/numbers.h"
#include "shape/read.h"
#include "tier/move.h"

namespace piggy {
namespace {

constexpr std::string_view empty_contact = R"sql(
  UPDATE contact SET email = $3, is_anonymous = 1, status = 'DELETED', attributes = '{}',
                     updated_at = $4
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view delete_unique_value = R"sql(
  DELETE FROM attribute_unique_value
  WHERE account_id = $1 AND attribute_id = $2 AND value = $3 AND contact_id = $4
)sql";

constexpr std::string_view delete_identifiers = R"sql(
  DELETE FROM contact_identifier WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view delete_subscriptions = R"sql(
  DELETE FROM subscription WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view delete_verifications = R"sql(
  DELETE FROM verification WHERE account_id = $1 AND email = $2
)sql";

Uuid uuid_in(const Value& payload, std::string_view name) {
  return parse_uuid(payload.text_of(name)).value_or(Uuid{});
}

// Nothing, when it is gone already.
Result<std::optional<ContactRow>> contact_if_there(Transaction& transaction, const Uuid& uuid) {
  auto contact = contact_of(transaction, uuid);
  if (contact) return *std::move(contact);
  if (contact.error().code == ErrorCode::not_found) return std::nullopt;
  return std::unexpected(std::move(contact).error());
}

Result<> expire_credits(Transaction& transaction, const ContactRow& contact) {
  std::int64_t balance = TRY(balance_of(transaction, contact.id));
  if (balance == 0) return {};
  std::int64_t expiry = TRY(programme_account(transaction, LedgerAccountKind::expiry));
  TRY(transfer(transaction, {.from = contact.id,
                             .to = expiry,
                             .amount = balance,
                             .kind = TransferKind::expiry,
                             .transfer_id = contact.id}));
  return {};
}

Result<> forget_unique_values(Transaction& transaction, const ContactRecord& record) {
  for (const auto& attribute : TRY(custom_attributes(transaction, AttributeEntity::contact))) {
    const Value* value = record.attributes.find(attribute.name);
    if (!value || !attribute.has_unique_value) continue;
    TRY(transaction.run(delete_unique_value,
                        {attribute.id, printed_value(attribute, *value), record.id}));
  }
  return {};
}

Result<> import_one(Call& call, const ContactSheet& sheet, const ImportedContact& imported) {
  auto found = TRY(contact_by_email(call.transaction, imported.email));
  ContactRow contact;
  if (found) {
    contact = *found;
  } else {
    contact = TRY(make_contact(call.transaction, {.email = imported.email, .channel = "IMPORT"}));
  }
  ContactRecord record = TRY(contact_record(call.transaction, contact.id));
  for (const ImportedAttribute& attribute :
       imported.custom_attributes.value_or(std::vector<ImportedAttribute>())) {
    // The call checked all of this; what no longer fits since then is left out, not the contact.
    Value value = Value::object({{attribute.name, attribute.value}});
    auto changes = accept_attributes(sheet, value, "", call.now());
    if (!changes || changes->empty()) continue;
    auto changed = change_contact(call, record, *changes, "");
    if (!changed && changed.error().code != ErrorCode::invalid) return changed;
  }
  for (const ImportedSubscription& said :
       imported.subscription_types.value_or(std::vector<ImportedSubscription>())) {
    for (const SubscriptionType& type : sheet.types) {
      if (type.uuid != said.uuid) continue;
      TRY(said.enroll ? subscribe(call, contact, type) : unsubscribe(call, contact, type));
    }
  }
  return {};
}

}  // namespace

Result<> merge_contacts_job(const ContactMoves& moves, Call& call, const JobRow& job) {
  auto source = TRY(contact_if_there(call.transaction, uuid_in(job.payload, "source")));
  if (!source) return {};
  ContactRow destination = TRY(contact_of(call.transaction, uuid_in(job.payload, "destination")));
  return join_contacts(call.transaction, *source, destination, moves);
}

Result<> delete_contact_job(const ContactErasures& erasures, Call& call, const JobRow& job) {
  Transaction& transaction = call.transaction;
  auto contact = TRY(contact_if_there(transaction, uuid_in(job.payload, "contact")));
  if (!contact) return {};
  ContactRecord record = TRY(contact_record(transaction, contact->id));
  TRY(expire_credits(transaction, *contact));
  TRY(forget_unique_values(transaction, record));
  for (const ContactErasure& erase : erasures) TRY(erase(transaction, *contact));
  TRY(remove_search_words(transaction, contact->id));
  TRY(leave_tier(transaction, contact->id));
  TRY(transaction.run(delete_identifiers, {contact->id}));
  TRY(transaction.run(delete_subscriptions, {contact->id}));
  TRY(transaction.run(delete_verifications, {contact->email}));
  std::string nobody = to_string(contact->uuid) + "@deleted.invalid";
  TRY(transaction.run(empty_contact, {contact->id, nobody, transaction.now()}));
  if (job.payload.text_of("type") == "GDPR") {
    TRY(forget_named(transaction, contact->uuid, contact->id));
  }
  return {};
}

Result<> import_contacts_job(Call& call, const JobRow& job) {
  auto input = TRY(read<ImportContacts::Input>(job.payload, Reading::lenient));
  ContactSheet sheet = TRY(contact_sheet(call));
  for (const ImportedContact& contact : input.contacts) TRY(import_one(call, sheet, contact));
  return {};
}

}  // namespace piggy
