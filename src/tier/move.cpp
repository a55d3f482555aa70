#include "tier/move.h"

#include <algorithm>

#include "database/id_since.h"

namespace piggy {
namespace {

constexpr AppendTable move_table = {
    "tier_move",
    "account_id bigint, id bigint, contact_id bigint, from_tier bigint, to_tier bigint, "
    "created_at bigint"};

constexpr std::string_view count_moves = R"sql(
  SELECT from_tier, to_tier, count(*), count(DISTINCT contact_id) FROM tier_move
  WHERE account_id = $1 AND id >= $2 AND id < $3 GROUP BY from_tier, to_tier
)sql";

struct CountRow {
  std::int64_t id = 0;
  std::int64_t contacts = 0;
};

constexpr HotTable count_rows = {
    .select = "SELECT id, contacts FROM tier_count WHERE account_id = $1 AND id = $2",
    .update = {.name = "tier_count", .columns = "account_id bigint, id bigint, contacts bigint"}};

constexpr AppendTable count_table = {"tier_count", "account_id bigint, id bigint, contacts bigint"};

constexpr std::string_view select_counts =
    "SELECT id, contacts FROM tier_count WHERE account_id = $1";

// Of those in no tier: no id is negative, and no two accounts' are the same.
std::int64_t count_id(Transaction& transaction, std::int64_t tier_id) {
  return tier_id ? tier_id : -transaction.account();
}

Result<> count(Transaction& transaction, std::int64_t tier_id, std::int64_t more) {
  std::int64_t id = count_id(transaction, tier_id);
  CountRow* row = TRY(transaction.hot<CountRow>(count_rows, id));
  if (!row) return transaction.append(count_table, {id, more});
  row->contacts += more;
  return {};
}

}  // namespace

Result<> enter_first_tier(Transaction& transaction, std::int64_t tier_id) {
  return count(transaction, tier_id, 1);
}

Result<bool> change_tier(Transaction& transaction, MemberRow& member, std::int64_t tier_id) {
  std::int64_t before = std::exchange(member.tier_id, tier_id);
  if (before == tier_id) return false;
  TRY(count(transaction, before, -1));
  TRY(count(transaction, tier_id, 1));
  TRY(transaction.append(move_table,
                         {transaction.next_id(), member.id, before, tier_id, transaction.now()}));
  return true;
}

Result<> leave_tier(Transaction& transaction, std::int64_t contact_id) {
  MemberRow* member = TRY(member_of(transaction, contact_id));
  if (!member) return {};
  TRY(change_tier(transaction, *member, 0));
  return count(transaction, 0, -1);
}

Result<std::vector<TierMoves>> tier_moves(Transaction& transaction, Time from, Time to) {
  std::int64_t begin = TRY(id_since(transaction, "tier_move", from));
  std::int64_t end = TRY(id_since(transaction, "tier_move", to));
  return transaction.all<TierMoves>(count_moves, {begin, end});
}

Result<std::vector<TierCount>> count_members(Transaction& transaction) {
  auto counts = TRY(transaction.all<TierCount>(select_counts));
  for (TierCount& row : counts) row.tier_id = std::max<std::int64_t>(row.tier_id, 0);
  return counts;
}

}  // namespace piggy
