#pragma once

// An engine in a test: a fresh database, an account, a clock and chance that the test sets. Runs
// operations without a door.

#include <fmt/format.h>

#include "access/access.h"
#include "database/test_database.h"
#include "operation/operation.h"
#include "schedule/job.h"

namespace piggy {

// For a scheduler.
inline Scheduler::Acting acting_in(Database& database) {
  return [callers = std::make_shared<Callers>(database)](std::int64_t account_id) {
    return callers->by_account(account_id);
  };
}

class TestEngine {
 public:
  TestEngine() {
    account_ = make("test");
    caller_ = caller_for("test");
  }

  Database& database() { return *database_; }
  ManualClock& clock() { return database_.clock; }
  const Caller& caller() const { return *caller_; }

  // Runs an operation as the owner of the account, in a transaction of its own.
  template <class O, class... Needs>
  Result<typename O::Output> run(const typename O::Input& input, Needs&... needs) {
    return run_as<O>(*caller_, input, needs...);
  }

  template <class O, class... Needs>
  Result<typename O::Output> run_as(const Caller& caller, const typename O::Input& input,
                                    Needs&... needs) {
    if constexpr (requires { &O::check; }) {  // As the dispatch does before it runs anything.
      std::vector<FieldError> problems;
      O::check(input, problems);
      if (!problems.empty()) return fail_field(problems[0].path, problems[0].message);
    }
    typename O::Output output;
    auto work = [&](Transaction& transaction) -> Result<> {
      Call call{.transaction = transaction, .caller = caller, .settings = settings};
      output = TRY(O::run(needs..., call, input));
      return {};
    };
    bool writes = O::info.effect != Effect::read;
    Result<> done = writes ? database().write(caller.account_id, work)
                           : database().read(caller.account_id, work);
    if (!done) return std::unexpected(done.error());
    return output;
  }

  // A function over a writing transaction of the account.
  Result<> write(const std::function<Result<>(Transaction&)>& work) {
    return database().write(account_, work);
  }

  // A second tenant, for tests of what must not be seen.
  std::shared_ptr<const Caller> other_tenant() {
    if (!other_) {
      make("other");
      other_ = caller_for("other");
    }
    return other_;
  }

  Settings settings = {};

 private:
  std::int64_t make(const std::string& name) {
    std::int64_t id = 0;
    Result<> made = database().write(0, [&](Transaction& transaction) -> Result<> {
      id = TRY(make_account(transaction, {.name = name, .company = name})).id;
      return {};
    });
    ASSERT(made.has_value());
    return id;
  }

  std::shared_ptr<const Caller> caller_for(const std::string& name) {
    Callers callers(database());
    auto caller = callers.owner_of(name);
    ASSERT(caller.has_value());
    return *caller;
  }

  TestDatabase database_;
  std::int64_t account_ = 0;
  std::shared_ptr<const Caller> caller_;
  std::shared_ptr<const Caller> other_;
};

}  // namespace piggy
