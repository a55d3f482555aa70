#include "vault/secret.h"

#include <sodium.h>

#include <cstring>
#include <utility>

#include "base/assert.h"

namespace piggy {

SecretBytes::SecretBytes(std::size_t size) : size_(size) {
  ASSERT(sodium_init() >= 0);
  bytes_.reset(static_cast<std::uint8_t*>(sodium_malloc(size)));
  ASSERT(bytes_ != nullptr);
  sodium_memzero(bytes_.get(), size);
}

SecretBytes SecretBytes::random(std::size_t size) {
  SecretBytes secret(size);
  randombytes_buf(secret.data(), size);
  return secret;
}

SecretBytes SecretBytes::copy_of(std::string_view bytes) {
  SecretBytes secret(bytes.size());
  if (!bytes.empty()) std::memcpy(secret.data(), bytes.data(), bytes.size());
  return secret;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  bytes_ = std::move(other.bytes_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

// sodium_free wipes before it gives the memory back.
void SecretBytes::Wipe::operator()(std::uint8_t* bytes) const { sodium_free(bytes); }

}  // namespace piggy
