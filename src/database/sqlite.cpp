#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <map>
#include <unordered_map>

#include "database/columns.h"
#include "database/connection.h"
#include "database/sqlite_backup.h"
#include "database/sqlite_files.h"

// SQLite in WAL mode with synchronous=FULL: a commit has reached the disk when it returns.
//
// Checkpoints run beside the writer on a connection of their own, passive, so that they never make
// it wait; they cannot start the log over while it grows, so the writer does that when it has
// nothing to do, or when the log has passed a bound.

namespace piggy {
namespace {

// Half of SQLite's own choice. An operation changes a few rows here and there, and each takes its
// whole page into the log: smaller pages make smaller commits.
constexpr const char* page_size = "PRAGMA page_size=2048";
constexpr int log_pages_when_idle = 2'000;
constexpr int log_pages_max = 32'000;  // 64 MB.
// What the writer copies itself when it starts the log over.
constexpr int log_pages_at_restart = 500;
constexpr int busy_milliseconds = 5'000;
constexpr int careful_batches = 100;
constexpr std::size_t statements_max = 1'000;

Error error_of(int code, sqlite3* handle, std::string_view sql) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return {.code = ErrorCode::conflict, .message = "This exists already."};
    default:
      break;
  }
  switch (code & 0xff) {
    case SQLITE_TOOBIG:
      return {.code = ErrorCode::invalid, .message = "This is too long."};
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_BUSY:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      return {.code = ErrorCode::unavailable,
              .message = fmt::format("The store cannot take this now: {}.", sqlite3_errstr(code)),
              .retry_after_seconds = 1};
    default:
      break;
  }
  fmt::print(stderr, "piggy: {} in: {}\n", sqlite3_errmsg(handle), sql);
  assertion_failed("every statement is right");
}

class Statement {
 public:
  explicit Statement(sqlite3_stmt* handle)
      : handle_(handle), only_reads_(sqlite3_stmt_readonly(handle)) {
    // `$n` is a name to SQLite, numbered by where it first stands.
    for (int i = 1; i <= sqlite3_bind_parameter_count(handle_); i++) {
      places_.push_back(std::atoi(sqlite3_bind_parameter_name(handle_, i) + 1));
    }
  }
  Statement(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(handle_); }

  void bind(std::span<const Parameter> parameters) {
    for (std::size_t i = 0; i < places_.size(); i++) {
      ASSERT(places_[i] >= 1 && static_cast<std::size_t>(places_[i]) <= parameters.size());
      bind_one(static_cast<int>(i + 1), parameters[static_cast<std::size_t>(places_[i] - 1)]);
    }
  }

  sqlite3_stmt* handle() { return handle_; }
  bool only_reads() const { return only_reads_; }

 private:
  void bind_one(int index, const Parameter& parameter) {
    const auto& data = parameter.data();
    if (const auto* integer = std::get_if<std::int64_t>(&data)) {
      sqlite3_bind_int64(handle_, index, *integer);
    } else if (const auto* number = std::get_if<double>(&data)) {
      sqlite3_bind_double(handle_, index, *number);
    } else if (const auto* bytes = std::get_if<Bytes>(&data)) {
      sqlite3_bind_blob64(handle_, index, bytes->data.data(), bytes->data.size(), SQLITE_STATIC);
    } else if (std::holds_alternative<std::monostate>(data)) {
      sqlite3_bind_null(handle_, index);
    } else {
      std::string_view text = parameter.text();
      const char* start = text.data() ? text.data() : "";
      sqlite3_bind_text64(handle_, index, start, text.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
  }

  sqlite3_stmt* handle_ = nullptr;
  bool only_reads_ = false;
  std::vector<int> places_;
};

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  int columns() const override { return sqlite3_column_count(statement_); }
  bool is_null(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  std::int64_t integer(int column) const override {
    return sqlite3_column_int64(statement_, column);
  }
  double number(int column) const override { return sqlite3_column_double(statement_, column); }
  std::string_view text(int column) const override {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }
  // By way of the value, which costs one call on the statement instead of two.
  std::string_view bytes(int column) const override {
    sqlite3_value* value = sqlite3_column_value(statement_, column);
    const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
    return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_value_bytes(value))};
  }

 private:
  sqlite3_stmt* statement_;
};

// How far the log is, and how much of it is in the database already.
struct LogProgress {
  std::atomic<std::uint64_t> commits = 0;
  std::atomic<int> pages = 0;
  std::atomic<int> copied = 0;

