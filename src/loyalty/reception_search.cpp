#include <fmt/format.h>

#include "loyalty/reception.h"
#include "operation/numbers.h"

// Looking up receptions that are stored.

namespace piggy {
namespace {

constexpr std::string_view stored_columns = R"sql(
  SELECT r.id, r.uuid, r.contact_id, r.shop_id, r.credits, r.balance_after, r.unit_id, r.unit_value,
         r.channel, r.attributes, r.reverses, r.source, r.created_at, c.uuid, c.email, s.uuid,
         s.name, s.type, i.id, i.name, i.value, i.active)sql";

constexpr std::string_view what_they_name = R"sql(
  JOIN shop s ON s.account_id = $1 AND s.id = r.shop_id
  LEFT JOIN contact c ON c.account_id = $1 AND c.id = r.contact_id
  LEFT JOIN contact_identifier i ON i.account_id = $1 AND i.id = r.contact_identifier_id)sql";

// There is no index of a contact's receptions: every reception would have to write into it at some
// other place. The contact's entries in the ledger lead to them.
constexpr std::string_view receptions_of_history = R"sql(
  JOIN credit_reception r
    ON r.account_id = $1 AND r.id = h.transfer_id AND h.kind IN ('reception', 'reversal', 'redemption'))sql";

constexpr std::string_view select_reversal = R"sql(
  SELECT id FROM credit_reception WHERE account_id = $1 AND reverses = $2
)sql";

constexpr std::string_view select_evaluation = R"sql(
  SELECT evaluation FROM credit_reception WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view move_to_contact = R"sql(
  UPDATE credit_reception SET contact_id = $3
  WHERE account_id = $1 AND id IN (
    SELECT h.transfer_id FROM history h WHERE h.kind IN ('reception', 'reversal', 'redemption'))
)sql";

}  // namespace

Result<StoredReception> reception_of(Transaction& transaction, const Uuid& uuid) {
  static const std::string select =
      fmt::format("{} FROM credit_reception r {} WHERE r.account_id = $1 AND r.uuid = $2",
                  stored_columns, what_they_name);
  auto stored = TRY(transaction.first<StoredReception>(select, {uuid}));
  if (!stored) return refuse(ErrorCode::not_found, 1028, "Credit reception not found.");
  return *std::move(stored);
}

Result<bool> is_reversed(Transaction& transaction, std::int64_t reception_id) {
  return TRY(transaction.first<std::int64_t>(select_reversal, {reception_id})).has_value();
}

Result<Value> evaluation_of(Transaction& transaction, std::int64_t reception_id) {
  return transaction.one<Value>(select_evaluation, {reception_id});
}

Result<FoundReceptions> find_receptions(Transaction& transaction, const ReceptionFilter& filter) {
  std::string with;
  std::string from = "FROM credit_reception r";
  std::string where = " WHERE r.account_id = $1";
  std::vector<Parameter> parameters;
  auto add = [&](std::string_view condition, Parameter parameter) {
    parameters.push_back(std::move(parameter));
    where += fmt::format(" AND r.{} ${}", condition, parameters.size() + 1);
  };
  if (filter.contact_id) {
    with = with_history;
    from = fmt::format("FROM history h {}", receptions_of_history);
    parameters.emplace_back(TRY(newest_entry_of(transaction, *filter.contact_id)));
  }
  if (filter.shop_id) add("shop_id =", *filter.shop_id);
  if (filter.from) add("created_at >=", *filter.from);
  if (filter.until) add("created_at <", *filter.until);

  FoundReceptions found;
  std::string count = fmt::format("{} SELECT count(*) {}{}", with, from, where);
  found.total = TRY(transaction.all<std::int64_t>(count, parameters)).at(0);
  // Ids grow with time, so their order is the order of created_at.
  std::string select =
      fmt::format("{}{} {}{}{} ORDER BY r.id {} LIMIT ${} OFFSET ${}", with, stored_columns, from,
                  what_they_name, where, filter.oldest_first ? "" : "DESC", parameters.size() + 2,
                  parameters.size() + 3);
  parameters.push_back(filter.limit);
  parameters.push_back(filter.offset);
  found.receptions = TRY(transaction.all<StoredReception>(select, parameters));
  return found;
}

Result<> move_receptions(Transaction& transaction, const ContactRow& source,
                         const ContactRow& destination) {
  static const std::string move = fmt::format("{}{}", with_history, move_to_contact);
  TRY(transaction.run(move, {TRY(newest_entry_of(transaction, source.id)), destination.id}));
  return {};
}

}  // namespace piggy
