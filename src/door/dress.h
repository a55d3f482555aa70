#pragma once

// The shop's brand on the pages that its customers meet outside the portal: hosted forms, what they
// confirm, the end of a subscription.

#include "access/access.h"
#include "oauth/page.h"

namespace piggy {

Result<oauth::Dress> dress_of(Transaction& transaction, const Caller& account);

}  // namespace piggy
