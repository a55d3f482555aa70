#pragma once

// How the server introduces itself, written out once.

#include <string>

#include "mcp/server.h"

namespace piggy::mcp {

struct Description {
  std::string server_info = {};          // An Implementation, as JSON text.
  std::string modern_capabilities = {};  // Likewise.
  std::string legacy_capabilities = {};
};

Description describe(const Options& options);

}  // namespace piggy::mcp
