#pragma once

// JSON in and out: text to Value, Value to text, any described struct to text. Thread-safe.

#include <string>
#include <string_view>

#include "base/error.h"
#include "shape/shape.h"
#include "shape/value.h"

namespace piggy {

constexpr int json_depth_max = 32;

// Reads one JSON document (RFC 8259). Refused with a plain sentence: broken UTF-8, duplicate keys,
// nesting deeper than `json_depth_max`, anything after the document, integers beyond 64 bits.
Result<Value> parse_json(std::string_view text);

// Appends without spaces. Numbers in their shortest exact form.
void write_json(std::string& out, const Value& value);
void write_json_text(std::string& out, std::string_view text);
std::string to_json(const Value& value);
// For people: a member or item a line, two spaces a level; empty objects and lists stay on theirs.
std::string pretty_json(const Value& value, std::size_t depth = 0);

// A described object. Missing optionals are written as null; `skip`, when given, is a field of the
// outermost record that is left out.
void write_json(std::string& out, const Shape& shape, const void* object,
                const Field* skip = nullptr);

template <class T>
  requires detail::Record<T>
std::string to_json(const T& object) {
  std::string out;
  write_json(out, shape_of<T>(), &object);
  return out;
}

// The same data, the same bytes: the canonical form of RFC 8785. Integers beyond 2^53, which that
// does not know, keep all their digits.
std::string canonical_json(const Value& value);

}  // namespace piggy
