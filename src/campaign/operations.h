#pragma once

#include "operation/operation.h"

namespace piggy {

void add_campaign_operations(Catalogue& catalogue);

}  // namespace piggy
