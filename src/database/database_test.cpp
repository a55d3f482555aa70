#include "database/database.h"

#include <doctest/doctest.h>

#include "database/test_database.h"

namespace piggy {
namespace {

constexpr std::string_view insert_shop = R"sql(
  INSERT INTO shop (account_id, id, uuid, name, type, reference, created_at)
  VALUES ($1, $2, $3, $4, 'web', NULL, $5)
)sql";
constexpr std::string_view select_names = "SELECT name FROM shop WHERE account_id = $1 ORDER BY id";

Result<> add_shop(Transaction& transaction, std::string_view name) {
  TRY(transaction.run(insert_shop,
                      {transaction.next_id(), transaction.next_uuid(), name, transaction.now()}));
  return {};
}

std::vector<std::string> shop_names(Database& database, std::int64_t account = 1) {
  std::vector<std::string> names;
  auto read = database.read(account, [&](Transaction& transaction) -> Result<> {
    names = TRY(transaction.all<std::string>(select_names));
    return {};
  });
  REQUIRE(read);
  return names;
}

TEST_CASE("a write is visible after it returns") {
  TestDatabase database;

  auto written =
      database->write(1, [](Transaction& transaction) { return add_shop(transaction, "Corner"); });

  REQUIRE(written);
  CHECK(shop_names(*database) == std::vector<std::string>{"Corner"});
}

TEST_CASE("what was written is there after a restart") {
  TestDatabase database;
  REQUIRE(
      database->write(1, [](Transaction& transaction) { return add_shop(transaction, "Corner"); }));

  database.reopen();

  CHECK(shop_names(*database) == std::vector<std::string>{"Corner"});
}

}  // namespace
}  // namespace piggy
