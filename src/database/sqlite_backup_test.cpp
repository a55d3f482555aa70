#include "database/sqlite_backup.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "database/test_shop.h"

namespace piggy {
namespace {

using namespace test_shop;

// A place for a file that is not there yet, gone with what was put there.
struct FreeFile {
  explicit FreeFile(const TestDatabase& database)
      : path(database.url() + ".backup-" + std::to_string(::getpid())) {}
  ~FreeFile() { std::filesystem::remove(path); }
  std::string path;
};

bool on_sqlite(TestDatabase& database) { return database->kind() == "sqlite"; }

TEST_CASE("a backup taken while others write holds every write as a whole") {
  TestDatabase database;
  if (!on_sqlite(database)) return;
  auto shop_and_count = [](Transaction& transaction) -> Result<> {
    TRY(add_shop(transaction, std::string(2'000, 'x')));
    return add_count(transaction, transaction.next_id(), 1);
  };
  for (int i = 0; i < 4'000; i++) database->submit(1, shop_and_count, [](Result<>) {});
  FreeFile file(database);
  std::atomic<bool> done = false;
  std::jthread writing([&] {
    while (!done) REQUIRE(database->write(1, shop_and_count));
  });

  Result<> made = database->store().backup(file.path);
  done = true;
  writing.join();

  REQUIRE(made);
  auto copy = Database::open({.url = file.path});
  REQUIRE(copy);
  std::size_t copied = shops(**copy).size();
  CHECK(copied == vouchers(**copy).size());
  CHECK(copied <= shops(*database).size());
  for (const char* ending : {"-wal", "-shm", ".lock"}) {
    std::filesystem::remove(file.path + ending);
  }
}

TEST_CASE("a backup is for its owner alone, and one file") {
  TestDatabase database;
  if (!on_sqlite(database)) return;
  FreeFile file(database);

  REQUIRE(database->store().backup(file.path));

  struct stat status = {};
  REQUIRE(::stat(file.path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK_FALSE(std::filesystem::exists(file.path + "-journal"));
  CHECK_FALSE(std::filesystem::exists(file.path + "-wal"));
}

TEST_CASE("a backup does not write over a file, and a folder that is not there gets none") {
  TestDatabase database;
  if (!on_sqlite(database)) return;
  FreeFile file(database);
  REQUIRE(database->store().backup(file.path));

  CHECK(database->store().backup(file.path).error().code == ErrorCode::conflict);
  CHECK(std::filesystem::exists(file.path));
  CHECK(database->store().backup(file.path + "/not/there").error().code == ErrorCode::unavailable);
}

TEST_CASE("PostgreSQL is backed up by its own tool") {
  TestDatabase database;
  if (on_sqlite(database)) return;

  Result<> made = database->store().backup("never-made.db");

  REQUIRE_FALSE(made);
  CHECK(made.error().code == ErrorCode::invalid);
  CHECK(made.error().message.contains("pg_dump"));
}

}  // namespace
}  // namespace piggy
