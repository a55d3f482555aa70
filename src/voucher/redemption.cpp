#include "voucher/redemption.h"

#include "voucher/numbers.h"

namespace piggy {
namespace {

// The row says whether there is one left, not what was read of it before: so it stays true with
// several programs on one database.
constexpr std::string_view take_redemptions = R"sql(
  UPDATE voucher SET times_redeemed = times_redeemed + $3, redeemed_at = $4,
                     lock_key = NULL, locked_at = NULL, locked_until = NULL
  WHERE account_id = $1 AND id = $2 AND times_redeemed + $3 <= total_redemptions_allowed
)sql";

constexpr AppendTable redemption_table = {
    "voucher_redemption",
    "account_id bigint, id bigint, uuid bytea, voucher_id bigint, contact_id bigint, "
    "shop_id bigint, created_at bigint"};

constexpr std::string_view select_redemption = R"sql(
  SELECT id, voucher_id FROM voucher_redemption WHERE account_id = $1 AND uuid = $2
)sql";

constexpr std::string_view mark_reversed = R"sql(
  UPDATE voucher_redemption SET reversed_at = $3
  WHERE account_id = $1 AND id = $2 AND reversed_at IS NULL
)sql";

constexpr std::string_view give_redemption_back = R"sql(
  UPDATE voucher SET
    times_redeemed = times_redeemed - 1,
    redeemed_at = (SELECT max(created_at) FROM voucher_redemption
                   WHERE account_id = $1 AND voucher_id = $2 AND reversed_at IS NULL)
  WHERE account_id = $1 AND id = $2 AND times_redeemed > 0
)sql";

constexpr std::string_view set_lock = R"sql(
  UPDATE voucher SET lock_key = $3, locked_at = $4, locked_until = $5
  WHERE account_id = $1 AND id = $2 AND (locked_until IS NULL OR locked_until <= $4)
)sql";

constexpr std::string_view end_lock = R"sql(
  UPDATE voucher SET lock_key = NULL, locked_at = NULL, locked_until = NULL
  WHERE account_id = $1 AND id = $2
)sql";

struct RedemptionRow {
  std::int64_t id = 0;
  std::int64_t voucher_id = 0;
};

// A version 7 uuid tells when it was made, and so some of itself; this one tells nothing.
Uuid secret_key(Random& random) {
  Uuid key;
  random.fill(key.bytes);
  key.bytes[6] = static_cast<std::uint8_t>((key.bytes[6] & 0x0f) | 0x40);
  key.bytes[8] = static_cast<std::uint8_t>((key.bytes[8] & 0x3f) | 0x80);
  return key;
}

void forget_lock(VoucherRow& voucher) {
  voucher.lock_key.reset();
  voucher.locked_at.reset();
  voucher.locked_until.reset();
}

}  // namespace

Result<> may_redeem(const VoucherRow& voucher, Time now, std::optional<Uuid> release_key) {
  switch (status_of(voucher, now)) {
    case VoucherStatus::REDEEMED:
      return voucher_redeemed();
    case VoucherStatus::DEACTIVATED:
      return voucher_deactivated();
    case VoucherStatus::EXPIRED:
      return voucher_expired();
    case VoucherStatus::INACTIVE:
      return voucher_inactive();
    case VoucherStatus::LOCKED:
      if (release_key && release_key == voucher.lock_key) return {};
      return voucher_locked();
    case VoucherStatus::ACTIVE:
      return {};
  }
  return {};
}

Result<std::vector<Redemption>> redeem(Transaction& transaction, VoucherRow& voucher,
                                       const Redeeming& redeeming) {
  Time now = transaction.now();
  std::int64_t taken = TRY(transaction.run(take_redemptions, {voucher.id, redeeming.times, now}));
  if (taken == 0) return voucher_exhausted();
  std::vector<Redemption> redemptions;
  for (std::int64_t i = 0; i < redeeming.times; i++) {
    redemptions.push_back({.uuid = transaction.next_uuid(), .created_at = now});
    TRY(transaction.append(redemption_table,
                           {transaction.next_id(), redemptions.back().uuid, voucher.id,
                            redeeming.contact_id, redeeming.shop_id, now}));
  }
  voucher.times_redeemed += redeeming.times;
  voucher.redeemed_at = now;
  forget_lock(voucher);
  TRY(emit_voucher(transaction, "voucher_redeemed", voucher));
  return redemptions;
}

Result<VoucherRow> reverse_redemption(Transaction& transaction, const Uuid& redemption) {
  auto row = TRY(transaction.first<RedemptionRow>(select_redemption, {redemption}));
  if (!row) return voucher_not_found();
  std::int64_t marked = TRY(transaction.run(mark_reversed, {row->id, transaction.now()}));
  if (marked == 0) {
    return refuse(ErrorCode::conflict, 1003, "This redemption has been reversed already.");
  }
  TRY(transaction.run(give_redemption_back, {row->voucher_id}));
  VoucherRow voucher = TRY(voucher_by_id(transaction, row->voucher_id));
  TRY(emit_voucher(transaction, "voucher_updated", voucher));
  return voucher;
}

Result<> lock_voucher(Transaction& transaction, VoucherRow& voucher) {
  Time now = transaction.now();
  Uuid key = secret_key(transaction.random());
  std::int64_t locked =
      TRY(transaction.run(set_lock, {voucher.id, key, now, now + lock_microseconds}));
  if (locked == 0) return voucher_locked();
  voucher.lock_key = key;
  voucher.locked_at = now;
  voucher.locked_until = now + lock_microseconds;
  return {};
}

Result<> release_voucher(Transaction& transaction, VoucherRow& voucher) {
  TRY(transaction.run(end_lock, {voucher.id}));
  forget_lock(voucher);
  return {};
}

}  // namespace piggy
