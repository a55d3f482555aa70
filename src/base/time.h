#pragma once

// Moments in time, and the clocks that tell them. A Time is UTC in integer microseconds since 1970.
// Operations never look at the machine's clock: they ask the Clock of their Call, so that tests are
// exact.

#include <atomic>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace piggy {

struct Time {
  std::int64_t microseconds = 0;

  auto operator<=>(const Time&) const = default;
};

constexpr std::int64_t microseconds_per_second = 1'000'000;
constexpr std::int64_t microseconds_per_day = 86'400 * microseconds_per_second;

constexpr Time operator+(Time time, std::int64_t microseconds) {
  return {time.microseconds + microseconds};
}
constexpr std::int64_t operator-(Time a, Time b) { return a.microseconds - b.microseconds; }

// RFC 3339 with whole seconds and a numeric offset, always UTC: 2023-11-06T09:12:32+00:00. That
// exact form is what the official PHP client parses (piggy-api-v3, section 8.1).
void append_atom(std::string& out, Time time);
std::string to_atom(Time time);

// Reads ISO 8601: a date, a date and time with `T` or a space, seconds and fractions optional, an
// offset or `Z` honoured, UTC assumed without one. Nothing for a day that does not exist.
std::optional<Time> parse_time(std::string_view text);
// The same where a time without an offset is local to a zone, by its IANA name or as an offset such
// as +02:00. Nothing for an unknown zone.
std::optional<Time> parse_time(std::string_view text, const std::string& zone);

// Whether there is such a zone, by its IANA name.
bool is_time_zone(std::string_view name);

// The display form of the wire, "2023-11-27, 17:59", in an IANA zone. An unknown zone means UTC.
std::string to_display(Time time, std::string_view zone);

// The year, month and day of a moment in an IANA zone; used for ages and daily limits.
struct Date {
  int year = 1970;
  unsigned month = 1;
  unsigned day = 1;
  auto operator<=>(const Date&) const = default;
};
Date local_date(Time time, std::string_view zone);
// As ISO 8601 writes it, 2026-11-28; and read from that. Nothing for a day that does not exist.
std::string to_text(const Date& date);
std::optional<Date> parse_date(std::string_view text);

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

// The machine's clock. Never goes back: a clock that is set back stands still until time catches
// up.
class SystemClock final : public Clock {
 public:
  Time now() const override;
};

// A clock that a test sets, also while others read it.
class ManualClock final : public Clock {
 public:
  Time now() const override { return time; }
  std::atomic<Time> time = Time{1'700'000'000 * microseconds_per_second};
};

}  // namespace piggy
