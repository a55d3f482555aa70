#pragma once

// Between the rows of a conversation and what a model is told and says.

#include <string>

#include "chat/conversation.h"
#include "model/model.h"

namespace piggy {

// Tells a model of a row. What tools answered holds words from outside, so it is marked.
void add_to(model::Request& request, const MessageRow& row);

// A model's reply as it is kept.
struct Kept {
  std::string text = {};
  Value content = Value::object();
};
Kept kept_of(const model::Reply& reply);

}  // namespace piggy
