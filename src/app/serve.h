#pragma once

// The server: doors on top of an Engine, until it is told to stop.

#include <span>

#include "app/configuration.h"
#include "base/error.h"
#include "door/console.h"

namespace piggy {

// Serves until SIGTERM or SIGINT, then ends without cutting a request. Prints where it serves.
Result<> serve(const RunConfiguration& configuration, std::span<const ConsoleFile> console);

// Speaks MCP over standard input and output as the owner of an account, with the tools of its
// scopes.
Result<> serve_stdio(const RunConfiguration& configuration, const std::string& account);

}  // namespace piggy
