#pragma once

#include "loyalty/programme.h"
#include "loyalty/reception_operations.h"
#include "operation/operation.h"

namespace piggy {

// `configurations` is borrowed and outlives the catalogue; one for each database.
void add_loyalty_operations(Catalogue& catalogue, Configurations& configurations);

}  // namespace piggy
