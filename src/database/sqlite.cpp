#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <unordered_map>

#include "database/columns.h"
#include "database/connection.h"
#include "database/sqlite_backup.h"

// SQLite in WAL mode with synchronous=FULL: a commit has reached the disk when it returns.
//
// Checkpoints run beside the writer on a connection of their own, passive, so that they never make
// it wait; they cannot start the log over while it grows, so the writer does that when it has
// nothing to do, or when the log has passed a bound.

namespace piggy {
namespace {

constexpr int wal_pages_when_idle = 1'000;
constexpr int wal_pages_max = 32'000;  // 128 MB.
constexpr int busy_milliseconds = 5'000;

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
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {
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
  std::string_view bytes(int column) const override {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3_stmt* statement_;
};

class SqliteConnection final : public Connection {
 public:
  SqliteConnection(sqlite3* handle) : handle_(handle) {
    sqlite3_wal_hook(
        handle_,
        [](void* self, sqlite3*, const char*, int pages) {
          static_cast<SqliteConnection*>(self)->wal_pages_ = pages;
          return SQLITE_OK;
        },
        this);
  }
  ~SqliteConnection() override {
    statements_.clear();
    sqlite3_close(handle_);
  }

  Result<> begin(bool writes) override { return simple(writes ? "BEGIN IMMEDIATE" : "BEGIN"); }

  Result<> commit() override {
    TRY(simple("COMMIT"));
    if (wal_pages_ > wal_pages_max) restart_log();
    return {};
  }

  void rollback() override {
    if (!sqlite3_get_autocommit(handle_)) (void)simple("ROLLBACK");
  }

  Result<> savepoint() override { return simple("SAVEPOINT operation"); }
  Result<> release() override { return simple("RELEASE operation"); }
  Result<> rollback_to_savepoint() override {
    TRY(simple("ROLLBACK TO operation"));
    return simple("RELEASE operation");
  }

  Result<std::int64_t> run(std::string_view sql, std::span<const Parameter> parameters,
                           const RowSink* sink) override {
    Statement& statement = *TRY(prepared(sql));
    statement.bind(parameters);
    SqliteRow row(statement.handle());
    int code = 0;
    while ((code = sqlite3_step(statement.handle())) == SQLITE_ROW) {
      if (sink) (*sink)(row);
    }
    if (code != SQLITE_DONE) {
      Error error = error_of(sqlite3_extended_errcode(handle_), handle_, sql);
      sqlite3_reset(statement.handle());
      return fail(std::move(error));
    }
    std::int64_t changed = sqlite3_changes64(handle_);
    sqlite3_reset(statement.handle());
    return changed;
  }

  Result<> append(const AppendTable& table, std::span<const Parameter> values) override {
    std::string& sql = inserts_[{table.name, table.columns}];
    if (sql.empty()) {
      for (std::size_t i = 1; i <= values.size(); i++)
        sql += fmt::format("{}${}", i > 1 ? "," : "", i);
      sql = fmt::format("INSERT INTO {} ({}) VALUES ({})", table.name,
                        fmt::join(column_names(table.columns), ","), sql);
    }
    TRY(run(sql, values, nullptr));
    return {};
  }

  Result<> update_all(const UpdateTable& table,
                      std::span<const std::vector<Parameter>> rows) override {
    std::string& sql = updates_[{table.name, table.columns}];
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

  // Does not wait for readers that still look at the log: the next commit tries again.
  void restart_log() {
    sqlite3_busy_timeout(handle_, 0);
    sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
    sqlite3_busy_timeout(handle_, busy_milliseconds);
  }
  void shrink_log() {
    if (wal_pages_ < wal_pages_when_idle) return;
    sqlite3_busy_timeout(handle_, 0);
    sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_busy_timeout(handle_, busy_milliseconds);
    wal_pages_ = 0;
  }

 private:
  static std::vector<std::string_view> column_names(std::string_view columns) {
    std::vector<std::string_view> names;
    for (const TableColumn& column : columns_of(columns)) names.push_back(column.name);
    return names;
  }

  Result<> simple(std::string_view sql) {
    TRY(run(sql, {}, nullptr));
    return {};
  }

  Result<Statement*> prepared(std::string_view sql) {
    auto found = statements_.find(sql);
    if (found != statements_.end()) return found->second.get();
    if (statements_.size() > 1000) statements_.clear();  // Statements made at run time pile up.
    sqlite3_stmt* handle = nullptr;
    int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                  SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (code != SQLITE_OK) return fail(error_of(sqlite3_extended_errcode(handle_), handle_, sql));
    return statements_.emplace(sql, std::make_unique<Statement>(handle)).first->second.get();
  }

  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  sqlite3* handle_;
  int wal_pages_ = 0;
  std::unordered_map<std::string, std::unique_ptr<Statement>, TextHash, std::equal_to<>>
      statements_;
  std::map<std::pair<std::string_view, std::string_view>, std::string> inserts_;
  std::map<std::pair<std::string_view, std::string_view>, std::string> updates_;
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
         {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA wal_autocheckpoint=0",
          "PRAGMA cache_size=-131072", "PRAGMA temp_store=MEMORY"}) {
      int code = sqlite3_exec(handle, pragma, nullptr, nullptr, nullptr);
      if (code != SQLITE_OK) {
        Error error = unusable(sqlite3_errmsg(handle));
        sqlite3_close(handle);
        return fail(std::move(error));
      }
    }
    return std::make_unique<SqliteConnection>(handle);
  }

  Result<std::unique_ptr<Connection>> connect_reader() override {
    sqlite3* handle = TRY(open(SQLITE_OPEN_READONLY));
    sqlite3_exec(handle, "PRAGMA cache_size=-4096; PRAGMA mmap_size=1073741824", nullptr, nullptr,
                 nullptr);
    return std::make_unique<SqliteConnection>(handle);
  }

  // Migrations are written in PostgreSQL's words. A key of (account_id, id) becomes the row id, so
  // that the table itself is ordered by it.
  std::string translate(std::string_view sql) const override {
    std::string text(sql);
    replace(text, "PRIMARY KEY (account_id, id)", "PRIMARY KEY (id)");
    replace(text, "double precision", "REAL");
    replace(text, " bigint", " INTEGER");
    replace(text, " bytea", " BLOB");
    replace(text, " text", " TEXT");
    replace(text, "\n);", "\n) STRICT;");
    return text;
  }

  void tend() override {
    if (!checkpointer_) {
      auto handle = open(SQLITE_OPEN_READWRITE);
      if (!handle) return;
      checkpointer_ = *handle;
      sqlite3_exec(checkpointer_, "PRAGMA synchronous=FULL", nullptr, nullptr, nullptr);
    }
    sqlite3_wal_checkpoint_v2(checkpointer_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
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
    sqlite3* handle = nullptr;
    int code = sqlite3_open_v2(file_.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code != SQLITE_OK) {
      Error error = unusable(sqlite3_errstr(code));
      sqlite3_close(handle);
      return fail(std::move(error));
    }
    sqlite3_busy_timeout(handle, busy_milliseconds);
    return handle;
  }

  std::string file_;
  sqlite3* checkpointer_ = nullptr;
  int lock_ = -1;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const std::string& file) {
  return std::make_unique<SqliteStore>(file);
}

}  // namespace piggy
