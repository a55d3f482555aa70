#include <fmt/format.h>

#include "loyalty/reception.h"
#include "operation/numbers.h"

// Looking up receptions that are stored.

namespace piggy {
namespace {

constexpr std::string_view select_receptions = R"sql(
  SELECT r.id, r.uuid, r.contact_id, r.shop_id, r.credits, r.balance_after, r.unit_id, r.unit_value,
         r.channel, r.attributes, r.reverses, r.source, r.created_at, c.uuid, c.email, s.uuid,
         s.name, s.type, i.id, i.name, i.value, i.active
  FROM credit_reception r
  JOIN shop s ON s.account_id = $1 AND s.id = r.shop_id
  LEFT JOIN contact c ON c.account_id = $1 AND c.id = r.contact_id
  LEFT JOIN contact_identifier i ON i.account_id = $1 AND i.id = r.contact_identifier_id
  WHERE r.account_id = $1)sql";

constexpr std::string_view count_receptions =
    "SELECT count(*) FROM credit_reception r WHERE r.account_id = $1";

constexpr std::string_view select_reversal = R"sql(
  SELECT id FROM credit_reception WHERE account_id = $1 AND reverses = $2
)sql";

constexpr std::string_view select_evaluation = R"sql(
  SELECT evaluation FROM credit_reception WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view update_contact = R"sql(
  UPDATE credit_reception SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

}  // namespace

Result<StoredReception> reception_of(Transaction& transaction, const Uuid& uuid) {
  static const std::string select = std::string(select_receptions) + " AND r.uuid = $2";
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
  std::string where;
  std::vector<Parameter> parameters;
  auto add = [&](std::string_view condition, Parameter parameter) {
    parameters.push_back(std::move(parameter));
    where += fmt::format(" AND r.{} ${}", condition, parameters.size() + 1);
  };
  if (filter.contact_id) add("contact_id =", *filter.contact_id);
  if (filter.shop_id) add("shop_id =", *filter.shop_id);
  if (filter.after) add("created_at >", *filter.after);
  if (filter.at_or_after) add("created_at >=", *filter.at_or_after);
  if (filter.before) add("created_at <", *filter.before);
  if (filter.at_or_before) add("created_at <=", *filter.at_or_before);

  FoundReceptions found;
  std::string count = std::string(count_receptions) + where;
  found.total = TRY(transaction.all<std::int64_t>(count, parameters)).at(0);
  // Ids grow with time, so their order is the order of created_at.
  std::string select =
      fmt::format("{}{} ORDER BY r.id {} LIMIT ${} OFFSET ${}", select_receptions, where,
                  filter.oldest_first ? "" : "DESC", parameters.size() + 2, parameters.size() + 3);
  parameters.push_back(filter.limit);
  parameters.push_back(filter.offset);
  found.receptions = TRY(transaction.all<StoredReception>(select, parameters));
  return found;
}

Result<> move_receptions(Transaction& transaction, const ContactRow& source,
                         const ContactRow& destination) {
  TRY(transaction.run(update_contact, {source.id, destination.id}));
  return {};
}

}  // namespace piggy
