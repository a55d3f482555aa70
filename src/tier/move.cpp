#include "tier/move.h"

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

constexpr std::string_view count_by_tier = R"sql(
  SELECT tier_id, count(*) FROM member WHERE account_id = $1 GROUP BY tier_id
)sql";

}  // namespace

Result<bool> change_tier(Transaction& transaction, MemberRow& member, std::int64_t tier_id) {
  std::int64_t before = std::exchange(member.tier_id, tier_id);
  if (before == tier_id) return false;
  TRY(transaction.append(move_table,
                         {transaction.next_id(), member.id, before, tier_id, transaction.now()}));
  return true;
}

Result<> leave_tier(Transaction& transaction, std::int64_t contact_id) {
  MemberRow* member = TRY(member_of(transaction, contact_id));
  if (member) TRY(change_tier(transaction, *member, 0));
  return {};
}

Result<std::vector<TierMoves>> tier_moves(Transaction& transaction, Time from, Time to) {
  std::int64_t begin = TRY(id_since(transaction, "tier_move", from));
  std::int64_t end = TRY(id_since(transaction, "tier_move", to));
  return transaction.all<TierMoves>(count_moves, {begin, end});
}

Result<std::vector<TierCount>> count_members(Transaction& transaction) {
  return transaction.all<TierCount>(count_by_tier);
}

}  // namespace piggy
