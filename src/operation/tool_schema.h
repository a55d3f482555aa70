#pragma once

// What a tool takes, as whoever calls it is told.

#include "operation/operation.h"

namespace piggy {

// JSON Schema 2020-12 of the input; a write can be rehearsed with `dry_run` as well.
Value tool_input_schema(const Operation& operation);

}  // namespace piggy
