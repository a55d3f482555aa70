// What only PostgreSQL can do to us: lose connections, and let another process write.

#include <doctest/doctest.h>
#include <libpq-fe.h>

#include <chrono>
#include <thread>

#include "database/test_shop.h"

namespace piggy {
namespace {

using namespace test_shop;

// Ends the connections of this database as an administrator would. The schema's name is the
// application's name.
constexpr std::string_view end_others = R"sql(
  SELECT CAST(count(pg_terminate_backend(pid)) AS bigint) FROM pg_stat_activity
  WHERE application_name = current_schema() AND pid <> pg_backend_pid()
)sql";

void end_connections(Store& store) {
  auto connection = store.connect_reader();
  REQUIRE(connection);
  REQUIRE((*connection)->run(end_others, {}, nullptr));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

// Somebody else at the same database.
class Other {
 public:
  explicit Other(const std::string& url) : connection_(PQconnectdb(url.c_str())) {}
  Other(const Other&) = delete;
  ~Other() { PQfinish(connection_); }
  void run(const char* sql) {
    PGresult* result = PQexec(connection_, sql);
    CHECK(PQresultStatus(result) == PGRES_COMMAND_OK);
    PQclear(result);
  }

 private:
  PGconn* connection_;
};

bool on_postgres(Database& database) { return database.kind() == "postgresql"; }

TEST_CASE("lost connections cost no write and no read") {
  TestDatabase database;
  if (!on_postgres(*database)) return;
  REQUIRE(database->write(1, [](Transaction& t) -> Result<> {
    TRY(add_count(t, 1, 0));
    return count_up(t, 1);
  }));
  CHECK(vouchers(*database) == std::vector<std::int64_t>{1});

  end_connections(database->store());

  CHECK(vouchers(*database) == std::vector<std::int64_t>{1});
  CHECK(database->write(1, [](Transaction& t) { return count_up(t, 1); }));
  end_connections(database->store());
  auto results = in_one_batch(
      *database, std::vector<Database::Work>(5, [](Transaction& t) { return count_up(t, 1); }));
  for (const auto& result : results) CHECK(result);
  CHECK(vouchers(*database) == std::vector<std::int64_t>{7});
}

TEST_CASE("an operation whose connection is lost in its middle is done once or not at all") {
  TestDatabase database;
  if (!on_postgres(*database)) return;
  REQUIRE(database->write(1, [](Transaction& t) { return add_count(t, 1, 0); }));
  int runs = 0;

  auto written = database->write(1, [&](Transaction& t) -> Result<> {
    TRY(count_up(t, 1));
    TRY(add_shop(t, "Corner"));
    if (runs++ == 0) end_connections(database->store());
    return add_contact(t, "a@example.com");
  });

  CHECK(vouchers(*database) == std::vector<std::int64_t>{written ? 1 : 0});
  CHECK(shops(*database).size() == (written ? 1 : 0));
  CHECK(database->write(1, [](Transaction& t) { return add_shop(t, "After"); }));
}

TEST_CASE("a commit that nobody confirmed is looked up, not guessed") {
  TestDatabase database;
  if (!on_postgres(*database)) return;
  database.close();
  auto store = open_store(database.url());
  REQUIRE(store);
  auto writer = (*store)->connect_writer();
  REQUIRE(writer);
  Connection& connection = **writer;
  for (bool arrived : {false, true, false, true}) {
    REQUIRE(connection.begin(true));
    REQUIRE(connection.run("INSERT INTO migration (version) VALUES (0)", {}, nullptr));
    end_connections(**store);
    // What the server would have done, had the commit reached it before the connection broke.
    if (arrived) Other(database.url()).run("UPDATE writer_lease SET epoch = epoch + 1");

    CHECK(connection.commit().has_value() == arrived);

    if (!arrived) connection.rollback();
    REQUIRE(connection.begin(true));
    REQUIRE(connection.run("INSERT INTO migration (version) VALUES (0)", {}, nullptr));
    REQUIRE(connection.commit());
  }
  std::int64_t kept = 0;
  RowSink sink = [&](const Row& row) { kept = row.integer(0); };
  REQUIRE(connection.run("SELECT count(*) FROM migration WHERE version = 0", {}, &sink));
  CHECK(kept == 4);
}

TEST_CASE("a writer that lost its lease keeps nothing more") {
  TestDatabase database;
  if (!on_postgres(*database)) return;
  REQUIRE(database->write(1, [](Transaction& t) { return add_count(t, 1, 0); }));
  {
    // As if this process had been asleep until the lease ended and another took it.
    Other other(database.url());
    other.run("UPDATE writer_lease SET holder = 'another', epoch = epoch + 1");
  }

  auto written = database->write(1, [](Transaction& t) { return count_up(t, 1); });
  auto again = database->write(1, [](Transaction& t) { return count_up(t, 1); });

  REQUIRE_FALSE(written);
  CHECK(written.error().code == ErrorCode::unavailable);
  CHECK_FALSE(again);
  CHECK(vouchers(*database) == std::vector<std::int64_t>{0});
  Other(database.url()).run("UPDATE writer_lease SET renewed_at = 0");
}

TEST_CASE("a lease that nobody renews ends") {
  TestDatabase database;
  if (!on_postgres(*database)) return;
  database.close();
  Other admin(database.url());
  admin.run(
      "UPDATE writer_lease SET holder = 'crashed', renewed_at = CAST(extract(epoch FROM "
      "clock_timestamp()) * 1000000 AS bigint)");

  auto refused = Database::open({.url = database.url()});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(refused.error().retry_after_seconds >= 9);
  CHECK(refused.error().retry_after_seconds <= 10);

  admin.run("UPDATE writer_lease SET renewed_at = renewed_at - 10000001");
  CHECK(Database::open({.url = database.url()}));
}

}  // namespace
}  // namespace piggy
