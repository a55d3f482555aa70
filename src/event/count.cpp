#include "event/count.h"

namespace piggy {
namespace {

constexpr std::string_view select_from = R"sql(
  SELECT id, created_at FROM event WHERE account_id = $1 AND id >= $2 ORDER BY id LIMIT 1
)sql";

constexpr std::string_view select_newest = R"sql(
  SELECT id, created_at FROM event WHERE account_id = $1 ORDER BY id DESC LIMIT 1
)sql";

constexpr std::string_view count_by_type = R"sql(
  SELECT type, count(*) FROM event WHERE account_id = $1 AND id >= $2 AND id < $3 GROUP BY type
)sql";

struct Point {
  std::int64_t id = 0;
  Time created_at = {};
};

// Ids grow with time, so that no index by time is needed.
Result<std::int64_t> event_since(Transaction& transaction, Time moment) {
  auto newest = TRY(transaction.first<Point>(select_newest));
  if (!newest) return 0;
  std::int64_t low = 0;
  std::int64_t high = newest->id + 1;
  while (low < high) {
    std::int64_t middle = low + (high - low) / 2;
    auto point = TRY(transaction.first<Point>(select_from, {middle}));
    if (!point || point->created_at >= moment) {
      high = middle;
    } else {
      low = point->id + 1;
    }
  }
  return low;
}

}  // namespace

Result<std::vector<EventCount>> count_events(Transaction& transaction, Time from, Time to) {
  std::int64_t begin = TRY(event_since(transaction, from));
  std::int64_t end = TRY(event_since(transaction, to));
  return transaction.all<EventCount>(count_by_type, {begin, end});
}

}  // namespace piggy
