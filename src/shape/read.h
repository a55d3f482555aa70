#pragma once

// Reads a Value into a described struct, and names every problem at once.

#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "shape/shape.h"
#include "shape/value.h"

namespace piggy {

enum class Reading {
  // As the v3 wire asks (piggy-api-v3, section 4): numbers and booleans may come as text, empty
  // text
  // counts as not given, what no field takes is ignored.
  lenient,
  // Types as described; what no field takes is an error.
  strict,
  // For queries and command lines, where everything is text: types as `lenient`, names as `strict`.
  words,
};

// `object` must have the defaults of its type. On an error it is half filled and to be thrown away.
// The error is `invalid` (1003) with one FieldError for each problem.
Result<> read(const Shape& shape, const Value& value, void* object, Reading reading);

template <class T>
Result<T> read(const Value& value, Reading reading) {
  T object;
  TRY(read(shape_of<T>(), value, &object, reading));
  return object;
}

// What an address must look like: local part, one @, a domain with a dot; no spaces, no controls.
bool is_email(std::string_view text);

}  // namespace piggy
