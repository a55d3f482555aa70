#pragma once

// What a tool wants to remember between two rounds of one call lies with the client in the meantime
// (`requestState`). The client may neither read nor change it, nor use it for anything else: it is
// encrypted and authenticated together with whose it is and with the call it belongs to.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "shape/value.h"

namespace piggy::mcp {

// Whose state it is and which call's. Arguments count by content, not by the order of members.
struct SealedFor {
  std::string_view principal_key;
  std::string_view secret;  // Principal::secret.
  std::string_view method;
  std::string_view name;
  const Value* arguments;
};

// Thread-safe. XChaCha20-Poly1305 of libsodium.
class Seal {
 public:
  using Key = std::array<std::uint8_t, 32>;

  // The key is for those without a secret of their own. Zeroes mean a fresh one.
  Seal(Key key, std::chrono::seconds lifetime, const Clock& clock);

  std::string close(const SealedFor& owner, std::string_view state) const;
  // Nothing for another owner, another key, after the lifetime, and after any change.
  std::optional<std::string> open(const SealedFor& owner, std::string_view sealed) const;

 private:
  Key key_for(const SealedFor& owner) const;

  Key key_;
  std::chrono::seconds lifetime_;
  const Clock& clock_;
};

}  // namespace piggy::mcp
