#pragma once

// What a call over MCP asks of the person at its client, and what is remembered of that from one
// round to the next.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "mcp/service.h"
#include "operation/operation.h"

namespace piggy {

// Lies with the client between two rounds, sealed. What is in `answers` the person has said: it is
// untrusted input like the arguments it joins.
struct AskedSoFar {
  std::string approval = {};             // Whose page the person was sent to, by uuid.
  std::vector<std::string> fields = {};  // What the form now open asks for.
  std::vector<std::string> filled = {};  // What was asked for before, and is not asked for again.
  Value answers = Value::object();       // By field.

  std::string text() const;
  // Of what `text` wrote; anything else is nothing so far.
  static AskedSoFar read(std::string_view text);
};

// The names under which questions are asked and answered.
inline constexpr std::string_view form_key = "fields";
inline constexpr std::string_view page_key = "decision";

// How a question was answered.
enum class Reply { none, accepted, refused };
Reply reply_to(const mcp::Asked& asked, std::string_view key);

// Takes what the form brought into `answers`: of the fields it asked for, and nothing else.
void take_form(AskedSoFar& so_far, const mcp::Asked& asked);

// The fields that a form may ask a person for, when that is all that is wrong with the call: those
// that are required and missing, and choices that were given another word. Empty when anything else
// is wrong, and when one of them is not for a form: a secret, a list, a record, and a uuid, which
// nobody knows by heart and the model can look up.
std::vector<std::string> askable_fields(const Operation& operation, const Value& arguments,
                                        const Error& error, const AskedSoFar& so_far);
mcp::InputRequest form_request(const Operation& operation, const std::vector<std::string>& fields);

// Sends the person to where a person who is signed in decides.
mcp::InputRequest page_request(std::string_view reason, std::string_view url);

}  // namespace piggy
