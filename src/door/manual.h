#pragma once

// Descriptions of the whole catalogue: OpenAPI 3.1, and the manual as Markdown. Both are derived
// from the declarations and kept as golden files, so that each change of the contract stands in a
// diff.

#include <span>
#include <string>
#include <string_view>

#include "operation/operation.h"

namespace piggy {

std::string openapi_json(const Catalogue& catalogue);
std::string manual_text(const Catalogue& catalogue);

// What people wrote for people (manual/), served below /manual/.
struct ManualPage {
  std::string_view name;  // "lead-magnet"
  std::string_view text;  // Markdown.
};
std::span<const ManualPage> manual_pages();

}  // namespace piggy
