#include "database/copy.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "database/test_database.h"
#include "database/test_rows.h"
#include "database/test_store.h"

namespace piggy {
namespace {

using namespace test_rows;

bool has_postgres() {
  const char* url = std::getenv("PIGGY_TEST_DATABASE");
  return url && *url;
}

std::int64_t accounts_in(const std::string& url) {
  auto database = Database::open({.url = url});
  REQUIRE(database);
  std::int64_t found = 0;
  REQUIRE((*database)->read(0, [&](Transaction& transaction) -> Result<> {
    found = TRY(transaction.one<std::int64_t>("SELECT count(*) FROM account"));
    return {};
  }));
  return found;
}

struct TwoAccounts {
  TwoAccounts() {
    fill_account(from, 1);
    fill_account(from, 2);
  }
  Folder folder;
  std::string from = folder.file("from.db");
  std::string to = folder.file("to.db");
  CopyOptions both{.from = from, .to = to};
  CopyOptions second{.from = from, .to = to, .account = "a2"};
};

// Passes everything on, but changes the target before it is read back.
class ChangingStore final : public Store {
 public:
  ChangingStore(std::unique_ptr<Store> inner, std::string sql)
      : inner_(std::move(inner)), sql_(std::move(sql)) {}
  Result<std::unique_ptr<Connection>> connect_writer() override { return inner_->connect_writer(); }
  Result<std::unique_ptr<Connection>> connect_reader() override {
    auto writer = TRY(inner_->connect_writer());
    TRY(writer->run(sql_, {}, nullptr));
    return inner_->connect_reader();
  }
  std::string translate(std::string_view sql) const override { return inner_->translate(sql); }
  Result<> backup(const std::string& file) override { return inner_->backup(file); }
  std::string_view name() const override { return inner_->name(); }
  std::size_t readers_max() const override { return inner_->readers_max(); }

