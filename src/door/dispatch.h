#pragma once

// The one way into an operation. Every door (REST, MCP, the command line) translates what it hears
// into an Invocation and hands it here, so that none can forget a step:
//
//   authorize > read the input > remembered answer? > run > remember > commit > answer
//
// A write and the memory of its answer commit together: the same idempotency key and input get the
// same answer, however often and across restarts; the same key with other input is refused.

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include "access/access.h"
#include "base/error.h"
#include "database/database.h"
#include "door/remembered.h"
#include "operation/operation.h"
#include "shape/read.h"

namespace piggy {

struct Invocation {
  const Operation* operation = nullptr;
  std::shared_ptr<const Caller> caller = {};
  Value input = Value::object();
  Reading reading = Reading::strict;
  std::string idempotency_key = {};  // "" for none; at most 255 visible characters.
  // For writes: the answer and its effects, nothing changed. `dry_run` in the input means the same.
  bool dry_run = false;
  Door door = Door::rest;
};

// Whether somebody who said this asks for a dry run. Refused when it is neither yes nor no: taken
// for no, it would be done in earnest.
Result<bool> read_dry_run(const Value& said, Reading reading);

struct Answer {
  Object output = {};
  std::vector<EffectLine> effects = {};  // Of a dry run.
  bool dry_run = false;
  bool replayed = false;  // Remembered, not run again.
};

class Dispatch {
 public:
  using Done = std::function<void(Result<Answer>)>;

  // All are borrowed and outlive it. Fails when the store cannot be read.
  static Result<std::unique_ptr<Dispatch>> start(Database& database, Callers& callers,
                                                 const Settings& settings);
  ~Dispatch();  // Lets slow reads end.

  // Reads answer before this returns, on this thread (slow ones later, on a thread of their own);
  // writes later, on the writer's.
  void call(Invocation invocation, Done done);
  Result<Answer> call_and_wait(Invocation invocation);

  // Called after every write that was committed, on the writer's thread: wakes the scheduler.
  void after_write(std::function<void()> call) { after_write_ = std::move(call); }

  Database& database() { return database_; }
  RememberedAnswers& remembered_answers() { return remembered_; }

 private:
  struct Running;

  Dispatch(Database& database, Callers& callers, const Settings& settings);
  Result<> admit(const Invocation& invocation) const;
  Result<std::int64_t> account_of(const Invocation& invocation, const Object& input);
  void read(const std::shared_ptr<Running>& running);
  void read_slowly(std::stop_token stop);
  void write(std::shared_ptr<Running> running);
  Result<> run(Transaction& transaction, Running& running);
  Result<bool> remembered(Transaction& transaction, Running& running);
  Result<> remember(Transaction& transaction, Running& running);
  void finish(Running& running, Result<> result);

  Database& database_;
  Callers& callers_;
  const Settings& settings_;
  RememberedAnswers remembered_;
  std::function<void()> after_write_ = [] {};

  // Slow reads wait for each other, not for the network.
  std::mutex slow_mutex_;
  std::condition_variable_any slow_filled_;
  std::deque<std::shared_ptr<Running>> slow_;
  std::jthread slow_thread_;

  // Keys being worked on now, so that a second one is told to wait instead of waiting here.
  std::mutex in_flight_mutex_;
  std::unordered_set<std::string> in_flight_;
};

}  // namespace piggy
