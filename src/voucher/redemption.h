#pragma once

// Redeeming, and the lock that holds a voucher for one checkout.

#include <optional>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "voucher/voucher.h"

namespace piggy {

// Of a lock without a release: an hour.
constexpr std::int64_t lock_microseconds = 3600 * microseconds_per_second;

// Refused with what stands in the way of redeeming: 80005 redeemed, 80012 deactivated, 80006
// expired, 80014 not yet active, 80017 locked with another key.
Result<> may_redeem(const VoucherRow& voucher, Time now, std::optional<Uuid> release_key = {});

struct Redemption {
  Uuid uuid = {};
  Time created_at = {};

  static void describe(Fields<Redemption>& field) {
    field("uuid", &Redemption::uuid, "The redemption; needed to reverse it.");
    field("created_at", &Redemption::created_at, "When it was.");
  }
};

struct Redeeming {
  std::optional<std::int64_t> contact_id = {};
  std::optional<std::int64_t> shop_id = {};
  std::int64_t times = 1;
};

// Redeems a voucher that `may_redeem` lets pass; 80019 when fewer than `times` are left. Ends its
// lock. Brings `voucher` up to date.
Result<std::vector<Redemption>> redeem(Transaction& transaction, VoucherRow& voucher,
                                       const Redeeming& redeeming);

// Takes one redemption back, found by its uuid: 80004 when there is none, `conflict` when it was
// taken back before. Returns the voucher as it is then.
Result<VoucherRow> reverse_redemption(Transaction& transaction, const Uuid& redemption);

// Both bring `voucher` up to date. Its key is chance and nothing else.
Result<> lock_voucher(Transaction& transaction, VoucherRow& voucher);
Result<> release_voucher(Transaction& transaction, VoucherRow& voucher);

}  // namespace piggy
