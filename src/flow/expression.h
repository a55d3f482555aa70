#pragma once

// Expressions of flows: what a step takes from the steps before it, and what a branch decides by.
//
// An expression is one of Lua 5.4, run with the values of the flow and a few functions and nothing
// else: no clock, no files, no state. It is stopped when it takes too many steps or too much
// memory. A text holds expressions between ${{ and }}: alone it is the expression's value with its
// type, among other characters it becomes text. $${{ stands for the three characters themselves.
//
// See manual/flows.md for what people are told of them.

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "shape/value.h"

namespace piggy {

// How long one evaluation may go on, in instructions of Lua's machine.
enum class Effort {
  short_,  // About a millisecond: where others wait for it.
  long_,   // About a tenth of a second.
};

// `invalid` with a sentence that names what is wrong, in the words of the expression.
Result<Value> evaluate(std::string_view expression, const Value& names,
                       Effort effort = Effort::long_);
// The same as a yes or no: null and false are no, anything else is yes, as in Lua.
Result<bool> holds(std::string_view expression, const Value& names, Effort effort = Effort::long_);

// Every text in a value with its expressions filled in. All problems are named, each with its path.
Result<Value> filled_in(const Value& value, const Value& names, std::string_view path = "");

// What is wrong with an expression, or with those in a value, before anything is run.
void check_expression(std::string_view expression, std::string_view path,
                      std::vector<FieldError>& problems);
void check_expressions(const Value& value, std::string_view path,
                       std::vector<FieldError>& problems);
// Whether there is an expression in a text.
bool has_expression(std::string_view text);

}  // namespace piggy
