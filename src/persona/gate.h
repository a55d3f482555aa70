#pragma once

// What stands between a persona and an operation: its state, its grant, its limits, its price. The
// dispatch asks the gate before a call, and after it, in the call's own transaction.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/error.h"
#include "database/database.h"
#include "operation/operation.h"
#include "persona/persona.h"

namespace piggy {

// What is called: an operation, and the name it is granted by (Tool::key).
struct ToolCalled {
  std::string_view key;
  const OperationInfo& info;
};

// One call that was let in.
struct Admitted {
  std::shared_ptr<const Persona> persona = {};  // Null: no persona, no limits, no price.
  std::int64_t price = 0;
};

class Gate {
 public:
  // Both are borrowed and outlive it.
  Gate(Database& database, const Catalogue& catalogue)
      : database_(database), catalogue_(catalogue) {}

  Personas& personas() { return personas_; }

  // Once a call, before its transaction. `forbidden` when the persona is stopped or the tool is not
  // granted, `too_many` over its calls a minute. Any thread.
  Result<Admitted> admit(const Caller& caller, const ToolCalled& tool);

  // The same without counting, as the transaction sees it: what was changed since `admit` holds.
  Result<> check(Transaction& transaction, const Caller& caller, const ToolCalled& tool);

  // Why a person must approve the call before it is run; empty when nobody need.
  std::string must_ask(const Persona& persona, const ToolCalled& tool) const;

  // Counts the call and takes its price. `needs_approval` with the reason when it is over a limit,
  // unless somebody approved it; `conflict` when the plan's credits are used up. On the writer's
  // thread.
  Result<> settle(Transaction& transaction, const Caller& caller, const Admitted& admitted,
                  const ToolCalled& tool, const Amounts& amounts, bool approved);

  // Takes a call back that was counted and priced before it was done, and then could not be done.
  // On the writer's thread.
  Result<> give_back(Transaction& transaction, const Caller& caller, std::string_view tool,
                     std::int64_t price, std::int64_t points);
  // Counts points that turned out to be given only when the call was done.
  Result<> count_points(Transaction& transaction, const Caller& caller, std::string_view tool,
                        std::int64_t points);

 private:
  struct UsageRow;
  Result<UsageRow*> usage_today(Transaction& transaction, const Caller& caller,
                                std::string_view tool);
  Result<> allowed(const Persona& persona, const ToolCalled& tool) const;
  Result<> pace(const Caller& caller, const Persona& persona, const ToolCalled& tool);

  Database& database_;
  const Catalogue& catalogue_;
  Personas personas_;

  // Calls of the minute, by persona and tool.
  struct Minute {
    std::int64_t minute = 0;
    std::int64_t calls = 0;
  };
  using Key = std::pair<std::int64_t, std::string>;
  std::mutex pace_mutex_;
  std::map<Key, Minute> pace_;

  // Where today's counts stand; a row that was undone is found missing. The writer's.
  struct Place {
    std::int64_t day = 0;
    std::int64_t id = 0;
  };
  std::map<Key, Place> places_;
};

}  // namespace piggy
