#pragma once

// A master key wraps the data keys of the accounts, and nothing else. It lies outside the database:
// in a file, in the environment, or in a token (PKCS#11), which never gives it out.

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "shape/shape.h"
#include "vault/secret.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(MasterKeyKind, file, environment, token)

class MasterKey {
 public:
  virtual ~MasterKey() = default;

  // Its fingerprint: 32 hexadecimal digits that follow from the key alone and tell nothing of it.
  // Another key has another one, so a wrong key is known before anything is tried with it.
  virtual std::string id() const = 0;
  virtual MasterKeyKind kind() const = 0;

  // Any thread. `associated` must be the same for both. `unavailable` when a token does not answer;
  // `internal` when it cannot be unwrapped, whatever is tried again.
  virtual Result<std::string> wrap(const SecretBytes& plain, std::string_view associated) const = 0;
  virtual Result<SecretBytes> unwrap(std::string_view wrapped,
                                     std::string_view associated) const = 0;
};

// 32 bytes.
std::unique_ptr<MasterKey> make_master_key(SecretBytes key, MasterKeyKind kind);

// From the text of a file or a variable: 32 bytes as they are or in base64, or a `pkcs11:` URI.
// `place` names it in errors.
Result<std::unique_ptr<MasterKey>> read_master_key(const SecretBytes& text, MasterKeyKind kind,
                                                   std::string_view place);

// A key as the base64 line that `read_master_key` takes.
SecretBytes text_of_key(const SecretBytes& key);

inline constexpr std::size_t fingerprint_bytes = 16;
inline constexpr std::string_view fingerprint_purpose = "piggy vault: fingerprint of a master key";
std::string fingerprint_text(std::string_view bytes);

}  // namespace piggy
