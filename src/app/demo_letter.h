#pragma once

// The demo's campaign of yesterday, so that the daily roll-up has something to tell of.

#include <string>
#include <vector>

#include "app/demo_calls.h"

namespace piggy {

// Sends a letter to these contacts (uuids) by the mailer, to a mail server that is made up. A
// seeded model says what came of each mail: nobody opened or clicked anything. The engine's clock
// says when.
Result<> send_demo_letter(DemoCalls& calls, const std::vector<std::string>& contacts);

}  // namespace piggy
