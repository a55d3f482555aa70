#pragma once

// Advances enrolments when they are due. One thread; what waits costs it nothing, however much it
// is.

#include <functional>
#include <memory>

#include "base/error.h"
#include "database/database.h"
#include "schedule/job.h"

namespace piggy {

class SequenceRunner {
 public:
  // `acting` says what the account's time zone is. Both are borrowed, and outlive it.
  SequenceRunner(Database& database, Scheduler::Acting acting);
  ~SequenceRunner();  // Lets the lot under way finish.

  void start();
  void stop();
  // On this thread, until nothing is due: for tests and one-shot commands.
  Result<> run_all_due();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace piggy
