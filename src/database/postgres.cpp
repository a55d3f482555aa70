// PostgreSQL as a store. Statements that answer something are sent at once, by way of a pipeline
// (postgres_session.h); rows that are only added wait, and go as one set per table when a statement
// names the table, or before the commit. A set costs little more than a row.
//
// An operation's savepoint is set only when it is about to change something; most only look and
// append, and need none: what they appended is cut off again if they fail.
//
// One process writes: it holds a lease, a row that every commit renews. A commit whose lease was
// taken over by another process fails as a whole.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <thread>

#include "base/assert.h"
#include "base/random.h"
#include "database/connection.h"
#include "database/postgres_ahead.h"
#include "database/postgres_rows.h"
#include "database/postgres_session.h"

namespace piggy {
namespace {

constexpr std::size_t statements_max = 1'000;
constexpr std::size_t waiting_bytes_max = 16'000'000;  // Of one table.
constexpr int rows_of_earlier_operations = 1;          // A tag, see PostgresSession::Expected.
constexpr int lease_renewal = 2;                       // Another.
constexpr std::chrono::seconds renewal_interval(2);

// A writer that is stuck for longer has lost its lease; its locks must not outlive it. It touches
// few rows, by their keys; for the sets that it updates PostgreSQL would rather read a whole table.
constexpr const char* writer_settings =
    "SET client_min_messages = warning; SET jit = off; "
    "SET enable_hashjoin = off; SET enable_mergejoin = off; "
    "SET idle_in_transaction_session_timeout = '10s'";
constexpr const char* reader_settings = "SET client_min_messages = warning; SET jit = off";

constexpr const char* create_lease = R"sql(
  CREATE TABLE IF NOT EXISTS writer_lease (
    name text NOT NULL,
    holder text NOT NULL,
    renewed_at bigint NOT NULL,
    epoch bigint NOT NULL,
    PRIMARY KEY (name)
  )
)sql";

// The server's clock alone decides, so that the machines' clocks need not agree. Ten seconds.
#define SERVER_NOW "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"
#define LEASE "10000000"

constexpr std::string_view take_lease =
    "INSERT INTO writer_lease (name, holder, renewed_at, epoch) "
    "VALUES ('writer', $1, " SERVER_NOW
    ", 1) "
    "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, renewed_at = excluded.renewed_at, "
    "epoch = writer_lease.epoch + 1 "
    "WHERE writer_lease.renewed_at < excluded.renewed_at - " LEASE " RETURNING epoch";
constexpr std::string_view select_lease =
    "SELECT renewed_at + " LEASE " - " SERVER_NOW " FROM writer_lease WHERE name = 'writer'";
constexpr std::string_view resume_lease = "UPDATE writer_lease SET renewed_at = " SERVER_NOW
                                          ", epoch = epoch + 1 "
                                          "WHERE name = 'writer' AND holder = $1 RETURNING epoch";
// Without the lease this divides by zero, and the COMMIT that was sent behind it is not run.
constexpr std::string_view renew_lease =
    "WITH renewed AS (UPDATE writer_lease SET renewed_at = " SERVER_NOW
    ", epoch = epoch + 1 "
    "WHERE name = 'writer' AND holder = $1 AND epoch = $2 RETURNING 1) "
    "SELECT 1 / count(*) FROM renewed";
constexpr std::string_view end_lease =
    "UPDATE writer_lease SET renewed_at = 0 WHERE name = 'writer' AND holder = $1 AND epoch = $2";

// Rows of one table that wait to be sent.
struct WaitingRows {
  WaitingRows(const AppendTable& table, std::span<const TableColumn> columns,
              std::string insert_sql)
      : name(table.name),
        columns(table.columns),
        insert(std::move(insert_sql)),
        rows(columns),
        kept(columns) {}

