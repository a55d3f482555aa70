#pragma once

// An operation's Output as the v3 wire shows it: {"data": …, "meta": …} (piggy-api-v3, sections 5
// and 7.2).

#include <string>

#include "door/dispatch.h"
#include "http/message.h"

namespace piggy {

// What of the request the answer repeats.
struct Shown {
  Value page = {};  // As it came: text stays text.
  Value limit = {};
  std::string url = {};    // Of form B's links: the path without the query.
  std::string query = {};  // Other parameters, to be kept in links; "" or "a=b&".
};

Shown as_shown(const Operation& operation, const Value& input, const http::Request& request,
               std::string_view public_url);

// A described object as data of no certain shape.
Value value_of(const Shape& shape, const void* object);

// Appends the whole body. A dry run adds `dry_run` and `effect` beside `data`.
void present(std::string& out, const Operation& operation, const Answer& answer,
             const Shown& shown);

// Appends the whole Output as a plain object; a dry run adds `dry_run` and `effect` to its fields.
void write_answer(std::string& out, const Answer& answer);
// {"data": <the whole Output>}.
void present_whole(std::string& out, const Answer& answer);

}  // namespace piggy
