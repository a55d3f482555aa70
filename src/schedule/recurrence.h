#pragma once

// At which times by the wall something recurs: each day at nine in Amsterdam, on the last day of
// the month, on weekdays. A zone is an IANA name and never an offset, so that nine stays nine.
//
// What clocks do twice a year is decided once, here:
// - A time that is skipped (02:30, when 02:00 becomes 03:00) is the first moment after the gap.
// - A time that comes twice is its first occurrence alone.
// - A day that a zone skips as a whole has no ticks.

#include <boost/describe/enum.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "shape/shape.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(Weekday, monday, tuesday, wednesday, thursday, friday, saturday, sunday)

// Days must fit all that is said of them; what is left empty fits each.
struct Recurrence {
  std::string zone = {};                // "Europe/Amsterdam"
  std::vector<std::string> times = {};  // "09:00"; one or more.
  std::vector<Weekday> weekdays = {};
  // 1 to 31, or -1 for the last; a month without the day has none.
  std::vector<std::int64_t> month_days = {};

  static void describe(Fields<Recurrence>& field);
};

// Adds what is wrong with it, below this path ("/schedule").
void check_recurrence(const Recurrence& recurrence, std::string_view path,
                      std::vector<FieldError>& problems);

// One time at which it is due. Date and minute are by the wall, and belong to one tick alone: they
// are its key, whatever the clocks do.
struct Tick {
  Date date = {};
  int minute = 0;  // Of the day: 540 is 9:00.
  Time at = {};

  bool operator==(const Tick&) const = default;
  // As they follow each other: later by the wall is never earlier.
  bool follows(const Tick& other) const {
    return std::tie(date, minute) > std::tie(other.date, other.minute);
  }
};

// What a moment is by the wall in a zone.
Tick tick_at(Time at, std::string_view zone);

// The first tick later than a moment. The recurrence must be without problems: then there always is
// one.
Tick next_tick(const Recurrence& recurrence, Time after);
// The one that follows a tick; at the same moment, when a gap holds both.
Tick next_tick(const Recurrence& recurrence, const Tick& after);

// A calendar day in a zone, of 23, 24, 25 or still other hours. Empty for one that the zone
// skipped.
struct LocalDay {
  Time begin = {};
  Time end = {};  // The first moment that is no longer of it.
};
LocalDay local_day(const Date& date, std::string_view zone);

Date day_before(const Date& date);

}  // namespace piggy
