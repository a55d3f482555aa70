#pragma once

// JSON-RPC 2.0 as MCP uses it: one request, notification or response a message, ids that are texts
// or integers, params that are objects. Reading checks the envelope; writing appends to one string.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "shape/value.h"

namespace piggy::mcp {

inline constexpr std::string_view modern_version = "2026-07-28";
inline constexpr std::string_view legacy_versions[] = {"2025-11-25", "2025-06-18", "2025-03-26"};

bool is_legacy_version(std::string_view version);

// The error codes of JSON-RPC, and those that revision 2026-07-28 adds.
enum class Code : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  resource_not_found = -32002,  // Until 2025-11-25.
  header_mismatch = -32020,
  missing_capability = -32021,
  unsupported_version = -32022,
};

// A JSON-RPC error, and the HTTP status that goes with it. An error of the method itself is an
// answer like any other and keeps 200; one of the envelope or the transport does not.
struct Failure {
  Code code = Code::internal_error;
  std::string message = {};
  Value data = {};  // Null: none.
  int status = 200;
};

template <class T = void>
using Checked = std::expected<T, Failure>;

inline std::unexpected<Failure> refuse(Code code, std::string message, int status = 200) {
  return std::unexpected(Failure{.code = code, .message = std::move(message), .status = status});
}

// The client did not declare what this needs; `capabilities` as a client would declare them.
Failure missing_capability(Value capabilities);

struct Message {
  enum class Kind { request, notification, response };

  Kind kind = Kind::request;
  std::string id = {};  // As JSON text, `7` or `"a"`; "" for a notification.
  std::string method = {};
  Value params = Value::object();
  Value result = {};       // Of a response that succeeded; null otherwise.
  std::string error = {};  // The message of a response that did not.
};

// Refused with the id of the message where it has one, so that the answer can carry it.
struct Unreadable {
  std::string id = {};
  Failure failure = {};
};
std::expected<Message, Unreadable> read_message(Value document);

// Writes one JSON object, member by member. Names are ours and need no escaping.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_ += '{'; }

  void json(std::string_view name, std::string_view json);
  void text(std::string_view name, std::string_view text);
  void text_if(std::string_view name, std::string_view text);  // Nothing when empty.
  void integer(std::string_view name, std::int64_t number);
  void boolean(std::string_view name, bool value);
  void value(std::string_view name, const Value& value);
  void value_if(std::string_view name, const Value& value);  // Nothing when null.
  // What comes next is this member's value; the caller writes it.
  std::string& open(std::string_view name);
  void close() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

std::string error_message(std::string_view id, const Failure& failure);
// A notification, or with an id a request of ours. `params` is JSON text.
std::string call_message(std::string_view id, std::string_view method, std::string_view params);

// "2026-11-06T09:12:32.123Z", as MCP writes moments.
std::string to_iso(std::int64_t microseconds);

}  // namespace piggy::mcp