  bool is_long() const { return pages > log_pages_max; }
  int left() const { return pages - copied; }
};

class SqliteConnection final : public Connection {
 public:
  SqliteConnection(sqlite3* handle, LogProgress& log) : handle_(handle), log_(log) {
    sqlite3_wal_hook(
        handle_,
        [](void* log, sqlite3*, const char*, int pages) {
          static_cast<LogProgress*>(log)->pages = pages;
          return SQLITE_OK;
        },
        &log);
  }
  ~SqliteConnection() override {
    statements_.clear();
    sqlite3_close(handle_);
  }

  // The view of a reader that is done stays open, for as long as nothing is written: to open one
  // takes longer than what most reads do in it.
  Result<> begin(bool writes) override {
    std::uint64_t commits = log_.commits.load(std::memory_order_acquire);
    if (resting_ && commits_seen_ == commits) {
      resting_ = false;
      return {};
    }
    let_go();
    commits_seen_ = commits;
    reads_ = !writes;
    if (careful_batches_) careful_batches_--;
    return simple(writes ? "BEGIN IMMEDIATE" : "BEGIN");
  }

  Result<> commit() override {
    TRY(simple("COMMIT"));
    log_.commits.fetch_add(1, std::memory_order_release);
    bool nearly_copied = log_.left() < log_pages_at_restart;
    if (log_.is_long() && (nearly_copied || log_.pages > 4 * log_pages_max)) restart_log();
    return {};
  }

  void rollback() override {
    resting_ = reads_ && !failed_ && in_transaction();
    if (!resting_ && in_transaction()) (void)simple("ROLLBACK");
    failed_ = false;
  }
  // Where a view is open the log cannot be started over.
  void let_go() override {
    if (std::exchange(resting_, false)) (void)simple("ROLLBACK");
  }

  // With a savepoint SQLite keeps a copy of every page that an operation changes. Nearly all end
  // well, and of those that do not most are refused before they have changed anything. So none is
  // set until one would have been needed: then the batch is undone and repeated with savepoints,
  // and the next ones have them as well, for a while.
  Result<> savepoint() override {
    wrote_ = false;
    return careful_batches_ ? simple("SAVEPOINT operation") : Result<>();
  }
  Result<> release() override {
    return careful_batches_ ? simple("RELEASE operation") : Result<>();
  }
  Result<> rollback_to_savepoint() override {
    if (careful_batches_) {
      TRY(simple("ROLLBACK TO operation"));
      return simple("RELEASE operation");
    }
    if (!wrote_) return {};
    (void)simple("ROLLBACK");
    careful_batches_ = careful_batches;
    becomes_careful_ = true;
    return fail(ErrorCode::unavailable, "The batch is repeated.");
  }
  bool repeat_undone() override { return std::exchange(becomes_careful_, false); }

  Result<std::int64_t> run(std::string_view sql, std::span<const Parameter> parameters,
                           const RowSink* sink) override {
    Statement& statement = *TRY(prepared(sql));
    wrote_ = wrote_ || !statement.only_reads();
    statement.bind(parameters);
    SqliteRow row(statement.handle());
    int code = 0;
    while ((code = sqlite3_step(statement.handle())) == SQLITE_ROW) {
      if (sink) (*sink)(row);
    }
    if (code != SQLITE_DONE) {
      Error error = error_of(sqlite3_extended_errcode(handle_), handle_, sql);
      sqlite3_reset(statement.handle());
      failed_ = true;
      return fail(std::move(error));
    }
    std::int64_t changed = sqlite3_changes64(handle_);
    sqlite3_reset(statement.handle());
    return changed;
  }

  Result<> append(const AppendTable& table, std::span<const Parameter> values) override {
    const std::string& sql = insert_into(table, values.size());
    TRY(run(sql, values, nullptr));
    return {};
  }

  Result<> update_all(const UpdateTable& table,
                      std::span<const std::vector<Parameter>> rows) override {
    std::string& sql = updates_[{table.name.data(), table.columns.data()}];
    if (sql.empty()) {
      std::vector<std::string_view> names = column_names(table.columns);
      std::vector<std::string> sets;
      std::vector<std::string> keys;
      for (std::size_t i = 0; i < names.size(); i++) {
        (i < table.keys ? keys : sets).push_back(fmt::format("{}=${}", names[i], i + 1));
      }
      sql = fmt::format("UPDATE {} SET {} WHERE {}", table.name, fmt::join(sets, ","),
                        fmt::join(keys, " AND "));
    }
    for (const auto& row : rows) {
      std::int64_t changed = TRY(run(sql, row, nullptr));
      ASSERT(changed == 1);
    }
    return {};
  }

