#include "shop/shop.h"

#include "operation/numbers.h"

namespace piggy {
namespace {

constexpr std::string_view select_by_uuid = R"sql(
  SELECT id, uuid, name, type, reference FROM shop WHERE account_id = $1 AND uuid = $2
)sql";

constexpr std::string_view select_by_id = R"sql(
  SELECT id, uuid, name, type, reference FROM shop WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_all = R"sql(
  SELECT id, uuid, name, type, reference FROM shop WHERE account_id = $1 ORDER BY id
)sql";

}  // namespace

Result<ShopRow> shop_of(Transaction& transaction, const Uuid& uuid) {
  auto shop = TRY(transaction.first<ShopRow>(select_by_uuid, {uuid}));
  if (!shop) return shop_not_found();
  return *std::move(shop);
}

Result<ShopRow> shop_by_id(Transaction& transaction, std::int64_t id) {
  auto shop = TRY(transaction.first<ShopRow>(select_by_id, {id}));
  if (!shop) return shop_not_found();
  return *std::move(shop);
}

Result<std::vector<ShopRow>> all_shops(Transaction& transaction) {
  return transaction.all<ShopRow>(select_all);
}

ShopInReception in_reception(const ShopRow& shop) {
  return {.id = shop.id,
          .uuid = shop.uuid,
          .type = shop.type,
          .name = shop.name,
          .address = {.id = shop.id, .shop_id = shop.id}};
}

void ShopAddress::describe(Fields<ShopAddress>& field) {
  field("id", &ShopAddress::id, "The number of the address.");
  field("shop_id", &ShopAddress::shop_id, "The number of the shop.");
  field("street", &ShopAddress::street, "The street.");
  field("housenumber", &ShopAddress::housenumber, "The number in the street, under its old name.");
  field("postalcode", &ShopAddress::postalcode, "The postal code, under its old name.");
  field("city", &ShopAddress::city, "The town.");
  field("state", &ShopAddress::state, "The state or province.");
  field("country", &ShopAddress::country, "The country.");
  field("latitude", &ShopAddress::latitude, "Degrees north.");
  field("longitude", &ShopAddress::longitude, "Degrees east.");
  field("house_number", &ShopAddress::house_number, "The number in the street.");
  field("postal_code", &ShopAddress::postal_code, "The postal code.");
}

void ShopInReception::describe(Fields<ShopInReception>& field) {
  field("id", &ShopInReception::id, "The number of the shop.");
  field("uuid", &ShopInReception::uuid, "The shop.");
  field("type", &ShopInReception::type, "Whether it is a place or a web shop.");
  field("name", &ShopInReception::name, "The shop's name.");
  field("address", &ShopInReception::address, "Where it is.");
}

}  // namespace piggy
