#pragma once

// The account `demo`: a small made-up shop to try everything on.

#include <cstdint>
#include <string>

#include "app/configuration.h"
#include "app/engine.h"
#include "base/time.h"

namespace piggy {

// Whether an earlier start has made it.
bool demo_is_made(const RunConfiguration& configuration);

// The machine's clock, as of ten o'clock yesterday (in the demo account's zone). The shop is made
// then, so that it has a day to look back on.
class DemoYesterday final : public Clock {
 public:
  DemoYesterday();
  Time now() const override { return clock_.now() + -behind_; }

 private:
  SystemClock clock_;
  std::int64_t behind_ = 0;
};

// Makes the account and its shop in a store that is empty: for an engine that lives yesterday.
Result<> make_demo_shop(Engine& engine);

// Makes what is not there of it: the shop, tokens for it, kept in DATA/demo-tokens (readable by the
// owner alone) so that they can be shown again, and the three flows with a first run of each.
Result<> make_demo(Engine& engine, const RunConfiguration& configuration);

// Prints the tokens, three commands to paste, and where to see the flows.
void print_demo_help(Engine& engine, const RunConfiguration& configuration, const std::string& host,
                     std::uint16_t port);

}  // namespace piggy
