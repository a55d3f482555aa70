#pragma once

// How often what happened between two moments.

#include <string>
#include <vector>

#include "base/error.h"
#include "database/database.h"

namespace piggy {

struct EventCount {
  std::string type = {};
  std::int64_t count = 0;
};
// `from` included, `to` not. Costs as much as there are events in between.
Result<std::vector<EventCount>> count_events(Transaction& transaction, Time from, Time to);

}  // namespace piggy