  std::string_view name;
  std::string_view columns;
  std::string insert;
  PostgresRows rows;
  std::uint64_t operation = 0;  // The operation that last added or sent some,
  std::size_t before = 0;       // and how many there were before it.
  // Rows of earlier operations that were sent inside of a savepoint: to be sent again if it is
  // rolled back.
  PostgresRows kept;
};

class PostgresConnection final : public Connection {
 public:
  PostgresConnection(std::string url, bool writes) : url_(std::move(url)), writes_(writes) {}
  ~PostgresConnection() override;

  Result<> connect();

  Result<> begin(bool writes) override;
  Result<> commit() override;
  void rollback() override;
  Result<> savepoint() override;
  Result<> release() override;
  Result<> rollback_to_savepoint() override;
  Result<std::int64_t> run(std::string_view sql, std::span<const Parameter> parameters,
                           const RowSink* sink) override;
  Result<std::int64_t> run_on_settled(std::string_view sql, std::span<const Parameter> parameters,
                                      const RowSink* sink, bool likely_none) override;
  Result<> run_script(const std::string& script) override;
  Result<> append(const AppendTable& table, std::span<const Parameter> values) override;
  Result<> send_appended() override;
  Result<> update_all(const UpdateTable& table,
                      std::span<const std::vector<Parameter>> rows) override;
  void put_off(PutOff what) override { put_off_ = what; }
  bool has_put_off() const override { return has_put_off_; }
  Result<> await_reads() override;
  bool in_transaction() const override { return open_ && !lost_ && connected(); }
  bool connected() const override { return session_ && session_->connected(); }

  void renew_if_due();

 private:
  using Statement = PostgresSession::Statement;

  Result<> resume();
  Result<> take_writer_lease();
  Result<> settle_commit(Error error);
  std::unexpected<Error> lease_is_lost();
  bool renewal_due() const {
    return writes_ && std::chrono::steady_clock::now() - renewed_ > renewal_interval;
  }

  void ensure_begun();
  void ensure_savepoint();
  Result<std::int64_t> run_statement(Statement& statement, std::span<const Parameter> parameters,
                                     const RowSink* sink);
  // Whether the operation is run only for its questions.
  bool only_asks() const { return in_operation_ && has_put_off_; }
  std::unexpected<Error> is_put_off();
  enum class Look { all, settled, likely_none };
  Result<std::int64_t> run_now_or_later(std::string_view sql, std::span<const Parameter> parameters,
                                        const RowSink* sink, Look look);
  Result<std::int64_t> read_ahead(Statement& statement, std::span<const Parameter> parameters,
                                  const RowSink* sink, Look look);
  Result<std::int64_t> run_outside(std::string_view sql, std::span<const Parameter> parameters,
                                   const RowSink* sink = nullptr);
  std::unexpected<Error> failed(Error error);
  bool names(Statement& statement, std::size_t table);
  Result<> send_rows(WaitingRows& table);
  Result<> send_all_rows();
  WaitingRows& waiting_rows(const AppendTable& table);

  std::string url_;
  bool writes_;
  std::unique_ptr<PostgresSession> session_;

  bool open_ = false;   // Between begin and its end.
  bool begun_ = false;  // BEGIN was sent.
  bool lost_ = false;   // The transaction cannot be saved.
  bool savepoint_sent_ = false;
  bool in_operation_ = false;
  std::uint64_t operation_ = 0;
  std::vector<std::unique_ptr<WaitingRows>> tables_;
  PostgresAhead ahead_;
  PutOff put_off_ = PutOff::nothing;
  bool has_put_off_ = false;

