#include "tier/tier.h"

#include <algorithm>

#include "tier/move.h"

namespace piggy {
namespace {

constexpr std::string_view select_tiers = R"sql(
  SELECT id, uuid, name, description, position, media, credits_required, multiplier
  FROM tier WHERE account_id = $1 ORDER BY credits_required, position, id
)sql";

constexpr HotTable members = {
    .select = R"sql(
      SELECT id, previous_balance, transactions, received, first_at, last_at, tier_id, last_shop_id
      FROM member WHERE account_id = $1 AND id = $2
    )sql",
    .update = {.name = "member",
               .columns = "account_id bigint, id bigint, previous_balance bigint, "
                          "transactions bigint, received bigint, first_at bigint, last_at bigint, "
                          "tier_id bigint, last_shop_id bigint"}};

constexpr AppendTable member_table = {
    "member",
    "account_id bigint, id bigint, previous_balance bigint, transactions bigint, received bigint, "
    "first_at bigint, last_at bigint, tier_id bigint, last_shop_id bigint"};

constexpr std::string_view insert_shop = R"sql(
  INSERT INTO member_shop (account_id, contact_id, shop_id) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING
)sql";

constexpr std::string_view select_shops = R"sql(
  SELECT shop_id FROM member_shop WHERE account_id = $1 AND contact_id = $2 ORDER BY shop_id
)sql";

constexpr std::string_view select_members = R"sql(
  SELECT id, previous_balance, transactions, received, first_at, last_at, tier_id, last_shop_id
  FROM member WHERE account_id = $1 AND id >= $2 AND id <= $3 ORDER BY id
)sql";

constexpr std::string_view select_shops_between = R"sql(
  SELECT contact_id, shop_id FROM member_shop
  WHERE account_id = $1 AND contact_id >= $2 AND contact_id <= $3 ORDER BY contact_id, shop_id
)sql";

// The tier that a total makes; 0 for none.
std::int64_t tier_among(const std::vector<TierRow>& tiers, std::int64_t received) {
  std::int64_t tier = 0;
  for (const TierRow& row : tiers) {
    if (received >= row.credits_required) tier = row.id;
  }
  return tier;
}

Result<std::int64_t> tier_for(Transaction& transaction, std::int64_t received) {
  return tier_among(TRY(all_tiers(transaction)), received);
}

}  // namespace

Result<std::vector<TierRow>> all_tiers(Transaction& transaction) {
  return transaction.all<TierRow>(select_tiers);
}

Result<> open_member(Transaction& transaction, std::int64_t contact_id) {
  std::int64_t tier = TRY(tier_for(transaction, 0));
  TRY(transaction.append(member_table, {contact_id, 0, 0, 0, 0, 0, tier, 0}));
  return enter_first_tier(transaction, tier);
}

Result<MemberRow*> member_of(Transaction& transaction, std::int64_t contact_id) {
  return transaction.hot<MemberRow>(members, contact_id);
}

Result<std::vector<MemberRow>> members_between(Transaction& transaction, std::int64_t first,
                                               std::int64_t last) {
  ASSERT(!transaction.writes());
  return transaction.all<MemberRow>(select_members, {first, last});
}

Result<std::vector<MemberShop>> shops_between(Transaction& transaction, std::int64_t first,
                                              std::int64_t last) {
  return transaction.all<MemberShop>(select_shops_between, {first, last});
}

Result<std::vector<std::int64_t>> shops_of_member(Transaction& transaction,
                                                  std::int64_t contact_id) {
  return transaction.all<std::int64_t>(select_shops, {contact_id});
}

Result<> note_shop(Transaction& transaction, MemberRow& member, std::int64_t shop_id) {
  if (member.last_shop_id == shop_id) return {};
  member.last_shop_id = shop_id;
  TRY(transaction.run(insert_shop, {member.id, shop_id}));
  return {};
}

Result<bool> note_transaction(Transaction& transaction, MemberRow& member, std::int64_t credits,
                              std::int64_t balance_before, std::int64_t shop_id) {
  return note_transaction(transaction, member, credits, balance_before, shop_id,
                          TRY(all_tiers(transaction)));
}

Result<bool> note_transaction(Transaction& transaction, MemberRow& member, std::int64_t credits,
                              std::int64_t balance_before, std::int64_t shop_id,
                              const std::vector<TierRow>& tiers) {
  TRY(note_shop(transaction, member, shop_id));
  member.previous_balance = balance_before;
  member.transactions++;
  member.received += credits;
  if (member.first_at == Time{}) member.first_at = transaction.now();
  member.last_at = transaction.now();
  std::int64_t tier = tier_among(tiers, member.received);
  return change_tier(transaction, member, tier);
}

Result<> merge_members(Transaction& transaction, std::int64_t source, std::int64_t destination) {
  MemberRow* from = TRY(member_of(transaction, source));
  MemberRow* to = TRY(member_of(transaction, destination));
  ASSERT(from && to);
  to->transactions += from->transactions;
  to->received += from->received;
  if (from->first_at != Time{} && (to->first_at == Time{} || from->first_at < to->first_at)) {
    to->first_at = from->first_at;
  }
  to->last_at = std::max(to->last_at, from->last_at);
  for (std::int64_t shop : TRY(shops_of_member(transaction, source))) {
    TRY(transaction.run(insert_shop, {destination, shop}));
  }
  TRY(change_tier(transaction, *to, TRY(tier_for(transaction, to->received))));
  return leave_tier(transaction, from->id);
}

Tier shown(const TierRow& row) {
  return {.uuid = row.uuid,
          .name = row.name,
          .description = row.description,
          .position = row.position,
          .media = row.media.value_or(Value())};
}

}  // namespace piggy
