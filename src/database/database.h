#pragma once

// The store of the engine: one writer with group commit, many readers.
//
// A write is a function over a Transaction. Waiting writes are run one after the other in one
// transaction of the store, each in a savepoint of its own, and made durable together; none is
// acknowledged before that. There is no delay: while one batch syncs, the next one gathers.
//
// Reads run on the calling thread, on a connection of their own, and see what was committed.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "base/time.h"
#include "database/connection.h"

namespace piggy {

// A table of small rows that many operations of one batch change, such as balances: a row is read
// once, changed in memory, and written once before the commit. Outside `Transaction::hot` nobody
// updates such a table. `Row` starts with the key's id; all its members are numbers or bytes.
struct HotTable {
  std::string_view select;         // $1 account, $2 id: the members of the Row in order.
  Connection::UpdateTable update;  // account_id, id, and the other members in order.
};

class Batch;

class Transaction {
 public:
  // Zero for work above all tenants (accounts, tokens, verification, copying). Otherwise $1 of
  // every statement is this account, and the given parameters start at $2.
  std::int64_t account() const { return account_; }
  bool writes() const { return batch_ != nullptr; }
  // The same transaction on behalf of an account: for work above all tenants that makes one.
  Transaction of(std::int64_t account) { return Transaction(connection_, batch_, account, now_); }
  Time now() const { return now_; }

  // Ids grow with time and are never used twice. Uuids as well (version 7).
  std::int64_t next_id();
  Uuid next_uuid();
  Random& random();

  // A statement that fails (a unique key is broken, the disk is full) fails the whole operation,
  // even if it returns success; it may return an error of its own words. To find out whether
  // something exists, select it.
  using Parameters = std::initializer_list<Parameter>;

  // No rows expected. Returns how many were changed.
  Result<std::int64_t> run(std::string_view sql, Parameters parameters = {});
  // For a statement with many parameters, as the next `all`.
  Result<std::int64_t> run(std::string_view sql, const std::vector<Parameter>& parameters);
  template <class T>
  Result<std::optional<T>> first(std::string_view sql, Parameters parameters = {});
  template <class T>
  Result<T> one(std::string_view sql, Parameters parameters = {});  // A bug if there is none.
  template <class T>
  Result<std::vector<T>> all(std::string_view sql, Parameters parameters = {});
  // For statements put together at run time, with as many parameters as they need.
  template <class T>
  Result<std::vector<T>> all(std::string_view sql, const std::vector<Parameter>& parameters);
  // Each row as it is, for rows of which there are many: nothing is copied.
  Result<> each(std::string_view sql, Parameters parameters, const RowSink& sink);
  // As `first`, for rows that this batch cannot have appended; the second for one that is hardly
  // ever there (see Connection::run_on_settled).
  template <class T>
  Result<std::optional<T>> first_settled(std::string_view sql, Parameters parameters = {});
  template <class T>
  Result<std::optional<T>> first_unlikely(std::string_view sql, Parameters parameters = {});

  // Adds a row to a table that only grows; the account comes first by itself.
  Result<> append(const AppendTable& table, Parameters values);

  // The row in play, to be changed in place; written before the commit, restored if this operation
  // fails. Null if there is none. Valid until the operation ends. In a reading transaction: a copy.
  template <class Row>
  Result<Row*> hot(const HotTable& table, std::int64_t id);

  // What this transaction did is undone in the end, though it succeeded: for dry runs.
  void discard() { discarded_ = true; }

  // What is done in place of this operation's work should it fail or be undone: so that a wrong
  // guess is counted although it is refused. Runs right after, before any other operation; of
  // several, the first one said goes first.
  void if_undone(std::function<Result<>(Transaction&)> work);

 private:
  friend class Batch;
  friend class Database;
  static constexpr std::size_t hot_row_bytes_max = 256;
  struct HotSlot;
  using Load = void (*)(const Row&, void*);
  using Unload = void (*)(const void*, std::vector<Parameter>&);

  Transaction(Connection& connection, Batch* batch, std::int64_t account, Time now)
      : connection_(connection), batch_(batch), account_(account), now_(now) {}

  // Valid until the next statement.
  std::span<const Parameter> bound(const Parameter* begin, std::size_t count);
  Result<> check(std::span<const Parameter> parameters) const;
  template <class T>
  Result<T> noted(Result<T> result);
  enum class Look { all, settled, unlikely };
  Result<> query(std::string_view sql, std::span<const Parameter> parameters, const RowSink& sink,
                 Look look = Look::all);
  template <class T>
  Result<std::optional<T>> first_of(std::string_view sql, Parameters parameters, Look look);
  Result<void*> hot_row(const HotTable& table, std::int64_t id, std::size_t size, Load load,
                        Unload unload);

