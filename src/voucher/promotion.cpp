#include "voucher/promotion.h"

#include "voucher/numbers.h"

namespace piggy {
namespace {

constexpr AppendTable promotion_table = {
    "promotion",
    "account_id bigint, id bigint, uuid bytea, name text, description text, "
    "voucher_limit bigint, limit_per_contact bigint, expiration_duration bigint, type text, "
    "redemptions_per_voucher bigint, attributes text, created_at bigint"};

constexpr AppendTable count_table = {"promotion_count",
                                     "account_id bigint, id bigint, vouchers bigint"};

struct PromotionCount {
  std::int64_t id = 0;
  std::int64_t vouchers = 0;
};

// Every voucher of a promotion changes it, so many in one batch of writes cost one update.
constexpr HotTable promotion_count = {
    .select = "SELECT id, vouchers FROM promotion_count WHERE account_id = $1 AND id = $2",
    .update = {.name = "promotion_count",
               .columns = "account_id bigint, id bigint, vouchers bigint"}};

constexpr std::string_view select_by_uuid = R"sql(
  SELECT id, uuid, name, description, voucher_limit, limit_per_contact, expiration_duration, type,
         redemptions_per_voucher, attributes
  FROM promotion WHERE account_id = $1 AND uuid = $2
)sql";

constexpr std::string_view select_by_id = R"sql(
  SELECT id, uuid, name, description, voucher_limit, limit_per_contact, expiration_duration, type,
         redemptions_per_voucher, attributes
  FROM promotion WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_page = R"sql(
  SELECT id, uuid, name, description, voucher_limit, limit_per_contact, expiration_duration, type,
         redemptions_per_voucher, attributes
  FROM promotion WHERE account_id = $1 ORDER BY id LIMIT $2 OFFSET $3
)sql";

constexpr std::string_view count_all = "SELECT count(*) FROM promotion WHERE account_id = $1";

// Those that a batch is about to make count as well, or two batches at once would pass a limit that
// holds for both together.
constexpr std::string_view count_of_contact = R"sql(
  SELECT count(*) FROM voucher WHERE account_id = $1 AND contact_id = $2 AND promotion_id = $3
)sql";

constexpr std::string_view count_pending_of_contact = R"sql(
  SELECT CAST(coalesce(sum(quantity), 0) AS bigint) FROM voucher_batch
  WHERE account_id = $1 AND contact_id = $2 AND promotion_id = $3 AND status = 'PENDING'
)sql";

}  // namespace

Result<PromotionRow> promotion_of(Transaction& transaction, const Uuid& uuid) {
  auto promotion = TRY(transaction.first<PromotionRow>(select_by_uuid, {uuid}));
  if (!promotion) return promotion_not_found();
  return *std::move(promotion);
}

Result<PromotionRow> promotion_by_id(Transaction& transaction, std::int64_t id) {
  auto promotion = TRY(transaction.first<PromotionRow>(select_by_id, {id}));
  if (!promotion) return promotion_not_found();
  return *std::move(promotion);
}

Result<std::vector<PromotionRow>> promotions_on(Transaction& transaction, Page& page) {
  page.total = TRY(transaction.one<std::int64_t>(count_all));
  return transaction.all<PromotionRow>(select_page, {page.limit, page.offset()});
}

Result<> make_promotion(Transaction& transaction, PromotionRow& promotion) {
  promotion.id = transaction.next_id();
  promotion.uuid = transaction.next_uuid();
  TRY(transaction.append(
      promotion_table,
      {promotion.id, promotion.uuid, promotion.name, promotion.description, promotion.voucher_limit,
       promotion.limit_per_contact, promotion.expiration_duration, promotion.type,
       promotion.redemptions_per_voucher, promotion.attributes, transaction.now()}));
  return transaction.append(count_table, {promotion.id, 0});
}

Result<std::int64_t> vouchers_of_promotion(Transaction& transaction, std::int64_t promotion_id) {
  const PromotionCount* count = TRY(transaction.hot<PromotionCount>(promotion_count, promotion_id));
  ASSERT(count);
  return count->vouchers;
}

Result<> count_vouchers(Transaction& transaction, const PromotionRow& promotion,
                        std::optional<std::int64_t> contact_id, std::int64_t quantity) {
  if (contact_id && promotion.limit_per_contact) {
    std::int64_t held =
        TRY(transaction.one<std::int64_t>(count_of_contact, {*contact_id, promotion.id}));
    held +=
        TRY(transaction.one<std::int64_t>(count_pending_of_contact, {*contact_id, promotion.id}));
    if (held + quantity > *promotion.limit_per_contact) return voucher_limit_reached();
  }
  PromotionCount* count = TRY(transaction.hot<PromotionCount>(promotion_count, promotion.id));
  ASSERT(count);
  if (promotion.voucher_limit && count->vouchers + quantity > *promotion.voucher_limit) {
    return voucher_limit_reached();
  }
  count->vouchers += quantity;
  return {};
}

Result<> uncount_vouchers(Transaction& transaction, std::int64_t promotion_id,
                          std::int64_t quantity) {
  PromotionCount* count = TRY(transaction.hot<PromotionCount>(promotion_count, promotion_id));
  ASSERT(count && count->vouchers >= quantity);
  count->vouchers -= quantity;
  return {};
}

}  // namespace piggy
