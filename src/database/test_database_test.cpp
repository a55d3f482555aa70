#include <fmt/format.h>
#include <libpq-fe.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

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

}  // namespace

TestDatabase::TestDatabase(Options options) : options_(std::move(options)) {
  if (const char* server = postgres_url()) {
    std::random_device chance;
    schema_ = fmt::format("piggy_test_{:08x}{:08x}", chance(), chance());
    run_on_postgres(server, "SET synchronous_commit = off; CREATE SCHEMA " + schema_);
    // What a test writes need not outlive a power cut.
    url_ = fmt::format(
        "{}{}application_name={}&options=-csearch_path%3D{}%20-csynchronous_commit%3Doff", server,
        std::string_view(server).contains('?') ? '&' : '?', schema_, schema_);
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
  if (!schema_.empty()) {
    run_on_postgres(postgres_url(),
                    "SET client_min_messages = warning; DROP SCHEMA " + schema_ + " CASCADE");
  }
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
