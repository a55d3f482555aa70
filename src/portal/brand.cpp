#include "portal/brand.h"

#include <charconv>
#include <cmath>

namespace piggy {
namespace {

constexpr std::string_view select_brand = R"sql(
  SELECT colour, logo, welcome FROM brand WHERE account_id = $1
)sql";

constexpr std::string_view update_brand = R"sql(
  UPDATE brand SET colour = $2, logo = $3, welcome = $4 WHERE account_id = $1
)sql";

// With the account's own number, which is bound as the first parameter by itself.
constexpr std::string_view insert_brand = R"sql(
  INSERT INTO brand (account_id, id, colour, logo, welcome) VALUES ($1, $1, $2, $3, $4)
)sql";

// One of a colour's parts as light (WCAG 2.2, "relative luminance").
double light_of(std::string_view two_digits) {
  unsigned part = 0;
  std::from_chars(two_digits.data(), two_digits.data() + two_digits.size(), part, 16);
  double share = part / 255.0;
  return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

}  // namespace

Result<BrandRow> brand_of(Transaction& transaction) {
  return TRY(transaction.first<BrandRow>(select_brand)).value_or(BrandRow{});
}

Result<> set_brand(Transaction& transaction, const BrandRow& brand) {
  bool known = TRY(transaction.first<BrandRow>(select_brand)).has_value();
  TRY(transaction.run(known ? update_brand : insert_brand,
                      {brand.colour, brand.logo, brand.welcome}));
  return {};
}

double contrast_with_white(std::string_view colour) {
  double light = 0.2126 * light_of(colour.substr(1, 2)) + 0.7152 * light_of(colour.substr(3, 2)) +
                 0.0722 * light_of(colour.substr(5, 2));
  return 1.05 / (light + 0.05);
}

}  // namespace piggy
