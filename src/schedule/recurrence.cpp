#include "schedule/recurrence.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "base/assert.h"

namespace piggy {
namespace {

// The rarest is a 31st on one weekday, which comes every few years.
constexpr int days_looked_at = 15 * 366;
constexpr std::int64_t last_of_month = -1;

// "09:00" is 540. Nothing for what is no time of day.
std::optional<int> minute_of(std::string_view text) {
  auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  bool written = text.size() == 5 && text[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4);
  if (!written) return std::nullopt;
  int hours = (text[0] - '0') * 10 + text[1] - '0', minutes = (text[3] - '0') * 10 + text[4] - '0';
  if (hours > 23 || minutes > 59) return std::nullopt;
  return hours * 60 + minutes;
}

Date to_date(date::local_days days) {
  date::year_month_day day(days);
  return {static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
          static_cast<unsigned>(day.day())};
}

date::local_days to_days(const Date& date) {
  return date::local_days(date::year(date.year) / date::month(date.month) / date::day(date.day));
}

// The first occurrence, or the first moment after the gap.
Time moment(const date::time_zone& zone, date::local_time<std::chrono::minutes> local) {
  auto there =
      zone.to_sys(date::local_time<std::chrono::microseconds>(local), date::choose::earliest);
  return {there.time_since_epoch().count()};
}

LocalDay day_in(const date::time_zone& zone, date::local_days day) {
  return {.begin = moment(zone, day), .end = moment(zone, day + date::days(1))};
}

bool fits(const Recurrence& recurrence, date::local_days day) {
  auto weekday = static_cast<Weekday>(date::weekday(day).iso_encoding() - 1);
  if (!recurrence.weekdays.empty() &&
      std::ranges::find(recurrence.weekdays, weekday) == recurrence.weekdays.end()) {
    return false;
  }
  if (recurrence.month_days.empty()) return true;
  date::year_month_day ymd(day);
  bool last = ymd == ymd.year() / ymd.month() / date::last;
  return std::ranges::any_of(recurrence.month_days, [&](std::int64_t wanted) {
    return wanted == last_of_month ? last : wanted == static_cast<unsigned>(ymd.day());
  });
}

// The first that is wanted, from a day on.
Tick first_tick(const Recurrence& recurrence, date::local_days from,
                const std::function<bool(const Tick&)>& wanted) {
  const date::time_zone& zone = *date::locate_zone(recurrence.zone);
  std::vector<int> minutes;
  for (const std::string& time : recurrence.times) minutes.push_back(minute_of(time).value());
  std::ranges::sort(minutes);
  for (int i = 0; i < days_looked_at; i++) {
    date::local_days day = from + date::days(i);
    if (!fits(recurrence, day)) continue;
    LocalDay whole = day_in(zone, day);
    if (whole.begin == whole.end) continue;
    for (int minute : minutes) {
      Tick tick{.date = to_date(day),
                .minute = minute,
                .at = moment(zone, day + std::chrono::minutes(minute))};
      if (wanted(tick)) return tick;
    }
  }
  ASSERT(false);
}

}  // namespace

void Recurrence::describe(Fields<Recurrence>& field) {
  field("zone", &Recurrence::zone, "The time zone, by its IANA name: Europe/Amsterdam.",
        {.max = 64});
  field("times", &Recurrence::times, "The times of day there: 09:00. One or more.", {.max = 5});
  field("weekdays", &Recurrence::weekdays, "The weekdays; left empty, each.");
  field("month_days", &Recurrence::month_days,
        "The days of the month, -1 for the last; left empty, each.");
}

void check_recurrence(const Recurrence& recurrence, std::string_view path,
                      std::vector<FieldError>& problems) {
  auto problem = [&](std::string_view field, std::string message) {
    problems.push_back({fmt::format("{}/{}", path, field), std::move(message)});
  };
  if (!is_time_zone(recurrence.zone)) {
    problem("zone", "The zone must be an IANA name such as Europe/Amsterdam.");
  }
  if (recurrence.times.empty()) problem("times", "There must be at least one time of day.");
  for (std::size_t i = 0; i < recurrence.times.size(); i++) {
    if (minute_of(recurrence.times[i])) continue;
    problem(fmt::format("times/{}", i), "A time of day is written as 09:00, from 00:00 to 23:59.");
  }
  for (std::size_t i = 0; i < recurrence.month_days.size(); i++) {
    std::int64_t day = recurrence.month_days[i];
    if (day == last_of_month || (day >= 1 && day <= 31)) continue;
    problem(fmt::format("month_days/{}", i), "A day of the month is 1 to 31, or -1 for the last.");
  }
}

Tick next_tick(const Recurrence& recurrence, Time after) {
  auto now =
      date::sys_time<std::chrono::microseconds>(std::chrono::microseconds(after.microseconds));
  auto today = date::floor<date::days>(date::locate_zone(recurrence.zone)->to_local(now));
  // A time of yesterday may be today, when midnight lies in a gap.
  return first_tick(recurrence, today - date::days(1),
                    [&](const Tick& tick) { return tick.at > after; });
}

Tick next_tick(const Recurrence& recurrence, const Tick& after) {
  return first_tick(recurrence, to_days(after.date),
                    [&](const Tick& tick) { return tick.follows(after); });
}

Tick tick_at(Time at, std::string_view zone) {
  date::sys_time<std::chrono::microseconds> moment{std::chrono::microseconds(at.microseconds)};
  auto local = date::locate_zone(std::string(zone))->to_local(moment);
  auto day = date::floor<date::days>(local);
  auto minute = date::floor<std::chrono::minutes>(local - day);
  return {.date = to_date(day), .minute = static_cast<int>(minute.count()), .at = at};
}

LocalDay local_day(const Date& date, std::string_view zone) {
  return day_in(*date::locate_zone(std::string(zone)), to_days(date));
}

Date day_before(const Date& date) { return to_date(to_days(date) - date::days(1)); }

}  // namespace piggy
