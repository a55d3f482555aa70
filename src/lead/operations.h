#pragma once

#include "operation/operation.h"

namespace piggy {

void add_lead_operations(Catalogue& catalogue);

}  // namespace piggy
