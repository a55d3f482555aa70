#pragma once

// The command line.

namespace piggy {

// Runs one command; returns the exit status: 0 done, 1 refused (the reason on standard error), 2
// used wrongly, 3 found something wrong (verify).
int run_command(int argc, char** argv);

}  // namespace piggy
