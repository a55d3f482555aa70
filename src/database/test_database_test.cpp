#include <fmt/format.h>
#include <libpq-fe.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "base/assert.h"
#include "database/test_database.h"

namespace piggy {
namespace {

std::string new_directory() {
  std::string name = std::filesystem::temp_directory_path() / "piggy_test_XXXXXX";
  ASSERT(mkdtemp(name.data()) != nullptr);
  return name;
}

// A file that has been brought up to date, made once per run: copying it is much faster than
// running the migrations for every test.
const std::string& sqlite_template() {
  static const std::string content = [] {
    std::string directory = new_directory();
    std::string file = directory + "/template.db";
    ASSERT(Database::open({.url = file}).has_value());
    std::ifstream in(file, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(in), {});
    std::filesystem::remove_all(directory);
    return bytes;
  }();
  return content;
}

void run_on_postgres(const char* url, const std::string& sql) {
  PGconn* connection = PQconnectdb(url);
  PGresult* result = PQexec(connection, sql.c_str());
  if (PQresultStatus(result) != PGRES_COMMAND_OK) {
    fmt::print(stderr, "PIGGY_TEST_DATABASE: {}\n", PQerrorMessage(connection));
    assertion_failed("the test database can be reached");
  }
  PQclear(result);
  PQfinish(connection);
}

const char* postgres_url() {
  const char* url = std::getenv("PIGGY_TEST_DATABASE");
  return url && *url ? url : nullptr;
}

// What a test writes need not outlive a power cut.
std::string url_of(const std::string& schema) {
  std::string_view server = postgres_url();
  return fmt::format(
      "{}{}application_name={}&options=-csearch_path%3D{}%20-csynchronous_commit%3Doff", server,
      server.contains('?') ? '&' : '?', schema, schema);
}

// Making the tables takes PostgreSQL half a second, emptying them a few milliseconds: so a schema
// is used by one test after the other. What the migrations have inserted is kept aside.
constexpr const char* keep_seeds = R"sql(
  DO $$ DECLARE name text; filled boolean; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
      EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO filled;
      IF filled THEN EXECUTE format('CREATE TABLE %I AS TABLE %I', 'seed_' || name, name); END IF;
    END LOOP;
  END $$
)sql";
constexpr const char* restore_seeds = R"sql(
  DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = current_schema() AND NOT starts_with(tablename, 'seed_') LOOP
      EXECUTE format('DELETE FROM %I', name);
      IF to_regclass('seed_' || name) IS NOT NULL THEN
        EXECUTE format('INSERT INTO %I TABLE %I', name, 'seed_' || name);
      END IF;
    END LOOP;
  END $$
)sql";

class Schemas {
 public:
  ~Schemas() {
    for (const std::string& schema : clean_) {
      run_on_postgres(url_of(schema).c_str(),
                      "SET client_min_messages = warning; DROP SCHEMA " + schema + " CASCADE");
    }
  }

  std::string take() {
    if (!clean_.empty()) {
      std::string schema = std::move(clean_.back());
      clean_.pop_back();
      return schema;
    }
    std::random_device chance;
    std::string schema = fmt::format("piggy_test_{:08x}{:08x}", chance(), chance());
    run_on_postgres(postgres_url(), "CREATE SCHEMA " + schema);
    ASSERT(Database::open({.url = url_of(schema)}).has_value());
    run_on_postgres(url_of(schema).c_str(), keep_seeds);
    return schema;
  }

  void give_back(std::string schema) {
    run_on_postgres(url_of(schema).c_str(), restore_seeds);
    clean_.push_back(std::move(schema));
  }

 private:
  std::vector<std::string> clean_;
};

Schemas& schemas() {
  static Schemas schemas;
  return schemas;
}

}  // namespace

TestDatabase::TestDatabase(Options options) : options_(std::move(options)) {
  if (postgres_url()) {
    schema_ = schemas().take();
    url_ = url_of(schema_);
  } else {
    directory_ = new_directory();
    url_ = directory_ + "/piggy.db";
    std::ofstream(url_, std::ios::binary) << sqlite_template();
  }
  reopen();
}

TestDatabase::~TestDatabase() {
  database_.reset();
  if (!directory_.empty()) std::filesystem::remove_all(directory_);
  if (!schema_.empty()) schemas().give_back(std::move(schema_));
}

void TestDatabase::reopen() {
  database_.reset();
  DatabaseOptions options{.url = url_,
                          .queue_max = options_.queue_max,
                          .batch_max = options_.batch_max,
                          .clock = &clock,
                          .random = &random};
  auto store = open_store(url_);
  ASSERT(store.has_value());
  if (options_.wrap) *store = options_.wrap(*std::move(store));
  auto opened = Database::open(options, *std::move(store));
  if (!opened) {
    fmt::print(stderr, "{}\n", opened.error().message);
    assertion_failed("the test database can be opened");
  }
  database_ = *std::move(opened);
}

}  // namespace piggy
