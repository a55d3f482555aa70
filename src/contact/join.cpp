// Two contacts become one.

#include <map>

#include "contact/contact.h"
#include "contact/search_words.h"
#include "event/event.h"
#include "ledger/ledger.h"
#include "tier/tier.h"

namespace piggy {
namespace {

constexpr std::string_view select_attributes = R"sql(
  SELECT attributes FROM contact WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view update_attributes = R"sql(
  UPDATE contact SET attributes = $3, updated_at = $4 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_unique_attributes = R"sql(
  SELECT id, name FROM attribute
  WHERE account_id = $1 AND entity = 'contact' AND has_unique_value = 1
)sql";

constexpr std::string_view move_unique_values = R"sql(
  UPDATE attribute_unique_value SET contact_id = $4
  WHERE account_id = $1 AND attribute_id = $2 AND contact_id = $3
)sql";

constexpr std::string_view delete_unique_values = R"sql(
  DELETE FROM attribute_unique_value
  WHERE account_id = $1 AND attribute_id = $2 AND contact_id = $3
)sql";

constexpr std::string_view has_default_identifier = R"sql(
  SELECT COUNT(*) FROM contact_identifier
  WHERE account_id = $1 AND contact_id = $2 AND is_default = 1
)sql";

constexpr std::string_view lower_default_identifier = R"sql(
  UPDATE contact_identifier SET is_default = 0 WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view move_identifiers = R"sql(
  UPDATE contact_identifier SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view move_subscriptions = R"sql(
  UPDATE subscription SET contact_id = $3
  WHERE account_id = $1 AND contact_id = $2 AND subscription_type_id NOT IN (
    SELECT subscription_type_id FROM subscription WHERE account_id = $1 AND contact_id = $3)
)sql";

constexpr std::string_view delete_subscriptions = R"sql(
  DELETE FROM subscription WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view delete_verifications = R"sql(
  DELETE FROM verification WHERE account_id = $1 AND email = $2
)sql";

constexpr std::string_view delete_contact = R"sql(
  DELETE FROM contact WHERE account_id = $1 AND id = $2
)sql";

struct UniqueAttribute {
  std::int64_t id = 0;
  std::string name = {};
};

// The ledger account and the standing of the source stay behind, empty: history names them.
Result<> move_credits(Transaction& transaction, const ContactRow& source,
                      const ContactRow& destination) {
  std::int64_t balance = TRY(balance_of(transaction, source.id));
  // Also of nothing: the transfer joins the histories of the two.
  TRY(transfer(transaction, {.from = source.id,
                             .to = destination.id,
                             .amount = balance,
                             .kind = TransferKind::merge,
                             .transfer_id = source.id}));
  return merge_members(transaction, source.id, destination.id);
}

bool is_set(const Value* value) {
  return value && !value->is_null() && !(value->text() && value->text()->empty());
}

// What the destination says stands; what it leaves open the source fills.
Result<> fill_attributes(Transaction& transaction, const ContactRow& source,
                         const ContactRow& destination) {
  Value from = TRY(transaction.one<Value>(select_attributes, {source.id}));
  Value to = TRY(transaction.one<Value>(select_attributes, {destination.id}));
  auto uniques = TRY(transaction.all<UniqueAttribute>(select_unique_attributes));
  std::map<std::string_view, std::int64_t> unique;
  for (const UniqueAttribute& attribute : uniques) unique[attribute.name] = attribute.id;
  for (const Member& member : *from.members()) {
    bool fills = is_set(&member.value) && !is_set(to.find(member.name));
    if (fills) to.set(member.name, member.value);
    auto found = unique.find(member.name);
    if (found == unique.end()) continue;
    if (fills) {
      TRY(transaction.run(move_unique_values, {found->second, source.id, destination.id}));
    } else {
      TRY(transaction.run(delete_unique_values, {found->second, source.id}));
    }
  }
  TRY(transaction.run(update_attributes, {destination.id, to, transaction.now()}));
  return renew_search_words(transaction, destination, to);
}

Result<> move_identifiers_and_subscriptions(Transaction& transaction, const ContactRow& source,
                                            const ContactRow& destination) {
  if (TRY(transaction.one<std::int64_t>(has_default_identifier, {destination.id})) > 0) {
    TRY(transaction.run(lower_default_identifier, {source.id}));
  }
  TRY(transaction.run(move_identifiers, {source.id, destination.id}));
  TRY(transaction.run(move_subscriptions, {source.id, destination.id}));
  TRY(transaction.run(delete_subscriptions, {source.id}));
  return {};
}

}  // namespace

Result<> join_contacts(Transaction& transaction, const ContactRow& source,
                       const ContactRow& destination, const ContactMoves& moves) {
  ASSERT(source.id != destination.id);
  TRY(move_credits(transaction, source, destination));
  TRY(fill_attributes(transaction, source, destination));
  TRY(move_identifiers_and_subscriptions(transaction, source, destination));
  for (const ContactMove& move : moves) TRY(move(transaction, source, destination));
  TRY(transaction.run(delete_verifications, {source.email}));
  TRY(remove_search_words(transaction, source.id));
  TRY(transaction.run(delete_contact, {source.id}));
  Value about =
      Value::object({{"uuid", to_string(destination.uuid)}, {"email", destination.email}});
  return emit(transaction, "contact_updated", destination.uuid,
              Value::object({{"contact", std::move(about)}}));
}

}  // namespace piggy
