#pragma once

// A fresh database for one test, brought up to date, empty but for what the migrations insert.
//
// It is SQLite in a temporary directory, or, when the environment variable PIGGY_TEST_DATABASE
// holds a PostgreSQL URL, a schema of its own in that database, gone when the tests end. One thread
// makes them.

#include <functional>
#include <memory>
#include <string>

#include "base/random.h"
#include "base/time.h"
#include "database/database.h"

namespace piggy {

class TestDatabase {
 public:
  struct Options {
    std::size_t queue_max = 8192;
    std::size_t batch_max = 1024;
    // Puts something between the database and its store, such as faults. Called at each opening.
    std::function<std::unique_ptr<Store>(std::unique_ptr<Store>)> wrap = {};
  };

  TestDatabase() : TestDatabase(Options{}) {}
  explicit TestDatabase(Options options);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;

  Database& operator*() { return *database_; }
  Database* operator->() { return database_.get(); }

  // Closes the database and opens it again, as a restart of the program would.
  void reopen();
  void close() { database_.reset(); }

  const std::string& url() const { return url_; }

  ManualClock clock;
  SeededRandom random{1};  // The writer's; a test that wants chance takes a generator of its own.

 private:
  Options options_;
  std::string directory_;  // SQLite alone.
  std::string schema_;     // PostgreSQL alone.
  std::string url_;
  std::unique_ptr<Database> database_;
};

}  // namespace piggy