  std::string holder_;
  std::int64_t epoch_ = 0;
  bool lease_lost_ = false;
  std::chrono::steady_clock::time_point renewed_;
};

PostgresConnection::~PostgresConnection() {
  if (!writes_ || !epoch_ || lease_lost_ || !connected()) return;
  if (open_) rollback();
  Parameter parameters[] = {holder_, epoch_};
  (void)run_outside(end_lease, parameters);
}

Result<> PostgresConnection::connect() {
  session_ = TRY(PostgresSession::connect(url_, writes_ ? writer_settings : reader_settings));
  return writes_ ? take_writer_lease() : Result<>();
}

Result<> PostgresConnection::take_writer_lease() {
  TRY(session_->run_script(create_lease));
  SecureRandom random;
  holder_ = random.text(24, alphanumerics);
  Parameter parameters[] = {holder_};
  RowSink read_epoch = [&](const Row& row) { epoch_ = row.integer(0); };
  TRY(run_outside(take_lease, parameters, &read_epoch));
  renewed_ = std::chrono::steady_clock::now();
  if (epoch_) return {};
  std::int64_t left = 0;
  RowSink read_left = [&](const Row& row) { left = row.integer(0); };
  TRY(run_outside(select_lease, {}, &read_left));
  int seconds = static_cast<int>(std::max<std::int64_t>(left / microseconds_per_second + 1, 1));
  return fail({.code = ErrorCode::conflict,
               .message = fmt::format("Another piggy process writes this database. Its lease runs "
                                      "for another {} seconds.",
                                      seconds),
               .retry_after_seconds = seconds});
}

// After the connection was lost. A writer goes on only if nobody else has written meanwhile.
Result<> PostgresConnection::resume() {
  begun_ = lost_ = false;
  if (!writes_) return connect();
  session_ = TRY(PostgresSession::connect(url_, writer_settings));
  Parameter parameters[] = {holder_};
  std::int64_t epoch = 0;
  RowSink read_epoch = [&](const Row& row) { epoch = row.integer(0); };
  TRY(run_outside(resume_lease, parameters, &read_epoch));
  lease_lost_ = epoch == 0;
  epoch_ = epoch;
  renewed_ = std::chrono::steady_clock::now();
  return {};
}

Result<std::int64_t> PostgresConnection::run_outside(std::string_view sql,
                                                     std::span<const Parameter> parameters,
                                                     const RowSink* sink) {
  TRY(session_->send(session_->statement(sql), parameters, {}));
  return session_->finish(sink);
}

Result<> PostgresConnection::begin(bool writes) {
  ASSERT(!open_ && (writes_ || !writes));
  if (!connected()) TRY(resume());
  if (lease_lost_) return lease_is_lost();
  if (session_->statements() > statements_max) session_->forget_statements();
  open_ = true;
  begun_ = lost_ = savepoint_sent_ = in_operation_ = false;
  put_off_ = PutOff::nothing;
  ahead_.clear();
  return {};
}

// For good: what this process knows by heart (balances, ids) may no longer be so.
std::unexpected<Error> PostgresConnection::lease_is_lost() {
  lease_lost_ = true;
  return fail(ErrorCode::unavailable,
              "Another piggy process has taken over this database; this one must be restarted.");
}

void PostgresConnection::ensure_begun() {
  if (!open_ || begun_) return;
  begun_ = true;
  session_->send_control(writes_ ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

void PostgresConnection::ensure_savepoint() {
  if (!in_operation_ || savepoint_sent_) return;
  savepoint_sent_ = true;
  session_->send_control("SAVEPOINT operation");
}

Result<> PostgresConnection::commit() {
  ASSERT(open_ && writes_);
  if (!in_transaction()) return fail(ErrorCode::unavailable, "The transaction was lost.");
  TRY(send_all_rows());
  if (!begun_ && !renewal_due()) {
    open_ = false;
    return {};
  }
  ensure_begun();
  Parameter parameters[] = {holder_, epoch_};
  PostgresSession::Expected expected{.tag = lease_renewal, .may_fail = true};
  TRY(session_->send(session_->statement(renew_lease), parameters, expected));
  session_->send_control("COMMIT");
  if (auto committed = session_->finish(); !committed) return settle_commit(committed.error());
  epoch_++;
  renewed_ = std::chrono::steady_clock::now();
  open_ = begun_ = false;
  return {};
}

// The connection was lost while committing. Did the commit reach the disk? It has renewed the
// lease if so; and since resume() renews it as well, a commit that is still on its way cannot.
Result<> PostgresConnection::settle_commit(Error error) {
  if (connected()) {
    // Any error but the usual ones is the division by zero.
    bool renewing = session_->failed_tag() == lease_renewal;
    if (renewing && error.code == ErrorCode::internal) return lease_is_lost();
    return fail(std::move(error));
  }
  std::int64_t before = epoch_;
  for (int attempt = 0; attempt < 20; attempt++) {
    if (Result<> resumed = resume(); resumed) {
      bool committed = epoch_ == before + 2;
      if (!committed) return fail(std::move(error));
      open_ = begun_ = false;
      return {};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  session_.reset();
  error.message = "The store was lost while writing: this may have been done or not.";
  return fail(std::move(error));
}

void PostgresConnection::rollback() {
  for (auto& table : tables_) {
    table->rows.clear();
    table->kept.clear();
  }
  if (begun_ && connected()) {
    session_->send_control("ROLLBACK");
    session_->push();  // The answer is read by whoever comes next.
  }
  open_ = begun_ = false;
}

Result<> PostgresConnection::savepoint() {
  ASSERT(open_ && !in_operation_);
  in_operation_ = true;
  has_put_off_ = put_off_ == PutOff::everything;
  operation_++;
  return {};
}

Result<> PostgresConnection::release() {
  if (savepoint_sent_) session_->send_control("RELEASE operation");
  for (auto& table : tables_) table->kept.clear();
  in_operation_ = savepoint_sent_ = false;
  return {};
}

Result<> PostgresConnection::rollback_to_savepoint() {
  if (!in_transaction()) return fail(ErrorCode::unavailable, "The transaction was lost.");
  for (auto& table : tables_) {
    if (table->kept.size()) {
      std::swap(table->rows, table->kept);
      table->kept.clear();
    } else if (table->operation == operation_) {
      table->rows.cut(table->before);
    }
  }
  if (savepoint_sent_) {
    session_->send_control("ROLLBACK TO operation");
    session_->send_control("RELEASE operation");
  }
  in_operation_ = savepoint_sent_ = false;
  return {};
}

Result<std::int64_t> PostgresConnection::run(std::string_view sql,
                                             std::span<const Parameter> parameters,
                                             const RowSink* sink) {
  for (std::size_t i = 0; i < tables_.size() && connected(); i++) {
    if (!tables_[i]->rows.size() || !names(session_->statement(sql), i)) continue;
    if (only_asks()) return is_put_off();
    TRY(send_rows(*tables_[i]));
  }
  return run_now_or_later(sql, parameters, sink, Look::all);
}

Result<std::int64_t> PostgresConnection::run_on_settled(std::string_view sql,
                                                        std::span<const Parameter> parameters,
                                                        const RowSink* sink, bool likely_none) {
  return run_now_or_later(sql, parameters, sink, likely_none ? Look::likely_none : Look::settled);
}

Result<std::int64_t> PostgresConnection::run_now_or_later(std::string_view sql,
                                                          std::span<const Parameter> parameters,
                                                          const RowSink* sink, Look look) {
  if (!connected()) {
    return fail({.code = ErrorCode::unavailable,
                 .message = "The connection to the store is lost.",
                 .retry_after_seconds = 1});
  }
  Statement& statement = session_->statement(sql);
  if (in_operation_ && statement.only_reads) {
    return read_ahead(statement, parameters, sink, look);
  }
  if (only_asks()) return is_put_off();
  ahead_.changed_by(sql);
  bool first = !begun_;
  auto changed = run_statement(statement, parameters, sink);
  if (changed || connected() || writes_ || !first) return changed;
  // A reader may find that its connection was lost since it was used last.
  TRY(resume());
  return run_statement(session_->statement(sql), parameters, sink);
}

Result<std::int64_t> PostgresConnection::read_ahead(Statement& statement,
                                                    std::span<const Parameter> parameters,
                                                    const RowSink* sink, Look look) {
  const PostgresAhead::Answer* answer = ahead_.find(statement, parameters);
  if (answer && !answer->stale && answer->rows->arrived()) {
    if (sink) answer->rows->give(*sink);
    return 0;
  }
  // Two operations may ask the same: then the question is under way.
  bool asked = answer && !answer->stale;
  // What this operation has written would be in the answer, and is gone again when it is put off.
  bool waits = put_off_ == PutOff::nothing || savepoint_sent_ || (answer && !asked);
  if (waits && only_asks()) return is_put_off();
  if (waits) return run_statement(statement, parameters, sink);
  ensure_begun();
  if (!asked) {
    auto rows = session_->send_for_later(statement, parameters);
    if (!rows) return failed(std::move(rows).error());
    ahead_.add(statement, *std::move(rows), look != Look::all);
  }
  has_put_off_ = true;
  if (look == Look::likely_none) return 0;
  return is_put_off();
}

std::unexpected<Error> PostgresConnection::is_put_off() {
  has_put_off_ = true;
  return fail(ErrorCode::unavailable, "This operation is put off.");
}

Result<> PostgresConnection::await_reads() {
  if (auto finished = session_->finish(); !finished) return failed(std::move(finished).error());
  return {};
}

Result<std::int64_t> PostgresConnection::run_statement(Statement& statement,
                                                       std::span<const Parameter> parameters,
                                                       const RowSink* sink) {
  ensure_begun();
  if (!statement.only_reads) ensure_savepoint();
  Result<> sent = session_->send(statement, parameters, {});
  if (!sent) return failed(std::move(sent).error());
  Result<std::int64_t> changed = session_->finish(sink);
  if (!changed) return failed(std::move(changed).error());
  return changed;
}

// PostgreSQL refuses everything after an error until a rollback. Back to the savepoint is enough if
// there is one, and if it was not an earlier operation's rows that could not be added.
std::unexpected<Error> PostgresConnection::failed(Error error) {
  bool others = session_->failed_tag() == rows_of_earlier_operations;
  if (begun_ && (!savepoint_sent_ || others || !connected())) lost_ = true;
  return fail(std::move(error));
}

bool PostgresConnection::names(Statement& statement, std::size_t table) {
  if (statement.tables.size() <= table) statement.tables.resize(table + 1, -1);
  signed char& known = statement.tables[table];
  if (known < 0) known = names_word(statement.sql, tables_[table]->name);
  return known;
}

Result<> PostgresConnection::run_script(const std::string& script) {
  ensure_begun();
  return session_->run_script(script);
}

Result<> PostgresConnection::append(const AppendTable& table, std::span<const Parameter> values) {
  ASSERT(open_);
  WaitingRows& waiting = waiting_rows(table);
  if (waiting.operation != operation_) {
    waiting.operation = operation_;
    waiting.before = waiting.rows.size();
  }
  waiting.rows.add(values);
  if (only_asks()) return {};
  ahead_.appended_to(table.name);
  return waiting.rows.bytes() > waiting_bytes_max ? send_rows(waiting) : Result<>();
}

WaitingRows& PostgresConnection::waiting_rows(const AppendTable& table) {
  for (auto& waiting : tables_) {
    if (waiting->name == table.name && waiting->columns == table.columns) return *waiting;
  }
  std::vector<TableColumn> columns = columns_of(table.columns);
  std::vector<std::string_view> column_names;
  for (const TableColumn& column : columns) column_names.push_back(column.name);
  std::string insert = fmt::format("INSERT INTO {} ({}) SELECT * FROM {}", table.name,
                                   fmt::join(column_names, ","), unnest_of(columns));
  tables_.push_back(std::make_unique<WaitingRows>(table, columns, std::move(insert)));
  return *tables_.back();
}

// Only puts them on the way; they arrive with whatever is finished next.
Result<> PostgresConnection::send_rows(WaitingRows& table) {
  if (!in_transaction()) return fail(ErrorCode::unavailable, "The transaction was lost.");
  std::size_t before = table.rows.size();  // Rows of operations before this one.
  if (in_operation_ && table.operation == operation_) before = table.before;
  ensure_begun();
  if (table.rows.size() > before) ensure_savepoint();
  PostgresSession::Expected expected{.changed = static_cast<std::int64_t>(table.rows.size())};
  if (before) expected.tag = rows_of_earlier_operations;
  Result<> sent =
      session_->send_encoded(session_->statement(table.insert), table.rows.encoded(), expected);
  if (!sent) return failed(std::move(sent).error());
  if (before && savepoint_sent_) {
    table.rows.cut(before);
    std::swap(table.rows, table.kept);
  }
  table.rows.clear();
  table.operation = operation_;
  table.before = 0;
  return {};
}

Result<> PostgresConnection::send_all_rows() {
  for (auto& table : tables_) {
    if (table->rows.size()) TRY(send_rows(*table));
  }
  return {};
}

Result<> PostgresConnection::send_appended() {
  TRY(send_all_rows());
  if (auto finished = session_->finish(); !finished) return failed(std::move(finished).error());
  return {};
}

Result<> PostgresConnection::update_all(const UpdateTable& table,
                                        std::span<const std::vector<Parameter>> rows) {
  if (!in_transaction()) return fail(ErrorCode::unavailable, "The transaction was lost.");
  if (rows.empty()) return {};
  for (auto& waiting : tables_) {
    if (waiting->rows.size() && waiting->name == table.name) TRY(send_rows(*waiting));
  }
  std::vector<TableColumn> columns = columns_of(table.columns);
  std::vector<std::string> column_names;
  std::vector<std::string> sets;
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < columns.size(); i++) {
    std::string_view name = columns[i].name;
    column_names.emplace_back(name);
    if (i < table.keys) keys.push_back(fmt::format("t.{0} = v.{0}", name));
    if (i >= table.keys) sets.push_back(fmt::format("{0} = v.{0}", name));
  }
  std::string sql = fmt::format("UPDATE {} AS t SET {} FROM {} AS v ({}) WHERE {}", table.name,
                                fmt::join(sets, ","), unnest_of(columns),
                                fmt::join(column_names, ","), fmt::join(keys, " AND "));
  PostgresRows encoded(columns);
  for (const auto& row : rows) encoded.add(row);
  ensure_begun();
  ensure_savepoint();
  return session_->send_encoded(session_->statement(sql), encoded.encoded(),
                                {.changed = static_cast<std::int64_t>(rows.size())});
}

void PostgresConnection::renew_if_due() {
  if (!renewal_due() || open_) return;
  if (Result<> begun = begin(true); !begun) return;
  if (Result<> committed = commit(); !committed) rollback();
}

class PostgresStore final : public Store {
 public:
  explicit PostgresStore(std::string url) : url_(std::move(url)) {}

  Result<std::unique_ptr<Connection>> connect_writer() override { return connect(true); }
  Result<std::unique_ptr<Connection>> connect_reader() override { return connect(false); }
  std::string translate(std::string_view sql) const override { return std::string(sql); }
  void tend_idle(Connection& writer) override {
    static_cast<PostgresConnection&>(writer).renew_if_due();
  }
  Result<> backup(const std::string&) override {
    return fail(ErrorCode::invalid,
                "PostgreSQL has its own way to copy a database while it works: run pg_dump.");
  }
  std::string_view name() const override { return "postgresql"; }
  std::size_t readers_max() const override { return 16; }

 private:
  Result<std::unique_ptr<Connection>> connect(bool writes) {
    auto connection = std::make_unique<PostgresConnection>(url_, writes);
    TRY(connection->connect());
    return connection;
  }

  std::string url_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_postgres(const std::string& url) {
  return std::make_unique<PostgresStore>(url);
}

}  // namespace piggy
