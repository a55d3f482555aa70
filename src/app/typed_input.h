#pragma once

// What a person types after `piggy call NAME`, as the input of an operation.

#include <string>
#include <vector>

#include "app/backend.h"
#include "base/error.h"
#include "shape/value.h"

namespace piggy {

// Turns `--email a@b.nl --dry-run` into the operation's input. A flag given twice makes a list.
Result<Value> input_of(const std::vector<std::string>& words);

// What is about the call and not of its input. What is no clear word is refused: taken for nothing,
// the call would be done in earnest, or twice.
Result<> take_options(Value& input, CallOptions& options);

}  // namespace piggy
