#include "webhook/signature.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>

#include "base/hex.h"

namespace piggy {
namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::size_t new_bytes = 32;

using Mac = std::array<std::uint8_t, crypto_auth_hmacsha256_BYTES>;

Mac mac_of(std::string_view key, std::string_view text) {
  Mac mac;
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()),
                              key.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()),
                                text.size());
  crypto_auth_hmacsha256_final(&state, mac.data());
  return mac;
}

template <std::size_t bytes>
std::string base64_of(const std::uint8_t* data) {
  char text[sodium_base64_ENCODED_LEN(bytes, sodium_base64_VARIANT_ORIGINAL)];
  sodium_bin2base64(text, sizeof text, data, bytes, sodium_base64_VARIANT_ORIGINAL);
  std::string copy = text;
  sodium_memzero(text, sizeof text);
  return copy;
}

}  // namespace

std::string body_signature(std::string_view secret, std::string_view body) {
  return to_hex(mac_of(secret, body));
}

std::string standard_signature(std::string_view key, std::string_view id, std::int64_t timestamp,
                               std::string_view body) {
  Mac mac = mac_of(key, fmt::format("{}.{}.{}", id, timestamp, body));
  return "v1," + base64_of<sizeof mac>(mac.data());
}

SecretBytes standard_key_in(std::string_view secret) {
  if (!secret.starts_with(prefix)) return {};
  secret.remove_prefix(prefix.size());
  SecretBytes key(secret.size());
  std::size_t length = 0;
  int read = sodium_base642bin(key.data(), key.size(), secret.data(), secret.size(), nullptr,
                               &length, nullptr, sodium_base64_VARIANT_ORIGINAL);
  if (read != 0 || length == 0) return {};
  return SecretBytes::copy_of(key.view().substr(0, length));
}

std::string new_webhook_secret() {
  SecretBytes key = SecretBytes::random(new_bytes);
  return fmt::format("{}{}", prefix, base64_of<new_bytes>(key.data()));
}

}  // namespace piggy
