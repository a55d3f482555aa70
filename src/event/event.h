#pragma once

// The outbox: what happened, written in the transaction of the change, so that an event exists if
// and only if the change does. Deliveries read it in the order of its ids.

#include <string_view>

#include "base/error.h"
#include "database/database.h"

namespace piggy {

// `type` is the v3 wire's word (piggy-api-v3, section 13.2); `payload` its `data`, as JSON.
Result<> emit(Transaction& transaction, std::string_view type, const Uuid& subject,
              const Value& payload);

}  // namespace piggy
