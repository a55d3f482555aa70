#include "event/count.h"

#include "database/id_since.h"

namespace piggy {
namespace {

constexpr std::string_view count_by_type = R"sql(
  SELECT type, count(*) FROM event WHERE account_id = $1 AND id >= $2 AND id < $3 GROUP BY type
)sql";

}  // namespace

Result<std::vector<EventCount>> count_events(Transaction& transaction, Time from, Time to) {
  std::int64_t begin = TRY(id_since(transaction, "event", from));
  std::int64_t end = TRY(id_since(transaction, "event", to));
  return transaction.all<EventCount>(count_by_type, {begin, end});
}

}  // namespace piggy
