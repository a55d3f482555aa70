#pragma once

#include "operation/operation.h"

namespace piggy {

class Configurations;

// `configurations` is borrowed and outlives the catalogue; one for each database.
void add_loyalty_operations(Catalogue& catalogue, Configurations& configurations);

}  // namespace piggy
