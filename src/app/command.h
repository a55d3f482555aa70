#pragma once

// The command line.

#include <span>

#include "door/console.h"

namespace piggy {

// Runs one command; returns the exit status: 0 done, 1 refused (the reason on standard error), 2
// used wrongly, 3 found something wrong (verify).
// `console` outlives it.
int run_command(int argc, char** argv, std::span<const ConsoleFile> console);

}  // namespace piggy
