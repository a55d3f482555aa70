#include "order/imported_order.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "loyalty/amount.h"
#include "shape/read.h"

namespace piggy {
namespace {

constexpr std::int64_t quantity_max = 1'000'000;
constexpr double price_max = 1'000'000;
constexpr std::int64_t line_amount_max = 10'000'000 * micros_per_one;

constexpr std::string_view sentences[skip_reasons] = {
    "an adjustment, not an order",
    "no customer (a guest)",
    "the customer cannot be made into a contact",
    "no stock code",
    "the quantity of an order is not positive",
    "the quantity of a cancellation is not negative",
    "the price is zero",
    "the price is negative",
    "the quantity or price is absurd",
    "it would earn more credits than the programme allows at once",
    "cancels nothing on record",
    "the balance does not cover the cancellation",
};

}  // namespace

std::string_view sentence_of(SkipReason reason) {
  return sentences[static_cast<std::size_t>(reason)];
}

std::string address_of(std::string_view customer) {
  if (customer.find('@') != std::string_view::npos) return std::string(customer);
  return std::string(customer) + "@example.com";
}

std::int64_t amount_of(const OrderLine& line) {
  return std::abs(line.quantity) * micros_of(line.unit_price);
}

std::optional<SkipReason> why_skipped(const StoreOrder& order, const OrderLine& line) {
  if (order.is_adjustment()) return SkipReason::adjustment;
  if (!order.customer || order.customer->empty()) return SkipReason::no_customer;
  if (!is_email(address_of(*order.customer))) return SkipReason::unusable_customer;
  if (line.stock_code.empty()) return SkipReason::no_stock_code;
  if (!order.is_cancellation() && line.quantity <= 0) return SkipReason::quantity_not_positive;
  if (order.is_cancellation() && line.quantity >= 0) return SkipReason::quantity_not_negative;
  if (line.unit_price < 0) return SkipReason::negative_price;
  if (line.unit_price > price_max || std::abs(line.quantity) > quantity_max)
    return SkipReason::absurd_value;
  if (micros_of(line.unit_price) == 0) return SkipReason::no_price;
  if (amount_of(line) > line_amount_max) return SkipReason::absurd_value;
  return std::nullopt;
}

void SkipCount::add(const SkipCount& other) {
  for (std::size_t i = 0; i < skip_reasons; i++) counts_[i] += other.counts_[i];
}

std::int64_t SkipCount::total() const {
  return std::accumulate(std::begin(counts_), std::end(counts_), std::int64_t{0});
}

std::vector<SkippedLines> SkipCount::listed() const {
  std::vector<SkippedLines> listed;
  for (std::size_t i = 0; i < skip_reasons; i++) {
    if (counts_[i] == 0) continue;
    listed.push_back({.reason = std::string(sentences[i]), .lines = counts_[i]});
  }
  return listed;
}

Value SkipCount::stored() const {
  Value stored = Value::object();
  for (const SkippedLines& skipped : listed()) stored.set(skipped.reason, skipped.lines);
  return stored;
}

SkipCount SkipCount::from(const Value& stored) {
  SkipCount count;
  for (std::size_t i = 0; i < skip_reasons; i++) {
    const Value* lines = stored.find(sentences[i]);
    if (lines && lines->integer()) count.counts_[i] = *lines->integer();
  }
  return count;
}

void OrderLine::describe(Fields<OrderLine>& field) {
  field("line", &OrderLine::line, "Where it stands in the source, to find it again.", {.min = 0});
  field("stock_code", &OrderLine::stock_code, "The product, by the store's own code.",
        {.max = 200, .untrusted = true});
  field("description", &OrderLine::description, "The product's name.",
        {.max = 2000, .untrusted = true});
  field("quantity", &OrderLine::quantity, "How many; negative on a cancellation.");
  field("unit_price", &OrderLine::unit_price, "The price of one, in major units such as 2.55.");
}

void StoreOrder::describe(Fields<StoreOrder>& field) {
  field("number", &StoreOrder::number,
        "The order's number, unique in its source. C… cancels, A… adjusts the books.",
        {.min = 1, .max = 100});
  field("ordered_at", &StoreOrder::ordered_at, "When it was ordered.");
  field("customer", &StoreOrder::customer,
        "The store's number for the customer, or an e-mail address; none for a guest.",
        {.max = 200, .untrusted = true});
  field("country", &StoreOrder::country, "Where it went.", {.max = 200, .untrusted = true});
  field("lines", &StoreOrder::lines, "What was ordered.", {.min = 1, .max = 5000});
}

}  // namespace piggy
