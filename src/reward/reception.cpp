#include "reward/reception.h"

#include <fmt/format.h>

#include "event/event.h"
#include "ledger/ledger.h"
#include "operation/numbers.h"
#include "reward/code.h"
#include "tier/tier.h"

namespace piggy {
namespace {

constexpr AppendTable reception_table = {
    "reward_reception",
    "account_id bigint, id bigint, uuid bytea, reward_id bigint, contact_id bigint, "
    "shop_id bigint, title text, credits bigint, balance_after bigint, "
    "contact_identifier_id bigint, channel text, expires_at bigint, collected_at bigint, "
    "created_at bigint"};

constexpr std::string_view select_where = R"sql(
  SELECT id, uuid, reward_id, contact_id, shop_id, title, credits, balance_after,
         contact_identifier_id, channel, expires_at, collected_at, reversed_at, created_at
  FROM reward_reception WHERE account_id = $1{}
)sql";

constexpr std::string_view count_claims = R"sql(
  SELECT count(*) FROM reward_reception
  WHERE account_id = $1 AND contact_id = $2 AND reward_id = $3 AND reversed_at IS NULL
)sql";

// The row says whether there is one left, not what was read of it before.
constexpr std::string_view take_one = R"sql(
  UPDATE reward SET stock = stock - 1
  WHERE account_id = $1 AND id = $2 AND (stock IS NULL OR stock > 0)
)sql";
// Of a digital reward nothing comes back: its code is spent.
constexpr std::string_view put_one_back = R"sql(
  UPDATE reward SET stock = stock + 1
  WHERE account_id = $1 AND id = $2 AND reward_type <> 'DIGITAL'
)sql";

constexpr std::string_view mark_reversed = R"sql(
  UPDATE reward_reception SET reversed_at = $3
  WHERE account_id = $1 AND id = $2 AND reversed_at IS NULL
)sql";
constexpr std::string_view mark_collected = R"sql(
  UPDATE reward_reception SET collected_at = $3 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view move_rows = R"sql(
  UPDATE reward_reception SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

std::unexpected<Error> stock_is_empty() {
  return refuse(ErrorCode::conflict, 1018, "The stock on this reward is empty.");
}

Result<> may_claim(Transaction& transaction, const RewardClaim& claim) {
  const RewardRow& reward = claim.reward;
  if (!reward.is_active) return refuse(ErrorCode::conflict, 1052, "Reward is inactive.");
  if (reward.claim_limit) {
    std::int64_t claims = TRY(standing_claims(transaction, reward.id, claim.contact.id));
    if (claims >= *reward.claim_limit) {
      return refuse(ErrorCode::conflict, 1019, "You have reached your claim limit on this reward.");
    }
  }
  std::int64_t taken = TRY(transaction.run(take_one, {reward.id}));
  if (taken == 0) return stock_is_empty();
  return {};
}

Result<> tell(Transaction& transaction, const RewardClaim& claim, const RewardReceptionRow& row) {
  Value about = Value::object({{"uuid", to_string(row.uuid)},
                               {"title", row.title},
                               {"credits", row.credits},
                               {"created_at", to_atom(row.created_at)},
                               {"contact", Value::object({{"uuid", to_string(claim.contact.uuid)},
                                                          {"email", claim.contact.email}})},
                               {"shop", Value::object({{"uuid", to_string(claim.shop.uuid)}})}});
  return emit(transaction, "reward_reception_created", row.uuid,
              Value::object({{"reward_reception", std::move(about)}}));
}

}  // namespace

Result<std::int64_t> standing_claims(Transaction& transaction, std::int64_t reward_id,
                                     std::int64_t contact_id) {
  return transaction.one<std::int64_t>(count_claims, {contact_id, reward_id});
}

Result<RewardReceptionRow> claim_reward(Transaction& transaction, const RewardClaim& claim) {
  TRY(may_claim(transaction, claim));
  const RewardRow& reward = claim.reward;
  MemberRow* member = TRY(member_of(transaction, claim.contact.id));
  if (!member) return contact_not_found();
  Time now = transaction.now();
  RewardReceptionRow row = {.id = transaction.next_id(),
                            .uuid = transaction.next_uuid(),
                            .reward_id = reward.id,
                            .contact_id = claim.contact.id,
                            .shop_id = claim.shop.id,
                            .title = reward.title,
                            .credits = -reward.required_credits,
                            .identifier_id = claim.identifier_id,
                            .channel = std::string(claim.channel),
                            .created_at = now};
  if (!reward.pre_redeemable) row.collected_at = now;
  if (reward.pre_redeemable && reward.expiration_duration) {
    row.expires_at = now + *reward.expiration_duration * microseconds_per_second;
  }
  std::int64_t redemption = TRY(programme_account(transaction, LedgerAccountKind::redemption));
  Transferred moved = TRY(transfer(transaction, {.from = claim.contact.id,
                                                 .to = redemption,
                                                 .amount = reward.required_credits,
                                                 .kind = TransferKind::redemption,
                                                 .transfer_id = row.id,
                                                 .may_go_negative = false}));
  row.balance_after = moved.from_balance;
  member->previous_balance = moved.from_balance + reward.required_credits;
  TRY(transaction.append(reception_table,
                         {row.id, row.uuid, row.reward_id, row.contact_id, row.shop_id, row.title,
                          row.credits, row.balance_after, row.identifier_id, row.channel,
                          row.expires_at, row.collected_at, row.created_at}));
  bool digital = reward.reward_type == RewardType::DIGITAL;
  if (digital && !TRY(give_reward_code(transaction, reward.id, row.id))) return stock_is_empty();
  TRY(tell(transaction, claim, row));
  return row;
}

