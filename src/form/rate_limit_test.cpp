#include "form/rate_limit.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace piggy {

TEST_CASE("an address may send twice a minute's worth at once, then as fast as time passes") {
  RateLimit limit(60);
  Time now{1'700'000'000 * microseconds_per_second};
  for (int i = 0; i < 120; i++) REQUIRE(!limit.wait_seconds("192.0.2.1", now));
  auto wait = limit.wait_seconds("192.0.2.1", now);
  REQUIRE(wait);
  CHECK(*wait == 2);
  Time later = now + *wait * microseconds_per_second;
  for (int i = 0; i < 2; i++) CHECK(!limit.wait_seconds("192.0.2.1", later));
  CHECK(limit.wait_seconds("192.0.2.1", later));
}

TEST_CASE("memory is the same however many addresses come, and hardly one pays for another") {
  RateLimit limit(60);
  Time now{1'700'000'000 * microseconds_per_second};
  int refused = 0;
  for (int i = 0; i < 100'000; i++) {
    if (limit.wait_seconds(fmt::format("10.{}.{}.{}", i >> 16, i >> 8 & 255, i & 255), now)) {
      refused++;
    }
  }
  CHECK(refused == 0);
}

TEST_CASE("of IPv6 a whole /64 counts as one, and a form has a limit of its own") {
  FormLimits limits({.per_address = 1, .per_form = 2});
  Time now{1'700'000'000 * microseconds_per_second};
  Uuid form = *parse_uuid("018c0000-0000-7000-8000-000000000001");
  CHECK(!limits.wait_seconds("2001:db8::1", form, now));
  CHECK(!limits.wait_seconds("2001:db8::2", form, now));
  CHECK(limits.wait_seconds("2001:db8::3", form, now));
  CHECK(!limits.wait_seconds("2001:db8:0:1::1", form, now));
  CHECK(!limits.wait_seconds("192.0.2.1", form, now));
  CHECK(limits.wait_seconds("192.0.2.2", form, now));  // Four came to this form.
  Uuid other = *parse_uuid("018c0000-0000-7000-8000-000000000002");
  CHECK(!limits.wait_seconds("192.0.2.3", other, now));
}

}  // namespace piggy
