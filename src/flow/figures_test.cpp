#include "flow/figures.h"

#include <doctest/doctest.h>

#include "shape/json.h"

namespace piggy {

TEST_CASE("figures of a text are looked for in the data") {
  Value data = *parse_json(R"({"orders": 1204, "rate": 0.1234, "revenue": 1234.5, "change": -3,
                               "date": "2026-11-28", "lost": 0, "name": "Spring 25"})");
  auto fine = [&](std::string_view text) { return figures_are_in(text, data).has_value(); };
  CHECK(fine("Yesterday, 2026-11-28, brought 1,204 orders."));
  CHECK(fine("1204 orders, 12.3% opened, 12 % clicked, 1,234.50 in all, 3 fewer, none lost: 0."));
  CHECK(fine("No figures at all."));
  CHECK(fine("Spring 25 did well on 28 November."));
  CHECK(!fine("1,205 orders."));
  CHECK(!fine("12.4% opened."));
  CHECK(!fine("1235.5 in all."));
  CHECK(!fine("120 orders."));
  CHECK(figures_are_in("7 and 8", data).error().message.find("7, 8") != std::string::npos);
}

}  // namespace piggy
