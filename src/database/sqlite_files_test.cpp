#include "database/sqlite_files.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>

namespace piggy {
namespace {

constexpr int row_count = 5'000;

class Connected {
 public:
  Connected(const std::string& file, int flags) {
    REQUIRE(sqlite3_open_v2(file.c_str(), &handle_, flags, sqlite_files()) == SQLITE_OK);
    run("PRAGMA cache_size=10");
  }
  Connected(const Connected&) = delete;
  ~Connected() { sqlite3_close(handle_); }

  void run(const std::string& sql) {
    char* wrong = nullptr;
    sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &wrong);
    REQUIRE_MESSAGE(!wrong, sql, wrong);
  }
  sqlite3* handle() { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

// Goes through the rows after one; how many hold this text.
class Scan {
 public:
  explicit Scan(Connected& reader, int after = 0) {
    std::string sql = fmt::format("SELECT text FROM page WHERE id > {} ORDER BY id", after);
    REQUIRE(sqlite3_prepare_v2(reader.handle(), sql.c_str(), -1, &scan_, nullptr) == SQLITE_OK);
  }
  Scan(const Scan&) = delete;
  ~Scan() { sqlite3_finalize(scan_); }

  int count(char letter, int rows = row_count) {
    int found = 0;
    for (int i = 0; i < rows && sqlite3_step(scan_) == SQLITE_ROW; i++) {
      std::string text(reinterpret_cast<const char*>(sqlite3_column_text(scan_, 0)));
      found += text == std::string(1'000, letter);
    }
    return found;
  }

 private:
  sqlite3_stmt* scan_ = nullptr;
};

}  // namespace

TEST_CASE("who reads from page to page sees one moment, and the next time the next one") {
  std::string folder = std::filesystem::temp_directory_path() / "piggy-files-XXXXXX";
  REQUIRE(mkdtemp(folder.data()));
  {
    Connected writer(folder + "/db", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    writer.run("PRAGMA page_size=2048; PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0");
    writer.run("CREATE TABLE page (id INTEGER PRIMARY KEY, text TEXT)");
    auto fill = [&](char letter) {
      writer.run(fmt::format(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) "
          "INSERT OR REPLACE INTO page SELECT i, '{}' FROM n",
          row_count, std::string(1'000, letter)));
      writer.run("PRAGMA wal_checkpoint(PASSIVE)");
    };
    fill('a');
    Connected reader(folder + "/db", SQLITE_OPEN_READONLY);
    {
      Scan scan(reader);
      CHECK(scan.count('a', row_count / 2) == row_count / 2);
      fill('b');
      CHECK(scan.count('a', row_count / 2) == row_count / 2);
    }
    writer.run("PRAGMA wal_checkpoint(TRUNCATE)");
    CHECK(Scan(reader).count('b') == row_count);
    // One begins where the last one ended: what that was given ahead is old.
    for (char letter : {'c', 'd', 'e'}) {
      Scan(reader).count(letter, row_count / 2);
      fill(letter);
      writer.run("PRAGMA wal_checkpoint(TRUNCATE)");
      CHECK(Scan(reader, row_count / 2).count(letter) == row_count / 2);
    }
  }
  std::filesystem::remove_all(folder);
}

}  // namespace piggy
