#pragma once

// What the authorization server must be told about the people who sign in and about what they can
// lend to a client. It knows neither users nor personas itself.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/message.h"

namespace piggy::oauth {

struct SignedIn {
  std::int64_t user_id = 0;
  std::int64_t account_id = 0;
  std::string name = {};  // As the person knows it.
};

// One thing that a client may act as; the person picks one of them.
struct Choice {
  std::int64_t id = 0;
  std::string name = {};
  std::vector<std::string> lines = {};  // What it can do, for people: the titles of its tools.
};

// All are called on the threads of the HTTP server, or on those that fetch documents of clients,
// and must not block for long.
class People {
 public:
  virtual ~People() = default;

  // Who is signed in where the request came from.
  virtual std::optional<SignedIn> who(const http::Request& request) = 0;
  // Where to send somebody who is not. `return_to` is a path on this server with its query; whoever
  // signs in is sent back there.
  virtual std::string sign_in_url(std::string_view return_to) = 0;
  virtual Result<std::vector<Choice>> choices(const SignedIn& person) = 0;
};

}  // namespace piggy::oauth
