#pragma once

// How referrals begin and end, by what stands in the outbox: a newcomer who brought a code begins
// one; what the newcomer does completes it. Whoever follows sees each event once, so that a
// referral pays once, whatever crashes or comes twice.

#include "event/follow.h"
#include "loyalty/programme.h"

namespace piggy {

// `configurations` is borrowed and outlives the followers.
void add_referral_follower(Followers& followers, Configurations& configurations);

// The same mailbox under another spelling: in any case, whatever stands after a plus.
bool is_same_mailbox(std::string_view address, std::string_view other);

}  // namespace piggy
