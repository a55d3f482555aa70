#include "database/database.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "database/test_shop.h"
#include "database/test_store.h"

namespace piggy {
namespace {

using namespace test_shop;

Result<> refuse() { return fail(ErrorCode::conflict, "Refused."); }

TestDatabase::Options watched(Watch& watch) {
  return {.wrap = [&watch](std::unique_ptr<Store> store) {
    return std::make_unique<WatchedStore>(std::move(store), watch);
  }};
}

TEST_CASE("a write is visible after it returns") {
  TestDatabase database;

  auto written = database->write(1, [](Transaction& t) { return add_shop(t, "Corner"); });

  REQUIRE(written);
  CHECK(shops(*database) == Names{"Corner"});
}

TEST_CASE("what was written is there after a restart") {
  TestDatabase database;
  REQUIRE(database->write(1, [](Transaction& t) { return add_shop(t, "Corner"); }));

  database.reopen();

  CHECK(shops(*database) == Names{"Corner"});
}

TEST_CASE("$1 is the account, and another account sees nothing of it") {
  TestDatabase database;
  REQUIRE(database->write(7, [](Transaction& t) { return add_shop(t, "Corner"); }));

  CHECK(shops(*database, 7) == Names{"Corner"});
  CHECK(shops(*database, 8).empty());
}

TEST_CASE("a failed operation leaves nothing, and others of its batch are kept") {
  TestDatabase database;
  std::uint64_t batches = database->counters().batches;

  auto results = in_one_batch(
      *database, {
                     [](Transaction& t) { return add_shop(t, "First"); },
                     [](Transaction& t) -> Result<> {
                       TRY(add_shop(t, "Second"));
                       TRY(add_contact(t, "second@example.com"));
                       return refuse();
                     },
                     [](Transaction& t) { return add_contact(t, "third@example.com"); },
                 });

  CHECK(results[0]);
  CHECK(results[1].error().message == "Refused.");
  CHECK(results[2]);
  CHECK(shops(*database) == Names{"First"});
  CHECK(emails(*database) == Names{"third@example.com"});
  CHECK(database->counters().batches == batches + 2);  // One of them only held the writer.
}

TEST_CASE("a discarded operation leaves nothing, though it succeeds") {
  TestDatabase database;
  REQUIRE(database->write(1, [](Transaction& t) { return add_count(t, 1, 10); }));

  auto tried = database->write(1, [](Transaction& t) -> Result<> {
    TRY(add_shop(t, "Corner"));
    TRY(add_contact(t, "a@example.com"));
    TRY(count_up(t, 1));
    t.discard();
    return {};
  });

  CHECK(tried);
  CHECK(shops(*database).empty());
  CHECK(emails(*database).empty());
  CHECK(vouchers(*database) == std::vector<std::int64_t>{10});
}

TEST_CASE("a discarded operation still tells what would be refused") {
  TestDatabase database;
  REQUIRE(database->write(1, [](Transaction& t) { return add_contact(t, "a@example.com"); }));

  auto tried = database->write(1, [](Transaction& t) -> Result<> {
    TRY(add_contact(t, "a@example.com"));
    t.discard();
    return {};
  });

  REQUIRE_FALSE(tried);
  CHECK(tried.error().code == ErrorCode::conflict);
}

TEST_CASE("an operation sees what it and earlier ones of its batch have appended") {
  TestDatabase database;
  auto count = [](Transaction& t) {
    return t.one<std::int64_t>("SELECT count(*) FROM contact WHERE account_id = $1");
  };
  std::int64_t seen_first = 0;
  std::int64_t seen_second = 0;

  auto results =
      in_one_batch(*database, {
                                  [&](Transaction& t) -> Result<> {
                                    TRY(add_contact(t, "a@example.com"));
                                    seen_first = TRY(count(t));
                                    return {};
                                  },
                                  [](Transaction& t) { return add_contact(t, "b@example.com"); },
                                  [&](Transaction& t) -> Result<> {
                                    seen_second = TRY(count(t));
                                    return {};
                                  },
                              });

  for (const auto& result : results) CHECK(result);
  CHECK(seen_first == 1);
  CHECK(seen_second == 2);
}

// The rows of the first two have to be sent inside the third one's savepoint, and again after it.
TEST_CASE("what was appended before survives an operation that looked at it and failed") {
  TestDatabase database;
  std::int64_t seen = 0;

  auto results = in_one_batch(
      *database,
      {
          [](Transaction& t) { return add_contact(t, "a@example.com"); },
          [](Transaction& t) { return add_contact(t, "b@example.com"); },
          [&](Transaction& t) -> Result<> {
            TRY(add_shop(t, "Corner"));
            TRY(add_contact(t, "c@example.com"));
            seen = TRY(t.one<std::int64_t>("SELECT count(*) FROM contact WHERE account_id = $1"));
            TRY(add_contact(t, "d@example.com"));
            return refuse();
          },
          [](Transaction& t) { return add_contact(t, "e@example.com"); },
          [](Transaction& t) -> Result<> {
            TRY(add_contact(t, "f@example.com"));
            return refuse();
          },
      });

  CHECK(results[3]);
  CHECK(seen == 3);
  CHECK(emails(*database) == Names{"a@example.com", "b@example.com", "e@example.com"});
  CHECK(shops(*database).empty());
}

TEST_CASE("a unique key that is broken fails only the operation that breaks it") {
  TestDatabase database;
  REQUIRE(database->write(1, [](Transaction& t) -> Result<> {
    TRY(add_contact(t, "taken@example.com"));
    return add_count(t, 1, 0);
  }));

  auto results = in_one_batch(*database, {
                                             [](Transaction& t) -> Result<> {
                                               TRY(count_up(t, 1));
                                               return add_contact(t, "a@example.com");
                                             },
                                             [](Transaction& t) -> Result<> {
                                               TRY(count_up(t, 1));
                                               return add_contact(t, "taken@example.com");
                                             },
                                             [](Transaction& t) -> Result<> {
                                               TRY(count_up(t, 1));
                                               return add_shop(t, "Corner");
                                             },
                                             [](Transaction& t) { return add_count(t, 1, 0); },
                                             [](Transaction& t) { return count_up(t, 1); },
                                         });

  CHECK(results[0]);
  REQUIRE_FALSE(results[1]);
  CHECK(results[1].error().code == ErrorCode::conflict);
  CHECK(results[1].error().message == "This exists already.");
  CHECK(results[2]);
  REQUIRE_FALSE(results[3]);
  CHECK(results[3].error().code == ErrorCode::conflict);
  CHECK(results[4]);
  CHECK(emails(*database) == Names{"taken@example.com", "a@example.com"});
  CHECK(shops(*database) == Names{"Corner"});
  CHECK(vouchers(*database) == std::vector<std::int64_t>{3});
}

TEST_CASE("a statement that failed fails its operation, even if it looks away") {
  TestDatabase database;
  REQUIRE(database->write(1, [](Transaction& t) { return add_count(t, 1, 0); }));

  auto written = database->write(1, [](Transaction& t) -> Result<> {
    TRY(add_shop(t, "Corner"));
    CHECK_FALSE(add_count(t, 1, 0));
    CHECK_FALSE(add_shop(t, "After"));
    return {};
  });

  REQUIRE_FALSE(written);
  CHECK(written.error().code == ErrorCode::conflict);
  CHECK(shops(*database).empty());
}

TEST_CASE("an operation may say in its own words what failed") {
  TestDatabase database;
  REQUIRE(database->write(1, [](Transaction& t) { return add_count(t, 1, 0); }));

  auto written = database->write(
      1, [](Transaction& t) -> Result<> { return add_count(t, 1, 0) ? Result<>() : refuse(); });

  REQUIRE_FALSE(written);
  CHECK(written.error().message == "Refused.");
}

TEST_CASE("a hot row is written once per batch") {
  Watch watch;
  TestDatabase database(watched(watch));
  REQUIRE(database->write(1, [](Transaction& t) { return add_count(t, 1, 0); }));

  in_one_batch(*database,
               std::vector<Database::Work>(20, [](Transaction& t) { return count_up(t, 1); }));

  CHECK(watch.rows_updated == 1);
  CHECK(vouchers(*database) == std::vector<std::int64_t>{20});
}

TEST_CASE("a hot row is as before after an operation that failed") {
  TestDatabase database;
  REQUIRE(database->write(1, [](Transaction& t) { return add_count(t, 1, 10); }));
  auto fail_after = [](Transaction& t) -> Result<> {
    TRY(count_up(t, 1));
    TRY(count_up(t, 1));
    return refuse();
  };

  CHECK_FALSE(database->write(1, fail_after));
  CHECK(vouchers(*database) == std::vector<std::int64_t>{10});
  in_one_batch(*database, {[](Transaction& t) { return count_up(t, 1); }, fail_after,
                           [](Transaction& t) { return count_up(t, 1); }, fail_after});
  CHECK(vouchers(*database) == std::vector<std::int64_t>{12});
}

TEST_CASE("a hot row that a failed operation has made is gone with it") {
  TestDatabase database;
  auto make = [](std::int64_t vouchers) {
    return [vouchers](Transaction& t) -> Result<> {
      TRY(add_count(t, 1, vouchers));
      return count_up(t, 1);
    };
  };

  auto results = in_one_batch(*database, {
                                             [&](Transaction& t) -> Result<> {
                                               TRY(make(100)(t));
                                               return refuse();
                                             },
                                             [](Transaction& t) { return count_up(t, 1); },
                                             make(200),
                                             [](Transaction& t) { return count_up(t, 1); },
                                         });

  REQUIRE_FALSE(results[1]);
  CHECK(results[1].error().code == ErrorCode::not_found);
  CHECK(vouchers(*database) == std::vector<std::int64_t>{202});
}

TEST_CASE("a table can be appended to and hot") {
  TestDatabase database;
  constexpr AppendTable table = {.name = "promotion_count",
                                 .columns = "account_id bigint, id bigint, vouchers bigint"};

  auto written = database->write(1, [&](Transaction& t) -> Result<> {
    TRY(t.append(table, {5, 40}));
    TRY(t.append(table, {6, 50}));
    return count_up(t, 5);
  });

  REQUIRE(written);
  CHECK(vouchers(*database) == std::vector<std::int64_t>{41, 50});
}

TEST_CASE("ids and uuids only grow, also over a restart and a clock that is set back") {
  TestDatabase database;
  std::vector<std::int64_t> ids;
  std::vector<Uuid> uuids;
  auto take = [&] {
    REQUIRE(database->write(1, [&](Transaction& t) -> Result<> {
      for (int i = 0; i < 5000; i++) {
        ids.push_back(t.next_id());
        uuids.push_back(t.next_uuid());
      }
      return {};
    }));
  };

  take();
  database.reopen();
  take();
  CHECK_FALSE(database->write(1, [&](Transaction& t) -> Result<> {
    ids.push_back(t.next_id());
    uuids.push_back(t.next_uuid());
    return refuse();
  }));
  database.clock.time = database.clock.time + -3600 * microseconds_per_second;
  database.reopen();
  take();

  for (std::size_t i = 1; i < ids.size(); i++) {
    REQUIRE(ids[i - 1] < ids[i]);
    REQUIRE(uuids[i - 1] < uuids[i]);
  }
}

TEST_CASE("a read sees one moment, whatever is written meanwhile") {
  TestDatabase database;
  REQUIRE(database->write(1, [](Transaction& t) { return add_shop(t, "First"); }));
  constexpr std::string_view count = "SELECT count(*) FROM shop WHERE account_id = $1";
  std::int64_t before = 0;
  std::int64_t after = 0;

  auto read = database->read(1, [&](Transaction& t) -> Result<> {
    before = TRY(t.one<std::int64_t>(count));
    std::jthread([&] {
      CHECK(database->write(1, [](Transaction& w) { return add_shop(w, "Second"); }));
    }).join();
    after = TRY(t.one<std::int64_t>(count));
    return {};
  });

  REQUIRE(read);
  CHECK(before == 1);
  CHECK(after == 1);
  CHECK(shops(*database).size() == 2);
}

TEST_CASE("a read sees what was acknowledged before it, though views are kept open") {
  TestDatabase database;
  for (int i = 0; i < 50; i++) {
    REQUIRE(database->write(1, [&](Transaction& t) { return add_shop(t, std::to_string(i)); }));
    CHECK(shops(*database).size() == static_cast<std::size_t>(i + 1));
    CHECK(shops(*database).size() == static_cast<std::size_t>(i + 1));
  }
}

TEST_CASE("a full queue refuses at once, and takes again when there is room") {
  TestDatabase database({.queue_max = 3});
  std::vector<Result<>> results;
  {
    HeldWriter writer(*database);
    for (int i = 0; i < 4; i++) {
      if (i == 3) {
        std::optional<Result<>> answer;
        database->submit(
            1, [](Transaction&) -> Result<> { return {}; },
            [&](Result<> result) { answer = result; });
        REQUIRE(answer.has_value());
        REQUIRE_FALSE(*answer);
        CHECK(answer->error().code == ErrorCode::unavailable);
        CHECK(answer->error().retry_after_seconds == 1);
      } else {
        writer.submit([](Transaction& t) { return add_shop(t, "Corner"); });
      }
    }
    results = writer.let_go();
  }
  for (const auto& result : results) CHECK(result);
  CHECK(database->write(1, [](Transaction& t) { return add_shop(t, "Corner"); }));
  CHECK(shops(*database).size() == 4);
}

struct Product {
  std::string external_identifier = {};
  std::string name = {};
  std::optional<std::string> description = {};
  bool operator==(const Product&) const = default;
};

TEST_CASE("text, bytes, numbers and what is missing come back as they were given") {
  TestDatabase database;
  constexpr AppendTable products = {
      .name = "product",
      .columns =
          "account_id bigint, id bigint, uuid bytea, external_identifier text, name text,"
          " description text, created_at bigint, updated_at bigint"};
  constexpr std::string_view insert = R"sql(
    INSERT INTO product
      (account_id, id, uuid, external_identifier, name, description, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
  )sql";
  std::vector<Product> given = {
      {.external_identifier = "1", .name = "", .description = std::nullopt},
      {.external_identifier = "2", .name = "ünï \"c\\{ö}, NULL", .description = "NULL"},
      {.external_identifier = "3", .name = "'; --", .description = ""},
      {.external_identifier = "4", .name = std::string(100'000, 'x'), .description = std::nullopt},
  };
  for (bool appended : {true, false}) {
    REQUIRE(database->write(appended ? 1 : 2, [&](Transaction& t) -> Result<> {
      for (const Product& product : given) {
        Uuid uuid = t.next_uuid();
        if (appended) {
          TRY(t.append(products, {t.next_id(), uuid, product.external_identifier, product.name,
                                  product.description, t.now(), t.now()}));
        } else {
          TRY(t.run(insert, {t.next_id(), uuid, product.external_identifier, product.name,
                             product.description, t.now()}));
        }
      }
      return {};
    }));
    CHECK(read_all<Product>(*database,
                            "SELECT external_identifier, name, description FROM product "
                            "WHERE account_id = $1 ORDER BY id",
                            appended ? 1 : 2) == given);
  }
}

TEST_CASE("a whole number goes into a column of fractions, and a fraction after it") {
  TestDatabase database;
  constexpr std::string_view insert = R"sql(
    INSERT INTO tier (account_id, id, uuid, name, description, position, media, credits_required,
                      multiplier, created_at)
    VALUES ($1, $2, $3, 'Gold', $4, 1, $4, 100, $5, 0)
  )sql";

  REQUIRE(database->write(1, [&](Transaction& t) -> Result<> {
    TRY(t.run(insert, {t.next_id(), t.next_uuid(), std::nullopt, 2}));
    TRY(t.run(insert, {t.next_id(), t.next_uuid(), "text", 1.25}));
    TRY(t.run(insert, {t.next_id(), t.next_uuid(), std::nullopt, 3}));
    return {};
  }));

  CHECK(read_all<double>(*database,
                         "SELECT multiplier FROM tier WHERE account_id = $1 ORDER BY id") ==
        std::vector<double>{2, 1.25, 3});
}

TEST_CASE("a NULL may stand where nothing says what it would be") {
  TestDatabase database;
  REQUIRE(database->write(1, [](Transaction& t) { return add_shop(t, "Corner"); }));
  constexpr std::string_view select = R"sql(
    SELECT name FROM shop WHERE account_id = $1 AND ($2 IS NULL OR id > $3)
  )sql";
  auto found = [&](std::optional<std::int64_t> flag, std::optional<std::int64_t> above) {
    std::size_t count = 0;
    REQUIRE(database->read(1, [&](Transaction& t) -> Result<> {
      count = TRY(t.all<std::string>(select, {flag, above})).size();
      return {};
    }));
    return count;
  };

  CHECK(found(std::nullopt, std::nullopt) == 1);
  CHECK(found(1, std::nullopt) == 0);
  CHECK(found(1, 3) == 1);
  CHECK(found(1, 5'000'000'000) == 0);
  REQUIRE(database->write(1, [&](Transaction& t) -> Result<> {
    TRY(add_shop(t, "Second"));
    TRY(t.all<std::string>("SELECT name FROM shop WHERE $1 = 1 AND $2 IS NULL", {std::nullopt}));
    return {};
  }));
  CHECK(shops(*database).size() == 2);
}

TEST_CASE("thousands of different statements do no harm") {
  TestDatabase database;
  auto look = [](int from) {
    return [from](Transaction& t) -> Result<> {
      for (int i = from; i < from + 1100; i++) {
        TRY(t.all<std::string>(
            fmt::format("SELECT name FROM shop WHERE account_id = $1 AND id = {}", i)));
      }
      return {};
    };
  };
  for (int round = 0; round < 2; round++) {
    CHECK(database->read(1, look(round * 1100)));
    CHECK(database->write(1, look(round * 1100)));
  }
  CHECK(database->write(1, [](Transaction& t) { return add_shop(t, "Corner"); }));
  CHECK(shops(*database) == Names{"Corner"});
}

TEST_CASE("text with a zero byte is refused on every store") {
  TestDatabase database;

  auto written =
      database->write(1, [](Transaction& t) { return add_shop(t, std::string_view("a\0b", 3)); });

  REQUIRE_FALSE(written);
  CHECK(written.error().code == ErrorCode::invalid);
}

TEST_CASE("only one process writes a database") {
  TestDatabase database;

  auto second = Database::open({.url = database.url()});

  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::conflict);
  CHECK(second.error().message.contains("Another piggy process"));
}

// All or nothing, whatever fails: what an operation did is there exactly if it was told so.
TEST_CASE("a fault at any call of a batch leaves whole operations only") {
  Watch watch;
  TestDatabase database(watched(watch));
  REQUIRE(database->write(1, [](Transaction& t) { return add_count(t, 1, 0); }));
  std::int64_t done = 0;
  bool fault_met = true;
  for (int call = 1; fault_met; call++) {
    REQUIRE(call < 1000);
    auto operation = [&](std::string name, bool refused) {
      return [=](Transaction& t) -> Result<> {
        TRY(count_up(t, 1));
        TRY(add_contact(t, name));
        TRY(add_shop(t, name));
        TRY(t.all<std::string>("SELECT email FROM contact WHERE account_id = $1"));
        TRY(add_contact(t, name + "/second"));
        return refused ? refuse() : Result<>();
      };
    };
    HeldWriter writer(*database);
    for (int i = 0; i < 4; i++) writer.submit(operation(fmt::format("{}/{}", call, i), i == 1));
    watch.arm(call);
    auto results = writer.let_go();
    fault_met = watch.calls >= call;
    watch.arm(0);

    Names kept = shops(*database);
    Names contacts_kept = emails(*database);
    for (int i = 0; i < 4; i++) {
      if (results[i]) done++;
      std::string name = fmt::format("{}/{}", call, i);
      CHECK(std::ranges::count(kept, name) == (results[i] ? 1 : 0));
      CHECK(std::ranges::count(contacts_kept, name) == (results[i] ? 1 : 0));
      CHECK(std::ranges::count(contacts_kept, name + "/second") == (results[i] ? 1 : 0));
    }
    CHECK(vouchers(*database) == std::vector<std::int64_t>{done});
  }
  CHECK(done > 0);
}

TEST_CASE("many threads on a few hot rows lose nothing") {
  TestDatabase database;
  constexpr int threads = 8;
  constexpr int writes = 500;
  constexpr int rows = 10;
  REQUIRE(database->write(1, [](Transaction& t) -> Result<> {
    for (int row = 1; row <= rows; row++) TRY(add_count(t, row, 0));
    return {};
  }));
  std::atomic<std::int64_t> done = 0;
  {
    std::vector<std::jthread> writers;
    for (int thread = 0; thread < threads; thread++) {
      writers.emplace_back([&, thread] {
        for (int i = 0; i < writes; i++) {
          auto written = database->write(1, [&](Transaction& t) -> Result<> {
            TRY(count_up(t, 1 + (thread * 7 + i) % rows));
            TRY(add_contact(t, fmt::format("{}-{}@example.com", thread, i)));
            return i % 10 == 9 ? refuse() : Result<>();
          });
          if (written) done++;
        }
      });
    }
  }
  std::int64_t sum = 0;
  for (std::int64_t count : vouchers(*database)) sum += count;
  CHECK(done == threads * writes * 9 / 10);
  CHECK(sum == done);
  CHECK(static_cast<std::int64_t>(emails(*database).size()) == done);
}

}  // namespace
}  // namespace piggy
