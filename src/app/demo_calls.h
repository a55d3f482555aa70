#pragma once

// How the demo is made: by the operations that any client has, so that it is also a first test of
// them. Each call has an idempotency key of its own, the same at every start: a start that was
// interrupted goes on where it was, and a second one changes nothing.

#include <memory>
#include <string>
#include <string_view>

#include "app/engine.h"

namespace piggy {

inline constexpr std::string_view demo_account = "demo";

class DemoCalls {
 public:
  // `prefix` is what the keys begin with. The engine is borrowed.
  DemoCalls(Engine& engine, std::string prefix) : engine_(engine), prefix_(std::move(prefix)) {}

  // Before any other call. Makes the account where there is none.
  Result<> begin();
  Result<> call(std::string_view name, std::string_view json);
  // As `call`, for what has a uuid.
  Result<std::string> make(std::string_view name, std::string_view json);
  // What the last call answered.
  Value last() const;

  Engine& engine() { return engine_; }
  const Caller& caller() const { return *caller_; }

 private:
  Invocation invoke(std::string_view name, Value input);

  Engine& engine_;
  std::string prefix_;
  std::shared_ptr<const Caller> caller_;
  Answer last_;
  int calls_ = 0;
};

}  // namespace piggy
