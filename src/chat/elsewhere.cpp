#include "chat/elsewhere.h"

#include <algorithm>

#include "base/uuid.h"

namespace piggy {

const OfferedTool* only_elsewhere(const std::vector<OfferedTool>& tools,
                                  std::string_view operation) {
  const OfferedTool* only = nullptr;
  for (const OfferedTool& tool : tools) {
    if (tool.operation != operation || tool.name == operation) continue;
    if (only) return nullptr;
    only = &tool;
  }
  return only;
}

Result<std::vector<Named>> UuidsAlone::contacts(std::string_view word) {
  std::vector<Named> found;
  if (auto uuid = parse_uuid(word)) {
    std::string text = to_string(*uuid);
    found.push_back({.value = text, .label = text, .name = text});
  }
  return found;
}

Result<std::vector<Named>> UuidsAlone::answered(std::string_view field) {
  if (field != field_) return std::vector<Named>();
  return contacts(text_);
}

}  // namespace piggy
