#include "door/dress.h"

#include "portal/brand.h"

namespace piggy {

Result<oauth::Dress> dress_of(Transaction& transaction, const Caller& account) {
  BrandRow brand = TRY(brand_of(transaction));
  return oauth::Dress{
      .name = account.company, .colour = std::move(brand.colour), .logo = std::move(brand.logo)};
}

}  // namespace piggy
