#pragma once

// A referral: one contact brought another. It is pending until the newcomer does what the account
// asks for; then both receive their incentive, once.

#include <optional>
#include <vector>

#include "base/error.h"
#include "contact/contact.h"
#include "operation/page.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(ReferralStatus, pending, completed, failed)

struct ReferralRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::int64_t referring_contact_id = 0;
  std::int64_t referred_contact_id = 0;
  ReferralStatus status = ReferralStatus::pending;
  std::int64_t transactions = 0;  // Of the newcomer, that counted.
  Time created_at = {};
  std::optional<Time> ended_at = {};
};

struct ReferralFilter {
  std::optional<std::int64_t> referring_contact_id = {};
  std::optional<std::int64_t> referred_contact_id = {};
  std::optional<ReferralStatus> status = {};
};
// The newest first. Fills the total of `page`.
Result<std::vector<ReferralRow>> referrals_on(Transaction& transaction,
                                              const ReferralFilter& filter, Page& page);
Result<std::int64_t> count_referrals(Transaction& transaction, const ReferralFilter& filter);

// None when a contact was not brought, or the referral has ended.
Result<std::optional<ReferralRow>> pending_referral_of(Transaction& transaction,
                                                       const ContactRow& referred);
Result<bool> any_is_pending(Transaction& transaction);

// Begins one. Nothing when the newcomer was brought by somebody already.
Result<std::optional<ReferralRow>> begin_referral(Transaction& transaction,
                                                  const ContactRow& referring,
                                                  const ContactRow& referred);
// Writes the status, the transactions and the end.
Result<> update_referral(Transaction& transaction, const ReferralRow& row);

// A referral as events tell it (piggy-api-v3, section 9).
struct Referral {
  Uuid uuid = {};
  ContactReference referring_contact = {};
  ContactReference referred_contact = {};
  ReferralStatus status = ReferralStatus::pending;

  static void describe(Fields<Referral>& field);
};
Result<Referral> shown(Transaction& transaction, const ReferralRow& row);

// When two contacts become one. Who was known before was brought by nobody, and nobody brings
// themselves: such referrals are gone.
Result<> move_referrals(Transaction& transaction, const ContactRow& source,
                        const ContactRow& destination);
// With a contact that is deleted: what is pending is gone, and what was told of the others.
Result<> forget_referrals(Transaction& transaction, const ContactRow& contact);

}  // namespace piggy
