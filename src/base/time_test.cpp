#include "base/time.h"

#include <doctest/doctest.h>

namespace piggy {
namespace {

std::string read(std::string_view text) {
  auto time = parse_time(text);
  return time ? to_atom(*time) : "none";
}

std::string read(std::string_view text, const std::string& zone) {
  auto time = parse_time(text, zone);
  return time ? to_atom(*time) : "none";
}

}  // namespace

TEST_CASE("a time is read in each form of ISO 8601 that clients send") {
  CHECK(read("2024-02-29") == "2024-02-29T00:00:00+00:00");
  CHECK(read("2024-01-31T09:30") == "2024-01-31T09:30:00+00:00");
  CHECK(read("2024-01-31 09:30:15.123456") == "2024-01-31T09:30:15+00:00");
  CHECK(read("2024-01-31T09:30:15Z") == "2024-01-31T09:30:15+00:00");
  CHECK(read("2024-01-31T00:30:15+02:00") == "2024-01-30T22:30:15+00:00");
  CHECK(read("2024-01-31T23:30:15-0130") == "2024-02-01T01:00:15+00:00");
  CHECK(parse_time("1970-01-01 00:00:00.5")->microseconds == 500'000);
}

TEST_CASE("what is no time is not read") {
  for (const char* text :
       {"", "2023-02-29", "2024-13-01", "2024-1-1", "24-01-01", "2024-01-01T24:00",
        "2024-01-01T10:61", "2024-01-01T10:00:00+", "2024-01-01T10:00 ", "now",
        "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-00:01", "0000-01-01T00:00:00+00:01",
        "2024-01-01T10:00:00ZZ", "2024-01-01T"}) {
    CHECK_MESSAGE(read(text) == "none", text);
  }
}

TEST_CASE("a time local to a zone is read as the moment it was there") {
  CHECK(read("2024-01-15 12:00:00.000000", "Europe/Amsterdam") == "2024-01-15T11:00:00+00:00");
  CHECK(read("2024-07-15 12:00:00.000000", "Europe/Amsterdam") == "2024-07-15T10:00:00+00:00");
  CHECK(read("2024-07-15 12:00:00", "UTC") == "2024-07-15T12:00:00+00:00");
  CHECK(read("2024-07-15 12:00:00", "+02:00") == "2024-07-15T10:00:00+00:00");
  CHECK(read("2024-07-15 12:00:00", "Mars/Olympus") == "none");
  CHECK(read("9999-12-31 23:59:59", "America/New_York") == "none");
  // An hour that comes twice is the first one; one that never comes is the moment of the change.
  CHECK(read("2024-10-27 02:30:00", "Europe/Amsterdam") == "2024-10-27T00:30:00+00:00");
  CHECK(read("2024-03-31 02:30:00", "Europe/Amsterdam") == "2024-03-31T01:00:00+00:00");
}

TEST_CASE("a time is shown on the clock of a zone") {
  Time time = *parse_time("2024-07-15T22:30:00Z");
  CHECK(to_display(time, "Europe/Amsterdam") == "2024-07-16, 00:30");
  CHECK(to_display(time, "no zone") == "2024-07-15, 22:30");
  CHECK(local_date(time, "Europe/Amsterdam") == Date{2024, 7, 16});
}

TEST_CASE("a date is read from what it is written as, and from nothing else") {
  CHECK(to_text(Date{2026, 2, 3}) == "2026-02-03");
  CHECK(parse_date("2026-02-03") == Date{2026, 2, 3});
  for (std::string_view wrong : {"2026-02-30", "2026-2-3", "", "2026-02-03T", "03-02-2026"}) {
    CHECK(!parse_date(wrong));
  }
}

}  // namespace piggy
