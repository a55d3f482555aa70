#include "shop/operations.h"

#include "access/access.h"

namespace piggy {
namespace {

constexpr AppendTable shop_table = {
    "shop",
    "account_id bigint, id bigint, uuid bytea, name text, type text, reference text, "
    "created_at bigint"};

Shop shown(ShopRow row) {
  return {.uuid = row.uuid,
          .name = std::move(row.name),
          .type = row.type,
          .reference = std::move(row.reference)};
}

}  // namespace

Result<ListShops::Output> ListShops::run(Call& call, const Input&) {
  Output output;
  for (ShopRow& row : TRY(all_shops(call.transaction)))
    output.shops.push_back(shown(std::move(row)));
  return output;
}

Result<GetShop::Output> GetShop::run(Call& call, const Input& input) {
  return shown(TRY(shop_of(call.transaction, input.shop_uuid)));
}

Result<GetRegister::Output> GetRegister::run(Call& call, const Input&) {
  if (call.caller.shop_id == 0) return fail(ErrorCode::not_found, "This is not a register.");
  TokenLabel label = TRY(label_of_token(call.transaction, call.caller.token_id));
  ShopRow shop = TRY(shop_by_id(call.transaction, call.caller.shop_id));
  return Output{.id = call.caller.token_id,
                .name = label.name,
                .identifier = to_string(label.uuid),
                .shop = {.id = shop.id, .uuid = shop.uuid, .name = shop.name}};
}

Result<CreateShop::Output> CreateShop::run(Call& call, const Input& input) {
  Shop shop{.uuid = call.transaction.next_uuid(),
            .name = input.name,
            .type = input.type.value_or(ShopType::physical),
            .reference = input.reference};
  TRY(call.transaction.append(shop_table, {call.transaction.next_id(), shop.uuid, shop.name,
                                           shop.type, shop.reference, call.now()}));
  call.changes("shop " + shop.name, nullptr, "created");
  return shop;
}

void add_shop_operations(Catalogue& catalogue) {
  catalogue.add<ListShops>();
  catalogue.add<GetShop>();
  catalogue.add<GetRegister>();
  catalogue.add<CreateShop>();
}

}  // namespace piggy
