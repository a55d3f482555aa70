#pragma once

// Descriptions of the whole catalogue: OpenAPI 3.1, and the manual as Markdown. Both are derived
// from the declarations and kept as golden files, so that each change of the contract stands in a
// diff.

#include <optional>
#include <string>
#include <string_view>

#include "operation/operation.h"

namespace piggy {

std::string openapi_json(const Catalogue& catalogue);
std::string manual_text(const Catalogue& catalogue);

// What people wrote for people (manual/), as Markdown, by its path: "/manual/lead-magnet", or as
// the pages name each other, "/manual/lead_magnet.md".
std::optional<std::string_view> manual_page(std::string_view path);

}  // namespace piggy
