#pragma once

#include "operation/operation.h"

namespace piggy {

void add_sequence_operations(Catalogue& catalogue);

}  // namespace piggy
