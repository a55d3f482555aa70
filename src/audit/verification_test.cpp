#include <doctest/doctest.h>
#include <fmt/format.h>

#include "access/access.h"
#include "audit/audit.h"
#include "database/test_database.h"

namespace piggy {
namespace {

// Enough for several stretches, in two accounts whose calls lie between each other's.
constexpr std::int64_t call_count = 120'000;

class Record {
 public:
  Record() {
    write([this](Transaction& transaction) -> Result<> {
      small_ = TRY(make_account(transaction, {.name = "small", .company = "Small"})).id;
      large_ = TRY(make_account(transaction, {.name = "large", .company = "Large"})).id;
      for (std::int64_t i = 0; i < call_count; i++) {
        Transaction tenant = transaction.of(i % 10'000 ? large_ : small_);
        TRY(record_call(tenant, {.caller = caller_, .operation = "credit", .response = "{}"}));
      }
      return {};
    });
  }

  void write(const Database::Work& work) {
    Result<> written = database->write(0, work);
    REQUIRE_MESSAGE(written, written.error().message);
  }
  void run(std::string sql) {
    write([&](Transaction& transaction) -> Result<> {
      TRY(transaction.run(sql));
      return {};
    });
  }

  std::map<std::int64_t, AuditFigures> verify() {
    std::map<std::int64_t, AuditFigures> figures;
    REQUIRE(database->read(0, [&](Transaction& transaction) -> Result<> {
      figures = TRY(verify_audit(*database, transaction));
      return {};
    }));
    return figures;
  }
  std::vector<std::string> problems_of_large() { return verify()[large_].problems; }

  // In their order.
  std::vector<Uuid> uuids(std::int64_t account) {
    std::vector<Uuid> uuids;
    REQUIRE(database->read(account, [&](Transaction& transaction) -> Result<> {
      uuids = TRY(
          transaction.all<Uuid>("SELECT uuid FROM audit_call WHERE account_id = $1 ORDER BY uuid"));
      return {};
    }));
    return uuids;
  }
  std::int64_t small() const { return small_; }
  std::int64_t large() const { return large_; }

  TestDatabase database;

 private:
  Caller caller_ = {};
  std::int64_t small_ = 0;
  std::int64_t large_ = 0;
};

}  // namespace

TEST_CASE("of a record that is checked in stretches the first call that does not fit is named") {
  Record record;
  auto whole = record.verify();
  CHECK(whole[record.small()].calls == call_count / 10'000);
  CHECK(whole[record.large()].calls == call_count - call_count / 10'000);
  CHECK(whole[record.small()].problems.empty());
  CHECK(whole[record.large()].problems.empty());

  auto uuids = record.uuids(record.large());
  auto change = [&](std::size_t place, int by) {
    record.write([&](Transaction& transaction) -> Result<> {
      TRY(transaction.run("UPDATE audit_call SET price = price + $1 WHERE uuid = $2",
                          {std::int64_t{by}, uuids[place]}));
      return {};
    });
  };
  auto named = [&](std::size_t place) {
    auto problems = record.problems_of_large();
    REQUIRE(problems.size() == 1);
    CHECK_MESSAGE(problems[0].find(to_string(uuids[place])) != std::string::npos, problems[0],
                  place);
  };
  for (std::size_t place : {uuids.size() - 1, uuids.size() / 2 + 7, uuids.size() / 4, 1ul, 0ul}) {
    change(place, 1);
    named(place);
    CHECK(record.verify()[record.small()].problems.empty());
  }
  for (std::size_t place : {uuids.size() - 1, uuids.size() / 2 + 7, uuids.size() / 4, 1ul, 0ul}) {
    change(place, -1);
  }
  CHECK(record.problems_of_large().empty());
}

TEST_CASE("the calls on both sides of where two stretches meet are checked") {
  Record record;
  // So many calls make two stretches of as many ids each.
  std::vector<Uuid> around;
  REQUIRE(record.database->read(record.large(), [&](Transaction& transaction) -> Result<> {
    for (std::string_view sql : {"SELECT uuid FROM audit_call WHERE account_id = $1 AND id <= "
                                 "(SELECT max(id) FROM audit_call) / 2 ORDER BY id DESC LIMIT 2",
                                 "SELECT uuid FROM audit_call WHERE account_id = $1 AND id > "
                                 "(SELECT max(id) FROM audit_call) / 2 ORDER BY id LIMIT 2"}) {
      for (const Uuid& uuid : TRY(transaction.all<Uuid>(sql))) around.push_back(uuid);
    }
    return {};
  }));
  REQUIRE(around.size() == 4);
  for (const Uuid& uuid : around) {
    auto change = [&](std::int64_t by) {
      record.write([&](Transaction& transaction) -> Result<> {
        TRY(transaction.run("UPDATE audit_call SET price = price + $1 WHERE uuid = $2",
                            {by, uuid}));
        return {};
      });
    };
    change(1);
    auto problems = record.problems_of_large();
    REQUIRE(problems.size() == 1);
    CHECK_MESSAGE(problems[0].find(to_string(uuid)) != std::string::npos, problems[0]);
    change(-1);
  }
}

TEST_CASE("calls of any size are checked") {
  TestDatabase database;
  std::int64_t account = 0;
  // Over each bound by which calls are gathered: many small ones, few large ones, one that is huge.
  std::vector<std::size_t> sizes(300, 10);
  for (std::size_t size = 0; size < 400'000; size += 17'000) sizes.push_back(size);
  sizes.push_back(3'000'000);
  sizes.insert(sizes.end(), 200, 1'000);
  REQUIRE(database->write(0, [&](Transaction& transaction) -> Result<> {
    account = TRY(make_account(transaction, {.name = "shop", .company = "Shop"})).id;
    Transaction tenant = transaction.of(account);
    for (std::size_t size : sizes) {
      std::string response(size, 'x');
      TRY(record_call(tenant, {.caller = Caller{}, .operation = "say", .response = response}));
    }
    return {};
  }));
  auto problems = [&] {
    std::vector<std::string> problems;
    REQUIRE(database->read(0, [&](Transaction& transaction) -> Result<> {
      AuditFigures figures = TRY(verify_audit(*database, transaction))[account];
      CHECK(figures.calls == static_cast<std::int64_t>(sizes.size()));
      problems = figures.problems;
      return {};
    }));
    return problems;
  };
  CHECK(problems().empty());
  // The largest one, by its last letter.
  REQUIRE(database->write(account, [&](Transaction& transaction) -> Result<> {
    TRY(
        transaction.run("UPDATE audit_call SET response = $2 WHERE account_id = $1 AND "
                        "length(response) = 3000000",
                        {std::string(2'999'999, 'x') + "y"}));
    return {};
  }));
  REQUIRE(problems().size() == 1);
  CHECK(problems()[0].contains("(say) is not what was recorded"));
}

TEST_CASE("a call that is gone, a hash that is cut, and a head that lies are found") {
  Record record;
  auto uuids = record.uuids(record.large());
  auto at = [&](std::string_view sql, std::size_t place) {
    record.write([&](Transaction& transaction) -> Result<> {
      TRY(transaction.run(sql, {uuids[place]}));
      return {};
    });
  };
  record.run("UPDATE audit_head SET calls = calls + 1");
  CHECK(record.problems_of_large().size() == 1);
  record.run("UPDATE audit_head SET calls = calls - 1");
  CHECK(record.problems_of_large().empty());

  at("DELETE FROM audit_call WHERE uuid = $1", uuids.size() - 1);
  REQUIRE(record.problems_of_large().size() == 1);
  CHECK(record.problems_of_large()[0].find("the newest are gone") != std::string::npos);

  at("UPDATE audit_call SET hash = uuid WHERE uuid = $1", 9'000);
  REQUIRE(record.problems_of_large().size() == 1);
  CHECK(record.problems_of_large()[0].find("The call with the id ") == 0);

  at("DELETE FROM audit_call WHERE uuid = $1", 500);
  REQUIRE(record.problems_of_large().size() == 1);
  CHECK(record.problems_of_large()[0].find(to_string(uuids[501])) != std::string::npos);
}

}  // namespace piggy
