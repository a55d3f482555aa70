#include "contact/auth_token.h"

#include <sodium.h>

#include <cstring>

namespace piggy {
namespace {

constexpr std::string_view marker = "pgt1_";
constexpr std::size_t plain_size = 16 + 16 + 8;
constexpr std::size_t seal_nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t sealed_size =
    seal_nonce_size + plain_size + crypto_aead_xchacha20poly1305_ietf_ABYTES;
using Plain = std::array<std::uint8_t, plain_size>;
using Sealed = std::array<std::uint8_t, sealed_size>;

Hash key_of(const Caller& caller) { return account_hash(caller, "auth token", ""); }

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

std::string seal_auth_token(const Caller& caller, const AuthToken& token, Random& random) {
  Plain plain;
  std::memcpy(plain.data(), token.contact.bytes.data(), 16);
  std::memcpy(plain.data() + 16, token.nonce.data(), 16);
  std::memcpy(plain.data() + 32, &token.expires_at.microseconds, 8);
  Sealed sealed;
  random.fill({sealed.data(), seal_nonce_size});
  Hash key = key_of(caller);
  crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data() + seal_nonce_size, nullptr, plain.data(),
                                             plain.size(), bytes_of(marker), marker.size(), nullptr,
                                             sealed.data(), key.data());
  char text[sodium_base64_ENCODED_LEN(sealed_size, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
  sodium_bin2base64(text, sizeof text, sealed.data(), sealed.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return std::string(marker) + text;
}

std::optional<AuthToken> open_auth_token(const Caller& caller, std::string_view text) {
  if (!text.starts_with(marker)) return std::nullopt;
  text.remove_prefix(marker.size());
  Sealed sealed;
  std::size_t size = 0;
  const char* end = nullptr;
  int code = sodium_base642bin(sealed.data(), sealed.size(), text.data(), text.size(), nullptr,
                               &size, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  bool whole = code == 0 && size == sealed.size() && end == text.data() + text.size();
  if (!whole) return std::nullopt;
  Plain plain;
  Hash key = key_of(caller);
  code = crypto_aead_xchacha20poly1305_ietf_decrypt(
      plain.data(), nullptr, nullptr, sealed.data() + seal_nonce_size,
      sealed.size() - seal_nonce_size, bytes_of(marker), marker.size(), sealed.data(), key.data());
  if (code != 0) return std::nullopt;
  AuthToken token;
  std::memcpy(token.contact.bytes.data(), plain.data(), 16);
  std::memcpy(token.nonce.data(), plain.data() + 16, 16);
  std::memcpy(&token.expires_at.microseconds, plain.data() + 32, 8);
  return token;
}

Hash account_hash(const Caller& caller, std::string_view purpose, std::string_view text) {
  ASSERT(caller.secret.size() == 32);
  Hash hash;
  crypto_generichash_state state;
  crypto_generichash_init(&state, bytes_of(caller.secret), caller.secret.size(), hash.size());
  std::uint64_t length = purpose.size();
  crypto_generichash_update(&state, reinterpret_cast<const std::uint8_t*>(&length), sizeof length);
  crypto_generichash_update(&state, bytes_of(purpose), purpose.size());
  crypto_generichash_update(&state, bytes_of(text), text.size());
  crypto_generichash_final(&state, hash.data(), hash.size());
  return hash;
}

}  // namespace piggy
