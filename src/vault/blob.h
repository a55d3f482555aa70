#pragma once

// A sealed blob: a version byte, the name of the key that it needs, a nonce, and the ciphertext
// with its tag (XChaCha20-Poly1305). What it is bound to is not in it: who opens it must say the
// same again, so that a blob that was moved elsewhere cannot be opened there.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "vault/secret.h"

namespace piggy {

inline constexpr std::size_t seal_key_bytes = 32;

// How a blob was made.
enum class BlobVersion : std::uint8_t { xchacha20_poly1305 = 1, aes_gcm_in_token = 2 };

// What a blob is bound to: a purpose and parts, each behind its length, so that no two lists of
// parts give the same bytes.
class Binding {
 public:
  explicit Binding(std::string_view purpose) { add(purpose); }
  Binding& add(std::string_view part);
  Binding& add(std::int64_t part);
  std::string_view bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// The front of a blob, which is bound as well.
std::string blob_header(BlobVersion version, std::string_view key_name);

// The name of the key in the front of a blob; nothing when it is none of this version.
std::optional<std::string_view> key_name_in(BlobVersion version, std::string_view blob);

std::string seal(const SecretBytes& key, std::string_view key_name, std::string_view plain,
                 std::string_view binding);

// `internal` unless it was sealed with this key, under this name, for this binding, and is whole.
// The message tells nothing of the reason.
Result<SecretBytes> open_blob(const SecretBytes& key, std::string_view key_name,
                              std::string_view blob, std::string_view binding);

std::unexpected<Error> cannot_open();

}  // namespace piggy