 private:
  std::unique_ptr<Store> inner_;
  std::string sql_;
};

TEST_CASE("a table is known with its columns, their types and its key") {
  auto voucher = std::ranges::find(tables(), "voucher_batch", &Table::name);
  REQUIRE(voucher != tables().end());

  CHECK(voucher->columns.size() == 14);
  CHECK(
      voucher->columns_text.starts_with("account_id bigint, id bigint, uuid bytea, promotion_id"));
  CHECK(voucher->key == std::vector<std::string>{"account_id", "id"});
  CHECK(voucher->owner() == "account_id");
}

TEST_CASE("a copy holds every row of every table") {
  TwoAccounts test;

  auto copied = copy_database(test.both);

  REQUIRE_MESSAGE(copied, copied.error().message);
  CHECK(contents(test.to) == contents(test.from));
  CHECK(copied->accounts == std::vector<std::string>{"a1", "a2"});
  CHECK(copied->tables.size() == tables().size() - 1);
  CHECK(accounts_in(test.to) == 2);
}

TEST_CASE("to PostgreSQL and back nothing changes") {
  if (!has_postgres()) return;
  TwoAccounts test;
  TestDatabase postgres;
  postgres.close();

  auto there = copy_database({.from = test.from, .to = postgres.url()});
  REQUIRE_MESSAGE(there, there.error().message);
  auto back = copy_database({.from = postgres.url(), .to = test.to});
  REQUIRE_MESSAGE(back, back.error().message);

  CHECK(contents(test.to) == contents(test.from));
}

TEST_CASE("one account is copied alone, and later the other beside it") {
  TwoAccounts test;

  REQUIRE(copy_database(test.second));

  CHECK(contents(test.to, 2) == contents(test.from, 2));
  CHECK(contents(test.to, 1).empty());
  CHECK(contents(test.to).contains("counter|id|14001000\n"));
  auto again = copy_database(test.second);
  REQUIRE_FALSE(again);
  CHECK(again.error().message == "The target has an account a2 already.");
  auto first = copy_database({.from = test.from, .to = test.to, .account = "a1"});
  REQUIRE_MESSAGE(first, first.error().message);
  CHECK(contents(test.to) == contents(test.from));
}

TEST_CASE("a target that holds accounts is left alone") {
  TwoAccounts test;
  fill_account(test.to, 3);
  std::string before = contents(test.to);

  auto copied = copy_database(test.both);

  REQUIRE_FALSE(copied);
  CHECK(copied.error().code == ErrorCode::conflict);
  CHECK(copied.error().message == "The target holds 1 account already; it must be empty.");
  CHECK(contents(test.to) == before);
}

TEST_CASE("an account whose ids are taken is refused, and the target keeps what it had") {
  TwoAccounts test;
  Folder folder;
  TestDatabase maybe_postgres;
  maybe_postgres.close();
  for (const std::string& to : {test.to, maybe_postgres.url()}) {
    fill_account(to, 3);
    {
      auto store = open_store(to);
      auto writer = (*store)->connect_writer();
      REQUIRE((*writer)->run("UPDATE reward SET id = 2000001 WHERE id = 3000001", {}, nullptr));
    }
    std::string before = contents(to, 3);

    auto copied = copy_database({.from = test.from, .to = to, .account = "a2"});

    REQUIRE_FALSE(copied);
    CHECK(copied.error().code == ErrorCode::conflict);
    CHECK_MESSAGE(copied.error().message.contains("in the table reward"), copied.error().message);
    CHECK(contents(to, 3) == before);
    CHECK(contents(to, 2).empty());
    CHECK(accounts_in(to) == 1);
  }
}

TEST_CASE("what a fault has left half done is removed") {
  TwoAccounts test;
  int migrated = 1 + 3 * schema_version();  // Statements before there is anything to remove.
  for (int fails_at : {migrated + 3, migrated + 13, 9'000, 20'000}) {
    Watch watch;
    watch.arm(fails_at);
    CopyOptions faulty = test.both;
    faulty.open = [&](std::string url) -> Result<std::unique_ptr<Store>> {
      auto store = TRY(open_store(url));
      if (url != test.to) return store;
      return std::make_unique<WatchedStore>(std::move(store), watch);
    };

    auto copied = copy_database(faulty);

    REQUIRE_FALSE(copied);
    CHECK(copied.error().code == ErrorCode::unavailable);
    CHECK(copied.error().message.ends_with("Nothing of the copy was left in the target."));
    CHECK(accounts_in(test.to) == 0);
  }
  REQUIRE(copy_database(test.both));
  CHECK(contents(test.to) == contents(test.from));
}

TEST_CASE("a copy that could not be removed is opened by nobody, and replaced by the next") {
  TwoAccounts test;
  Watch watch;
  watch.arm(20'000);
  int opened = 0;
  CopyOptions dying = test.both;
  dying.open = [&](std::string url) -> Result<std::unique_ptr<Store>> {
    auto store = TRY(open_store(url));
    if (url != test.to) return store;
    if (++opened > 1) return fail(ErrorCode::unavailable, "gone");
    return std::make_unique<WatchedStore>(std::move(store), watch);
  };

  auto copied = copy_database(dying);

  REQUIRE_FALSE(copied);
  CHECK(copied.error().message.contains("marked as incomplete"));
  auto database = Database::open({.url = test.to});
  REQUIRE_FALSE(database);
  CHECK(database.error().code == ErrorCode::conflict);
  CHECK_FALSE(copy_database({.from = test.to, .to = test.folder.file("third.db")}));
  REQUIRE(copy_database(test.both));
  CHECK(contents(test.to) == contents(test.from));
}

TEST_CASE("a row that is lost, a number or a text that is changed on the way is noticed") {
  TwoAccounts test;
  struct Change {
    std::string sql;
    std::string noticed;
  };
  for (const Change& change :
       {Change{"DELETE FROM shop WHERE id = 2000005", "shop has 8002 rows in the source and 8001"},
        Change{"UPDATE entry SET amount = 5 WHERE id = 2000001", "entry.amount adds up to"},
        Change{"UPDATE shop SET name = 'x' WHERE id = 2000005", "a text or a number of shop"}}) {
    CopyOptions changing = test.both;
    changing.open = [&](std::string url) -> Result<std::unique_ptr<Store>> {
      auto store = TRY(open_store(url));
      if (url != test.to) return store;
      return std::make_unique<ChangingStore>(std::move(store), change.sql);
    };

    auto copied = copy_database(changing);

    REQUIRE_FALSE(copied);
    CHECK(copied.error().code == ErrorCode::conflict);
    CHECK_MESSAGE(copied.error().message.contains(change.noticed), copied.error().message);
    CHECK(accounts_in(test.to) == 0);
  }
}

TEST_CASE("an account that does not pass its check undoes the copy") {
  TwoAccounts test;
  test.both.check = [](Transaction& transaction) -> Result<> {
    if (transaction.account() == 1) return {};
    return fail(ErrorCode::conflict, "Account 2 is not well.");
  };

  auto copied = copy_database(test.both);

  REQUIRE_FALSE(copied);
  CHECK(copied.error().message.starts_with("Account 2 is not well."));
  CHECK(accounts_in(test.to) == 0);
}

TEST_CASE("a source must be there, hold something and not be in use") {
  TwoAccounts test;
  std::string missing = test.folder.file("missing.db");

  CHECK(copy_database({.from = missing, .to = test.to}).error().code == ErrorCode::unavailable);
  CHECK_FALSE(std::filesystem::exists(missing));
  CHECK(copy_database({.from = test.from, .to = test.from}).error().code == ErrorCode::invalid);
  test.both.account = "nobody";
  CHECK(copy_database(test.both).error().code == ErrorCode::not_found);
  test.both.account.reset();
  auto used = Database::open({.url = test.from});
  CHECK(copy_database(test.both).error().code == ErrorCode::conflict);
}

}  // namespace
}  // namespace piggy
