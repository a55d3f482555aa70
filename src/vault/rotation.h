#pragma once

// How keys change while work goes on.
//
// A change of the master key is asked for by a row in vault_rotation. The background takes it up:
// makes the new key durable, wraps what is new by it at once, and then wraps every data key anew, a
// page at a time in small transactions. Whatever is cut short goes on at the next start: a data key
// that is still wrapped by another master key is work to be done, and nothing else is remembered.
// A data key that was replaced is work in the same way, as long as its row is there.

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "shape/shape.h"
#include "vault/data_key.h"
#include "vault/key_folder.h"

namespace piggy {

struct MasterStatus {
  std::string id = {};
  MasterKeyKind kind = {};
  bool current = false;
  std::int64_t keys = 0;
  static void describe(Fields<MasterStatus>& field);
};

struct RotationStatus {
  Uuid uuid = {};
  Time requested_at = {};
  std::optional<Time> switched_at = {};
  std::optional<Time> finished_at = {};
  std::optional<std::string> problem = {};
  static void describe(Fields<RotationStatus>& field);
};

struct RotationProof {
  std::int64_t opened = 0;
  std::int64_t refused = 0;
  std::int64_t left = 0;
  bool complete = false;
  static void describe(Fields<RotationProof>& field);
};

struct RotationRequest {
  Uuid uuid = {};
  std::string old_master = {};
};

class Rotation {
 public:
  // Borrows both. Without a folder, the master key in use cannot be changed by a request.
  Rotation(Database& database, DataKeys& keys, std::optional<KeyFolder> folder)
      : database_(database), keys_(keys), folder_(std::move(folder)) {}
  ~Rotation() { stop(); }

  // Asks for another master key: a fresh one in the data directory, or the one that a pkcs11: URI
  // names. Above all tenants. `conflict` when one is being changed already, and when the key in use
  // does not come from the data directory.
  Result<RotationRequest> request(Transaction& transaction,
                                  const std::optional<std::string>& source);
  // Puts this key in use at once; what it is called at the next start is up to the caller.
  void adopt(std::unique_ptr<MasterKey> next);

  // The thread of the background. What it cannot do now it tries again after a second.
  void start();
  void stop();
  // Does some of what is to be done on this thread, in place of the background, and says whether
  // there was anything: for tests and one-shot commands.
  Result<bool> work();

  // All of them above all tenants.
  Result<std::vector<MasterStatus>> masters(Transaction& transaction) const;
  Result<std::optional<RotationStatus>> latest(Transaction& transaction) const;
  Result<std::int64_t> replaced_keys(Transaction& transaction) const;
  // Unwraps every data key anew by the master key in use, and counts those that are under another.
  Result<RotationProof> prove(Transaction& transaction) const;

 private:
  struct Place {  // In the order of vault_key_master.
    std::int64_t id = 0;
    std::int64_t account_id = 0;
    auto operator<=>(const Place&) const = default;
  };

  Result<bool> switch_master();
  Result<bool> rewrap_page();
  Result<> finish_pass();
  Result<bool> reseal_page();
  Result<> reseal_some(const Place& key);
  void loop();

  Database& database_;
  DataKeys& keys_;
  std::optional<KeyFolder> folder_;

  // Of whoever does the work.
  std::atomic<bool> pass_wanted_{true};
  bool in_pass_ = false;
  std::vector<std::string> from_ =
      {};                       // The master keys whose data keys are still to be looked at.
  Place seen_ = {};             // Of the last of them, up to here.
  std::int64_t damaged_ = 0;    // Found in this pass: they stay as they are.
  std::set<Place> stuck_ = {};  // Replaced keys with a secret that cannot be opened.
  Place resealing_ = {};
  std::int64_t resealed_ = 0;  // Of the secrets under that key, up to here.

  std::mutex mutex_;
  std::condition_variable called_;
  bool ending_ = false;
  std::jthread thread_;
};

}  // namespace piggy