Result<RewardReceptionRow> reward_reception_by_id(Transaction& transaction, std::int64_t id) {
  return transaction.one<RewardReceptionRow>(
      fmt::format(fmt::runtime(select_where), " AND id = $2"), {id});
}

Result<RewardReceptionRow> reward_reception_of(Transaction& transaction, const Uuid& uuid) {
  std::string sql = fmt::format(fmt::runtime(select_where), " AND uuid = $2");
  auto row = TRY(transaction.first<RewardReceptionRow>(sql, {uuid}));
  if (row) return *std::move(row);
  return fail(Error{.code = ErrorCode::not_found,
                    .message = "Reward reception not found.",
                    .number = 1003,
                    .fields = {{"/reward_reception_uuid", "There is no such reward reception."}}});
}

Result<> note_reversed(Transaction& transaction, const RewardReceptionRow& reception) {
  std::int64_t marked = TRY(transaction.run(mark_reversed, {reception.id, transaction.now()}));
  if (marked == 0) return fail_field("/reward_reception_uuid", "It is reversed already.");
  TRY(transaction.run(put_one_back, {reception.reward_id}));  // Any number stays any number.
  return {};
}

Result<> set_collected(Transaction& transaction, const RewardReceptionRow& reception,
                       std::optional<Time> at) {
  TRY(transaction.run(mark_collected, {reception.id, at}));
  return {};
}

namespace {

// What a filter lets through: the end of a statement, and its parameters.
struct Condition {
  std::string text = {};
  std::vector<Parameter> parameters = {};

  void add(std::string_view condition, Parameter parameter) {
    parameters.push_back(std::move(parameter));
    text += fmt::format(" {} ${}", condition, parameters.size() + 1);  // $1 is the account.
  }
};

Condition condition_of(const RewardReceptionFilter& filter, Time now) {
  Condition condition;
  if (filter.contact_id) condition.add("AND contact_id =", *filter.contact_id);
  if (filter.reward_id) condition.add("AND reward_id =", *filter.reward_id);
  if (filter.shop_id) condition.add("AND shop_id =", *filter.shop_id);
  if (filter.from) condition.add("AND created_at >=", *filter.from);
  if (filter.until) condition.add("AND created_at <", *filter.until);
  if (filter.waiting) {
    condition.text += " AND collected_at IS NULL AND reversed_at IS NULL";
    condition.add("AND coalesce(expires_at, 9223372036854775807) >", now);
  }
  return condition;
}

}  // namespace

Result<std::int64_t> count_reward_receptions(Transaction& transaction,
                                             const RewardReceptionFilter& filter) {
  Condition condition = condition_of(filter, transaction.now());
  std::string count =
      "SELECT count(*) FROM reward_reception WHERE account_id = $1" + condition.text;
  return TRY(transaction.all<std::int64_t>(count, condition.parameters)).front();
}

Result<std::vector<RewardReceptionRow>> reward_receptions_on(Transaction& transaction,
                                                             const RewardReceptionFilter& filter,
                                                             Page& page) {
  page.total = TRY(count_reward_receptions(transaction, filter));
  return reward_receptions_from(transaction, filter, page.offset(), page.limit);
}

Result<std::vector<RewardReceptionRow>> reward_receptions_from(Transaction& transaction,
                                                               const RewardReceptionFilter& filter,
                                                               std::int64_t offset,
                                                               std::int64_t limit) {
  Condition condition = condition_of(filter, transaction.now());
  condition.add(filter.oldest_first ? "ORDER BY id LIMIT" : "ORDER BY id DESC LIMIT", limit);
  condition.add("OFFSET", offset);
  return transaction.all<RewardReceptionRow>(
      fmt::format(fmt::runtime(select_where), condition.text), condition.parameters);
}

Result<> move_reward_receptions(Transaction& transaction, const ContactRow& source,
                                const ContactRow& destination) {
  TRY(transaction.run(move_rows, {source.id, destination.id}));
  return {};
}

}  // namespace piggy
