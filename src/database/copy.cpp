#include "database/copy.h"

#include <fmt/format.h>

#include "database/migration.h"
#include "database/table.h"
#include "database/tally.h"

namespace piggy {
namespace {

constexpr std::string_view select_accounts = "SELECT id, name, uuid FROM account ORDER BY id";
constexpr std::string_view select_counters = "SELECT name, value FROM counter";
constexpr std::string_view count_accounts = "SELECT count(*) FROM account";
constexpr std::string_view select_same_account =
    "SELECT name FROM account WHERE id = $1 OR name = $2 OR uuid = $3";
constexpr std::string_view insert_counter = "INSERT INTO counter (name, value) VALUES ($1, $2)";
constexpr std::string_view delete_counter = "DELETE FROM counter WHERE name = $1";

// Never back: what the target has given out already stays given out.
constexpr std::string_view raise_counter = R"sql(
  INSERT INTO counter (name, value) VALUES ($1, $2)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE excluded.value > counter.value
)sql";

struct Account {
  std::int64_t id = 0;
  std::string name = {};
  Uuid uuid = {};
};

struct Counter {
  std::string name = {};
  std::int64_t value = 0;
};

template <class T>
Result<std::vector<T>> all(Connection& connection, std::string_view sql,
                           std::initializer_list<Parameter> parameters = {}) {
  std::vector<T> rows;
  RowSink sink = [&](const Row& row) { read_row(row, rows.emplace_back()); };
  TRY(connection.run(sql, parameters, &sink));
  return rows;
}

Result<> run(Connection& connection, std::string_view sql,
             std::initializer_list<Parameter> parameters) {
  TRY(connection.run(sql, parameters, nullptr));
  return {};
}

Result<> in_transaction(Connection& connection, const std::function<Result<>()>& work) {
  TRY(connection.begin(true));
  Result<> done = work();
  if (done) done = connection.commit();
  if (!done) connection.rollback();
  return done;
}

bool is_copied(const Table& table) { return table.name != counter_table; }

// A store that is held for writing. Members are closed in the opposite order.
struct Held {
  std::unique_ptr<Store> store;
  std::unique_ptr<Connection> reader;
  std::unique_ptr<Connection> writer;

  // Holding PostgreSQL takes a sign of life now and then.
  void stay_alive() { store->tend_idle(*writer); }
};

// The reader keeps one view of it until it is closed.
Result<Held> hold_source(const CopyOptions& options) {
  Held source{.store = TRY(options.open(options.from))};
  source.reader = TRY(source.store->connect_reader());
  TRY(must_be_up_to_date(*source.store, *source.reader));
  source.writer = TRY(source.store->connect_writer());
  TRY(source.reader->begin(false));
  return source;
}

Result<std::vector<Account>> accounts_to_copy(const CopyOptions& options, Held& source) {
  std::vector<Account> accounts = TRY(all<Account>(*source.reader, select_accounts));
  if (options.account) {
    std::erase_if(accounts,
                  [&](const Account& account) { return account.name != *options.account; });
    if (accounts.empty()) {
      return fail(ErrorCode::not_found,
                  fmt::format("The source has no account {}.", *options.account));
    }
  }
  if (accounts.empty()) return fail(ErrorCode::not_found, "The source holds no account.");
  return accounts;
}

// What a copy that was not finished has left is removed, and the mark last of all.
Result<> remove_incomplete(Connection& target) {
  std::optional<std::int64_t> marked = TRY(incomplete_copy(target));
  if (!marked) return {};
  for (const Table& table : tables()) {
    if (!is_copied(table)) continue;
    TRY(in_transaction(target, [&] {
      if (!*marked) return run(target, fmt::format("DELETE FROM {}", table.name), {});
      return run(target, fmt::format("DELETE FROM {} WHERE {} = $1", table.name, table.owner()),
                 {*marked});
    }));
  }
  return in_transaction(target,
                        [&] { return run(target, delete_counter, {incomplete_copy_counter}); });
}

Result<> must_have_room(const CopyOptions& options, const std::vector<Account>& accounts,
                        Connection& target) {
  if (!options.account) {
    std::int64_t found = TRY(all<std::int64_t>(target, count_accounts)).front();
    if (found == 0) return {};
    return fail(ErrorCode::conflict,
                fmt::format("The target holds {} account{} already; it must be empty.", found,
                            found == 1 ? "" : "s"));
  }
  const Account& account = accounts.front();
  auto same =
      TRY(all<std::string>(target, select_same_account, {account.id, account.name, account.uuid}));
  if (same.empty()) return {};
  return fail(ErrorCode::conflict,
              same.front() == account.name
                  ? fmt::format("The target has an account {} already.", account.name)
                  : fmt::format("The target's account {} has the id {} of this one.", same.front(),
                                account.id));
}

// One round of copying: from the mark in the target to the proof.
class Copy {
 public:
  Copy(const CopyOptions& options, Held& source, const std::vector<Account>& accounts)
      : options_(options), source_(source), accounts_(accounts) {
    if (options.account) account_ = accounts.front().id;
  }

