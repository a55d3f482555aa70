#pragma once

// Master keys as files of the data directory:
//
//   master.key               the one in use: a key in base64, or the pkcs11: URI of one
//   master.key.old.<ID>      those before it, by fingerprint; readable until somebody removes them
//   master.key.new           one that is not in use yet, and may be thrown away
//
// A new key is written and synced beside its place, the one in use gets its second name, and then
// the new one is moved to its place in one step. So whenever the machine stops, master.key is there
// and whole, and what it was before is there as well.
//
// One process and one thread at a time.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "vault/master_key.h"

namespace piggy {

// Where the master keys come from.
struct MasterSettings {
  std::string directory = {};  // The data directory.
  // When this variable is set, its key is the one in use, and those of the directory are readable
  // alone.
  std::string variable = "PIGGY_MASTER_KEY";
  // More readable ones, separated by spaces.
  std::string old_variable = "PIGGY_MASTER_KEY_OLD";
};

class KeyFolder {
 public:
  explicit KeyFolder(std::string directory) : directory_(std::move(directory)) {}

  // The key in use first, then the old ones; none when there is no master.key, but perhaps old
  // ones. An old one that cannot be read (its token is gone) is left out. `invalid` for a file that
  // others may read or that holds no key.
  struct Keys {
    std::unique_ptr<MasterKey> current = {};
    std::vector<std::unique_ptr<MasterKey>> old = {};
  };
  Result<Keys> load() const;

  // The first key. There must be none.
  Result<std::unique_ptr<MasterKey>> make() const;

  // Puts a new key in the place of `current`: a fresh one, or the one that a pkcs11: URI names.
  // After an error the one that was in use is still there, under its first or its second name.
  Result<std::unique_ptr<MasterKey>> replace(const MasterKey& current,
                                             const std::optional<std::string>& source) const;

  std::string current_path() const { return directory_ + "/master.key"; }
  std::string old_path(const std::string& id) const { return current_path() + ".old." + id; }
  std::string new_path() const { return current_path() + ".new"; }

 private:
  Result<std::unique_ptr<MasterKey>> read(const std::string& path) const;
  Result<std::unique_ptr<MasterKey>> write_new(const SecretBytes& text) const;
  Result<> sync() const;

  std::string directory_;
};

}  // namespace piggy
