#include "mcp/seal.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "shape/json.h"

namespace piggy::mcp {
namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t sealed_bytes_max = 64 << 10;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// Lengths stand between the parts, so that no two owners give the same bytes.
std::string digest(const SealedFor& owner) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, crypto_generichash_BYTES);
  auto add = [&](std::string_view part) {
    std::uint64_t length = part.size();
    crypto_generichash_update(&state, reinterpret_cast<unsigned char*>(&length), sizeof length);
    crypto_generichash_update(&state, bytes_of(part), part.size());
  };
  add(owner.principal_key);
  add(owner.method);
  add(owner.name);
  add(canonical_json(*owner.arguments));
  std::string out(crypto_generichash_BYTES, '\0');
  crypto_generichash_final(&state, bytes_of(out), out.size());
  return out;
}

std::string to_base64(std::string_view bytes) {
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes_of(bytes), bytes.size(), variant);
  out.pop_back();  // The terminating zero that C wants.
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t length = 0;
  const char* end = nullptr;
  int problem = sodium_base642bin(bytes_of(out), out.size(), text.data(), text.size(), nullptr,
                                  &length, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  if (problem || end != text.data() + text.size()) return std::nullopt;
  out.resize(length);
  return out;
}

}  // namespace

Seal::Seal(Key key, std::chrono::seconds lifetime, const Clock& clock)
    : key_(key), lifetime_(lifetime), clock_(clock) {
  ASSERT(sodium_init() >= 0);
  if (std::ranges::all_of(key_, [](std::uint8_t byte) { return byte == 0; })) {
    randombytes_buf(key_.data(), key_.size());
  }
}

// Not the secret itself, which may have other uses.
Seal::Key Seal::key_for(const SealedFor& owner) const {
  if (owner.secret.empty()) return key_;
  constexpr std::string_view purpose = "piggy mcp: state that lies with a client";
  Key key;
  int problem = crypto_generichash(key.data(), key.size(), bytes_of(purpose), purpose.size(),
                                   bytes_of(owner.secret), owner.secret.size());
  ASSERT(problem == 0);
  return key;
}

std::string Seal::close(const SealedFor& owner, std::string_view state) const {
  std::string bound = digest(owner);
  std::int64_t expires = clock_.now().microseconds + lifetime_.count() * microseconds_per_second;
  std::string plain(sizeof expires, '\0');
  std::memcpy(plain.data(), &expires, sizeof expires);
  plain += state;
  std::string sealed(nonce_bytes + plain.size() + tag_bytes, '\0');
  randombytes_buf(sealed.data(), nonce_bytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      bytes_of(sealed) + nonce_bytes, nullptr, bytes_of(plain), plain.size(), bytes_of(bound),
      bound.size(), nullptr, bytes_of(sealed), key_for(owner).data());
  return to_base64(sealed);
}

std::optional<std::string> Seal::open(const SealedFor& owner, std::string_view sealed) const {
  if (sealed.size() > sealed_bytes_max) return std::nullopt;
  auto bytes = from_base64(sealed);
  std::int64_t expires = 0;
  if (!bytes || bytes->size() < nonce_bytes + tag_bytes + sizeof expires) return std::nullopt;
  std::string bound = digest(owner);
  std::string plain(bytes->size() - nonce_bytes - tag_bytes, '\0');
  int problem = crypto_aead_xchacha20poly1305_ietf_decrypt(
      bytes_of(plain), nullptr, nullptr, bytes_of(*bytes) + nonce_bytes,
      bytes->size() - nonce_bytes, bytes_of(bound), bound.size(), bytes_of(*bytes),
      key_for(owner).data());
  if (problem) return std::nullopt;
  std::memcpy(&expires, plain.data(), sizeof expires);
  if (clock_.now().microseconds > expires) return std::nullopt;
  return plain.substr(sizeof expires);
}

}  // namespace piggy::mcp
