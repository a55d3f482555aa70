#include "order/order_book.h"

#include "loyalty/evaluation.h"
#include "order/share.h"

namespace piggy {
namespace {

constexpr std::string_view select_open_lines = R"sql(
  SELECT id, quantity, credits, cancelled_quantity, cancelled_credits FROM imported_line
  WHERE account_id = $1 AND contact_id = $2 AND product_id = $3 AND cancelled_quantity < quantity
  ORDER BY id DESC
)sql";

constexpr std::string_view update_line = R"sql(
  UPDATE imported_line SET cancelled_quantity = $3, cancelled_credits = $4
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view move_lines = R"sql(
  UPDATE imported_line SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr std::string_view move_orders = R"sql(
  UPDATE imported_order SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

constexpr AppendTable order_table = {
    "imported_order",
    "account_id bigint, id bigint, source text, number text, contact_id bigint, "
    "credit_reception_id bigint, amount_in_cents bigint, credits bigint, lines_booked bigint, "
    "skipped text, ordered_at bigint, created_at bigint"};

constexpr AppendTable line_table = {
    "imported_line",
    "account_id bigint, id bigint, order_id bigint, contact_id bigint, product_id bigint, "
    "quantity bigint, amount_in_cents bigint, credits bigint, cancelled_quantity bigint, "
    "cancelled_credits bigint"};

std::int64_t cents_of(std::int64_t micros) {
  return static_cast<std::int64_t>(rounded(micros, micros_per_one / 100, Rounding::nearest));
}

std::optional<std::int64_t> id_or_none(std::int64_t id) {
  if (id == 0) return std::nullopt;
  return id;
}

}  // namespace

Result<> OrderBook::book(const StoreOrder& order) {
  output_.lines_read += static_cast<std::int64_t>(order.lines.size());
  auto known = known_.find(order.number);
  if (known != known_.end()) {
    output_.orders_known++;
    count(known->second.credits, known->second.lines_booked,
          SkipCount::from(known->second.skipped));
    return {};
  }
  Outcome outcome{.id = transaction_.next_id()};
  for (const OrderLine& line : order.lines) {
    if (auto reason = why_skipped(order, line)) {
      outcome.skipped.add(*reason);
    } else {
      outcome.booked.push_back(&line);
    }
  }
  if (!outcome.booked.empty()) {
    TRY(order.is_cancellation() ? book_cancellation(order, outcome) : book_order(order, outcome));
  }
  TRY(note_order(order, outcome));
  output_.orders_new++;
  std::int64_t lines_booked = static_cast<std::int64_t>(outcome.booked.size());
  count(outcome.credits, lines_booked, outcome.skipped);
  // The same number twice in one call: the second finds the first.
  known_[order.number] = {.number = order.number,
                          .credits = outcome.credits,
                          .lines_booked = lines_booked,
                          .skipped = outcome.skipped.stored()};
  return {};
}

void OrderBook::count(std::int64_t credits, std::int64_t lines_booked, const SkipCount& skipped) {
  (credits < 0 ? output_.credits_reversed : output_.credits_issued) +=
      credits < 0 ? -credits : credits;
  output_.lines_booked += lines_booked;
  skipped_.add(skipped);
}

// Earns by the rules as of the day of the order; its credits are divided among its lines, so that
// each can be cancelled for what it earned.
Result<> OrderBook::book_order(const StoreOrder& order, Outcome& outcome) {
  const ContactRow& contact = *TRY(contact_for(*order.customer));
  MemberRow* member = TRY(member_of(transaction_, contact.id));
  ASSERT(member);
  std::vector<std::int64_t> amounts;
  for (const OrderLine* line : outcome.booked) {
    amounts.push_back(amount_of(*line));
    outcome.amount += amounts.back();
  }
  const UnitRow& unit = *TRY(money());
  double value = static_cast<double>(outcome.amount) / micros_per_one;
  auto evaluation = evaluate(configuration_, {.unit = unit,
                                              .unit_value = value,
                                              .shop_id = shop_.id,
                                              .tier_id = member->tier_id,
                                              .at = order.ordered_at});
  if (value > value_max || !evaluation) {
    outcome.skipped.add(SkipReason::too_many_credits,
                        static_cast<std::int64_t>(outcome.booked.size()));
    outcome.booked.clear();
    outcome.amount = 0;
    return {};
  }
  outcome.contact_id = contact.id;
  outcome.credits = evaluation->credits;
  GivenReception given = TRY(give_credits(transaction_, configuration_,
                                          {.contact = contact,
                                           .shop = shop_,
                                           .unit = unit,
                                           .credits = evaluation->credits,
                                           .unit_value = value,
                                           .channel = "IMPORT",
                                           .evaluation = to_json(*evaluation),
                                           .source = source_,
                                           .reference = order.number}));
  outcome.reception_id = given.id;
  return note_lines(outcome, shares_of(outcome.credits, amounts));
}

