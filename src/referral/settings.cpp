#include "referral/settings.h"

namespace piggy {
namespace {

constexpr std::string_view select_settings = R"sql(
  SELECT active, form_uuid, completion_event, number_of_transactions, limit_per_contact, shop_id,
         referring_type, referring_points, referring_promotion_id,
         referred_type, referred_points, referred_promotion_id
  FROM referral_settings WHERE account_id = $1
)sql";

constexpr std::string_view update_settings = R"sql(
  UPDATE referral_settings
  SET active = $2, form_uuid = $3, completion_event = $4, number_of_transactions = $5,
      limit_per_contact = $6, shop_id = $7,
      referring_type = $8, referring_points = $9, referring_promotion_id = $10,
      referred_type = $11, referred_points = $12, referred_promotion_id = $13
  WHERE account_id = $1
)sql";

// With the account's own number, which is bound as the first parameter by itself.
constexpr std::string_view insert_settings = R"sql(
  INSERT INTO referral_settings
    (account_id, id, active, form_uuid, completion_event, number_of_transactions,
     limit_per_contact, shop_id, referring_type, referring_points, referring_promotion_id,
     referred_type, referred_points, referred_promotion_id)
  VALUES ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
)sql";

}  // namespace

Incentive referring_incentive(const ReferralSettingsRow& settings) {
  return {settings.referring_type, settings.referring_points, settings.referring_promotion_id};
}

Incentive referred_incentive(const ReferralSettingsRow& settings) {
  return {settings.referred_type, settings.referred_points, settings.referred_promotion_id};
}

Result<ReferralSettingsRow> referral_settings_of(Transaction& transaction) {
  return TRY(transaction.first<ReferralSettingsRow>(select_settings))
      .value_or(ReferralSettingsRow{});
}

Result<> set_referral_settings(Transaction& transaction, const ReferralSettingsRow& row) {
  bool known = TRY(transaction.first<ReferralSettingsRow>(select_settings)).has_value();
  TRY(transaction.run(known ? update_settings : insert_settings,
                      {row.active, row.form_uuid, row.completion_event, row.number_of_transactions,
                       row.limit_per_contact, row.shop_id, row.referring_type, row.referring_points,
                       row.referring_promotion_id, row.referred_type, row.referred_points,
                       row.referred_promotion_id}));
  return {};
}

}  // namespace piggy
