#pragma once

// How one secret is sealed under a data key.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "vault/data_key.h"

namespace piggy {

// What a sealed secret is bound to.
struct SecretPlace {
  std::int64_t account_id = 0;
  std::int64_t id = 0;
  std::string_view name = {};
};

std::string seal_secret(const DataKey& key, const SecretPlace& place, const SecretBytes& secret);
Result<SecretBytes> open_secret(const DataKey& key, const SecretPlace& place,
                                std::string_view sealed);

}  // namespace piggy
