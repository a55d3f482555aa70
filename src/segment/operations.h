#pragma once

#include "operation/operation.h"

namespace piggy {

void add_segment_operations(Catalogue& catalogue);

}  // namespace piggy
