#pragma once

// A token that should be changed is told of: by the event `token_rotation_due`, once, unless it was
// changed, revoked or has ended before its day.

#include "access/access.h"
#include "schedule/job.h"

namespace piggy {

// Plans it, for a token that has a day. In the account's transaction.
Result<> plan_token_due(Transaction& transaction, const MadeToken& token);

void add_token_jobs(Scheduler& scheduler);

}  // namespace piggy
