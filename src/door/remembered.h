#pragma once

// The answers that were given under idempotency keys, kept for 30 days.
//
// Keys come in no order. An index of all of them would be written at another place by every call, a
// whole page for a few bytes, and that decides how many writes a second a store takes. So a key is
// appended to a list, which is also known by heart. A list that has become long goes to the index
// in one sweep, in steps, each of which writes many keys into few pages.

#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "database/database.h"

namespace piggy {

constexpr std::int64_t idempotency_days = 30;

class RememberedAnswers {
 public:
  // The database is borrowed. It calls back into this, and may do so until it is gone.
  explicit RememberedAnswers(Database& database, std::size_t list_max = 16'384);
  ~RememberedAnswers();

  // Learns the list by heart; before anything else.
  Result<> load();

  struct Remembered {
    Uuid fingerprint = {};
    std::string answer = {};
    // Where the answer stands on record instead (audit/audit.h).
    std::optional<std::int64_t> call_id = {};
  };
  // Inside of a write. Of two calls at once with the same key the caller lets only one in.
  Result<std::optional<Remembered>> find(Transaction& transaction, const Uuid& key) const;

  // Adds an answer and returns its id; `committed` must follow once the write is durable, on the
  // writer's thread, before the next call with this key is let in.
  Result<std::int64_t> remember(Transaction& transaction, const Uuid& key,
                                const Remembered& remembered);
  void committed(std::int64_t account, const Uuid& key, std::int64_t id);

  // Removes what is older than `idempotency_days`, in steps that keep no other write waiting for
  // long. Returns how many answers. Not on the writer's thread.
  Result<std::int64_t> forget_old();

 private:
  struct Inside;
  Result<> forget_keys(std::int64_t account, std::int64_t last);

  std::shared_ptr<Inside> inside_;
};

}  // namespace piggy
