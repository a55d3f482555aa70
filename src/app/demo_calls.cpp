#include "app/demo_calls.h"

#include <fmt/format.h>

#include "door/presentation.h"
#include "shape/json.h"

namespace piggy {

Result<> DemoCalls::begin() {
  if (auto known = engine_.callers().owner_of(demo_account)) {
    caller_ = *std::move(known);
    return {};
  }
  TRY(engine_.dispatch().call_and_wait(
      {.operation = engine_.catalogue().find("create_account"),
       .caller = engine_.callers().owner(),
       .input = Value::object({{"name", demo_account}, {"company", "The Honey Shop"}}),
       .door = Door::command}));
  caller_ = TRY(engine_.callers().owner_of(demo_account));
  return {};
}

Result<> DemoCalls::call(std::string_view name, std::string_view json) {
  last_ = TRY(engine_.dispatch().call_and_wait(invoke(name, TRY(parse_json(json)))));
  return {};
}

Result<std::string> DemoCalls::make(std::string_view name, std::string_view json) {
  TRY(call(name, json));
  const Field* field = last_.output.shape().field("uuid");
  ASSERT(field && field->shape->kind == Kind::uuid);
  return to_string(*static_cast<const Uuid*>(field->in(last_.output.data())));
}

Value DemoCalls::last() const { return value_of(last_.output.shape(), last_.output.data()); }

Invocation DemoCalls::invoke(std::string_view name, Value input) {
  const Operation* operation = engine_.catalogue().find(name);
  ASSERT(operation != nullptr);
  return {.operation = operation,
          .caller = caller_,
          .input = std::move(input),
          .idempotency_key = operation->writes() ? fmt::format("{}-{}", prefix_, ++calls_) : "",
          .door = Door::command};
}

}  // namespace piggy
