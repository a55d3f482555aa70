#include "database/batch.h"

#include <doctest/doctest.h>

#include "database/test_shop.h"

namespace piggy {
namespace {

using namespace test_shop;

Result<> refuse() { return fail(ErrorCode::conflict, "Refused."); }

TEST_CASE("an operation that fails after it has written harms no other, again and again") {
  TestDatabase database;
  for (int round = 0; round < 3; round++) {
    auto good = [](Transaction& t) { return add_shop(t, "good"); };
    auto bad = [](Transaction& t) -> Result<> {
      TRY(add_shop(t, "bad"));
      return refuse();
    };

    auto results = in_one_batch(*database, {good, bad, good, bad, bad, good});

    CHECK(results[0]);
    CHECK_FALSE(results[1]);
    CHECK(results[1].error().message == refuse().error().message);
    CHECK(results[2]);
    CHECK(results[5]);
  }
  CHECK(shops(*database) == Names(9, "good"));
}

// On PostgreSQL all of these are put off for what they read, and must keep their order all the
// same.
TEST_CASE("operations of one batch that read what the others write are done in their order") {
  TestDatabase database;
  REQUIRE(database->write(1, [](Transaction& t) -> Result<> {
    TRY(add_shop(t, "0"));
    TRY(add_count(t, 1, 0));
    return add_count(t, 2, 0);
  }));
  std::vector<Database::Work> works;
  for (int i = 1; i <= 40; i++) {
    works.push_back([i](Transaction& t) -> Result<> {
      auto name = TRY(t.one<std::string>("SELECT name FROM shop WHERE account_id = $1"));
      if (name != std::to_string(i - 1)) return refuse();
      TRY(count_up(t, 1 + i % 2));
      TRY(t.run("UPDATE shop SET name = $2 WHERE account_id = $1", {std::to_string(i)}));
      return {};
    });
  }

  auto results = in_one_batch(*database, works);

  for (const auto& result : results) CHECK(result);
  CHECK(shops(*database) == Names{"40"});
  CHECK(vouchers(*database) == std::vector<std::int64_t>{20, 20});
}

// What was read of a row that the operation itself had made must not be believed once the operation
// is undone, also by one that remembers that it made it.
TEST_CASE("a row that is made, read and counted up in one batch is there and counts all") {
  TestDatabase database;
  bool made = false;  // As the gate knows by heart where a persona's usage is kept.
  std::vector<Database::Work> works;
  for (int i = 0; i < 10; i++) {
    works.push_back([&made](Transaction& t) -> Result<> {
      if (made && count_up(t, 1)) return {};
      auto known = TRY(t.first<std::int64_t>(
          "SELECT id FROM promotion_count WHERE account_id = $1 AND id < $2", {2}));
      if (!known) TRY(add_count(t, 1, 0));
      made = true;
      return count_up(t, 1);
    });
  }

  for (const auto& result : in_one_batch(*database, works)) CHECK(result);

  CHECK(vouchers(*database) == std::vector<std::int64_t>{10});
}

// The same with a statement that names its table twice: INSERT INTO … DO UPDATE SET ….
TEST_CASE("operations of one batch that read and upsert one row see what the one before left") {
  TestDatabase database;
  std::vector<Database::Work> works;
  for (int i = 0; i < 40; i++) {
    works.push_back([i](Transaction& t) -> Result<> {
      auto status = TRY(t.first<std::string>(
          "SELECT status FROM subscription WHERE account_id = $1 AND contact_id = $2", {7}));
      if (status.value_or("0") != std::to_string(i)) return refuse();
      TRY(t.run(R"sql(
        INSERT INTO subscription (account_id, contact_id, subscription_type_id, status, updated_at)
        VALUES ($1, $2, 1, $3, $4)
        ON CONFLICT (account_id, contact_id, subscription_type_id)
        DO UPDATE SET status = excluded.status, updated_at = excluded.updated_at
      )sql",
                {7, std::to_string(i + 1), t.now()}));
      return {};
    });
  }
  for (const auto& result : in_one_batch(*database, works)) CHECK(result);
}

}  // namespace
}  // namespace piggy
