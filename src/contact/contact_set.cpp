#include "contact/contact_set.h"

#include <fmt/format.h>

namespace piggy {
namespace {

std::vector<Parameter> parameters_of(const std::vector<std::int64_t>& ids) {
  ASSERT(ids.size() <= contacts_at_once);
  return {ids.begin(), ids.end()};
}

}  // namespace

std::string padded_places(std::size_t first, std::vector<Parameter>& values) {
  ASSERT(!values.empty());
  std::size_t count = 1;
  for (std::size_t length : {std::size_t(20), contacts_at_once}) {
    if (values.size() > count) count = length;
  }
  while (values.size() < count) values.push_back(values.back());
  std::string text;
  for (std::size_t i = 0; i < values.size(); i++) {
    text += fmt::format("{}${}", i ? ", " : "", first + i);
  }
  return text;
}

Result<std::vector<ContactRow>> contacts_by_ids(Transaction& transaction,
                                                const std::vector<std::int64_t>& ids) {
  if (ids.empty()) return std::vector<ContactRow>();
  std::vector<Parameter> parameters = parameters_of(ids);
  std::string places = padded_places(2, parameters);
  std::string sql = fmt::format(
      "SELECT id, uuid, email, is_anonymous FROM contact WHERE account_id = $1 AND id IN ({}) "
      "ORDER BY id",
      places);
  return transaction.all<ContactRow>(sql, parameters);
}

Result<std::vector<SubscriptionRow>> subscriptions_of(Transaction& transaction,
                                                      const std::vector<std::int64_t>& contact_ids,
                                                      std::int64_t subscription_type_id) {
  if (contact_ids.empty()) return std::vector<SubscriptionRow>();
  std::vector<Parameter> parameters = parameters_of(contact_ids);
  std::string places = padded_places(3, parameters);
  parameters.insert(parameters.begin(), Parameter(subscription_type_id));
  std::string sql = fmt::format(
      "SELECT contact_id, subscription_type_id, status FROM subscription "
      "WHERE account_id = $1 AND subscription_type_id = $2 AND contact_id IN ({})",
      places);
  return transaction.all<SubscriptionRow>(sql, parameters);
}

}  // namespace piggy
