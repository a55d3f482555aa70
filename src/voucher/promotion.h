#pragma once

// A promotion: the offer that vouchers are given out for, and how many of them there may be.

#include <string>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "operation/operation.h"
#include "operation/page.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(PromotionType, SINGLE_USE, MULTI_USE)

struct PromotionRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  std::string description = {};
  std::optional<std::int64_t> voucher_limit = {};
  std::optional<std::int64_t> limit_per_contact = {};
  std::optional<std::int64_t> expiration_duration = {};  // Seconds.
  PromotionType type = PromotionType::SINGLE_USE;
  std::int64_t redemptions_per_voucher = 1;
  Value attributes = Value::object();
};

// 80002 when there is none.
Result<PromotionRow> promotion_of(Transaction& transaction, const Uuid& uuid);
Result<PromotionRow> promotion_by_id(Transaction& transaction, std::int64_t id);
// Oldest first. Fills the total of `page`.
Result<std::vector<PromotionRow>> promotions_on(Transaction& transaction, Page& page);

// Mints id and uuid of the row.
Result<> make_promotion(Transaction& transaction, PromotionRow& promotion);

// How many vouchers the promotion has given out, those that a batch is about to make included.
Result<std::int64_t> vouchers_of_promotion(Transaction& transaction, std::int64_t promotion_id);

// Counts `quantity` more vouchers, all for `contact_id` if there is one. 80008 beyond the limits of
// the promotion, and then counts nothing.
Result<> count_vouchers(Transaction& transaction, const PromotionRow& promotion,
                        std::optional<std::int64_t> contact_id, std::int64_t quantity);
// Takes back the count of vouchers that never came to be.
Result<> uncount_vouchers(Transaction& transaction, std::int64_t promotion_id,
                          std::int64_t quantity);

}  // namespace piggy
