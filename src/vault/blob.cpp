#include "vault/blob.h"

#include <sodium.h>

#include <limits>

#include "base/assert.h"

namespace piggy {
namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(seal_key_bytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void append_big_endian(std::string& out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
}

}  // namespace

Binding& Binding::add(std::string_view part) {
  append_big_endian(bytes_, part.size());
  bytes_ += part;
  return *this;
}

Binding& Binding::add(std::int64_t part) {
  append_big_endian(bytes_, sizeof part);
  append_big_endian(bytes_, static_cast<std::uint64_t>(part));
  return *this;
}

std::string blob_header(BlobVersion version, std::string_view key_name) {
  ASSERT(key_name.size() <= std::numeric_limits<std::uint8_t>::max());
  std::string header;
  header += static_cast<char>(version);
  header += static_cast<char>(key_name.size());
  header += key_name;
  return header;
}

std::optional<std::string_view> key_name_in(BlobVersion version, std::string_view blob) {
  if (blob.size() < 2 || blob[0] != static_cast<char>(version)) return std::nullopt;
  std::size_t length = static_cast<std::uint8_t>(blob[1]);
  if (blob.size() < 2 + length) return std::nullopt;
  return blob.substr(2, length);
}

std::string seal(const SecretBytes& key, std::string_view key_name, std::string_view plain,
                 std::string_view binding) {
  ASSERT(key.size() == seal_key_bytes);
  std::string blob = blob_header(BlobVersion::xchacha20_poly1305, key_name);
  std::string bound = blob;
  bound += binding;
  std::size_t front = blob.size();
  blob.resize(front + nonce_bytes + plain.size() + tag_bytes);
  auto* nonce = reinterpret_cast<unsigned char*>(blob.data()) + front;
  randombytes_buf(nonce, nonce_bytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_bytes, nullptr, bytes_of(plain),
                                             plain.size(), bytes_of(bound), bound.size(), nullptr,
                                             nonce, key.data());
  return blob;
}

Result<SecretBytes> open_blob(const SecretBytes& key, std::string_view key_name,
                              std::string_view blob, std::string_view binding) {
  ASSERT(key.size() == seal_key_bytes);
  std::string bound = blob_header(BlobVersion::xchacha20_poly1305, key_name);
  if (!blob.starts_with(bound)) return cannot_open();
  blob.remove_prefix(bound.size());
  if (blob.size() < nonce_bytes + tag_bytes) return cannot_open();
  bound += binding;
  SecretBytes plain(blob.size() - nonce_bytes - tag_bytes);
  int problem = crypto_aead_xchacha20poly1305_ietf_decrypt(
      plain.data(), nullptr, nullptr, bytes_of(blob) + nonce_bytes, blob.size() - nonce_bytes,
      bytes_of(bound), bound.size(), bytes_of(blob), key.data());
  if (problem) return cannot_open();
  return plain;
}

std::unexpected<Error> cannot_open() {
  return fail(
      ErrorCode::internal,
      "A secret of the vault cannot be opened: it was damaged, or is not where it belongs.");
}

}  // namespace piggy
