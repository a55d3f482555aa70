#include "order/revenue.h"

namespace piggy {
namespace {

constexpr std::string_view select_orders = R"sql(
  SELECT ordered_at, amount_in_cents, coalesce(contact_id, 0) FROM imported_order
  WHERE account_id = $1 AND lines_booked > 0
)sql";

}  // namespace

Result<> each_order(Transaction& transaction, const std::function<void(const PlacedOrder&)>& sink) {
  return transaction.each(select_orders, {}, [&](const Row& row) {
    sink({.ordered_at = {row.integer(0)},
          .amount_in_cents = row.integer(1),
          .contact_id = row.integer(2)});
  });
}

}  // namespace piggy
