#include "schedule/recurrence.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>
#include <tuple>

namespace piggy {
namespace {

Time at(std::string_view text) {
  auto time = parse_time(text);
  REQUIRE_MESSAGE(time, text);
  return *time;
}

std::string shown(const Tick& tick) {
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} = {}", tick.date.year, tick.date.month,
                     tick.date.day, tick.minute / 60, tick.minute % 60, to_atom(tick.at));
}

std::vector<std::string> next(const Recurrence& recurrence, std::string_view after, int count) {
  std::vector<std::string> ticks;
  auto tick = next_tick(recurrence, at(after));
  for (int i = 0; i < count; i++) {
    ticks.push_back(shown(tick));
    tick = next_tick(recurrence, tick);
  }
  return ticks;
}

double hours_of(const Date& date, std::string_view zone) {
  LocalDay day = local_day(date, zone);
  return static_cast<double>(day.end - day.begin) / (3'600.0 * microseconds_per_second);
}

using Ticks = std::vector<std::string>;

}  // namespace

TEST_CASE("nine by the wall stays nine when the clocks change") {
  Recurrence nine{.zone = "Europe/Amsterdam", .times = {"09:00"}};
  CHECK(next(nine, "2026-03-27T12:00:00Z", 3) == Ticks{
                                                     "2026-03-28 09:00 = 2026-03-28T08:00:00+00:00",
                                                     "2026-03-29 09:00 = 2026-03-29T07:00:00+00:00",
                                                     "2026-03-30 09:00 = 2026-03-30T07:00:00+00:00",
                                                 });
  // Due at this very moment is not later.
  CHECK(next(nine, "2026-03-28T08:00:00Z", 1)[0].starts_with("2026-03-29"));
  CHECK(next(nine, "2026-03-28T07:59:59.999999Z", 1)[0].starts_with("2026-03-28"));
}

TEST_CASE("a skipped time is the first moment after the gap, a repeated one its first") {
  struct Case {
    const char* zone;
    const char* time;
    const char* after;
    const char* tick;
  };
  for (const Case& one :
       std::initializer_list<Case>{{"Europe/Amsterdam", "02:30", "2026-03-28T12:00Z",
                                    "2026-03-29 02:30 = 2026-03-29T01:00:00+00:00"},
                                   {"Europe/Amsterdam", "02:30", "2026-10-24T12:00Z",
                                    "2026-10-25 02:30 = 2026-10-25T00:30:00+00:00"},
                                   {"America/New_York", "02:30", "2026-03-07T12:00Z",
                                    "2026-03-08 02:30 = 2026-03-08T07:00:00+00:00"},
                                   {"America/New_York", "01:30", "2026-10-31T12:00Z",
                                    "2026-11-01 01:30 = 2026-11-01T05:30:00+00:00"},
                                   // The gap is at midnight, so that the day begins at one.
                                   {"Africa/Cairo", "00:00", "2026-04-23T12:00Z",
                                    "2026-04-24 00:00 = 2026-04-23T22:00:00+00:00"},
                                   {"Africa/Cairo", "00:30", "2026-04-23T12:00Z",
                                    "2026-04-24 00:30 = 2026-04-23T22:00:00+00:00"},
                                   // Half an hour.
                                   {"Australia/Lord_Howe", "02:15", "2026-10-03T00:00Z",
                                    "2026-10-04 02:15 = 2026-10-03T15:30:00+00:00"},
                                   {"Australia/Lord_Howe", "01:45", "2026-04-04T00:00Z",
                                    "2026-04-05 01:45 = 2026-04-04T14:45:00+00:00"},
                                   // No change of clocks at all, and an offset of three quarters.
                                   {"Asia/Kathmandu", "09:00", "2026-01-01T12:00Z",
                                    "2026-01-02 09:00 = 2026-01-02T03:15:00+00:00"},
                                   {"Etc/UTC", "23:59", "2026-12-31T23:58Z",
                                    "2026-12-31 23:59 = 2026-12-31T23:59:00+00:00"}}) {
    CHECK(next({.zone = one.zone, .times = {one.time}}, one.after, 1)[0] == one.tick);
  }
}

TEST_CASE("in twelve zones, over three years, each day has each of its times once") {
  for (const char* zone :
       {"Europe/Amsterdam", "Europe/London", "America/New_York", "America/Santiago",
        "America/St_Johns", "Africa/Cairo", "Africa/Casablanca", "Asia/Tehran", "Asia/Kolkata",
        "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Apia"}) {
    Recurrence each{.zone = zone, .times = {"00:00", "02:15", "02:30", "03:00", "23:45"}};
    Time from = at("2025-01-01T12:00:00Z"), end = at("2028-01-01T12:00:00Z");
    std::set<std::tuple<Date, int>> seen;
    int count = 0;
    for (auto tick = next_tick(each, from); tick.at < end; tick = next_tick(each, tick)) {
      REQUIRE(tick.at >= from);
      from = tick.at;
      REQUIRE(seen.insert({tick.date, tick.minute}).second);
      count++;
    }
    CHECK_MESSAGE(count == 3 * 365 * 5, zone);
  }
}

