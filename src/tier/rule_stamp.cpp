#include "tier/rule_stamp.h"

namespace piggy {
namespace {

struct StampRow {
  std::int64_t id = 0;  // The account: it has one.
  std::int64_t stamp = 0;
};

constexpr HotTable stamps = {
    .select = "SELECT id, stamp FROM rule_stamp WHERE account_id = $1 AND id = $2",
    .update = {.name = "rule_stamp", .columns = "account_id bigint, id bigint, stamp bigint"}};

constexpr AppendTable stamp_table = {"rule_stamp", "account_id bigint, id bigint, stamp bigint"};

}  // namespace

Result<std::int64_t> rule_stamp(Transaction& transaction) {
  StampRow* row = TRY(transaction.hot<StampRow>(stamps, transaction.account()));
  return row ? row->stamp : 0;
}

Result<> stamp_rules(Transaction& transaction) {
  std::int64_t stamp = transaction.next_id();
  StampRow* row = TRY(transaction.hot<StampRow>(stamps, transaction.account()));
  if (!row) return transaction.append(stamp_table, {transaction.account(), stamp});
  row->stamp = stamp;
  return {};
}

}  // namespace piggy
