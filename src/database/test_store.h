#pragma once

// A store that watches what is done to it, and fails where a test wants it to.

#include <atomic>
#include <memory>

#include "database/connection.h"

namespace piggy {

// Shared by a test and the connections of its store. Set between writes.
struct Watch {
  std::atomic<int> fails_at = 0;  // The call of a writer, counted from 1, that fails. 0: none.
  std::atomic<int> calls = 0;
  std::atomic<int> rows_updated = 0;  // By update_all.
  std::atomic<int> commits = 0;

  void arm(int call) {
    calls = 0;
    fails_at = call;
  }
};

class WatchedConnection final : public Connection {
 public:
  WatchedConnection(std::unique_ptr<Connection> inner, Watch& watch)
      : inner_(std::move(inner)), watch_(watch) {}

  Connection& inner() { return *inner_; }

  Result<> begin(bool writes) override {
    TRY(next());
    return inner_->begin(writes);
  }
  Result<> commit() override {
    TRY(next());
    watch_.commits++;
    return inner_->commit();
  }
  void rollback() override { inner_->rollback(); }
  Result<> savepoint() override {
    TRY(next());
    return inner_->savepoint();
  }
  Result<> release() override {
    TRY(next());
    return inner_->release();
  }
  Result<> rollback_to_savepoint() override {
    TRY(next());
    return inner_->rollback_to_savepoint();
  }
  Result<std::int64_t> run(std::string_view sql, std::span<const Parameter> parameters,
                           const RowSink* sink) override {
    TRY(next());
    return inner_->run(sql, parameters, sink);
  }
  Result<std::int64_t> run_on_settled(std::string_view sql, std::span<const Parameter> parameters,
                                      const RowSink* sink, bool likely_none) override {
    TRY(next());
    return inner_->run_on_settled(sql, parameters, sink, likely_none);
  }
  Result<> run_script(const std::string& script) override { return inner_->run_script(script); }
  Result<> append(const AppendTable& table, std::span<const Parameter> values) override {
    TRY(next());
    return inner_->append(table, values);
  }
  Result<> send_appended() override {
    TRY(next());
    return inner_->send_appended();
  }
  Result<> update_all(const UpdateTable& table,
                      std::span<const std::vector<Parameter>> rows) override {
    TRY(next());
    watch_.rows_updated += static_cast<int>(rows.size());
    return inner_->update_all(table, rows);
  }
  void let_go() override { inner_->let_go(); }
  bool repeat_undone() override { return inner_->repeat_undone(); }
  void put_off(PutOff what) override { inner_->put_off(what); }
  bool has_put_off() const override { return inner_->has_put_off(); }
  Result<> await_reads() override {
    TRY(next());
    return inner_->await_reads();
  }
  bool in_transaction() const override { return inner_->in_transaction(); }
  bool connected() const override { return inner_->connected(); }

 private:
  Result<> next() {
    if (++watch_.calls != watch_.fails_at) return {};
    return fail({.code = ErrorCode::unavailable, .message = "a fault", .retry_after_seconds = 1});
  }

  std::unique_ptr<Connection> inner_;
  Watch& watch_;
};

// Watches the writer; readers are left alone.
class WatchedStore final : public Store {
 public:
  WatchedStore(std::unique_ptr<Store> inner, Watch& watch)
      : inner_(std::move(inner)), watch_(watch) {}

  Result<std::unique_ptr<Connection>> connect_writer() override {
    return std::make_unique<WatchedConnection>(TRY(inner_->connect_writer()), watch_);
  }
  Result<std::unique_ptr<Connection>> connect_reader() override { return inner_->connect_reader(); }
  std::string translate(std::string_view sql) const override { return inner_->translate(sql); }
  void tend() override { inner_->tend(); }
  void tend_idle(Connection& writer) override {
    inner_->tend_idle(static_cast<WatchedConnection&>(writer).inner());
  }
  Result<> backup(const std::string& file) override { return inner_->backup(file); }
  std::string_view name() const override { return inner_->name(); }
  std::size_t readers_max() const override { return inner_->readers_max(); }

 private:
  std::unique_ptr<Store> inner_;
  Watch& watch_;
};

}  // namespace piggy
