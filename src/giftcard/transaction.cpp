#include "giftcard/transaction.h"

#include <fmt/format.h>

#include "database/conditions.h"
#include "event/event.h"
#include "giftcard/numbers.h"

namespace piggy {
namespace {

constexpr AppendTable transaction_table = {
    "giftcard_transaction",
    "account_id bigint, id bigint, uuid bytea, giftcard_id bigint, shop_id bigint, amount bigint, "
    "balance_after bigint, previous bigint, reverses bigint, channel text, attributes text, "
    "created_at bigint"};

constexpr std::string_view select_where = R"sql(
  SELECT t.id, t.uuid, t.giftcard_id, t.shop_id, t.amount, t.balance_after, t.previous, t.reverses,
         t.channel, t.attributes, t.created_at
  FROM giftcard_transaction t{}
)sql";

// The row says what is on the card, not what was read of it before: so it stays true with several
// programs on one database.
constexpr std::string_view move_balance = R"sql(
  UPDATE giftcard SET balance = balance + $3, loads = loads + $4, newest = $5
  WHERE account_id = $1 AND id = $2 AND newest = $6 AND balance + $3 >= 0
)sql";

Result<> may_use(const GiftcardRow& card, Time now) {
  if (!card.active) return giftcard_not_valid();
  if (card.expires_at && *card.expires_at <= now) return giftcard_expired();
  return {};
}

Result<> may_post(const GiftcardProgramRow& program, const GiftcardRow& card, std::int64_t amount) {
  if (amount < 0) {
    if (card.balance + amount < 0) return giftcard_insufficient();
    return {};
  }
  if (!is_upgradeable(program, card)) return giftcard_not_upgradeable();
  if (program.min_amount && amount < *program.min_amount) {
    return fail_field(
        "/amount_in_cents",
        fmt::format("The amount_in_cents field must be at least {}.", *program.min_amount));
  }
  if (card.balance + amount > program.max_amount.value_or(giftcard_amount_max)) {
    return giftcard_limit_reached();
  }
  return {};
}

Result<> tell(Transaction& transaction, const GiftcardRow& card,
              const GiftcardTransactionRow& row) {
  Value about = Value::object({{"uuid", to_string(row.uuid)},
                               {"amount_in_cents", row.amount},
                               {"created_at", to_atom(row.created_at)},
                               {"card", Value::object({{"uuid", to_string(card.uuid)}})}});
  return emit(transaction, "giftcard_transaction_created", row.uuid,
              Value::object({{"giftcard_transaction", std::move(about)}}));
}

// `loads`: by how much the number of loads that stand changes.
Result<> enter(Transaction& transaction, GiftcardRow& card, GiftcardTransactionRow& row,
               std::int64_t loads) {
  row.id = transaction.next_id();
  row.uuid = transaction.next_uuid();
  row.giftcard_id = card.id;
  row.balance_after = card.balance + row.amount;
  row.previous = card.newest;
  row.created_at = transaction.now();
  std::int64_t moved =
      TRY(transaction.run(move_balance, {card.id, row.amount, loads, row.id, card.newest}));
  if (moved == 0) return fail(ErrorCode::in_progress, "Somebody else is using this gift card.");
  card.balance = row.balance_after;
  card.loads += loads;
  card.newest = row.id;
  TRY(transaction.append(
      transaction_table,
      {row.id, row.uuid, row.giftcard_id, row.shop_id, row.amount, row.balance_after, row.previous,
       row.reverses, row.channel, row.attributes, row.created_at}));
  return tell(transaction, card, row);
}

}  // namespace

Result<GiftcardTransactionRow> post(Transaction& transaction, const GiftcardProgramRow& program,
                                    GiftcardRow& card, const GiftcardPosting& posting) {
  ASSERT(posting.amount != 0 && program.id == card.program_id);
  TRY(may_use(card, transaction.now()));
  TRY(may_post(program, card, posting.amount));
  GiftcardTransactionRow row = {.shop_id = posting.shop_id,
                                .amount = posting.amount,
                                .channel = std::string(posting.channel),
                                .attributes = posting.attributes};
  TRY(enter(transaction, card, row, posting.amount > 0 ? 1 : 0));
  return row;
}

Result<GiftcardTransactionRow> reverse_transaction(Transaction& transaction, GiftcardRow& card,
                                                   const GiftcardTransactionRow& original,
                                                   std::string_view channel) {
  ASSERT(original.giftcard_id == card.id);
  if (card.newest != original.id) return giftcard_transaction_not_last();
  if (original.reverses) return fail_field("/uuid", "A reversal cannot be reversed.");
  TRY(may_use(card, transaction.now()));
  GiftcardTransactionRow row = {.shop_id = original.shop_id,
                                .amount = -original.amount,
                                .reverses = original.id,
                                .channel = std::string(channel)};
  TRY(enter(transaction, card, row, original.amount > 0 ? -1 : 0));
  return row;
}

Result<GiftcardTransactionRow> giftcard_transaction_of(Transaction& transaction, const Uuid& uuid) {
  static const std::string select =
      fmt::format(fmt::runtime(select_where), " WHERE t.account_id = $1 AND t.uuid = $2");
  auto row = TRY(transaction.first<GiftcardTransactionRow>(select, {uuid}));
  if (!row) return giftcard_transaction_not_found();
  return *std::move(row);
}

Result<std::vector<GiftcardTransactionRow>> giftcard_transactions_on(
    Transaction& transaction, const GiftcardTransactionFilter& filter, Page& page) {
  Conditions where;
  std::string join;
  if (filter.program_id) {
    join = " JOIN giftcard g ON g.account_id = $1 AND g.id = t.giftcard_id";
    where.add("AND g.program_id =", *filter.program_id);
  }
  if (filter.giftcard_id) where.add("AND t.giftcard_id =", *filter.giftcard_id);
  if (filter.shop_id) where.add("AND t.shop_id =", *filter.shop_id);
  if (filter.from) where.add("AND t.created_at >=", *filter.from);
  if (filter.until) where.add("AND t.created_at <", *filter.until);
  std::string count =
      fmt::format("SELECT count(*) FROM giftcard_transaction t{} WHERE t.account_id = $1{}", join,
                  where.text());
  page.total = TRY(transaction.all<std::int64_t>(count, where.parameters())).front();
  // Ids grow with time, so their order is the order of created_at.
  where.add(filter.newest_first ? "ORDER BY t.id DESC LIMIT" : "ORDER BY t.id LIMIT", page.limit);
  where.add("OFFSET", page.offset());
  return transaction.all<GiftcardTransactionRow>(
      fmt::format(fmt::runtime(select_where), join + " WHERE t.account_id = $1" + where.text()),
      where.parameters());
}

}  // namespace piggy