  // What fails from here on must be undone, also when the mark may have been written or not.
  Result<CopyFigures> run_all(Held& target) {
    TRY(mark(*target.writer));
    for (const Table& table : tables()) {
      if (!is_copied(table)) continue;
      Result<> copied = copy_table(table, target);
      if (!copied) return fail(in_table(table, std::move(copied).error()));
    }
    TRY(must_share_no_ids(*target.writer));
    return compare(target);
  }

 private:
  Result<> mark(Connection& target) {
    auto counters = TRY(all<Counter>(*source_.reader, select_counters));
    return in_transaction(target, [&]() -> Result<> {
      TRY(run(target, insert_counter, {incomplete_copy_counter, account_.value_or(0)}));
      for (const Counter& counter : counters) {
        TRY(run(target, raise_counter, {counter.name, counter.value}));
      }
      return {};
    });
  }

  Result<> copy_table(const Table& table, Held& target) {
    Tally& tally = tallies_.emplace_back(table);
    std::vector<Parameter> values;
    auto each_row = [&](const Row& row) -> Result<> {
      tally.add(row);
      values.clear();
      for (int i = 0; i < row.columns(); i++) values.push_back(value_in(row, i, table));
      return target.writer->append(table.append_table(), values);
    };
    auto each_page = [&]() -> Result<> {
      TRY(target.writer->commit());
      source_.stay_alive();
      tell(CopyProgress::Step::copying, tally, table);
      return target.writer->begin(true);
    };
    TRY(target.writer->begin(true));
    TableReader reader(*source_.store, *source_.reader);
    Result<> done = reader.read(table, account_, each_row, each_page);
    if (done) done = target.writer->commit();
    if (!done) target.writer->rollback();
    return done;
  }

  // In PostgreSQL two accounts may use the same id; in SQLite, where this could end up one day,
  // they may not.
  Result<> must_share_no_ids(Connection& target) {
    if (!account_) return {};
    for (const Table& table : tables()) {
      if (table.key != std::vector<std::string>{"account_id", "id"}) continue;
      std::string sql = fmt::format(
          "SELECT count(*) FROM {0} a JOIN {0} b ON a.id = b.id "
          "WHERE a.account_id = $1 AND b.account_id <> $1",
          table.name);
      if (TRY(all<std::int64_t>(target, sql, {*account_})).front() == 0) continue;
      return fail(in_table(table, {.code = ErrorCode::conflict}));
    }
    return {};
  }

