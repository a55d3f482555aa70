#pragma once

// Orders as a store's own records have them, and what of them can be booked.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "shape/shape.h"

namespace piggy {

struct OrderLine {
  std::int64_t line = 0;
  std::string stock_code = {};
  std::string description = {};
  std::int64_t quantity = 0;
  double unit_price = 0;

  static void describe(Fields<OrderLine>& field);
};

struct StoreOrder {
  std::string number = {};
  Time ordered_at = {};
  std::optional<std::string> customer = {};
  std::optional<std::string> country = {};
  std::vector<OrderLine> lines = {};

  static void describe(Fields<StoreOrder>& field);

  bool is_cancellation() const { return number.starts_with('C'); }
  bool is_adjustment() const { return number.starts_with('A'); }
};

// Why a line is left out. In this order: the first that fits is told.
enum class SkipReason {
  adjustment,
  no_customer,
  unusable_customer,
  no_stock_code,
  quantity_not_positive,
  quantity_not_negative,
  no_price,
  negative_price,
  absurd_value,
  too_many_credits,
  cancels_nothing,
  not_covered,
};
inline constexpr std::size_t skip_reasons = 12;
std::string_view sentence_of(SkipReason reason);

// Why this line cannot be booked, as far as the order itself tells.
std::optional<SkipReason> why_skipped(const StoreOrder& order, const OrderLine& line);

// The contact's address: the customer itself if it is one, otherwise made under a domain that is
// reserved for examples.
std::string address_of(std::string_view customer);

// In millionths of the currency, exact; without a sign.
std::int64_t amount_of(const OrderLine& line);

struct SkippedLines {
  std::string reason = {};
  std::int64_t lines = 0;

  static void describe(Fields<SkippedLines>& field) {
    field("reason", &SkippedLines::reason, "Why they were left out.");
    field("lines", &SkippedLines::lines, "How many lines.");
  }
};

// Counts by reason.
class SkipCount {
 public:
  void add(SkipReason reason, std::int64_t lines = 1) {
    counts_[static_cast<std::size_t>(reason)] += lines;
  }
  void add(const SkipCount& other);
  std::int64_t total() const;
  std::vector<SkippedLines> listed() const;  // Those above zero.
  Value stored() const;                      // As imported_order keeps it.
  static SkipCount from(const Value& stored);

 private:
  std::int64_t counts_[skip_reasons] = {};
};

}  // namespace piggy
