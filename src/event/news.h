#pragma once

// What is new in a table that only grows, told without what it says: for pages that ask again when
// something changed. Ids come from one counter in the order of commits, so that the news of several
// tables stand in one order, and whoever has seen one has seen all before it.

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "database/database.h"

namespace piggy {

struct News {
  std::int64_t id = 0;
  std::string type = {};     // "" for what is of no interest to anybody.
  std::string subject = {};  // A uuid, or the name of an operation; "" for nothing to name.
};

struct NewsSpan {
  std::int64_t after = 0;
  std::int64_t max = 0;
};

// A module's own table: what came after an id, the oldest first, and the newest id there is.
struct NewsSource {
  std::function<Result<std::vector<News>>(Transaction&, const NewsSpan&)> after = {};
  std::function<Result<std::int64_t>(Transaction&)> newest = {};
};

// Of two statements: `select` answers rows of an id, a type and a subject's uuid, if any, after $2
// and $3 at most; `newest` the newest id. Both outlive it: literals.
NewsSource news_of(std::string_view select, std::string_view newest);

// The outbox.
NewsSource event_news();

}  // namespace piggy
