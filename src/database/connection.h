#pragma once

// One connection to a store. SQLite and PostgreSQL each implement it (sqlite.cpp, postgres.cpp);
// everything above sees only Database and Transaction. Used by one thread at a time.

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "database/parameter.h"
#include "database/row.h"

namespace piggy {

// A table that only grows. `columns` names each with its PostgreSQL type, in the order in which
// `append` is given the values: "account_id bigint, id bigint, uuid bytea". Both texts are
// constants of the program.
struct AppendTable {
  std::string_view name;
  std::string_view columns;
};

class Connection {
 public:
  virtual ~Connection() = default;

  virtual Result<> begin(bool writes) = 0;
  virtual Result<> commit() = 0;  // Durable when it returns.
  virtual void rollback() = 0;
  // Called now and then while nobody reads: what was kept for the next reading transaction goes.
  virtual void let_go() {}

  // One level, around one operation of a batch.
  virtual Result<> savepoint() = 0;
  virtual Result<> release() = 0;
  // Fails when this operation cannot be undone alone, and with it the whole transaction.
  virtual Result<> rollback_to_savepoint() = 0;
  // True, once, when that was the reason, and all of it may be done again: the next time it can be.
  virtual bool repeat_undone() { return false; }

  // Runs one statement; `$n` in it is parameters[n-1]. Returns how many rows it changed. A broken
  // unique key is `conflict`, a full disk or a lost connection `unavailable`; anything else that
  // goes wrong is a bug in the statement and stops the program. After an error nothing but a
  // rollback may follow.
  virtual Result<std::int64_t> run(std::string_view sql, std::span<const Parameter> parameters,
                                   const RowSink* sink) = 0;

  // Adds a row. It may be sent later, together with others, but before any statement that names the
  // table, and before the commit.
  virtual Result<> append(const AppendTable& table, std::span<const Parameter> values) = 0;

  // Sends what was appended now, so that its errors show.
  virtual Result<> send_appended() { return {}; }

  // As `run`, without sending first what was appended: for a look at rows that cannot be among
  // them. With `likely_none` an operation that is put off for it (see below) first goes on as if
  // there were none, so that it asks for what it needs next as well.
  virtual Result<std::int64_t> run_on_settled(std::string_view sql,
                                              std::span<const Parameter> parameters,
                                              const RowSink* sink,
                                              [[maybe_unused]] bool likely_none = false) {
    return run(sql, parameters, sink);
  }

  // Where the store is far away, an operation that reads would wait for the answer, and all behind
  // it as well. Instead it can be put off: its question goes on its way, the statement fails, and
  // so does the operation, which is run again from the start after `await_reads`. Those behind it
  // are run as well, only to ask what they will read, so that all answers arrive together; they are
  // put off in any case, and keep their order.
  enum class PutOff { nothing, what_waits, everything };
  virtual void put_off(PutOff) {}
  virtual bool has_put_off() const { return false; }  // The operation since the savepoint.
  virtual Result<> await_reads() { return {}; }

  // The same UPDATE for many rows, each of which must be there. `columns` names each with its
  // PostgreSQL type; the first `keys` of them find the row, the others are set. Errors may show as
  // late as at the commit.
  struct UpdateTable {
    std::string_view name;
    std::string_view columns;
    std::size_t keys = 2;
  };
  virtual Result<> update_all(const UpdateTable& table,
                              std::span<const std::vector<Parameter>> rows) = 0;

  // Several statements without parameters, for migrations. Errors are bugs, except lost connections
  // and the like.
  virtual Result<> run_script(const std::string& script) = 0;

  // False after the transaction was lost as a whole (disk full, connection gone).
  virtual bool in_transaction() const = 0;
  // False after the connection was lost; the next `begin` tries to make a new one. If `commit` has
  // failed and this is false, the transaction may have been committed or not.
  virtual bool connected() const { return true; }
};

// How a store makes its connections, and what else differs.
class Store {
 public:
  virtual ~Store() = default;
  virtual Result<std::unique_ptr<Connection>> connect_writer() = 0;
  virtual Result<std::unique_ptr<Connection>> connect_reader() = 0;
  // The dialect of our migrations (database/migration.cpp) made into this store's own.
  virtual std::string translate(std::string_view sql) const = 0;
  // Called now and then on a thread of its own (checkpoints), and by the writer when it has nothing
  // to do.
  virtual void tend() {}
  virtual void tend_idle(Connection&) {}
  // Writes a consistent copy into a new file while work goes on. Any thread.
  virtual Result<> backup(const std::string& file) = 0;
  virtual std::string_view name() const = 0;
  virtual std::size_t readers_max() const = 0;
};

// `file` is a path. The file is made when missing.
Result<std::unique_ptr<Store>> open_sqlite(const std::string& file);
// `url` is a libpq connection URL.
Result<std::unique_ptr<Store>> open_postgres(const std::string& url);
// Either of them: "sqlite:FILE", a path, or "postgresql://…".
Result<std::unique_ptr<Store>> open_store(std::string url);

}  // namespace piggy