TEST_CASE("a day has the hours that its zone gave it") {
  CHECK(hours_of({2026, 6, 1}, "Europe/Amsterdam") == 24);
  CHECK(hours_of({2026, 3, 29}, "Europe/Amsterdam") == 23);
  CHECK(hours_of({2026, 10, 25}, "Europe/Amsterdam") == 25);
  CHECK(hours_of({2026, 4, 24}, "Africa/Cairo") == 23);
  CHECK(hours_of({2026, 4, 5}, "Australia/Lord_Howe") == 24.5);
  CHECK(hours_of({2011, 12, 30}, "Pacific/Apia") == 0);
  CHECK(local_day({2026, 4, 24}, "Africa/Cairo").begin == at("2026-04-23T22:00:00Z"));
  CHECK(day_before({2024, 3, 1}) == Date{2024, 2, 29});
  CHECK(day_before({2026, 1, 1}) == Date{2025, 12, 31});
}

TEST_CASE("times that fall into one gap are due one after the other, at one moment") {
  CHECK(next({.zone = "Europe/Amsterdam", .times = {"02:15", "02:45", "03:00"}},
             "2026-03-29T00:00:00Z", 4) == Ticks{"2026-03-29 02:15 = 2026-03-29T01:00:00+00:00",
                                                 "2026-03-29 02:45 = 2026-03-29T01:00:00+00:00",
                                                 "2026-03-29 03:00 = 2026-03-29T01:00:00+00:00",
                                                 "2026-03-30 02:15 = 2026-03-30T00:15:00+00:00"});
}

TEST_CASE("a day that a zone skipped has no ticks") {
  CHECK(next({.zone = "Pacific/Apia", .times = {"09:00"}}, "2011-12-29T00:00:00Z", 3) ==
        Ticks{"2011-12-29 09:00 = 2011-12-29T19:00:00+00:00",
              "2011-12-31 09:00 = 2011-12-30T19:00:00+00:00",
              "2012-01-01 09:00 = 2011-12-31T19:00:00+00:00"});
}

TEST_CASE("weekdays and days of the month must both fit") {
  Recurrence weekdays{.zone = "Etc/UTC",
                      .times = {"17:00", "09:00"},
                      .weekdays = {Weekday::friday, Weekday::monday}};
  CHECK(next(weekdays, "2026-11-27T10:00:00Z", 3) ==
        Ticks{"2026-11-27 17:00 = 2026-11-27T17:00:00+00:00",
              "2026-11-30 09:00 = 2026-11-30T09:00:00+00:00",
              "2026-11-30 17:00 = 2026-11-30T17:00:00+00:00"});
  Recurrence last{.zone = "Etc/UTC", .times = {"09:00"}, .month_days = {-1}};
  CHECK(next(last, "2028-01-31T10:00:00Z", 2) ==
        Ticks{"2028-02-29 09:00 = 2028-02-29T09:00:00+00:00",
              "2028-03-31 09:00 = 2028-03-31T09:00:00+00:00"});
  Recurrence thirty_first{.zone = "Etc/UTC", .times = {"09:00"}, .month_days = {31}};
  CHECK(next(thirty_first, "2026-01-31T10:00:00Z", 1)[0].starts_with("2026-03-31"));
  Recurrence friday_13th{
      .zone = "Etc/UTC", .times = {"09:00"}, .weekdays = {Weekday::friday}, .month_days = {13}};
  CHECK(next(friday_13th, "2026-03-14T00:00:00Z", 1)[0].starts_with("2026-11-13"));
}

TEST_CASE("all that is wrong with a recurrence is named") {
  std::vector<FieldError> problems;
  check_recurrence({.zone = "Amsterdam",
                    .times = {"9:00", "24:00", "12:60", "09:00"},
                    .month_days = {0, 31, -1, -2, 32}},
                   "/schedule", problems);
  std::string paths;
  for (const FieldError& problem : problems) paths += problem.path + ' ';
  CHECK(paths ==
        "/schedule/zone /schedule/times/0 /schedule/times/1 /schedule/times/2 "
        "/schedule/month_days/0 /schedule/month_days/3 /schedule/month_days/4 ");
  problems.clear();
  check_recurrence({.zone = "Europe/Amsterdam"}, "/schedule", problems);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].path == "/schedule/times");
}

TEST_CASE("what a moment is by the wall") {
  CHECK(tick_at(*parse_time("2026-03-29T00:59:59Z"), "Europe/Amsterdam") ==
        Tick{.date = {2026, 3, 29}, .minute = 119, .at = *parse_time("2026-03-29T00:59:59Z")});
  CHECK(tick_at(*parse_time("2026-03-29T01:00:00Z"), "Europe/Amsterdam").minute == 180);
  CHECK(tick_at(*parse_time("2026-12-31T13:30:00Z"), "Pacific/Auckland").date == Date{2027, 1, 1});
}

}  // namespace piggy
