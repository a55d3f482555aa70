#pragma once

// A master key in a PKCS#11 token: an AES key of 256 bits that wraps by AES-GCM inside the token
// and never leaves it.

#include <memory>
#include <string_view>

#include "base/error.h"
#include "vault/master_key.h"

namespace piggy {

inline constexpr std::string_view token_scheme = "pkcs11:";

// Where a key is (RFC 7512):
//   pkcs11:token=LABEL;object=LABEL?module-path=/usr/lib/…so&pin-source=file:/etc/piggy/pin
// The PIN lies in the file, or with `pin-source=env:NAME` in a variable. Never in the URI, which is
// stored and shown.
struct TokenAddress {
  std::string token = {};
  std::string object = {};
  std::string module_path = {};
  std::string pin_source = {};
};

// `invalid`, with what is wrong with it.
Result<TokenAddress> parse_token_address(std::string_view uri);

// Loads the module, opens a session and finds the key. `invalid` for a bad URI; `unavailable` when
// there is no such module, token or key, when the PIN is wrong, and when the key will not wrap.
Result<std::unique_ptr<MasterKey>> open_token_key(std::string_view uri);

}  // namespace piggy