  Connection& connection_;
  Batch* batch_;
  std::int64_t account_;
  Time now_;
  bool discarded_ = false;
  std::function<Result<>(Transaction&)> if_undone_ = {};
  std::vector<Parameter> bound_;
  std::optional<Error> error_;                        // Of the first statement that failed.
  std::vector<std::unique_ptr<std::byte[]>> copies_;  // Rows handed out by a reading transaction.
};

struct DatabaseOptions {
  // "sqlite:FILE", a path, or "postgresql://…".
  std::string url;
  std::size_t queue_max = 8192;  // Waiting writes; beyond it the answer is `unavailable`.
  std::size_t batch_max = 1024;  // Writes in one transaction of the store.
  const Clock* clock = nullptr;  // Null: the machine's. Outlives the database.
  Random* random = nullptr;      // Null: secure. Used by the writer thread alone.
  bool incomplete = false;       // Opens also what a copy has not finished (database/copy.h).
};

class Database {
 public:
  using Work = std::function<Result<>(Transaction&)>;
  using Done = std::function<void(Result<>)>;

  // Opens, brings the schema up to date, starts the writer. Errors: cannot open, cannot be locked,
  // made by a newer version.
  static Result<std::unique_ptr<Database>> open(DatabaseOptions options);
  // The same on a store that is given; the options' url is not looked at.
  static Result<std::unique_ptr<Database>> open(DatabaseOptions options,
                                                std::unique_ptr<Store> store);
  ~Database();  // Finishes what waits.

  // Queues a write. `done` is called once, on the writer's thread, after the commit is durable or
  // the work has failed; when it cannot be queued, at once on this one. `work` may be run again
  // from the start when a batch has to be repeated, so it must not keep anything of an earlier run;
  // it runs on the writer's thread and must not block.
  void submit(std::int64_t account, Work work, Done done);

  // The same, waiting for it.
  Result<> write(std::int64_t account, const Work& work);

  // Runs on this thread with a view of what is committed. Never call it from inside a write.
  Result<> read(std::int64_t account, const std::function<Result<>(Transaction&)>& work);

  std::string_view kind() const;  // "sqlite" or "postgresql".
  const Clock& clock() const;
  Store& store();

  struct Counters {
    std::atomic<std::uint64_t> writes{0};
    std::atomic<std::uint64_t> batches{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> queued{0};
  };
  const Counters& counters() const;

 private:
  struct Inside;
  explicit Database(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

// Templates.

template <class T>
Result<std::vector<T>> Transaction::all(std::string_view sql, Parameters parameters) {
  std::vector<T> rows;
  RowSink sink = [&](const Row& row) { read_row(row, rows.emplace_back()); };
  TRY(query(sql, bound(parameters.begin(), parameters.size()), sink));
  return rows;
}

template <class T>
Result<std::vector<T>> Transaction::all(std::string_view sql,
                                        const std::vector<Parameter>& parameters) {
  std::vector<T> rows;
  RowSink sink = [&](const Row& row) { read_row(row, rows.emplace_back()); };
  TRY(query(sql, bound(parameters.data(), parameters.size()), sink));
  return rows;
}

template <class T>
Result<std::optional<T>> Transaction::first_of(std::string_view sql, Parameters parameters,
                                               Look look) {
  std::optional<T> found;
  RowSink sink = [&](const Row& row) {
    if (!found) read_row(row, found.emplace());
  };
  TRY(query(sql, bound(parameters.begin(), parameters.size()), sink, look));
  return found;
}

template <class T>
Result<std::optional<T>> Transaction::first(std::string_view sql, Parameters parameters) {
  return first_of<T>(sql, parameters, Look::all);
}

template <class T>
Result<std::optional<T>> Transaction::first_settled(std::string_view sql, Parameters parameters) {
  return first_of<T>(sql, parameters, Look::settled);
}

template <class T>
Result<std::optional<T>> Transaction::first_unlikely(std::string_view sql, Parameters parameters) {
  return first_of<T>(sql, parameters, Look::unlikely);
}

template <class T>
Result<T> Transaction::one(std::string_view sql, Parameters parameters) {
  std::optional<T> found = TRY(first<T>(sql, parameters));
  ASSERT(found.has_value());
  return *std::move(found);
}

template <class R>
Result<R*> Transaction::hot(const HotTable& table, std::int64_t id) {
  static_assert(std::is_trivially_copyable_v<R> && sizeof(R) <= hot_row_bytes_max);
  Load load = [](const Row& row, void* out) { read_row(row, *static_cast<R*>(out)); };
  Unload unload = [](const void* in, std::vector<Parameter>& out) {
    boost::pfr::for_each_field(*static_cast<const R*>(in),
                               [&](const auto& member) { out.emplace_back(member); });
  };
  return static_cast<R*>(TRY(hot_row(table, id, sizeof(R), load, unload)));
}

}  // namespace piggy
