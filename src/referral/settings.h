#pragma once

// How an account rewards those who bring others.

#include <optional>

#include "base/error.h"
#include "database/database.h"
#include "shape/shape.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(ReferralEvent, loyalty_transaction, contact_creation)
BOOST_DEFINE_ENUM_CLASS(IncentiveType, nothing, loyalty_points, voucher)

struct ReferralSettingsRow {
  bool active = false;
  std::optional<Uuid> form_uuid = {};  // Where the link leads that contacts pass on.
  ReferralEvent completion_event = ReferralEvent::loyalty_transaction;
  std::int64_t number_of_transactions = 1;
  std::optional<std::int64_t> limit_per_contact = {};
  std::optional<std::int64_t> shop_id = {};  // In whose name points are given.
  IncentiveType referring_type = IncentiveType::nothing;
  std::int64_t referring_points = 0;
  std::optional<std::int64_t> referring_promotion_id = {};
  IncentiveType referred_type = IncentiveType::nothing;
  std::int64_t referred_points = 0;
  std::optional<std::int64_t> referred_promotion_id = {};
};

// What one side receives.
struct Incentive {
  IncentiveType type = IncentiveType::nothing;
  std::int64_t points = 0;                        // Of loyalty_points.
  std::optional<std::int64_t> promotion_id = {};  // Of voucher.
};
Incentive referring_incentive(const ReferralSettingsRow& settings);
Incentive referred_incentive(const ReferralSettingsRow& settings);

// Switched off where nobody has set anything.
Result<ReferralSettingsRow> referral_settings_of(Transaction& transaction);
Result<> set_referral_settings(Transaction& transaction, const ReferralSettingsRow& settings);

}  // namespace piggy
