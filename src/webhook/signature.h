#pragma once

// How a receiver knows that a delivery comes from here.

#include <string>
#include <string_view>

#include "vault/secret.h"

namespace piggy {

// The v3 wire's header `Signature` (piggy-api-v3, section 13.3): HMAC-SHA256 of the body as it is
// sent, in lower-case hexadecimal digits, under the secret as it is written.
std::string body_signature(std::string_view secret, std::string_view body);

// The value of `webhook-signature` of Standard Webhooks
// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md):
// "v1," and the HMAC-SHA256 of "id.timestamp.body" in base64. `key` is what `key_in` found.
std::string standard_signature(std::string_view key, std::string_view id, std::int64_t timestamp,
                               std::string_view body);
// The bytes that a secret of Standard Webhooks stands for: "whsec_" and base64. Empty when it is
// none.
SecretBytes standard_key_in(std::string_view secret);

// A new one of 32 bytes, as Standard Webhooks writes it.
std::string new_webhook_secret();

}  // namespace piggy
