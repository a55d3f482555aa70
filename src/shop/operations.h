#pragma once

#include "operation/operation.h"
#include "shop/shop.h"

namespace piggy {

struct Shop {
  Uuid uuid = {};
  std::string name = {};
  ShopType type = ShopType::physical;
  std::optional<std::string> reference = {};

  static void describe(Fields<Shop>& field) {
    field("uuid", &Shop::uuid, "The shop.");
    field("name", &Shop::name, "Its name.");
    field("type", &Shop::type, "Whether it is a place or a web shop.");
    field("reference", &Shop::reference, "The store's own name for it.");
  }
};

struct ListShops {
  static constexpr OperationInfo info = {
      .name = "list_shops",
      .title = "List Shops",
      .about = "Lists the shops of the account. Use it to find the shop_uuid other calls ask for.",
      .verb = Verb::get,
      .path = "/shops",
      .scope = "shops:read",
      .tool = true,
      .wire = {.meta = Meta::object, .data = "shops"}};
  using Input = Empty;
  struct Output {
    std::vector<Shop> shops = {};
    static void describe(Fields<Output>& field) {
      field("shops", &Output::shops, "All shops, oldest first.");
    }
  };
  static Result<Output> run(Call& call, const Input&);
};

struct GetShop {
  static constexpr OperationInfo info = {.name = "get_shop",
                                         .title = "Get Shop",
                                         .about = "Shows one shop.",
                                         .verb = Verb::get,
                                         .path = "/shops/{shop_uuid}",
                                         .scope = "shops:read"};
  struct Input {
    Uuid shop_uuid = {};
    static void describe(Fields<Input>& field) {
      field("shop_uuid", &Input::shop_uuid, "The shop.");
    }
  };
  using Output = Shop;
  static Result<Output> run(Call& call, const Input& input);
};

// The register's health check (piggy-api-v3, section 11). A register is its token here.
struct GetRegister {
  static constexpr OperationInfo info = {
      .name = "get_register",
      .title = "Get Register",
      .about = "Shows which cash register this token is for, and its shop.",
      .verb = Verb::get,
      .path = "/",
      .scope = "account:read",
      .surface = Surface::register_,
      .wire = {.meta = Meta::list}};
  using Input = Empty;
  struct ItsShop {
    std::int64_t id = 0;
    Uuid uuid = {};
    std::string name = {};
    static void describe(Fields<ItsShop>& field) {
      field("id", &ItsShop::id, "The shop's number.");
      field("uuid", &ItsShop::uuid, "The shop.");
      field("name", &ItsShop::name, "Its name.");
    }
  };
  struct Output {
    std::int64_t id = 0;
    std::string name = {};
    std::string identifier = {};
    ItsShop shop = {};
    static void describe(Fields<Output>& field) {
      field("id", &Output::id, "The register's number.");
      field("name", &Output::name, "What its token is called.");
      field("identifier", &Output::identifier, "Names the register for good.");
      field("shop", &Output::shop, "The shop it stands in.");
    }
  };
  static Result<Output> run(Call& call, const Input&);
};

struct CreateShop {
  static constexpr OperationInfo info = {
      .name = "create_shop",
      .title = "Create Shop",
      .about =
          "Adds a shop to the account. The v3 wire has no way to; the vendor's dashboard does it.",
      .verb = Verb::post,
      .path = "/shops",
      .scope = "shops:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string name = {};
    std::optional<ShopType> type = {};
    std::optional<std::string> reference = {};
    static void describe(Fields<Input>& field) {
      field("name", &Input::name, "Its name.", {.min = 1, .max = 200});
      field("type", &Input::type, "A place (physical, the default) or a web shop.");
      field("reference", &Input::reference, "The store's own name for it.", {.max = 200});
    }
  };
  using Output = Shop;
  static Result<Output> run(Call& call, const Input& input);
};

void add_shop_operations(Catalogue& catalogue);

}  // namespace piggy