  Result<> run_script(const std::string& script) override {
    int code = sqlite3_exec(handle_, script.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
      return fail(error_of(sqlite3_extended_errcode(handle_), handle_, script));
    return {};
  }

  bool in_transaction() const override { return !sqlite3_get_autocommit(handle_); }

  void shrink_log() {
    if (log_.pages >= log_pages_when_idle) restart_log(SQLITE_CHECKPOINT_TRUNCATE);
  }

 private:
  const std::string& insert_into(const AppendTable& table, std::size_t values) {
    std::string& sql = inserts_[{table.name.data(), table.columns.data()}];
    if (!sql.empty()) return sql;
    for (std::size_t i = 1; i <= values; i++) sql += fmt::format("{}${}", i > 1 ? "," : "", i);
    sql = fmt::format("INSERT INTO {} ({}) VALUES ({})", table.name,
                      fmt::join(column_names(table.columns), ","), sql);
    return sql;
  }

  static std::vector<std::string_view> column_names(std::string_view columns) {
    std::vector<std::string_view> names;
    for (const TableColumn& column : columns_of(columns)) names.push_back(column.name);
    return names;
  }

  // Does not wait for readers that still look at the log: the next commit tries again.
  void restart_log(int way = SQLITE_CHECKPOINT_RESTART) {
    sqlite3_busy_timeout(handle_, 0);
    int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, way, nullptr, nullptr);
    sqlite3_busy_timeout(handle_, busy_milliseconds);
    if (code == SQLITE_OK) log_.pages = log_.copied = 0;
  }

  Result<> simple(std::string_view sql) {
    TRY(run(sql, {}, nullptr));
    return {};
  }

  // Most texts are constants, found by where they stand; the text itself decides.
  Result<Statement*> prepared(std::string_view sql) {
    Known& known = known_[reinterpret_cast<std::uintptr_t>(sql.data()) / 16 % std::size(known_)];
    if (known.place == sql.data() && known.sql == sql) return known.statement;
    auto found = statements_.find(sql);
    if (found == statements_.end()) {
      if (statements_.size() > statements_max) {  // Statements made at run time pile up.
        statements_.clear();
        std::ranges::fill(known_, Known{});
      }
      auto made = std::make_unique<Statement>(TRY(prepare(sql)));
      found = statements_.emplace(sql, std::move(made)).first;
    }
    known = {.place = sql.data(), .sql = found->first, .statement = found->second.get()};
    return known.statement;
  }