Result<> OrderBook::book_cancellation(const StoreOrder& order, Outcome& outcome) {
  std::vector<const OrderLine*> candidates = std::exchange(outcome.booked, {});
  const ContactRow* contact = TRY(known_contact(*order.customer));
  OpenLines open;  // By product.
  std::int64_t taken = 0;
  for (const OrderLine* line : candidates) {
    std::optional<std::int64_t> credits;
    if (contact) credits = TRY(cancel(*contact, *line, open));
    if (!credits) {
      outcome.skipped.add(SkipReason::cancels_nothing);
      continue;
    }
    outcome.booked.push_back(line);
    outcome.amount -= amount_of(*line);
    taken += *credits;
  }
  if (outcome.booked.empty()) return {};
  bool covered = configuration_.programme.allows_negative ||
                 TRY(balance_of(transaction_, contact->id)) >= taken;
  if (!covered) {
    outcome.skipped.add(SkipReason::not_covered, static_cast<std::int64_t>(outcome.booked.size()));
    outcome.booked.clear();
    outcome.amount = 0;
    return {};
  }
  for (const auto& [product, lines] : open) {
    for (const OpenLine& line : lines) {
      if (!line.changed) continue;
      TRY(transaction_.run(update_line,
                           {line.id, line.cancelled_quantity, line.cancelled_credits}));
    }
  }
  outcome.contact_id = contact->id;
  outcome.credits = -taken;
  if (taken == 0) return {};
  GivenReception given = TRY(give_credits(transaction_, configuration_,
                                          {.contact = *contact,
                                           .shop = shop_,
                                           .unit = *TRY(money()),
                                           .credits = -taken,
                                           .channel = "IMPORT",
                                           .kind = TransferKind::reversal,
                                           .source = source_,
                                           .reference = order.number}));
  outcome.reception_id = given.id;
  return {};
}

// Takes from the newest lines first. The credits to take back, or nothing when no line of that
// product has any quantity left.
Result<std::optional<std::int64_t>> OrderBook::cancel(const ContactRow& contact,
                                                      const OrderLine& line, OpenLines& open) {
  std::int64_t product = products_[line.stock_code];
  if (product == 0) return std::nullopt;
  auto [found, is_new] = open.try_emplace(product);
  if (is_new) {
    for (const OpenLineRow& row :
         TRY(transaction_.all<OpenLineRow>(select_open_lines, {contact.id, product})))
      found->second.push_back({row});
  }
  std::int64_t left = -line.quantity;
  std::int64_t taken = 0;
  for (OpenLine& earlier : found->second) {
    std::int64_t quantity = std::min(left, earlier.quantity - earlier.cancelled_quantity);
    if (quantity == 0) continue;
    left -= quantity;
    earlier.changed = true;
    earlier.cancelled_quantity += quantity;
    std::int64_t cancelled =
        cancelled_credits(earlier.credits, earlier.quantity, earlier.cancelled_quantity);
    taken += cancelled - std::exchange(earlier.cancelled_credits, cancelled);
  }
  if (left == -line.quantity) return std::nullopt;
  return taken;
}

Result<> OrderBook::note_order(const StoreOrder& order, const Outcome& outcome) {
  return transaction_.append(
      order_table,
      {outcome.id, source_, order.number, id_or_none(outcome.contact_id),
       id_or_none(outcome.reception_id), cents_of(outcome.amount), outcome.credits,
       outcome.booked.size(), outcome.skipped.stored(), order.ordered_at, call_.now()});
}

Result<> OrderBook::note_lines(const Outcome& outcome, const std::vector<std::int64_t>& shares) {
  for (std::size_t i = 0; i < outcome.booked.size(); i++) {
    const OrderLine& line = *outcome.booked[i];
    TRY(transaction_.append(
        line_table, {transaction_.next_id(), outcome.id, outcome.contact_id, TRY(product_for(line)),
                     line.quantity, cents_of(amount_of(line)), shares[i], 0, 0}));
  }
  return {};
}

// Orders are counted in money, whatever the default unit is.
Result<const UnitRow*> OrderBook::money() const {
  return unit_of(configuration_, "purchase_amount");
}

ImportOrders::Output OrderBook::output() const {
  ImportOrders::Output output = output_;
  output.skipped = skipped_.listed();
  return output;
}

Result<> move_imported_lines(Transaction& transaction, const ContactRow& source,
                             const ContactRow& destination) {
  TRY(transaction.run(move_lines, {source.id, destination.id}));
  TRY(transaction.run(move_orders, {source.id, destination.id}));
  return {};
}

}  // namespace piggy
