#include "contact/contact.h"

#include <fmt/format.h>

#include "base/lower_case.h"
#include "contact/search_words.h"
#include "event/event.h"
#include "ledger/ledger.h"
#include "operation/numbers.h"
#include "tier/tier.h"

namespace piggy {
namespace {

// A deleted contact keeps its row, emptied, so that what other modules still tell of it (a voucher,
// an order) has something to name. It is found by its number alone.
constexpr std::string_view select_by_uuid = R"sql(
  SELECT id, uuid, email, is_anonymous FROM contact
  WHERE account_id = $1 AND uuid = $2 AND status <> 'DELETED'
)sql";

constexpr std::string_view select_by_id = R"sql(
  SELECT id, uuid, email, is_anonymous FROM contact WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_by_email = R"sql(
  SELECT id, uuid, email, is_anonymous FROM contact
  WHERE account_id = $1 AND email = $2 AND status <> 'DELETED'
)sql";

constexpr AppendTable contact_table = {
    "contact",
    "account_id bigint, id bigint, uuid bytea, email text, is_anonymous bigint, channel text, "
    "status text, attributes text, created_at bigint, updated_at bigint"};

constexpr std::string_view select_identifier = R"sql(
  SELECT id, value, name, active, contact_id FROM contact_identifier
  WHERE account_id = $1 AND value = $2
)sql";

constexpr std::string_view select_identifier_by_id = R"sql(
  SELECT id, value, name, active, contact_id FROM contact_identifier
  WHERE account_id = $1 AND id = $2
)sql";

}  // namespace

Result<ContactRow> contact_of(Transaction& transaction, const Uuid& uuid) {
  auto contact = TRY(transaction.first<ContactRow>(select_by_uuid, {uuid}));
  if (!contact) return contact_not_found();
  return *std::move(contact);
}

Result<ContactRow> contact_by_id(Transaction& transaction, std::int64_t id) {
  auto contact = TRY(transaction.first<ContactRow>(select_by_id, {id}));
  if (!contact) return contact_not_found();
  return *std::move(contact);
}

Result<std::optional<ContactRow>> contact_by_email(Transaction& transaction,
                                                   std::string_view email) {
  return transaction.first<ContactRow>(select_by_email, {lower_case(email)});
}

Result<ContactRow> make_contact(Transaction& transaction, const NewContact& contact) {
  ContactRow row{.uuid = transaction.next_uuid(),
                 .email = lower_case(contact.email),
                 .is_anonymous = contact.is_anonymous};
  // The address of an anonymous contact can never receive mail (RFC 2606) and is never taken.
  if (row.email.empty() && row.is_anonymous) {
    row.email = to_string(row.uuid) + "@anonymous.invalid";
  } else if (TRY(contact_by_email(transaction, row.email))) {
    return contact_exists();
  }
  row.id = transaction.next_id();
  TRY(transaction.append(contact_table,
                         {row.id, row.uuid, row.email, row.is_anonymous, contact.channel, "ACTIVE",
                          "{}", transaction.now(), transaction.now()}));
  TRY(add_search_words(transaction, row));
  TRY(open_ledger_account(transaction, row.id, LedgerAccountKind::contact));
  TRY(open_member(transaction, row.id));
  Value about = Value::object({{"uuid", to_string(row.uuid)}, {"email", row.email}});
  TRY(emit(transaction, "contact_created", row.uuid,
           Value::object({{"contact", std::move(about)}})));
  return row;
}

Result<IdentifierRow> identifier_of(Transaction& transaction, std::string_view value) {
  auto identifier = TRY(transaction.first<IdentifierRow>(select_identifier, {value}));
  if (!identifier) return identifier_not_found();
  if (!identifier->active) return identifier_inactive();
  return *std::move(identifier);
}

Result<std::optional<IdentifierRow>> identifier_by_id(Transaction& transaction, std::int64_t id) {
  return transaction.first<IdentifierRow>(select_identifier_by_id, {id});
}

ContactReference reference_to(const ContactRow& contact) {
  return {.uuid = contact.uuid, .email = contact.email};
}

}  // namespace piggy
