#include "sequence/sending_hours.h"

#include <date/tz.h>
#include <fmt/format.h>

namespace piggy {
namespace {

constexpr std::string_view end_of_day = "24:00";

Recurrence daily(std::string_view zone, const std::string& time) {
  return {.zone = std::string(zone), .times = {time}};
}

}  // namespace

void check_hours(const SendingHours& hours, std::string_view path,
                 std::vector<FieldError>& problems) {
  auto check_time = [&](std::string_view name, const std::string& time) {
    std::vector<FieldError> found;
    check_recurrence(daily("UTC", time), "", found);
    if (found.empty()) return true;
    problems.push_back({fmt::format("{}/{}", path, name),
                        "A time of day is written as 09:00, and the end of the day as 24:00."});
    return false;
  };
  bool right = check_time("from", hours.from);
  if (hours.until != end_of_day) right = check_time("until", hours.until) && right;
  if (right && hours.until <= hours.from) {
    problems.push_back({fmt::format("{}/until", path), "The hours must end after they begin."});
  }
  if (hours.weekdays && hours.weekdays->empty()) {
    problems.push_back({fmt::format("{}/weekdays", path), "There must be a day to send on."});
  }
}

Time first_within(const SendingHours& hours, std::string_view zone, Time moment) {
  Recurrence opening = daily(zone, hours.from);
  if (hours.weekdays) opening.weekdays = *hours.weekdays;
  Date today = local_date(moment, zone);
  Tick before_today{.date = today, .minute = -1};
  Tick open = next_tick(opening, before_today);
  if (open.date != today) return open.at;
  Time close = hours.until == end_of_day ? local_day(today, zone).end
                                         : next_tick(daily(zone, hours.until), before_today).at;
  // A gap may hold all of today's hours.
  if (open.at >= close || moment >= close) return next_tick(opening, open).at;
  return std::max(moment, open.at);
}

Time days_later(Time moment, std::int64_t days, std::string_view zone) {
  const date::time_zone* there = date::locate_zone(std::string(zone));
  date::sys_time<std::chrono::microseconds> now{std::chrono::microseconds(moment.microseconds)};
  auto later = there->to_local(now) + date::days(days);
  return {there->to_sys(later, date::choose::earliest).time_since_epoch().count()};
}

void SendingHours::describe(Fields<SendingHours>& field) {
  field("from", &SendingHours::from, "From this time of day on: 09:00.", {.max = 5});
  field("until", &SendingHours::until, "Before this one: 17:00, or 24:00 for the day's end.",
        {.max = 5});
  field("weekdays", &SendingHours::weekdays, "On these days; on each when left out.", {.max = 7});
}

}  // namespace piggy
