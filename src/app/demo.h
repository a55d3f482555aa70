#pragma once

// The account `demo`: a small made-up shop to try everything on.

#include <atomic>
#include <cstdint>
#include <string>

#include "app/configuration.h"
#include "app/engine.h"
#include "base/time.h"

namespace piggy {

// Whether an earlier start has made it.
bool demo_is_made(const RunConfiguration& configuration);

// The machine's clock, but at ten o'clock yesterday (in the demo account's zone) until it is told
// to come to the present. The shop is made in between, so that it has a day to look back on.
class DemoClock final : public Clock {
 public:
  DemoClock();
  Time now() const override { return clock_.now() + -behind_.load(std::memory_order_relaxed); }
  void come_to_the_present() { behind_.store(0, std::memory_order_relaxed); }

 private:
  SystemClock clock_;
  std::atomic<std::int64_t> behind_{0};
};

// Makes what is not there of it: the shop, tokens for it, kept in DATA/demo-tokens (readable by the
// owner alone) so that they can be shown again, and the three flows with a first run of each.
// `clock` is the engine's unless `demo_is_made`; it shows the present afterwards.
Result<> make_demo(Engine& engine, const RunConfiguration& configuration, DemoClock& clock);

// Prints the tokens, three commands to paste, and where to see the flows.
void print_demo_help(Engine& engine, const RunConfiguration& configuration, const std::string& host,
                     std::uint16_t port);

}  // namespace piggy
