#pragma once

// The places a store sells in, physical or on the web. The v3 wire calls them shops; newer texts of
// the vendor say business profiles.

#include <string>

#include "base/error.h"
#include "database/database.h"
#include "operation/operation.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(ShopType, physical, web)

struct ShopRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  ShopType type = ShopType::physical;
  std::optional<std::string> reference = {};
};

// 1008 when there is none.
Result<ShopRow> shop_of(Transaction& transaction, const Uuid& uuid);
Result<ShopRow> shop_by_id(Transaction& transaction, std::int64_t id);
Result<std::vector<ShopRow>> all_shops(Transaction& transaction);

// As receptions and vouchers show it (piggy-api-v3, section 9.6). The members of the address are
// there for clients that read them unguarded; a shop has no address yet.
struct ShopAddress {
  std::int64_t id = 0;
  std::int64_t shop_id = 0;
  std::optional<std::string> street = {}, housenumber = {}, postalcode = {}, city = {}, state = {},
                             country = {};
  std::optional<double> latitude = {}, longitude = {};
  std::optional<std::string> house_number = {}, postal_code = {};

  static void describe(Fields<ShopAddress>& field);
};

struct ShopInReception {
  std::int64_t id = 0;
  Uuid uuid = {};
  ShopType type = ShopType::physical;
  std::string name = {};
  ShopAddress address = {};

  static void describe(Fields<ShopInReception>& field);
};

ShopInReception in_reception(const ShopRow& shop);

}  // namespace piggy
