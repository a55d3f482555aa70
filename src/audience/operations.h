#pragma once

#include "operation/operation.h"

namespace piggy {

void add_audience_operations(Catalogue& catalogue);

}  // namespace piggy
