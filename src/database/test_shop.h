#pragma once

// A little of everything to do to a database: shops are inserted, entries appended, counts are hot.

#include <condition_variable>
#include <mutex>

#include "database/test_database.h"

namespace piggy::test_shop {

inline constexpr std::string_view insert_shop = R"sql(
  INSERT INTO shop (account_id, id, uuid, name, type, reference, created_at)
  VALUES ($1, $2, $3, $4, 'web', NULL, $5)
)sql";
inline constexpr std::string_view insert_count =
    "INSERT INTO promotion_count (account_id, id, vouchers) VALUES ($1, $2, $3)";

inline constexpr AppendTable contacts = {
    .name = "contact",
    .columns =
        "account_id bigint, id bigint, uuid bytea, email text, is_anonymous bigint,"
        " channel text, status text, attributes text,"
        " created_at bigint, updated_at bigint"};

struct Count {
  std::int64_t id = 0;
  std::int64_t vouchers = 0;
};
inline constexpr HotTable counts = {
    .select = "SELECT id, vouchers FROM promotion_count WHERE account_id = $1 AND id = $2",
    .update = {.name = "promotion_count",
               .columns = "account_id bigint, id bigint, vouchers bigint"}};

inline Result<> add_shop(Transaction& transaction, std::string_view name) {
  TRY(transaction.run(insert_shop,
                      {transaction.next_id(), transaction.next_uuid(), name, transaction.now()}));
  return {};
}

// Emails are unique, which the database may notice as late as at the commit.
inline Result<> add_contact(Transaction& transaction, std::string_view email) {
  return transaction.append(
      contacts, {transaction.next_id(), transaction.next_uuid(), email, 0, "api", "active", "{}",
                 transaction.now(), transaction.now()});
}

inline Result<> add_count(Transaction& transaction, std::int64_t id, std::int64_t vouchers) {
  TRY(transaction.run(insert_count, {id, vouchers}));
  return {};
}

inline Result<> count_up(Transaction& transaction, std::int64_t id) {
  Count* count = TRY(transaction.hot<Count>(counts, id));
  if (!count) return fail(ErrorCode::not_found, "There is no such count.");
  count->vouchers++;
  return {};
}

template <class T>
std::vector<T> read_all(Database& database, std::string_view sql, std::int64_t account = 1) {
  std::vector<T> rows;
  auto read = database.read(account, [&](Transaction& transaction) -> Result<> {
    rows = TRY(transaction.all<T>(sql));
    return {};
  });
  ASSERT(read.has_value());
  return rows;
}

using Names = std::vector<std::string>;

inline Names shops(Database& database, std::int64_t account = 1) {
  return read_all<std::string>(database, "SELECT name FROM shop WHERE account_id = $1 ORDER BY id",
                               account);
}
inline Names emails(Database& database) {
  return read_all<std::string>(database,
                               "SELECT email FROM contact WHERE account_id = $1 ORDER BY id");
}
inline std::vector<std::int64_t> vouchers(Database& database) {
  return read_all<std::int64_t>(
      database, "SELECT vouchers FROM promotion_count WHERE account_id = $1 ORDER BY id");
}

// Holds the writer until the end of its life, so that everything submitted meanwhile makes one
// batch.
class HeldWriter {
 public:
  explicit HeldWriter(Database& database) : database_(database) {
    database_.submit(
        1,
        [this](Transaction&) -> Result<> {
          std::unique_lock lock(mutex_);
          held_ = true;
          changed_.notify_all();
          changed_.wait(lock, [this] { return let_go_; });
          return {};
        },
        [this](Result<>) { finish(); });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return held_; });
  }

  std::size_t submit(Database::Work work) {
    std::lock_guard lock(mutex_);
    std::size_t index = results_.size();
    results_.emplace_back();
    waiting_++;
    database_.submit(1, std::move(work), [this, index](Result<> result) {
      {
        std::lock_guard inner(mutex_);
        results_[index] = std::move(result);
      }
      finish();
    });
    return index;
  }

  // Lets the writer go; the results in the order of submission.
  std::vector<Result<>> let_go() {
    std::unique_lock lock(mutex_);
    let_go_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return waiting_ == 0; });
    return results_;
  }

 private:
  void finish() {
    std::lock_guard lock(mutex_);
    waiting_--;
    changed_.notify_all();
  }

  Database& database_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  bool let_go_ = false;
  int waiting_ = 1;
  std::vector<Result<>> results_;
};

inline std::vector<Result<>> in_one_batch(Database& database, std::vector<Database::Work> works) {
  HeldWriter writer(database);
  for (Database::Work& work : works) writer.submit(std::move(work));
  return writer.let_go();
}

}  // namespace piggy::test_shop
