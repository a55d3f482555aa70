#pragma once

// A contact's referral code: what a friend gives who joins because of that contact. It is the
// contact's number under the account's own key, so that none is stored, none is given twice, and of
// 2^40 codes only those of contacts lead anywhere.

#include <optional>
#include <string>
#include <string_view>

#include "contact/contact.h"
#include "operation/operation.h"

namespace piggy {

std::string referral_code_of(const Caller& account, std::int64_t contact_id);

// In any case of letters. None when it is nobody's.
Result<std::optional<ContactRow>> contact_by_referral_code(Call& call, std::string_view code);

// Tells the outbox whose code a contact brought that was made just now; who keeps referrals follows
// it. A code of nobody tells nothing.
Result<> tell_referred(Call& call, const ContactRow& newcomer, std::string_view code);
// Its payload: `contact`, and the uuid alone of `referring_contact`.
inline constexpr std::string_view contact_referred_event = "contact_referred";

inline constexpr std::int64_t referral_code_length_max = 64;  // Of what is taken for one.

}  // namespace piggy
