#pragma once

#include "operation/operation.h"

namespace piggy {

void add_flow_operations(Catalogue& catalogue);

}  // namespace piggy
