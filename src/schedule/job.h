#pragma once

// Durable jobs. A job is a row, added in the transaction of the change it follows from, so that it
// is never lost and never done for a change that was not made.
//
// Two kinds of work:
// - `inside` jobs work on the store alone. The work and the mark that it is done commit together:
//   exactly once, whatever crashes.
// - `outside` jobs (an e-mail) act on the world. The job is leased, acts, and is marked: at least
//   once, never by two workers at a time while the lease holds.
//
// A job that fails is tried again with growing pauses, and is `failed` after its last try, visible
// with its problem.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "database/database.h"
#include "operation/operation.h"

namespace piggy {

struct JobRow {
  std::int64_t account_id = 0;
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string kind = {};
  Value payload = {};
  std::int64_t attempts = 0;
};

// Adds a job that is due at once, or at `run_at`. Returns its uuid.
Result<Uuid> add_job(Transaction& transaction, std::string_view kind, const Value& payload,
                     std::optional<Time> run_at = {});

class Scheduler {
 public:
  using Inside = std::function<Result<>(Call&, const JobRow&)>;
  using GivenUp = std::function<Result<>(Call&, const JobRow&)>;
  using Outside = std::function<Result<>(const JobRow&)>;
  // Who does the work of an account, with all rights in it.
  using Acting = std::function<Result<std::shared_ptr<const Caller>>(std::int64_t account_id)>;

  // Everything is borrowed and outlives the scheduler.
  Scheduler(Database& database, const Settings& settings, Acting acting);
  ~Scheduler();  // Lets the job under way finish.

  // What a kind of job does. All kinds are told before `start`. An inside job gets a Call of the
  // job's account with all rights. After the last try `given_up` sets right what was promised, in
  // the transaction that marks the job failed.
  void handle(std::string_view kind, Inside work, GivenUp given_up = {});
  void handle_outside(std::string_view kind, Outside work);

  // What a process before this one was at is due at once, its lease or not. Only for whoever knows
  // that it is gone; before `start`.
  Result<> take_over();
  void start(std::size_t workers = 1);
  void wake();  // A job may have been added.
  // Runs what is due on this thread until nothing is: for tests and one-shot commands.
  Result<> run_all_due();
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace piggy
