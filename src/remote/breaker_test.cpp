#include "remote/breaker.h"

#include <doctest/doctest.h>

namespace piggy {

namespace {

Time at(std::int64_t seconds) { return {seconds * microseconds_per_second}; }

void fail_five_times(Breaker& breaker, Time now) {
  for (int i = 0; i < 5; i++) {
    CHECK(breaker.closed_for_seconds(now) == 0);
    breaker.failed(now);
  }
}

}  // namespace

TEST_CASE("a host that failed five times in a row is left in peace for half a minute") {
  Breaker breaker;
  fail_five_times(breaker, at(100));
  CHECK(breaker.closed_for_seconds(at(100)) == 30);
  CHECK(breaker.closed_for_seconds(at(129)) == 1);
  CHECK(breaker.closed_for_seconds(at(130)) == 0);
}

TEST_CASE("after its rest one try goes ahead, and its outcome decides for all") {
  Breaker breaker;
  fail_five_times(breaker, at(100));
  CHECK(breaker.closed_for_seconds(at(131)) == 0);
  CHECK(breaker.closed_for_seconds(at(131)) == 1);
  breaker.failed(at(132));
  CHECK(breaker.closed_for_seconds(at(132)) == 30);
  CHECK(breaker.closed_for_seconds(at(162)) == 0);
  CHECK(breaker.closed_for_seconds(at(162)) == 1);
  breaker.succeeded();
  CHECK(breaker.closed_for_seconds(at(162)) == 0);
  CHECK(breaker.closed_for_seconds(at(162)) == 0);
}

TEST_CASE("only failures in a row count") {
  Breaker breaker;
  for (int i = 0; i < 20; i++) {
    breaker.failed(at(1));
    if (i % 4 == 3) breaker.succeeded();
  }
  CHECK(breaker.closed_for_seconds(at(1)) == 0);
}

TEST_CASE("connections to one host share its breaker") {
  Breakers breakers;
  CHECK(&breakers.of("a") == &breakers.of("a"));
  CHECK(&breakers.of("a") != &breakers.of("b"));
}

}  // namespace piggy
