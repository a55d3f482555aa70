#pragma once

// What a caller may meet. An Error is a sentence for the person who reads it, one of a handful of
// codes for the program that must decide what to do, and, where the Piggy v3 wire has one, its
// number. Doors map the code to HTTP, JSON-RPC and exit status in one place each.
//
// A bug is not an Error: it is an assertion (see assert.h).

#include <cstdint>
#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace piggy {

enum class ErrorCode {
  invalid,          // The input breaks its contract; `fields` names every problem.
  unauthenticated,  // No token, or one that is unknown, expired or revoked.
  forbidden,        // A good token without the scope that is needed.
  not_found,        // No such thing in this account. Also said of other accounts' things.
  conflict,         // The state of things does not allow it.
  in_progress,      // The same is being done right now; try again in a moment.
  needs_approval,   // A person must decide first; `approval` says which question. Nothing was done.
  too_many,         // A limit on how often; `retry_after_seconds` says when to come back.
  unavailable,      // The store cannot take it now (disk full, queue full); nothing was changed.
  internal,         // A bug or a broken machine; nothing was changed.
};

// One thing wrong with the input. `path` is a JSON Pointer (RFC 6901), "/email" or
// "/options/0/label".
struct FieldError {
  std::string path = {};
  std::string message = {};
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message = {};
  int number = 0;  // The v3 wire's error number (piggy-api-v3, section 6.4); 0: by the code.
  std::vector<FieldError> fields = {};
  int retry_after_seconds = 0;
  std::string approval = {};  // needs_approval: its uuid.
};

template <class T = void>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Error error) { return std::unexpected(std::move(error)); }
inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{.code = code, .message = std::move(message)});
}

// Input that is well formed but wrong in these fields, all of them.
inline std::unexpected<Error> fail_fields(std::vector<FieldError> fields) {
  return std::unexpected(Error{.code = ErrorCode::invalid,
                               .message = "Invalid input.",
                               .number = 1003,
                               .fields = std::move(fields)});
}
// In one field.
inline std::unexpected<Error> fail_field(std::string path, std::string message) {
  return fail_fields({{std::move(path), std::move(message)}});
}

namespace detail {
template <class T>
T take(Result<T>&& result) {
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}
}  // namespace detail

}  // namespace piggy

// The value of a Result, or returns its error from the function. One per statement.
#define TRY(...)                                             \
  ({                                                         \
    auto&& try_result = (__VA_ARGS__);                       \
    if (!try_result) [[unlikely]]                            \
      return std::unexpected(std::move(try_result).error()); \
    ::piggy::detail::take(std::move(try_result));            \
  })
