#include "database/id_since.h"

#include <fmt/format.h>

namespace piggy {
namespace {

constexpr std::string_view select_from =
    "SELECT id, created_at FROM {} WHERE account_id = $1 AND id >= $2 ORDER BY id LIMIT 1";
constexpr std::string_view select_newest =
    "SELECT id, created_at FROM {} WHERE account_id = $1 ORDER BY id DESC LIMIT 1";

struct Point {
  std::int64_t id = 0;
  Time created_at = {};
};

}  // namespace

Result<std::int64_t> id_since(Transaction& transaction, std::string_view table, Time moment) {
  auto newest = TRY(transaction.first<Point>(fmt::format(fmt::runtime(select_newest), table)));
  if (!newest) return 0;
  std::string from = fmt::format(fmt::runtime(select_from), table);
  std::int64_t low = 0;
  std::int64_t high = newest->id + 1;
  while (low < high) {
    std::int64_t middle = low + (high - low) / 2;
    auto point = TRY(transaction.first<Point>(from, {middle}));
    if (!point || point->created_at >= moment) {
      high = middle;
    } else {
      low = point->id + 1;
    }
  }
  return low;
}

}  // namespace piggy
