#pragma once

#include "loyalty/programme.h"
#include "operation/operation.h"
#include "order/imported_order.h"

namespace piggy {

struct ImportOrders {
  static constexpr OperationInfo info = {
      .name = "import_orders",
      .title = "Import Orders",
      .about =
          "Books a store's past orders: makes the contacts and products they name, gives the "
          "credits that the earning rules make of each order, and for cancellations takes back "
          "what "
          "the cancelled lines earned. An order that is on record is never booked again, so the "
          "same orders can be sent twice. Send whole orders, the oldest first. Cannot be undone.",
      .verb = Verb::post,
      .path = "/imports/orders",
      .scope = "orders:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    std::string source = {};
    std::optional<Uuid> shop_uuid = {};
    std::vector<StoreOrder> orders = {};

    static void describe(Fields<Input>& field) {
      field("source", &Input::source, "Where the orders come from; with the number it names one.",
            {.min = 1, .max = 100});
      field("shop_uuid", &Input::shop_uuid,
            "Where they were ordered; a web shop named Online Retail is made when missing.");
      field("orders", &Input::orders, "The orders.", {.min = 1, .max = 5000});
    }
  };
  struct Output {
    std::int64_t orders_new = 0;
    std::int64_t orders_known = 0;
    std::int64_t lines_read = 0;
    std::int64_t lines_booked = 0;
    std::vector<SkippedLines> skipped = {};
    std::int64_t contacts_new = 0;
    std::int64_t products_new = 0;
    std::int64_t credits_issued = 0;
    std::int64_t credits_reversed = 0;

    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Configurations& configurations, Call& call, const Input& input);
};

void add_order_operations(Catalogue& catalogue, Configurations& configurations);

}  // namespace piggy
