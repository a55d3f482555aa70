#include "base/time.h"

#include <date/date.h>
#include <date/tz.h>

#include <atomic>
#include <chrono>
#include <cstdio>

namespace piggy {
namespace {

using Seconds = date::sys_seconds;

Seconds whole_seconds(Time time) {
  return date::floor<std::chrono::seconds>(
      date::sys_time<std::chrono::microseconds>(std::chrono::microseconds(time.microseconds)));
}

const date::time_zone* zone_of(std::string_view name) {
  try {
    return date::locate_zone(std::string(name));
  } catch (const std::exception&) {
    return date::locate_zone("Etc/UTC");
  }
}

// An offset or a leap second may lead out of the years that four digits can say.
std::optional<Time> if_writable(Time time) {
  constexpr std::int64_t year_0 = -62'167'219'200;  // Seconds since 1970.
  constexpr std::int64_t year_10000 = 253'402'300'800;
  bool writable = time.microseconds >= year_0 * microseconds_per_second &&
                  time.microseconds < year_10000 * microseconds_per_second;
  return writable ? std::optional(time) : std::nullopt;
}

// Reads `count` digits, or says so.
bool digits(std::string_view& text, int count, int& value) {
  if (text.size() < static_cast<std::size_t>(count)) return false;
  value = 0;
  for (int i = 0; i < count; i++) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return true;
}

bool eat(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool read_fraction(std::string_view& text, std::int64_t& microseconds) {
  std::int64_t unit = 100'000;
  std::size_t read = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
    microseconds += (text.front() - '0') * unit;
    unit /= 10;
    read++;
  }
  return read > 0;
}

bool read_offset(std::string_view& text, int& minutes) {
  if (eat(text, 'Z') || eat(text, 'z')) return true;
  bool west = !text.empty() && text.front() == '-';
  if (!eat(text, '+') && !eat(text, '-')) return false;
  int hours = 0;
  int rest = 0;
  if (!digits(text, 2, hours)) return false;
  eat(text, ':');
  if (!text.empty() && !digits(text, 2, rest)) return false;
  minutes = (hours * 60 + rest) * (west ? -1 : 1);
  return hours < 24 && rest < 60;
}

}  // namespace

void append_atom(std::string& out, Time time) {
  Seconds seconds = whole_seconds(time);
  auto day = date::floor<date::days>(seconds);
  date::year_month_day ymd(day);
  date::hh_mm_ss<std::chrono::seconds> clock(seconds - day);
  char text[40];
  int length = std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d+00:00", static_cast<int>(ymd.year()),
      static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  out.append(text, static_cast<std::size_t>(length));
}

std::string to_atom(Time time) {
  std::string text;
  append_atom(text, time);
  return text;
}

std::optional<Time> parse_time(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offset = 0;
  std::int64_t fraction = 0;
  if (!digits(text, 4, year) || !eat(text, '-') || !digits(text, 2, month) || !eat(text, '-') ||
      !digits(text, 2, day)) {
    return std::nullopt;
  }
  date::year_month_day ymd{date::year(year), date::month(static_cast<unsigned>(month)),
                           date::day(static_cast<unsigned>(day))};
  if (!ymd.ok()) return std::nullopt;
  if (!text.empty()) {
    if (!eat(text, 'T') && !eat(text, 't') && !eat(text, ' ')) return std::nullopt;
    if (!digits(text, 2, hour) || !eat(text, ':') || !digits(text, 2, minute)) return std::nullopt;
    if (eat(text, ':') && !digits(text, 2, second)) return std::nullopt;
    if (eat(text, '.') && !read_fraction(text, fraction)) return std::nullopt;
    if (!text.empty() && !read_offset(text, offset)) return std::nullopt;
    if (!text.empty() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  }
  std::int64_t days = date::sys_days(ymd).time_since_epoch().count();
  std::int64_t seconds = days * 86'400 + hour * 3'600 + (minute - offset) * 60 + second;
  return if_writable(Time{seconds * microseconds_per_second + fraction});
}

std::optional<Time> parse_time(std::string_view text, const std::string& zone) {
  auto time = parse_time(text);
  if (!time) return std::nullopt;
  if (zone.starts_with('+') || zone.starts_with('-')) return parse_time(std::string(text) + zone);
  try {
    auto known = date::locate_zone(zone);
    date::local_time<std::chrono::microseconds> local{
        std::chrono::microseconds(time->microseconds)};
    auto there = known->to_sys(local, date::choose::earliest);
    return if_writable(Time{there.time_since_epoch().count()});
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

bool is_time_zone(std::string_view name) {
  try {
    return date::locate_zone(std::string(name)) != nullptr;
  } catch (const std::exception&) {
    return false;
  }
}

std::string to_display(Time time, std::string_view zone) {
  auto local = zone_of(zone)->to_local(whole_seconds(time));
  return date::format("%Y-%m-%d, %H:%M", date::floor<std::chrono::minutes>(local));
}

Date local_date(Time time, std::string_view zone) {
  auto local = zone_of(zone)->to_local(whole_seconds(time));
  date::year_month_day ymd(date::floor<date::days>(local));
  return {static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
          static_cast<unsigned>(ymd.day())};
}

std::string to_text(const Date& date) {
  return date::format("%F", date::year(date.year) / date::month(date.month) / date::day(date.day));
}

std::optional<Date> parse_date(std::string_view text) {
  auto moment = text.size() == 10 ? parse_time(text) : std::nullopt;
  if (!moment) return std::nullopt;
  Date date = local_date(*moment, "Etc/UTC");
  if (to_text(date) != text) return std::nullopt;
  return date;
}

Time SystemClock::now() const {
  static std::atomic<std::int64_t> latest{0};
  std::int64_t now = std::chrono::duration_cast<std::chrono::microseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
  std::int64_t seen = latest.load(std::memory_order_relaxed);
  while (seen < now && !latest.compare_exchange_weak(seen, now, std::memory_order_relaxed)) {
  }
  return {seen > now ? seen : now};
}

}  // namespace piggy
