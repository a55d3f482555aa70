#pragma once

// The one way into an operation. Every door (REST, MCP, the command line) translates what it hears
// into an Invocation and hands it here, so that none can forget a step:
//
//   authorize (scope, or the persona's grant) > read the input > prepare > remembered answer? >
//   approval? > run > limits and price > remember > record > commit > answer
//
// A write, the memory of its answer, its price and its row in the audit commit together: the same
// idempotency key and input get the same answer, however often and across restarts; the same key
// with other input is refused. A call that cannot be recorded does not happen.
//
// A connection's tool is done elsewhere, which commits with nothing here: the call is counted,
// priced and written down, then sent, then recorded (connection/outside_call.h). If it could not be
// done its price is given back.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "access/access.h"
#include "audit/audit.h"
#include "base/error.h"
#include "connection/connection.h"
#include "connection/outside_call.h"
#include "database/database.h"
#include "door/remembered.h"
#include "operation/operation.h"
#include "persona/approval_operations.h"
#include "persona/gate.h"
#include "shape/read.h"

namespace piggy {

struct Answer;

struct Invocation {
  const Operation* operation = nullptr;
  std::shared_ptr<const Caller> caller = {};
  Value input = Value::object();
  Reading reading = Reading::strict;
  std::string idempotency_key = {};  // "" for none; at most 255 visible characters.
  // For writes: the answer and its effects, nothing changed. `dry_run` in the input means the same.
  bool dry_run = false;
  Door door = Door::rest;
  std::string prompt = {};  // The words that led to it, for the record.
  std::optional<Uuid> conversation_uuid = {};
  // Of a connection's tool, which is done there: which connection, and Tool::key.
  std::int64_t connection_id = 0;
  std::string connection_tool = {};
  // What Operation::prepare would find out, where the door knows it: of the operation's Prepared.
  std::shared_ptr<const void> prepared = {};

  // Done in the transaction of a write of our own, once its answer is known, also when that was
  // remembered; when it fails nothing is done. Not of a dry run, and not of what is done elsewhere.
  std::function<Result<>(Transaction&, const Answer&)> along = {};

  void call(const Tool& tool);  // Sets what is called.
};

// Whether somebody who said this asks for a dry run. Refused when it is neither yes nor no: taken
// for no, it would be done in earnest.
Result<bool> read_dry_run(const Value& said, Reading reading);

struct Answer {
  Object output = {};
  std::optional<Value> told = {};        // OutsideAnswer::told: shown in the place of `output`.
  std::vector<EffectLine> effects = {};  // Of a dry run.
  bool dry_run = false;
  bool replayed = false;  // Remembered, not run again.
};

class Dispatch final : public InnerCalls {
 public:
  using Done = std::function<void(Result<Answer>)>;

  // All are borrowed and outlive it. `record_everything`: also what programs merely read. Fails
  // when the store cannot be read.
  static Result<std::unique_ptr<Dispatch>> start(Database& database, const Catalogue& catalogue,
                                                 Callers& callers, Connections& connections,
                                                 const Settings& settings,
                                                 bool record_everything = false);
  ~Dispatch() override;  // Lets work end that is slow or done elsewhere.

  // Goes on with what a process before this one was doing elsewhere. Once, before the first call.
  void resume() { look_outside(); }

  // Sets what is called: the operation of that name, or a tool of one of the caller's connections.
  // `not_found` when there is neither.
  Result<> name(Invocation& invocation, std::string_view name);

  // Reads answer before this returns, on this thread (slow ones later, on a thread of their own);
  // writes later, on the writer's.
  void call(Invocation invocation, Done done);
  Result<Answer> call_and_wait(Invocation invocation);

  // Called after every write that was committed, on the writer's thread: wakes the scheduler.
  void after_write(std::function<void()> call) { after_write_ = std::move(call); }

  // Does what was approved, for the persona that asked, in the transaction of the decision.
  Result<std::optional<std::string>> run_approved(Call& decision,
                                                  const ApprovalRow& approval) override;

  // The operation that takes back what was done, for whoever asks, in the same transaction.
  Result<Undone> run_undo(Call& outer, const AuditCall& done) override;

  Database& database() { return database_; }
  Gate& gate() { return gate_; }
  Connections& connections() { return connections_; }
  RememberedAnswers& remembered_answers() { return remembered_; }

 private:
  struct Running;
  using Shared = std::shared_ptr<Running>;

  Dispatch(Database& database, const Catalogue& catalogue, Callers& callers,
           Connections& connections, const Settings& settings, bool record_everything);
  Result<> admit(Running& running);
  Result<> understand(Running& running);
  Result<std::int64_t> account_of(const Invocation& invocation, const Object& input);
  bool recorded(const Running& running) const;
  void refuse(const Shared& running, Error error);
  void go_on(const Shared& running);
  void read(const Shared& running);
  void write(const Shared& running);
  void do_slow_work(std::stop_token stop);
  Result<> run_recorded(Transaction& transaction, const Shared& running);
  Result<> run(Transaction& transaction, Running& running);
  Result<> run_operation(Transaction& transaction, Running& running, bool rehearse);
  Result<> ask_or_answer(Transaction& transaction, Running& running, std::string reason);
  Result<> instead_of(Transaction& transaction, Running& running);
  Result<> record(Transaction& transaction, Running& running, CallOutcome outcome);
  Result<bool> remembered(Transaction& transaction, Running& running);
  Result<> remember(Transaction& transaction, Running& running);
  void committed(Running& running, Result<>& result);
  void finish(Running& running, Result<> result);

  // dispatch_outside.cpp
  Result<> begin_outside(Transaction& transaction, Running& running);
  Result<> write_down(Transaction& transaction, Running& running);
  void wait_for_outside(const Shared& running);
  void forget_outside(Running& running);
  void look_outside();
  void do_outside_work(std::stop_token stop);
  void rehearse_question(const Running& running);
  Result<> note_rehearsal(std::int64_t account, const Uuid& approval);
  void perform(const OutsideCallRow& row);
  Result<> recall(Running& running, const OutsideCallRow& row);
  void answer_whoever_waits(const OutsideCallRow& row, const std::function<void(Running&)>& answer);
  Result<OutsideAnswer> act(Running& running, const OutsideCallRow& row);
  Result<> end_outside(Transaction& transaction, Running& running, const OutsideCallRow& row);

  Database& database_;
  const Catalogue& catalogue_;
  Callers& callers_;
  Connections& connections_;
  const Settings& settings_;
  const bool record_everything_;
  Gate gate_;
  RememberedAnswers remembered_;
  std::function<void()> after_write_ = [] {};

  // Calls that are done elsewhere: those to be done, all that are known, who waits for which.
  std::mutex outside_mutex_;
  std::condition_variable_any outside_filled_;
  std::deque<OutsideCallRow> outside_;
  std::deque<std::function<void()>> rehearsals_;  // For whoever is to approve a call.
  std::unordered_set<std::int64_t> outside_known_;
  std::map<std::int64_t, Shared> outside_waiting_;
  std::atomic<bool> outside_unread_ = false;  // The last look failed.

  // Keys being worked on now, so that a second one is told to wait instead of waiting here.
  std::mutex in_flight_mutex_;
  std::unordered_set<std::string> in_flight_;

  // Slow work waits for each other, not for the network. Threads end before what they use.
  std::mutex slow_mutex_;
  std::condition_variable_any slow_filled_;
  std::deque<Shared> slow_;
  std::vector<std::jthread> threads_;
};

}  // namespace piggy