  Result<CopyFigures> compare(Held& target) {
    CopyFigures figures;
    target.reader = TRY(target.store->connect_reader());
    TRY(target.reader->begin(false));
    TableReader reader(*target.store, *target.reader);
    auto copied = tallies_.begin();
    for (const Table& table : tables()) {
      if (!is_copied(table)) continue;
      Tally tally(table);
      auto each_row = [&](const Row& row) -> Result<> {
        tally.add(row);
        return {};
      };
      auto each_page = [&]() -> Result<> {
        source_.stay_alive();
        target.stay_alive();
        tell(CopyProgress::Step::comparing, tally, table);
        return {};
      };
      TRY(reader.read(table, account_, each_row, each_page));
      if (std::string why = (copied++)->difference(tally); !why.empty()) {
        return fail(ErrorCode::conflict, fmt::format("The copy is not like the source: {}.", why));
      }
      figures.tables.push_back({.name = table.name, .rows = tally.rows(), .sums = tally.sums()});
      figures.rows += tally.rows();
    }
    for (const Account& account : accounts_) figures.accounts.push_back(account.name);
    return figures;
  }

  static Error in_table(const Table& table, Error error) {
    if (error.code != ErrorCode::conflict) {
      error.message = fmt::format("In the table {}: {}", table.name, error.message);
      return error;
    }
    error.message = fmt::format(
        "The target holds something else with an id or a name that is copied, in the table {}.",
        table.name);
    return error;
  }

  void tell(CopyProgress::Step step, const Tally& tally, const Table& table) {
    if (options_.progress) {
      options_.progress({.step = step, .table = table.name, .rows = tally.rows()});
    }
  }

  const CopyOptions& options_;
  Held& source_;
  const std::vector<Account>& accounts_;
  std::optional<std::int64_t> account_;  // The only one to copy.
  std::vector<Tally> tallies_;           // Of the source, by the tables that are copied.
};

// The target as everybody will see it, and the mark taken away.
Result<> check_and_finish(const CopyOptions& options, const std::vector<Account>& accounts) {
  auto database =
      TRY(Database::open({.url = options.to, .incomplete = true}, TRY(options.open(options.to))));
  for (const Account& account : accounts) {
    if (!options.check) break;
    if (options.progress) {
      options.progress({.step = CopyProgress::Step::checking, .table = account.name});
    }
    TRY(database->read(account.id, options.check));
  }
  return database->write(0, [](Transaction& transaction) -> Result<> {
    TRY(transaction.run(delete_counter, {incomplete_copy_counter}));
    return {};
  });
}

// Anew from the start: the connection that was used may be what broke.
Result<> undo(const CopyOptions& options) {
  std::unique_ptr<Store> store = TRY(options.open(options.to));
  std::unique_ptr<Connection> writer = TRY(store->connect_writer());
  return remove_incomplete(*writer);
}

Error undone(const CopyOptions& options, Error error) {
  error.message += undo(options) ? " Nothing of the copy was left in the target."
                                 : " What was copied could not be removed: the target is marked as "
                                   "incomplete, and the next copy to it starts over.";
  return error;
}

}  // namespace

Result<CopyFigures> copy_database(const CopyOptions& options) {
  if (options.from == options.to) {
    return fail(ErrorCode::invalid, "Source and target are the same database.");
  }
  Held source = TRY(hold_source(options));
  std::vector<Account> accounts = TRY(accounts_to_copy(options, source));
  Copy copy(options, source, accounts);
  Result<CopyFigures> figures;
  {
    Held target{.store = TRY(options.open(options.to))};
    target.writer = TRY(target.store->connect_writer());
    TRY(bring_up_to_date(*target.store, *target.writer));
    TRY(remove_incomplete(*target.writer));
    TRY(must_have_room(options, accounts, *target.writer));
    figures = copy.run_all(target);
  }
  if (figures) {
    if (Result<> finished = check_and_finish(options, accounts); !finished) {
      figures = fail(std::move(finished).error());
    }
  }
  if (!figures) return fail(undone(options, std::move(figures).error()));
  return figures;
}

}  // namespace piggy
