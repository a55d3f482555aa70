#include "vault/master_key.h"

#include <fmt/format.h>
#include <sodium.h>

#include "base/assert.h"
#include "base/hex.h"
#include "vault/blob.h"
#include "vault/secret_source.h"
#include "vault/token_key.h"

namespace piggy {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// The key in our own memory.
class HeldKey final : public MasterKey {
 public:
  HeldKey(SecretBytes key, MasterKeyKind kind) : key_(std::move(key)), kind_(kind) {
    ASSERT(key_.size() == seal_key_bytes);
    fingerprint_.resize(fingerprint_bytes);
    crypto_generichash(reinterpret_cast<unsigned char*>(fingerprint_.data()), fingerprint_bytes,
                       bytes_of(fingerprint_purpose), fingerprint_purpose.size(), key_.data(),
                       key_.size());
  }

  std::string id() const override { return fingerprint_text(fingerprint_); }
  MasterKeyKind kind() const override { return kind_; }

  Result<std::string> wrap(const SecretBytes& plain, std::string_view associated) const override {
    return seal(key_, fingerprint_, plain.view(), associated);
  }
  Result<SecretBytes> unwrap(std::string_view wrapped, std::string_view associated) const override {
    return open_blob(key_, fingerprint_, wrapped, associated);
  }

 private:
  SecretBytes key_;
  MasterKeyKind kind_;
  std::string fingerprint_;
};

bool read_base64(std::string_view text, SecretBytes& key) {
  for (int variant : {sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING}) {
    std::size_t length = 0;
    const char* end = nullptr;
    int problem = sodium_base642bin(key.data(), key.size(), text.data(), text.size(), nullptr,
                                    &length, &end, variant);
    if (!problem && length == key.size() && end == text.data() + text.size()) return true;
  }
  return false;
}

}  // namespace

std::unique_ptr<MasterKey> make_master_key(SecretBytes key, MasterKeyKind kind) {
  return std::make_unique<HeldKey>(std::move(key), kind);
}

Result<std::unique_ptr<MasterKey>> read_master_key(const SecretBytes& text, MasterKeyKind kind,
                                                   std::string_view place) {
  std::string_view line = trimmed_secret(text);
  if (line.starts_with(token_scheme)) return open_token_key(line);
  if (text.size() == seal_key_bytes) {
    return make_master_key(SecretBytes::copy_of(text.view()), kind);
  }
  SecretBytes key(seal_key_bytes);
  if (read_base64(line, key)) return make_master_key(std::move(key), kind);
  return fail(ErrorCode::invalid,
              fmt::format("There is no master key in {}: it must hold 32 bytes, as they are or in "
                          "base64, or the pkcs11: URI of a key.",
                          place));
}

SecretBytes text_of_key(const SecretBytes& key) {
  constexpr int variant = sodium_base64_VARIANT_ORIGINAL;
  SecretBytes text(sodium_base64_encoded_len(key.size(), variant));
  sodium_bin2base64(reinterpret_cast<char*>(text.data()), text.size(), key.data(), key.size(),
                    variant);
  text.data()[text.size() - 1] = '\n';  // In place of the zero that C wants.
  return text;
}

std::string fingerprint_text(std::string_view bytes) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

}  // namespace piggy
