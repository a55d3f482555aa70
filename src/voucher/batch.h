#pragma once

// Many vouchers at once. The batch is asked for, counted and answered at once; a job makes its
// codes a moment later, all of them in one transaction, so a batch has none of its vouchers or
// exactly as many as were asked for. Should the job fail for good, the batch is FAILED and its
// vouchers no longer count.

#include "base/error.h"
#include "database/database.h"
#include "schedule/job.h"
#include "voucher/voucher.h"

namespace piggy {

constexpr std::int64_t batch_quantity_max = 500;

struct VoucherBatchRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t promotion_id = 0;
  std::optional<std::int64_t> contact_id = {};
  std::int64_t quantity = 0;
  std::int64_t made = 0;
  BackgroundStatus status = BackgroundStatus::PENDING;
  std::optional<Time> activation_date = {};
  std::optional<Time> expiration_date = {};
  std::string attributes = "{}";  // JSON.
  Time created_at = {};
  Time updated_at = {};
};

// Writes the batch down and adds its job. The vouchers are counted already.
Result<VoucherBatchRow> add_batch(Transaction& transaction, const VoucherPlan& plan,
                                  std::int64_t quantity);

// 60013 when there is none.
Result<VoucherBatchRow> batch_of(Transaction& transaction, const Uuid& uuid);

struct BatchFilter {
  std::optional<std::int64_t> promotion_id = {};
  std::optional<std::int64_t> contact_id = {};
};
// Newest first. Fills the total of `page`.
Result<std::vector<VoucherBatchRow>> batches_on(Transaction& transaction, const BatchFilter& filter,
                                                Page& page);

// Deactivates all of it. Refused with `conflict` while it is being made, and when one of its
// vouchers was redeemed or is locked. Returns how many were active.
Result<std::int64_t> deactivate_batch(Transaction& transaction, const VoucherBatchRow& batch);
// The same for what may yet be redeemed of it and is not locked; what was redeemed stays so.
Result<std::int64_t> deactivate_rest(Transaction& transaction, const VoucherBatchRow& batch);

void add_voucher_jobs(Scheduler& scheduler);

}  // namespace piggy
