#pragma once

// The `created_at` filter of a list: created_at[gte]=2024-01-01T00:00:00Z and its like.

#include <algorithm>
#include <limits>
#include <optional>

#include "base/time.h"
#include "shape/shape.h"

namespace piggy {

struct TimeRange {
  std::optional<Time> gt = {}, gte = {}, lt = {}, lte = {};

  // The range is from `from`, included, to `until`, not included. What clients see has whole
  // seconds, so a bound in whole seconds stands for all of its second: who asks for what came after
  // the last one seen is not shown that one again.
  Time from() const {
    constexpr Time earliest = {std::numeric_limits<std::int64_t>::min()};
    return std::max(gte.value_or(earliest), gt ? end_of(*gt) : earliest);
  }
  Time until() const {
    constexpr Time latest = {std::numeric_limits<std::int64_t>::max()};
    return std::min(lt.value_or(latest), lte ? end_of(*lte) : latest);
  }

  static void describe(Fields<TimeRange>& field) {
    field("gt", &TimeRange::gt, "After this moment.");
    field("gte", &TimeRange::gte, "At this moment or after it.");
    field("lt", &TimeRange::lt, "Before this moment.");
    field("lte", &TimeRange::lte, "At this moment or before it.");
  }

 private:
  static Time end_of(Time time) {
    bool whole = time.microseconds % microseconds_per_second == 0;
    return time + (whole ? microseconds_per_second : 1);
  }
};

}  // namespace piggy
