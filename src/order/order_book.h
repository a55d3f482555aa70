#pragma once

// Books the orders of one import call, in one transaction. What many orders share (contacts,
// products, which orders are on record) is read once.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "contact/contact.h"
#include "loyalty/reception.h"
#include "order/operations.h"

namespace piggy {

class OrderBook {
 public:
  // All are borrowed.
  OrderBook(Call& call, const Configuration& configuration, const ShopRow& shop,
            const std::string& source)
      : call_(call),
        transaction_(call.transaction),
        configuration_(configuration),
        shop_(shop),
        source_(source) {}

  // Reads what these orders need. Before `book`.
  Result<> prepare(const std::vector<StoreOrder>& orders);
  Result<> book(const StoreOrder& order);

  ImportOrders::Output output() const;
  std::int64_t lines_skipped() const { return skipped_.total(); }

 private:
  // An order on record, as it was booked.
  struct KnownOrder {
    std::string number = {};
    std::int64_t credits = 0;
    std::int64_t lines_booked = 0;
    Value skipped = {};
  };
  // What becomes of one order.
  struct Outcome {
    std::int64_t id = 0;
    std::int64_t contact_id = 0;    // 0: nobody.
    std::int64_t reception_id = 0;  // 0: none.
    std::int64_t amount = 0;        // In millionths.
    std::int64_t credits = 0;       // Negative for a cancellation.
    std::vector<const OrderLine*> booked = {};
    SkipCount skipped = {};
  };

  // An earlier line of which something can still be cancelled.
  struct OpenLineRow {
    std::int64_t id = 0;
    std::int64_t quantity = 0;
    std::int64_t credits = 0;
    std::int64_t cancelled_quantity = 0;
    std::int64_t cancelled_credits = 0;
  };
  struct OpenLine : OpenLineRow {
    bool changed = false;
  };
  using OpenLines = std::unordered_map<std::int64_t, std::vector<OpenLine>>;  // By product.

  void count(std::int64_t credits, std::int64_t lines_booked, const SkipCount& skipped);
  Result<> book_order(const StoreOrder& order, Outcome& outcome);
  Result<> book_cancellation(const StoreOrder& order, Outcome& outcome);
  Result<std::optional<std::int64_t>> cancel(const ContactRow& contact, const OrderLine& line,
                                             OpenLines& open);
  Result<> note_order(const StoreOrder& order, const Outcome& outcome);
  Result<> note_lines(const Outcome& outcome, const std::vector<std::int64_t>& shares);
  Result<const UnitRow*> money() const;

  Result<> prepare_products(const std::vector<StoreOrder>& orders);
  Result<const ContactRow*> known_contact(const std::string& customer);  // Null if there is none.
  Result<const ContactRow*> contact_for(const std::string& customer);    // Made if there is none.
  Result<std::int64_t> product_for(const OrderLine& line);

  Call& call_;
  Transaction& transaction_;
  const Configuration& configuration_;
  const ShopRow& shop_;
  const std::string& source_;
  std::unordered_map<std::string, KnownOrder> known_;
  std::unordered_map<std::string, ContactRow> contacts_;
  std::unordered_map<std::string, std::int64_t> products_;  // By stock code; 0: not there yet.
  ImportOrders::Output output_;
  SkipCount skipped_;
};

// When two contacts become one (see ContactMoves).
Result<> move_imported_lines(Transaction& transaction, const ContactRow& source,
                             const ContactRow& destination);

}  // namespace piggy
