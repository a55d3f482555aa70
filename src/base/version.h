#pragma once

#include <string_view>

// For literals.
#define PIGGY_VERSION "0.1.0"

namespace piggy {

inline constexpr std::string_view version = PIGGY_VERSION;

}  // namespace piggy
