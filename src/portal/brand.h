#pragma once

// How a shop looks to its customers.

#include <string>

#include "base/error.h"
#include "database/database.h"

namespace piggy {

struct BrandRow {
  std::string colour = "#b92f63";  // "#" and six hexadecimal digits.
  std::string logo = {};           // A data URL of a picture; empty: none.
  std::string welcome = {};
};

// As Piggy itself looks, where the shop has said nothing.
Result<BrandRow> brand_of(Transaction& transaction);
Result<> set_brand(Transaction& transaction, const BrandRow& brand);

// How well white text is read on a colour: WCAG 2.2's contrast ratio, from 1 to 21. 4.5 is enough.
double contrast_with_white(std::string_view colour);

}  // namespace piggy
