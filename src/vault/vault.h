#pragma once

// Where an account's secrets are kept: sealed in the database under a key of the account, which is
// wrapped by a master key that is not in the database. What is stored of a secret is bound to its
// account, its row and its name, and can be opened nowhere else.

#include <memory>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "vault/data_key.h"
#include "vault/key_folder.h"
#include "vault/rotation.h"
#include "vault/secret.h"

namespace piggy {

// Any thread. Outlives everything that uses it, and the database outlives it.
class Vault {
 public:
  // The first key is the one in use, the others are readable. `conflict` when something stored
  // needs a key that is not among them: the message names its fingerprint, and nothing is changed.
  static Result<std::unique_ptr<Vault>> open(Database& database,
                                             std::vector<std::unique_ptr<MasterKey>> keys);
  // The keys of the environment and of the data directory. As long as nothing is stored, a missing
  // key is made in the directory.
  static Result<std::unique_ptr<Vault>> open(Database& database, const MasterSettings& settings);

  // All work on the account of the transaction. A name says what the secret is for; it is no key,
  // and stored readable. `get` may be asked in a reading transaction.
  Result<Uuid> put(Transaction& transaction, std::string_view name, const SecretBytes& secret);
  Result<SecretBytes> get(Transaction& transaction, const Uuid& uuid);
  Result<> replace(Transaction& transaction, const Uuid& uuid, const SecretBytes& secret);
  Result<> erase(Transaction& transaction, const Uuid& uuid);

  // A new data key for the account. Its secrets are sealed anew in the background, the key before
  // is then erased.
  Result<> rotate_data_key(Transaction& transaction);
  // From now on this master key is the one in use, and in the background everything is wrapped by
  // it. It must be the first one that is given when the vault is next opened.
  void rotate_master(std::unique_ptr<MasterKey> next);

  Rotation& rotation() { return rotation_; }

 private:
  Vault(Database& database, std::vector<DataKeys::Master> masters, std::optional<KeyFolder> folder)
      : keys_(std::move(masters)), rotation_(database, keys_, std::move(folder)) {}
  static Result<std::unique_ptr<Vault>> open(Database& database,
                                             std::vector<std::unique_ptr<MasterKey>> keys,
                                             std::optional<KeyFolder> folder);

  DataKeys keys_;
  Rotation rotation_;
};

}  // namespace piggy
