#pragma once

// Descriptions of the whole catalogue: OpenAPI 3.1, and the manual as Markdown. Both are derived
// from the declarations and kept as golden files, so that each change of the contract stands in a
// diff.

#include <string>
#include <string_view>

#include "operation/operation.h"

namespace piggy {

std::string openapi_json(const Catalogue& catalogue);
std::string manual_text(const Catalogue& catalogue);
// "What Piggy promises about personas", each promise with the command that proves it.
std::string_view personas_page();
// Flows: triggers, steps, expressions, templates.
std::string_view flows_page();

}  // namespace piggy
