#pragma once

// What lives as long as the writer: its connection, the rows in play, the ids. A batch is one round
// of begin, operations, commit on it. The writer's thread alone.

#include <cstring>
#include <memory>
#include <unordered_map>
#include <vector>

#include "database/crash_point.h"
#include "database/database.h"

namespace piggy {

// A hot row: as it is now, and as the store has it.
struct Transaction::HotSlot {
  const HotTable* table = nullptr;
  std::int64_t account = 0;
  std::int64_t id = 0;
  std::size_t size = 0;
  Unload unload = nullptr;
  std::uint64_t touched = 0;  // The operation that touched it last.
  std::uint64_t loaded = 0;   // The operation that loaded it.
  bool waiting = false;       // Listed as changed since the last flush.
  std::unique_ptr<std::byte[]> now;
  std::unique_ptr<std::byte[]> stored;
};

class Batch {
 public:
  // Clock and chance are borrowed.
  Batch(std::unique_ptr<Connection> connection, const Clock& clock, Random& random)
      : connection_(std::move(connection)), clock_(clock), random_(random) {}

  Connection& connection() { return *connection_; }

  Result<> load_ids();

  Result<> begin() { return connection_->begin(true); }

  enum class Ran {
    done,     // Well or not, as its result says.
    put_off,  // To be run again, when what it reads has arrived (see Connection::await_reads).
    lost,     // And the whole batch with it.
  };
  Ran run(std::int64_t account, const Database::Work& work, Result<>& result);

  Result<> commit();
  void rollback();
  // Whether what should have been done in place of an operation (Transaction::if_undone) was lost
  // with the batch. Asked once for each.
  bool owes() { return std::exchange(owes_, false); }

  std::int64_t next_id() { return ++next_id_; }
  Uuid next_uuid(Time now);
  Random& random() { return random_; }

  // The row in play, or null.
  Transaction::HotSlot* find_hot(const HotTable& table, std::int64_t account, std::int64_t id);
  Transaction::HotSlot* add_hot(Transaction::HotSlot slot);

 private:
  bool owes_ = false;
  struct HotKey {
    const HotTable* table;
    std::int64_t account;
    std::int64_t id;
    bool operator==(const HotKey&) const = default;
  };
  struct HotKeyHash {
    std::size_t operator()(const HotKey& key) const;
  };
  struct Undo {
    Transaction::HotSlot* slot;
    std::unique_ptr<std::byte[]> before;
  };

  Ran undo(Transaction& transaction, Result<>& result);
  Transaction::HotSlot* touch(Transaction::HotSlot& slot);
  void restore_hot();
  Result<> flush_hot();
  Result<> store_ids();
  Result<> store_uuids();

  std::unique_ptr<Connection> connection_;
  const Clock& clock_;
  Random& random_;
  UuidMint mint_;
  Time uuid_start_ = {};
  Time uuid_limit_ = {};
  Time last_uuid_ = {};
  std::int64_t next_id_ = 0;
  std::int64_t id_limit_ = 0;
  std::uint64_t operation_ = 0;
  std::unordered_map<HotKey, std::unique_ptr<Transaction::HotSlot>, HotKeyHash> slots_;
  std::vector<Transaction::HotSlot*> waiting_;
  std::vector<Undo> undo_;
  CrashPoint crash_point_;
};

}  // namespace piggy
