#pragma once

// What it means when another service does not do what it was asked: a plain sentence for the person
// or persona who asked, and whether asking again makes sense.

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "http/message.h"
#include "http/transfer.h"

namespace piggy {

enum class Again {
  never,        // The same question would get the same answer.
  if_harmless,  // It may have been done already.
  always,       // It was certainly not done.
};

struct Failure {
  Error error = {};
  Again again = Again::never;
  bool of_host = false;  // The host is in trouble, not only this call.
};

inline constexpr std::string_view perhaps_done = " It may have done what it was asked.";

// `whom` begins the sentence: "The other Piggy (api.piggy.eu)".
Failure failure_of(std::string_view whom, http::Fault fault, bool writes);
// Of a response whose status is not 2xx.
Failure failure_of(std::string_view whom, const http::Response& response, bool writes, Time now);

}  // namespace piggy
