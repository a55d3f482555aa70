#pragma once

// How many contacts were active in a day, a week and a month of the account's zone: received
// credits, or had some taken back. Counted when a contact is active for the first time in one, so
// that a year is a few rows and no contact counts twice.

#include <functional>
#include <map>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "database/database.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(PeriodKind, day, week, month)

// Periods of a kind follow each other by number. Weeks begin on Mondays.
std::int64_t period_of(PeriodKind kind, const Date& date);
// The first day of one.
Date period_begin(PeriodKind kind, std::int64_t number);

// A contact is active now; `before`: when it last was, {} for never.
Result<> note_active(Transaction& transaction, std::string_view zone, Time before);

// By number; those in which nobody was are left out. `last` included.
Result<std::map<std::int64_t, std::int64_t>> active_contacts(Transaction& transaction,
                                                             PeriodKind kind, std::int64_t first,
                                                             std::int64_t last);

// Counts them for a store in which they were not kept yet. `receptions` calls its argument for each
// reception of the transaction's account, the oldest first: whose, and when. Does nothing a second
// time. Above all tenants.
using Receptions =
    std::function<Result<>(Transaction&, const std::function<void(std::int64_t, Time)>&)>;
Result<> count_active_once(Transaction& transaction, const Receptions& receptions);

}  // namespace piggy
