#include "voucher/voucher.h"

#include <fmt/format.h>

#include <algorithm>

#include "event/event.h"
#include "voucher/numbers.h"

namespace piggy {
namespace {

constexpr std::string_view select_where = R"sql(
  SELECT id, uuid, code, promotion_id, contact_id, deactivated, activation_date, expiration_date,
         redeemed_at, times_redeemed, total_redemptions_allowed, attributes, lock_key, locked_at,
         locked_until
  FROM voucher WHERE account_id = $1{}
)sql";

constexpr AppendTable voucher_table = {
    "voucher",
    "account_id bigint, id bigint, uuid bytea, code text, promotion_id bigint, contact_id bigint, "
    "batch_id bigint, deactivated bigint, activation_date bigint, expiration_date bigint, "
    "times_redeemed bigint, total_redemptions_allowed bigint, attributes text, created_at bigint"};

constexpr std::string_view select_code = R"sql(
  SELECT id FROM voucher WHERE account_id = $1 AND code = $2
)sql";

constexpr std::string_view update_row = R"sql(
  UPDATE voucher SET deactivated = $3, expiration_date = $4, attributes = $5
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view move_rows = R"sql(
  UPDATE voucher SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";
constexpr std::string_view move_redemptions = R"sql(
  UPDATE voucher_redemption SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";
constexpr std::string_view move_batches = R"sql(
  UPDATE voucher_batch SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2
)sql";

// Without the four that look like others when read aloud or typed. 32 letters are 5 bits each.
constexpr std::string_view code_alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
constexpr std::size_t code_length = 9;
static_assert(code_alphabet.size() == 32);

std::string new_code(Random& random) {
  std::uint64_t chance = random.next();
  std::string code(code_length, '\0');
  for (char& letter : code) {
    letter = code_alphabet[chance & 31];
    chance >>= 5;
  }
  return code;
}

// `status_of` in SQL; $n is now. The test "vouchers are listed by the status they show" holds the
// two together.
std::string status_condition(VoucherStatus status, std::size_t n) {
  std::string redeemed = "times_redeemed >= total_redemptions_allowed";
  std::string left = "times_redeemed < total_redemptions_allowed";
  std::string expired = fmt::format("expiration_date IS NOT NULL AND expiration_date <= ${}", n);
  std::string alive = fmt::format(
      "{} AND deactivated = 0 AND (expiration_date IS NULL OR expiration_date > ${})", left, n);
  std::string begun = fmt::format("(activation_date IS NULL OR activation_date <= ${})", n);
  switch (status) {
    case VoucherStatus::REDEEMED:
      return redeemed;
    case VoucherStatus::DEACTIVATED:
      return left + " AND deactivated = 1";
    case VoucherStatus::EXPIRED:
      return left + " AND deactivated = 0 AND " + expired;
    case VoucherStatus::INACTIVE:
      return fmt::format("{} AND activation_date > ${}", alive, n);
    case VoucherStatus::LOCKED:
      return fmt::format("{} AND {} AND locked_until > ${}", alive, begun, n);
    case VoucherStatus::ACTIVE:
      return fmt::format("{} AND {} AND (locked_until IS NULL OR locked_until <= ${})", alive,
                         begun, n);
  }
  return {};
}

template <class P>
Result<VoucherRow> voucher_where(Transaction& transaction, std::string_view condition,
                                 const P& parameter) {
  std::string sql = fmt::format(fmt::runtime(select_where), condition);
  auto voucher = TRY(transaction.first<VoucherRow>(sql, {parameter}));
  if (!voucher) return voucher_not_found();
  return *std::move(voucher);
}

}  // namespace

VoucherStatus status_of(const VoucherRow& voucher, Time now) {
  if (voucher.times_redeemed >= voucher.total_redemptions_allowed) return VoucherStatus::REDEEMED;
  if (voucher.deactivated) return VoucherStatus::DEACTIVATED;
  if (voucher.expiration_date && *voucher.expiration_date <= now) return VoucherStatus::EXPIRED;
  if (voucher.activation_date && *voucher.activation_date > now) return VoucherStatus::INACTIVE;
  if (voucher.locked_until && *voucher.locked_until > now) return VoucherStatus::LOCKED;
  return VoucherStatus::ACTIVE;
}

Result<VoucherRow> voucher_of(Transaction& transaction, const Uuid& uuid) {
  return voucher_where(transaction, " AND uuid = $2", uuid);
}

Result<VoucherRow> voucher_by_id(Transaction& transaction, std::int64_t id) {
  return voucher_where(transaction, " AND id = $2", id);
}

Result<VoucherRow> voucher_by_code(Transaction& transaction, std::string_view code) {
  return voucher_where(transaction, " AND code = $2", code);
}

