#pragma once

// The three flow templates in the demo account, each with a first run.

#include <string>

#include "app/configuration.h"
#include "app/engine.h"

namespace piggy {

// Installs the templates that are not there, with all they need. The roll-up and the segment want
// the stand-ins of `demo_services`: without them, or when they do not answer, they are left for a
// later start. The runs go on when the engine starts.
Result<> make_demo_flows(Engine& engine, const RunConfiguration& configuration);

// Where to look, in lines for the demo's help. `at` is where the server is.
Result<std::string> demo_flows_help(Engine& engine, const RunConfiguration& configuration,
                                    const std::string& at);

}  // namespace piggy
