#include "app/migrate.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "app/export.h"
#include "database/copy.h"
#include "database/test_database.h"
#include "database/test_rows.h"
#include "ledger/ledger.h"

namespace piggy {
namespace {

using namespace test_rows;

std::string exported(const std::string& url, const std::string& account) {
  auto store = open_store(url);
  std::string text;
  auto done = export_rows(**store, account, [&](std::string_view line) -> Result<> {
    text += line;
    return {};
  });
  REQUIRE_MESSAGE(done, done.error().message);
  return text;
}

// What is printed on standard output while this lives goes nowhere.
class Quiet {
 public:
  Quiet() : output_(::dup(STDOUT_FILENO)) {
    std::fflush(stdout);
    int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(nowhere, STDOUT_FILENO);
    ::close(nowhere);
  }
  ~Quiet() {
    std::fflush(stdout);
    ::dup2(output_, STDOUT_FILENO);
    ::close(output_);
  }

 private:
  int output_;
};

void make_ledger(const std::string& url) {
  auto database = Database::open({.url = url});
  REQUIRE(database);
  REQUIRE((*database)->write(0, [](Transaction& transaction) -> Result<> {
    TRY(transaction.run(
        "INSERT INTO account (id, uuid, name, company, time_zone, currency, secret, created_at) "
        "VALUES (5, $1, 'shop', 'Shop', 'UTC', 'EUR', $1, 0)",
        {transaction.next_uuid()}));
    Transaction of_account = transaction.of(5);
    std::int64_t issuance = TRY(programme_account(of_account, LedgerAccountKind::issuance));
    TRY(open_ledger_account(of_account, 7, LedgerAccountKind::contact));
    TRY(transfer(of_account, {.from = issuance, .to = 7, .amount = 30}));
    return {};
  }));
}

TEST_CASE("the same account makes the same export in every store") {
  Folder folder;
  TestDatabase middle;
  middle.close();
  std::string from = folder.file("from.db");
  std::string to = folder.file("to.db");
  fill_account(from, 1);
  fill_account(from, 2);
  REQUIRE(copy_database({.from = from, .to = middle.url()}));
  REQUIRE(copy_database({.from = middle.url(), .to = to}));

  for (const char* account : {"a1", "a2"}) {
    std::string source = exported(from, account);
    CHECK(source == exported(middle.url(), account));
    CHECK(source == exported(to, account));
  }
}

TEST_CASE("an export holds the account's rows as text, numbers and moments, without its secrets") {
  Folder folder;
  std::string file = folder.file("a.db");
  fill_account(file, 1);
  fill_account(file, 2);
  {
    auto store = open_store(file);
    auto writer = (*store)->connect_writer();
    REQUIRE((*writer)->run("UPDATE member SET first_at = 1700000000000042 WHERE id = 1000000", {},
                           nullptr));
  }

  std::string text = exported(file, "a1");

  CHECK(text.starts_with("{\"table\":\"account\",\"row\":{\"id\":1,\"uuid\":\""));
  CHECK(text.contains("\"first_at\":\"2023-11-14T22:13:20.000042+00:00\""));
  CHECK_FALSE(text.contains("\"account_id\":2"));
  for (const char* secret : {"secret", "code_hash", "nonce", "answer", "password"}) {
    CHECK_FALSE(text.contains("\"" + std::string(secret) + "\":"));
  }
  std::size_t token = text.find("{\"table\":\"token\"");
  std::size_t end = text.find('\n', token);
  CHECK_FALSE(text.substr(token, end - token).contains("\"hash\":"));
}

TEST_CASE("an export of an account that is not there, or of no database, is refused") {
  Folder folder;
  fill_account(folder.file("a.db"), 1);
  auto nothing = [](std::string_view) -> Result<> { return {}; };

  auto store = open_store(folder.file("a.db"));
  CHECK(export_rows(**store, "nobody", nothing).error().code == ErrorCode::not_found);
  auto missing = open_store(folder.file("missing.db"));
  CHECK(export_rows(**missing, "a1", nothing).error().code == ErrorCode::unavailable);
}

TEST_CASE("a database moves with a ledger that adds up, and not with one that does not") {
  Folder folder;
  std::string from = folder.file("from.db");
  make_ledger(from);

  {
    Quiet quiet;
    REQUIRE(migrate_database({.from = from, .to = folder.file("to.db")}));
  }
  CHECK(contents(from) == contents(folder.file("to.db")));

  auto store = open_store(from);
  auto writer = (*store)->connect_writer();
  REQUIRE((*writer)->run("UPDATE entry SET amount = 31 WHERE ledger_account_id = 7", {}, nullptr));
  writer->reset();
  store->reset();
  auto moved = migrate_database({.from = from, .to = folder.file("bad.db"), .account = "shop"});
  REQUIRE_FALSE(moved);
  CHECK(moved.error().code == ErrorCode::conflict);
  CHECK(moved.error().message.starts_with("The ledger of account 5 does not add up: "));
}

}  // namespace
}  // namespace piggy
