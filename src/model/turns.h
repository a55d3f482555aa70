#pragma once

// A conversation as every provider takes it. Providers refuse a call without a result, a result
// without a call, an empty text, a name with a dot; histories hold all of these, after a stream was
// cut off, a person stopped a run or a model invented a tool.

#include "model/model.h"

namespace piggy::model {

// What one message of an assistant and the results that follow it come to. Each kind is in the
// order in which it stood.
struct Turn {
  Role role = Role::user;        // `tool`: the results of the assistant's turn before.
  std::vector<Part> parts = {};  // None are empty, nor is the list.
};

// Every call is followed by a turn with exactly one result for each; a result that is missing says
// that the call was not run. Reasoning of another origin, and reasoning that nothing follows, is
// left out. Names of tools hold [a-zA-Z0-9_-]{1,64} alone.
std::vector<Turn> turns_of(const std::vector<Message>& messages, std::string_view origin);

// What goes back as a call's arguments: always an object, also when the model's text was none.
Value arguments_to_send(const ToolCall& call);

// For formats without a mark for errors.
std::string marked_text(const ToolResult& result);

}  // namespace piggy::model
