#pragma once

// At which hours of which days a sequence sends, by the wall of whoever gets it. What clocks do
// twice a year is decided in schedule/recurrence.h.

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "schedule/recurrence.h"
#include "shape/shape.h"

namespace piggy {

struct SendingHours {
  std::string from = {};   // "09:00"
  std::string until = {};  // "17:00"; the day's end is "24:00".
  std::optional<std::vector<Weekday>> weekdays = {};

  static void describe(Fields<SendingHours>& field);
};

// Adds what is wrong with them, below this path.
void check_hours(const SendingHours& hours, std::string_view path,
                 std::vector<FieldError>& problems);

// The moment itself when it lies within the hours, else the first one after it that does. The hours
// must be without problems, the zone an IANA name.
Time first_within(const SendingHours& hours, std::string_view zone, Time moment);

// The same time by the wall, so many days later: nine stays nine.
Time days_later(Time moment, std::int64_t days, std::string_view zone);

}  // namespace piggy
