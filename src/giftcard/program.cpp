#include "giftcard/program.h"

#include <fmt/format.h>

#include "giftcard/numbers.h"

namespace piggy {
namespace {

constexpr AppendTable program_table = {
    "giftcard_program",
    "account_id bigint, id bigint, uuid bytea, name text, active bigint, reloadable bigint, "
    "expiration_days bigint, min_amount bigint, max_amount bigint, created_at bigint"};

constexpr std::string_view select_where = R"sql(
  SELECT id, uuid, name, active, reloadable, expiration_days, min_amount, max_amount
  FROM giftcard_program WHERE account_id = $1{}
)sql";

constexpr std::string_view update_row = R"sql(
  UPDATE giftcard_program SET name = $3, active = $4 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view count_cards = R"sql(
  SELECT count(*) FROM giftcard WHERE account_id = $1 AND program_id = $2
)sql";

constexpr std::string_view select_balances = R"sql(
  SELECT count(*),
         CAST(coalesce(sum(CASE WHEN expires_at <= $3 THEN 0 ELSE balance END), 0) AS bigint),
         CAST(coalesce(sum(CASE WHEN expires_at <= $3 THEN balance ELSE 0 END), 0) AS bigint)
  FROM giftcard WHERE account_id = $1 AND program_id = $2
)sql";

// A reversal has the sign of what it takes back, turned round.
constexpr std::string_view select_flows = R"sql(
  SELECT CAST(coalesce(sum(CASE WHEN (t.amount > 0) = (t.reverses IS NULL)
                                THEN t.amount ELSE 0 END), 0) AS bigint),
         CAST(coalesce(sum(CASE WHEN (t.amount > 0) = (t.reverses IS NULL)
                                THEN 0 ELSE -t.amount END), 0) AS bigint)
  FROM giftcard g JOIN giftcard_transaction t ON t.account_id = $1 AND t.giftcard_id = g.id
  WHERE g.account_id = $1 AND g.program_id = $2
)sql";

struct Balances {
  std::int64_t cards = 0;
  std::int64_t outstanding = 0;
  std::int64_t expired = 0;
};

struct Flows {
  std::int64_t loaded = 0;
  std::int64_t spent = 0;
};

template <class P>
Result<GiftcardProgramRow> program_where(Transaction& transaction, std::string_view condition,
                                         const P& parameter) {
  std::string sql = fmt::format(fmt::runtime(select_where), condition);
  auto program = TRY(transaction.first<GiftcardProgramRow>(sql, {parameter}));
  if (!program) return giftcard_program_not_found();
  return *std::move(program);
}

}  // namespace

Result<GiftcardProgramRow> giftcard_program_of(Transaction& transaction, const Uuid& uuid) {
  return program_where(transaction, " AND uuid = $2", uuid);
}

Result<GiftcardProgramRow> giftcard_program_by_id(Transaction& transaction, std::int64_t id) {
  return program_where(transaction, " AND id = $2", id);
}

Result<std::vector<GiftcardProgramRow>> all_giftcard_programs(Transaction& transaction) {
  return transaction.all<GiftcardProgramRow>(
      fmt::format(fmt::runtime(select_where), " ORDER BY id"));
}

Result<> make_giftcard_program(Transaction& transaction, GiftcardProgramRow& program) {
  program.id = transaction.next_id();
  program.uuid = transaction.next_uuid();
  return transaction.append(
      program_table,
      {program.id, program.uuid, program.name, program.active, program.reloadable,
       program.expiration_days, program.min_amount, program.max_amount, transaction.now()});
}

Result<> update_giftcard_program(Transaction& transaction, const GiftcardProgramRow& program) {
  TRY(transaction.run(update_row, {program.id, program.name, program.active}));
  return {};
}

Result<std::int64_t> count_giftcards(Transaction& transaction, std::int64_t program_id) {
  return transaction.one<std::int64_t>(count_cards, {program_id});
}

Result<GiftcardFigures> figures_of(Transaction& transaction, const GiftcardProgramRow& program) {
  auto balances = TRY(transaction.one<Balances>(select_balances, {program.id, transaction.now()}));
  auto flows = TRY(transaction.one<Flows>(select_flows, {program.id}));
  return GiftcardFigures{.cards = balances.cards,
                         .outstanding = balances.outstanding,
                         .expired = balances.expired,
                         .loaded = flows.loaded,
                         .spent = flows.spent};
}

}  // namespace piggy
