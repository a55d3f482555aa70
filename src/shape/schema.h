#pragma once

// JSON Schema 2020-12 of a described struct: what MCP, OpenAPI and the manual show.

#include "shape/shape.h"
#include "shape/value.h"

namespace piggy {

enum class SchemaSide {
  input,   // Optionals may be left out; nothing beyond the fields is allowed.
  output,  // Every field is there; optionals may be null; more fields may come later.
};

Value json_schema(const Shape& shape, SchemaSide side);

}  // namespace piggy
