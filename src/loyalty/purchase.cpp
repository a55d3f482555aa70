#include "loyalty/purchase.h"

namespace piggy {
namespace {

constexpr std::string_view select_purchases = R"sql(
  SELECT contact_id, created_at FROM credit_reception
  WHERE account_id = $1 AND unit_value IS NOT NULL AND reverses IS NULL AND source IS NULL
  ORDER BY id
)sql";

}  // namespace

Result<> each_purchase(Transaction& transaction,
                       const std::function<void(std::int64_t, Time)>& sink) {
  return transaction.each(select_purchases, {},
                          [&](const Row& row) { sink(row.integer(0), Time{row.integer(1)}); });
}

}  // namespace piggy
