#pragma once

// A token that signs one contact in, once. It is sealed under a key of the account, so that nobody
// but this program can read or make one.

#include <array>
#include <string>

#include "operation/operation.h"

namespace piggy {

constexpr std::int64_t auth_token_lifetime = 600 * microseconds_per_second;

struct AuthToken {
  Uuid contact = {};
  std::array<std::uint8_t, 16> nonce = {};
  Time expires_at = {};
};

// Text that can stand in an address: letters, digits, `-` and `_`.
std::string seal_auth_token(const Caller& caller, const AuthToken& token, Random& random);
// Nothing for what is not a token of this account. The time is not looked at.
std::optional<AuthToken> open_auth_token(const Caller& caller, std::string_view text);

// The hash of something secret under the account's own key. Different purposes never agree.
Hash account_hash(const Caller& caller, std::string_view purpose, std::string_view text);

}  // namespace piggy
