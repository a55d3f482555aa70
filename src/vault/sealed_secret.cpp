#include "vault/sealed_secret.h"

#include "vault/blob.h"

namespace piggy {
namespace {

std::string key_name(const DataKey& key) {
  auto id = static_cast<std::uint64_t>(key.id);
  std::string name;
  for (int shift = 56; shift >= 0; shift -= 8) name += static_cast<char>(id >> shift);
  return name;
}

Binding binding_of(const SecretPlace& place) {
  Binding binding("piggy vault: secret");
  binding.add(place.account_id).add(place.id).add(place.name);
  return binding;
}

}  // namespace

std::string seal_secret(const DataKey& key, const SecretPlace& place, const SecretBytes& secret) {
  return seal(*key.bytes, key_name(key), secret.view(), binding_of(place).bytes());
}

Result<SecretBytes> open_secret(const DataKey& key, const SecretPlace& place,
                                std::string_view sealed) {
  return open_blob(*key.bytes, key_name(key), sealed, binding_of(place).bytes());
}

}  // namespace piggy
