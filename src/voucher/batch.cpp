#include "voucher/batch.h"

#include <fmt/format.h>

#include "database/conditions.h"
#include "voucher/numbers.h"

namespace piggy {
namespace {

constexpr std::string_view make_vouchers = "make_vouchers";

constexpr AppendTable batch_table = {
    "voucher_batch",
    "account_id bigint, id bigint, uuid bytea, promotion_id bigint, contact_id bigint, "
    "quantity bigint, made bigint, status text, activation_date bigint, expiration_date bigint, "
    "attributes text, created_at bigint, updated_at bigint"};

constexpr std::string_view select_where = R"sql(
  SELECT id, uuid, promotion_id, contact_id, quantity, made, status, activation_date,
         expiration_date, attributes, created_at, updated_at
  FROM voucher_batch WHERE account_id = $1{}
)sql";

constexpr std::string_view complete = R"sql(
  UPDATE voucher_batch SET status = 'COMPLETED', made = quantity, updated_at = $3
  WHERE account_id = $1 AND id = $2 AND status = 'PENDING'
)sql";

constexpr std::string_view count_touched = R"sql(
  SELECT count(*) FROM voucher
  WHERE account_id = $1 AND promotion_id = $2 AND batch_id = $3
    AND (times_redeemed > 0 OR locked_until > $4)
)sql";

constexpr std::string_view update_deactivated = R"sql(
  UPDATE voucher SET deactivated = 1
  WHERE account_id = $1 AND promotion_id = $2 AND batch_id = $3 AND deactivated = 0
)sql";

constexpr std::string_view update_rest_deactivated = R"sql(
  UPDATE voucher SET deactivated = 1
  WHERE account_id = $1 AND batch_id = $2 AND deactivated = 0
    AND times_redeemed < total_redemptions_allowed
    AND (expiration_date IS NULL OR expiration_date > $3)
    AND (locked_until IS NULL OR locked_until <= $3)
)sql";

constexpr std::string_view mark_failed = R"sql(
  UPDATE voucher_batch SET status = 'FAILED', updated_at = $3
  WHERE account_id = $1 AND id = $2 AND status = 'PENDING'
)sql";

Result<VoucherBatchRow> batch_to_make(Transaction& transaction, const JobRow& job) {
  const Value* id = job.payload.find("batch_id");
  ASSERT(id && id->integer());
  std::string sql = fmt::format(fmt::runtime(select_where), " AND id = $2");
  auto batch = TRY(transaction.first<VoucherBatchRow>(sql, {*id->integer()}));
  ASSERT(batch && batch->status == BackgroundStatus::PENDING);
  return *std::move(batch);
}

// An inside job: the vouchers, the batch's status and the job's end are one commit. Should one of
// the codes be taken, the index refuses it, all is undone, and the job's next try draws others.
Result<> run_make_vouchers(Call& call, const JobRow& job) {
  Transaction& transaction = call.transaction;
  VoucherBatchRow batch = TRY(batch_to_make(transaction, job));
  PromotionRow promotion = TRY(promotion_by_id(transaction, batch.promotion_id));
  VoucherPlan plan = {.promotion = promotion,
                      .contact_id = batch.contact_id,
                      .batch_id = batch.id,
                      .activation_date = batch.activation_date,
                      .expiration_date = batch.expiration_date,
                      .total_redemptions_allowed = promotion.redemptions_per_voucher,
                      .attributes = batch.attributes};
  auto count = static_cast<std::size_t>(batch.quantity);
  for (const std::string& code : new_codes(transaction.random(), count)) {
    TRY(make_voucher(transaction, plan, code));
  }
  TRY(transaction.run(complete, {batch.id, transaction.now()}));
  return {};
}

Result<> give_up_batch(Call& call, const JobRow& job) {
  Transaction& transaction = call.transaction;
  VoucherBatchRow batch = TRY(batch_to_make(transaction, job));
  TRY(transaction.run(mark_failed, {batch.id, transaction.now()}));
  return uncount_vouchers(transaction, batch.promotion_id, batch.quantity);
}

}  // namespace

Result<VoucherBatchRow> add_batch(Transaction& transaction, const VoucherPlan& plan,
                                  std::int64_t quantity) {
  VoucherBatchRow batch = {.id = transaction.next_id(),
                           .uuid = transaction.next_uuid(),
                           .promotion_id = plan.promotion.id,
                           .contact_id = plan.contact_id,
                           .quantity = quantity,
                           .activation_date = plan.activation_date,
                           .expiration_date = plan.expiration_date,
                           .attributes = plan.attributes,
                           .created_at = transaction.now(),
                           .updated_at = transaction.now()};
  TRY(transaction.append(batch_table,
                         {batch.id, batch.uuid, batch.promotion_id, batch.contact_id, quantity,
                          batch.made, batch.status, batch.activation_date, batch.expiration_date,
                          batch.attributes, batch.created_at, batch.updated_at}));
  TRY(add_job(transaction, make_vouchers, Value::object({{"batch_id", batch.id}})));
  return batch;
}

Result<VoucherBatchRow> batch_of(Transaction& transaction, const Uuid& uuid) {
  std::string sql = fmt::format(fmt::runtime(select_where), " AND uuid = $2");
  auto batch = TRY(transaction.first<VoucherBatchRow>(sql, {uuid}));
  if (!batch) return model_not_found();
  return *std::move(batch);
}

Result<std::vector<VoucherBatchRow>> batches_on(Transaction& transaction, const BatchFilter& filter,
                                                Page& page) {
  Conditions where;
  if (filter.promotion_id) where.add("AND promotion_id =", *filter.promotion_id);
  if (filter.contact_id) where.add("AND contact_id =", *filter.contact_id);
  std::string count = "SELECT count(*) FROM voucher_batch WHERE account_id = $1" + where.text();
  page.total = TRY(transaction.all<std::int64_t>(count, where.parameters())).front();
  where.add("ORDER BY id DESC LIMIT", page.limit);
  where.add("OFFSET", page.offset());
  return transaction.all<VoucherBatchRow>(fmt::format(fmt::runtime(select_where), where.text()),
                                          where.parameters());
}

namespace {

Result<> must_be_made(const VoucherBatchRow& batch) {
  if (batch.status == BackgroundStatus::COMPLETED) return {};
  return fail(ErrorCode::conflict,
              fmt::format("The batch is {}: it has no vouchers yet.", word_of(batch.status)));
}

}  // namespace

Result<std::int64_t> deactivate_rest(Transaction& transaction, const VoucherBatchRow& batch) {
  TRY(must_be_made(batch));
  return transaction.run(update_rest_deactivated, {batch.id, transaction.now()});
}

Result<std::int64_t> deactivate_batch(Transaction& transaction, const VoucherBatchRow& batch) {
  TRY(must_be_made(batch));
  auto touched = TRY(transaction.one<std::int64_t>(
      count_touched, {batch.promotion_id, batch.id, transaction.now()}));
  if (touched > 0) {
    return fail(ErrorCode::conflict,
                fmt::format("{} of its {} vouchers {} redeemed or locked.", touched, batch.quantity,
                            touched == 1 ? "was" : "were"));
  }
  return transaction.run(update_deactivated, {batch.promotion_id, batch.id});
}

void add_voucher_jobs(Scheduler& scheduler) {
  scheduler.handle(make_vouchers, run_make_vouchers, give_up_batch);
}

}  // namespace piggy
