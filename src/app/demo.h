#pragma once

// The account `demo`: a small made-up shop to try everything on.

#include <cstdint>
#include <string>

#include "app/configuration.h"
#include "app/engine.h"

namespace piggy {

// Makes the account and its shop on the first start, and tokens for it, kept in DATA/demo-tokens
// (readable by the owner alone) so that they can be shown again.
Result<> make_demo(Engine& engine, const RunConfiguration& configuration);

// Prints the tokens and three commands to paste.
void print_demo_help(const RunConfiguration& configuration, const std::string& host,
                     std::uint16_t port);

}  // namespace piggy
