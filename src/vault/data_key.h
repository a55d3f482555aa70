#pragma once

// The key of an account, under which its secrets are sealed. It is made here by chance and stored
// wrapped by a master key; unwrapped it is in locked memory alone.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "vault/master_key.h"
#include "vault/secret.h"

namespace piggy {

struct DataKey {
  std::int64_t id = 0;
  std::shared_ptr<const SecretBytes> bytes = {};
};

// As it is stored.
struct WrappedKey {
  std::int64_t account_id = 0;
  std::int64_t id = 0;
  std::string master = {};  // The fingerprint of the master key it is wrapped by.
  Blob wrapped = {};
};

// Any thread.
class DataKeys {
 public:
  using Master = std::shared_ptr<const MasterKey>;

  // The first one wraps what is new, the others can be read. Not empty.
  explicit DataKeys(std::vector<Master> masters) : masters_(std::move(masters)) {}

  Master current() const;
  std::vector<Master> masters() const;  // The current one first.
  // From now on this one wraps what is new.
  void adopt(Master next);

  // Of the account of the transaction, which writes: its key in use, made when there is none.
  Result<DataKey> in_use(Transaction& transaction);
  // A new one in its place. What the one before has sealed stays readable.
  Result<DataKey> replace(Transaction& transaction);

  Result<DataKey> unwrap(const WrappedKey& key);
  // Not from memory: proves that the stored key can be read with its master key.
  Result<SecretBytes> unwrap_anew(const WrappedKey& key) const;
  // The same key wrapped by the current master key.
  Result<WrappedKey> rewrap(const WrappedKey& key) const;

 private:
  Result<DataKey> make(Transaction& transaction);
  void remember(const WrappedKey& key, std::shared_ptr<const SecretBytes> bytes);

  mutable std::mutex mutex_;
  std::vector<Master> masters_;
  // By whose key it is *and* what is stored of it, so that nothing is found for a row that was
  // changed, moved or never committed.
  std::unordered_map<std::string, std::shared_ptr<const SecretBytes>> unwrapped_;
};

}  // namespace piggy
