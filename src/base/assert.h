#pragma once

// A bug stops the program, in release builds too: a wrong ledger is worse than a short outage.

#include <source_location>

namespace piggy {

[[noreturn]] void assertion_failed(const char* what,
                                   std::source_location where = std::source_location::current());

}  // namespace piggy

#define ASSERT(condition) \
  (static_cast<bool>(condition) ? void() : ::piggy::assertion_failed(#condition))