  Result<sqlite3_stmt*> prepare(std::string_view sql) {
    sqlite3_stmt* handle = nullptr;
    int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                  SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (code != SQLITE_OK) return fail(error_of(sqlite3_extended_errcode(handle_), handle_, sql));
    return handle;
  }

  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  sqlite3* handle_;
  LogProgress& log_;
  bool wrote_ = false;  // The operation has.
  int careful_batches_ = 0;
  bool becomes_careful_ = false;
  bool reads_ = false;    // The last transaction was a reader's.
  bool failed_ = false;   // Something in it went wrong.
  bool resting_ = false;  // It is over, its view still open.
  std::uint64_t commits_seen_ = 0;
  std::unordered_map<std::string, std::unique_ptr<Statement>, TextHash, std::equal_to<>>
      statements_;
  struct Known {
    const char* place = nullptr;
    std::string_view sql = {};
    Statement* statement = nullptr;
  };
  std::array<Known, 128> known_ = {};
  // By the constants that tell of the table.
  using TableTexts = std::pair<const char*, const char*>;
  std::map<TableTexts, std::string> inserts_;
  std::map<TableTexts, std::string> updates_;
};

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(std::string file) : file_(std::move(file)) {}
  ~SqliteStore() override {
    sqlite3_close(checkpointer_);
    if (lock_ >= 0) close(lock_);
  }

  Result<std::unique_ptr<Connection>> connect_writer() override {
    TRY(lock());
    sqlite3* handle = TRY(open(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
    for (const char* pragma :
         {page_size, "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
          "PRAGMA wal_autocheckpoint=0", "PRAGMA cache_size=-65536", "PRAGMA temp_store=MEMORY"}) {
      int code = sqlite3_exec(handle, pragma, nullptr, nullptr, nullptr);
      if (code != SQLITE_OK) {
        Error error = unusable(sqlite3_errmsg(handle));
        sqlite3_close(handle);
        return fail(std::move(error));
      }
    }
    return std::make_unique<SqliteConnection>(handle, log_);
  }

  Result<std::unique_ptr<Connection>> connect_reader() override {
    sqlite3* handle = TRY(open(SQLITE_OPEN_READONLY));
    sqlite3_exec(handle, "PRAGMA cache_size=-4096; PRAGMA mmap_size=1073741824", nullptr, nullptr,
                 nullptr);
    return std::make_unique<SqliteConnection>(handle, log_);
  }

  // Migrations are written in PostgreSQL's words. A key of (account_id, id) becomes the row id, so
  // that the table itself is ordered by it, as it is by any other key.
  std::string translate(std::string_view sql) const override {
    std::string text(sql);
    replace(text, "PRIMARY KEY (account_id, id)", "PRIMARY KEY (id)");
    replace(text, "double precision", "REAL");
    replace(text, " bigint", " INTEGER");
    replace(text, " bytea", " BLOB");
    replace(text, " text", " TEXT");
    replace(text, "PRIMARY KEY (id)\n);", "PRIMARY KEY (id)\n) STRICT;");
    replace(text, ")\n);", ")\n) STRICT, WITHOUT ROWID;");
    replace(text, "\n);", "\n) STRICT;");
    return text;
  }

  void tend() override {
    if (!checkpointer_) {
      auto handle = open(SQLITE_OPEN_READWRITE);
      if (!handle) return;
      checkpointer_ = *handle;
      sqlite3_exec(checkpointer_, "PRAGMA synchronous=FULL", nullptr, nullptr, nullptr);
      sync_often(checkpointer_);
    }
    // While work goes on a checkpoint never gets to the end of the log; but the longer it takes,
    // the more is left, so that a few in a row get near.
    int passes = 0;
    do {
      int copied = 0;
      sqlite3_wal_checkpoint_v2(checkpointer_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                                &copied);
      log_.copied = copied;
    } while (log_.is_long() && log_.left() >= log_pages_at_restart && ++passes < 10);
  }

  void tend_idle(Connection& writer) override {
    static_cast<SqliteConnection&>(writer).shrink_log();
  }

  Result<> backup(const std::string& file) override {
    sqlite3* source = TRY(open(SQLITE_OPEN_READONLY));
    Result<> made = back_up(source, file);
    sqlite3_close(source);
    return made;
  }

  std::string_view name() const override { return "sqlite"; }
  std::size_t readers_max() const override { return 64; }

 private:
  static void replace(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
      text.replace(at, from.size(), to);
    }
  }

  // One process writes, for it knows balances and ids by heart. The lock is a file beside the
  // database: SQLite's own locks are on the database itself, and closing it would drop them.
  Result<> lock() {
    if (lock_ >= 0) return {};
    lock_ = ::open((file_ + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_ < 0) return fail(unusable(std::strerror(errno)));
    if (flock(lock_, LOCK_EX | LOCK_NB) == 0) return {};
    close(lock_);
    lock_ = -1;
    return fail(ErrorCode::conflict,
                fmt::format("Another piggy process writes the database {}.", file_));
  }

  Error unusable(std::string_view why) const {
    return {.code = ErrorCode::unavailable,
            .message = fmt::format("The database {} cannot be opened: {}.", file_, why)};
  }

  Result<sqlite3*> open(int flags) const {
    // Counting what is allocated takes a lock around each of them, which threads that read JSON
    // would wait for. Nobody looks at the count.
    [[maybe_unused]] static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3* handle = nullptr;
    int code = sqlite3_open_v2(file_.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, sqlite_files());
    if (code != SQLITE_OK) {
      Error error = unusable(sqlite3_errstr(code));
      sqlite3_close(handle);
      return fail(std::move(error));
    }
    sqlite3_busy_timeout(handle, busy_milliseconds);
    return handle;
  }

  std::string file_;
  LogProgress log_;
  sqlite3* checkpointer_ = nullptr;
  int lock_ = -1;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const std::string& file) {
  return std::make_unique<SqliteStore>(file);
}

}  // namespace piggy
