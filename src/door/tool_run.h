#pragma once

// What the parts of the Toolbox share. For toolbox*.cpp alone.

#include <memory>
#include <string>
#include <utility>

#include "door/asking.h"
#include "door/presentation.h"
#include "door/toolbox.h"

namespace piggy {

// Who calls, and by what they were let in: it may run out while they listen.
struct LetIn {
  std::shared_ptr<const Caller> caller = {};
  std::string authorization = {};
};

inline const LetIn& let_in(const mcp::Principal& principal) {
  return *static_cast<const LetIn*>(principal.identity.get());
}
inline const std::shared_ptr<const Caller>& caller_in(const mcp::Principal& principal) {
  return let_in(principal).caller;
}

inline std::string structured(const Answer& answer) {
  std::string out;
  write_answer(out, answer);
  return out;
}

template <class T>
const T& field_of(const Answer& answer, std::string_view name) {
  const Field* field = answer.output.shape().field(name);
  ASSERT(field && field->shape == &shape_of<T>());
  return *static_cast<const T*>(field->in(answer.output.data()));
}

// Of an approval that is not pending any more.
inline mcp::ToolResult result_of(const ApprovalRow& row) {
  if (row.state == ApprovalState::executed) return {.structured = row.answer};
  return mcp::text_result(how_it_ended(row), true);
}

}  // namespace piggy
