#pragma once

// An operation is a tool under its own name with the connector's in front: piggy_list_perks.

#include <string>
#include <string_view>

namespace piggy {

inline constexpr std::string_view tool_prefix = "piggy_";

inline std::string tool_name(std::string_view operation) {
  return std::string(tool_prefix) + std::string(operation);
}

// The operation that a tool's name means; a name without the prefix stays as it is.
inline std::string_view operation_name(std::string_view tool) {
  if (tool.starts_with(tool_prefix)) tool.remove_prefix(tool_prefix.size());
  return tool;
}

}  // namespace piggy
