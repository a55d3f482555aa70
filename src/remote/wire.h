#pragma once

// A call as the v3 wire asks it, and its answer read back: the inverse of what the REST door reads
// and writes (door/rest.cpp, door/presentation.cpp). Knows no operation by name and sends nothing.

#include <string>
#include <vector>

#include "http/message.h"
#include "operation/operation.h"

namespace piggy {

struct RemoteAnswer {
  // Complete: what the other side did not tell has the default of its kind (0, "", …).
  Object output = {};
  // The same as the other side told it, without what it left out: for those who must not take a
  // default for a fact.
  Value told = Value::object();
  std::vector<EffectLine> effects = {};  // Of a dry run.
  bool dry_run = false;
  bool replayed = false;  // Remembered there under the idempotency key, not done again.
};

struct RemoteRequest {
  std::string_view method = {};
  std::string target = {};  // Path and query, as they are sent.
  std::string body = {};    // JSON; empty for methods that have none.
};

// Refuses with the field's name: a parameter of the path that is missing or would lead elsewhere.
Result<RemoteRequest> remote_request(const Operation& operation, const Value& input);

// Reads the body of an answer that is no refusal; `input` is what was asked. The problem, if there
// is one, is told as the predicate of a sentence: "has no data".
std::expected<RemoteAnswer, std::string> read_remote_answer(const Operation& operation,
                                                            const Value& input,
                                                            std::string_view body);

// What the other side refused, when it says so in the wire's envelope (piggy-api-v3, section 6.1):
// message, number and fields; the code is by status and number. Its words are shortened and without
// controls, for they are a stranger's.
std::optional<Error> read_remote_refusal(int status, std::string_view body);

}  // namespace piggy
