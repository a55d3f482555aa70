#pragma once

// Lets runs go on: those that are at work, those whose time has come, and those that a schedule, an
// event or somebody begins.

#include <functional>
#include <memory>
#include <span>

#include "event/follow.h"
#include "flow/run.h"

namespace piggy {

class FlowRunner {
 public:
  // Both are borrowed and outlive it.
  FlowRunner(Database& database, FlowTools& tools, std::size_t threads = 8);
  ~FlowRunner();  // Lets the steps under way finish.

  void start();
  void stop();
  // Lets everything go on that can, on this thread: for tests and one-shot commands.
  Result<> run_all_due();

  // For Followers: begins what the events trigger, and wakes what waits for them.
  Result<> follow(Transaction& transaction, EventRefs events);

  // Walks through a flow without changing anything.
  Result<std::vector<Rehearsal>> rehearse(std::int64_t account_id, const Uuid& flow,
                                          const Value& trigger);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace piggy
