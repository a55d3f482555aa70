#include "order/operations.h"

#include "order/order_book.h"
#include "shop/operations.h"

namespace piggy {
namespace {

constexpr std::string_view shop_name = "Online Retail";

Result<ShopRow> shop_for(Call& call, const std::optional<Uuid>& uuid) {
  if (uuid) return shop_of(call.transaction, *uuid);
  for (ShopRow& shop : TRY(all_shops(call.transaction))) {
    if (shop.name == shop_name) return std::move(shop);
  }
  Shop made = TRY(CreateShop::run(call, {.name = std::string(shop_name), .type = ShopType::web}));
  return shop_of(call.transaction, made.uuid);
}

void note(Call& call, const ImportOrders::Output& output) {
  if (!call.dry_run) return;
  call.changes("orders on record", nullptr, output.orders_new);
  call.changes("contacts made", nullptr, output.contacts_new);
  call.changes("products made", nullptr, output.products_new);
}

}  // namespace

Result<ImportOrders::Output> ImportOrders::run(Configurations& configurations, Call& call,
                                               const Input& input) {
  auto configuration = TRY(configurations.of(call.transaction));
  ShopRow shop = TRY(shop_for(call, input.shop_uuid));
  OrderBook booking(call, *configuration, shop, input.source);
  TRY(booking.prepare(input.orders));
  for (const StoreOrder& order : input.orders) TRY(booking.book(order));
  Output output = booking.output();
  ASSERT(output.lines_read == output.lines_booked + booking.lines_skipped());
  note(call, output);
  return output;
}

void ImportOrders::Output::describe(Fields<Output>& field) {
  field("orders_new", &Output::orders_new, "Orders that were booked now, also those left out.");
  field("orders_known", &Output::orders_known,
        "Orders that were on record; the figures below count them as they were booked then.");
  field("lines_read", &Output::lines_read, "Lines in all orders: booked and skipped.");
  field("lines_booked", &Output::lines_booked, "Lines that counted.");
  field("skipped", &Output::skipped, "Lines that were left out, by reason.");
  field("contacts_new", &Output::contacts_new, "Contacts that were made now.");
  field("products_new", &Output::products_new, "Products that were made now.");
  field("credits_issued", &Output::credits_issued, "Credits that orders earned.");
  field("credits_reversed", &Output::credits_reversed, "Credits that cancellations took back.");
}

void add_order_operations(Catalogue& catalogue, Configurations& configurations) {
  catalogue.add<ImportOrders>(configurations);
}

}  // namespace piggy