Result<std::vector<VoucherRow>> vouchers_on(Transaction& transaction, const VoucherFilter& filter,
                                            Page& page) {
  std::string where;
  std::vector<Parameter> parameters;
  auto add = [&](Parameter parameter) {
    parameters.push_back(std::move(parameter));
    return parameters.size() + 1;  // $1 is the account.
  };
  if (filter.promotion_id) {
    where += fmt::format(" AND promotion_id = ${}", add(*filter.promotion_id));
  }
  if (filter.batch_id) where += fmt::format(" AND batch_id = ${}", add(*filter.batch_id));
  if (filter.contact_id) where += fmt::format(" AND contact_id = ${}", add(*filter.contact_id));
  if (filter.status == VoucherStatus::REDEEMED) {
    where += " AND " + status_condition(*filter.status, 0);
  } else if (filter.status) {
    where += " AND " + status_condition(*filter.status, add(transaction.now()));
  }
  std::string count = "SELECT count(*) FROM voucher WHERE account_id = $1" + where;
  page.total = TRY(transaction.all<std::int64_t>(count, parameters)).front();
  where += fmt::format(" ORDER BY id LIMIT ${}", add(page.limit));
  where += fmt::format(" OFFSET ${}", add(page.offset()));
  return transaction.all<VoucherRow>(fmt::format(fmt::runtime(select_where), where), parameters);
}

namespace {

Result<VoucherCounts> count_where(Transaction& transaction, std::string_view column,
                                  std::int64_t id) {
  auto counted = [](VoucherStatus status) {
    return fmt::format("count(CASE WHEN {} THEN 1 END)", status_condition(status, 3));
  };
  std::string sql =
      fmt::format("SELECT {}, {}, {}, count(*) FROM voucher WHERE account_id = $1 AND {} = $2",
                  counted(VoucherStatus::REDEEMED), counted(VoucherStatus::DEACTIVATED),
                  counted(VoucherStatus::EXPIRED), column);
  auto counts = TRY(transaction.one<VoucherCounts>(sql, {id, transaction.now()}));
  counts.open -= counts.redeemed + counts.deactivated + counts.expired;
  return counts;
}

}  // namespace

Result<VoucherCounts> count_of_batch(Transaction& transaction, std::int64_t batch_id) {
  return count_where(transaction, "batch_id", batch_id);
}

Result<VoucherCounts> count_of_contact(Transaction& transaction, std::int64_t contact_id) {
  return count_where(transaction, "contact_id", contact_id);
}

std::optional<Time> expiration_of(const PromotionRow& promotion, Time begin) {
  if (!promotion.expiration_duration) return std::nullopt;
  return begin + *promotion.expiration_duration * microseconds_per_second;
}

Result<bool> give_voucher(Transaction& transaction, const PromotionRow& promotion,
                          std::int64_t contact_id, std::string_view code, std::string attributes) {
  Result<> counted = count_vouchers(transaction, promotion, contact_id, 1);
  if (!counted && counted.error().code == ErrorCode::conflict) return false;
  TRY(std::move(counted));
  TRY(make_voucher(transaction,
                   {.promotion = promotion,
                    .contact_id = contact_id,
                    .expiration_date = expiration_of(promotion, transaction.now()),
                    .total_redemptions_allowed = promotion.redemptions_per_voucher,
                    .attributes = std::move(attributes)},
                   code));
  return true;
}

Result<Uuid> make_voucher(Transaction& transaction, const VoucherPlan& plan,
                          std::string_view code) {
  Uuid uuid = transaction.next_uuid();
  TRY(transaction.append(voucher_table,
                         {transaction.next_id(), uuid, code, plan.promotion.id, plan.contact_id,
                          plan.batch_id, false, plan.activation_date, plan.expiration_date, 0,
                          plan.total_redemptions_allowed, plan.attributes, transaction.now()}));
  Value about = Value::object({{"uuid", to_string(uuid)}, {"code", code}});
  TRY(emit(transaction, "voucher_created", uuid, Value::object({{"voucher", std::move(about)}})));
  return uuid;
}

// In order, because each code goes into an index by code: neighbours go into the same page.
std::vector<std::string> new_codes(Random& random, std::size_t count) {
  std::vector<std::string> codes;
  while (codes.size() < count) {
    while (codes.size() < count) codes.push_back(new_code(random));
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  }
  return codes;
}

Result<std::string> unused_code(Transaction& transaction) {
  for (;;) {
    std::string code = new_code(transaction.random());
    if (!TRY(code_is_used(transaction, code))) return code;
  }
}

// A voucher appended by this very batch of writes may be missed on PostgreSQL. The index finds it,
// and the write is repeated alone.
Result<bool> code_is_used(Transaction& transaction, std::string_view code) {
  return TRY(transaction.first_settled<std::int64_t>(select_code, {code})).has_value();
}

Result<> update_voucher(Transaction& transaction, std::int64_t id, const VoucherChange& change) {
  TRY(transaction.run(update_row,
                      {id, change.deactivated, change.expiration_date, change.attributes}));
  return {};
}

Result<> emit_voucher(Transaction& transaction, std::string_view type, const VoucherRow& voucher) {
  Value about = Value::object({{"uuid", to_string(voucher.uuid)},
                               {"code", voucher.code},
                               {"status", word_of(status_of(voucher, transaction.now()))}});
  return emit(transaction, type, voucher.uuid, Value::object({{"voucher", std::move(about)}}));
}

Result<> move_vouchers(Transaction& transaction, const ContactRow& source,
                       const ContactRow& destination) {
  for (std::string_view sql : {move_rows, move_redemptions, move_batches}) {
    TRY(transaction.run(sql, {source.id, destination.id}));
  }
  return {};
}

}  // namespace piggy
