#include "order/import.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "loyalty/test_programme.h"
#include "order/order_book.h"

namespace piggy {
namespace {

using Lines = std::vector<OrderLine>;

OrderLine line(std::string code, std::int64_t quantity, double price) {
  return {
      .stock_code = code, .description = "A " + code, .quantity = quantity, .unit_price = price};
}

StoreOrder order(std::string number, std::string customer, Lines lines) {
  return {.number = std::move(number),
          .ordered_at = {1'600'000'000 * microseconds_per_second},
          .customer = std::move(customer),
          .lines = std::move(lines)};
}

class TestStore : public TestProgramme {
 public:
  Result<ImportOrders::Output> import(std::vector<StoreOrder> orders) {
    return run<ImportOrders>({.source = "till", .orders = std::move(orders)}, configurations);
  }

  SendOrders sender() {
    return [this](const ImportOrders::Input& chunk) {
      return run<ImportOrders>(chunk, configurations);
    };
  }

  std::int64_t balance_at(std::string_view email) {
    std::optional<ContactRow> contact;
    REQUIRE(write([&](Transaction& transaction) -> Result<> {
      contact = TRY(contact_by_email(transaction, email));
      return {};
    }));
    return contact ? balance(*contact) : -1;
  }

  std::int64_t count(std::string_view table) {
    std::int64_t rows = 0;
    std::string sql = fmt::format("SELECT count(*) FROM {} WHERE account_id = $1", table);
    REQUIRE(database().read(caller().account_id, [&](Transaction& transaction) -> Result<> {
      rows = TRY(transaction.one<std::int64_t>(sql));
      return {};
    }));
    return rows;
  }
};

TEST_CASE("an order earns once, however often it is sent") {
  TestStore store;
  StoreOrder one = order("1", "17850", {line("A", 2, 2.55), line("B", 1, 5.40)});

  auto first = store.import({one});
  auto second = store.import({one, one});

  REQUIRE(first);
  CHECK(first->orders_new == 1);
  CHECK(first->contacts_new == 1);
  CHECK(first->products_new == 2);
  CHECK(first->credits_issued == 10);
  REQUIRE(second);
  CHECK(second->orders_new == 0);
  CHECK(second->orders_known == 2);
  CHECK(second->lines_booked == 4);
  CHECK(second->contacts_new == 0);
  CHECK(store.balance_at("17850@example.com") == 10);
  CHECK(store.count("credit_reception") == 1);
  CHECK(store.count("imported_line") == 2);
  CHECK(store.count("contact_identifier") == 1);
}

TEST_CASE("a cancellation takes back what its lines earned, whatever the rules are now") {
  TestStore store;
  REQUIRE(store.import({order("1", "7", {line("A", 3, 3.34), line("B", 1, 89.98)})}));
  REQUIRE(store.balance_at("7@example.com") == 100);
  REQUIRE(store.write([&](Transaction& transaction) -> Result<> {
    Configuration now = TRY(load_configuration(transaction));
    now.rules[0].credits_per_unit = 50;
    return update_rule(transaction, now.rules[0]);
  }));

  auto part = store.import({order("C2", "7", {line("A", -1, 3.34)})});
  auto rest = store.import({order("C3", "7", {line("A", -2, 3.34), line("B", -1, 89.98)})});
  auto more = store.import({order("C4", "7", {line("A", -1, 3.34), line("Z", -1, 1)})});

  REQUIRE(part);
  CHECK(part->credits_reversed == 3);
  REQUIRE(rest);
  CHECK(rest->credits_reversed == 97);
  REQUIRE(more);
  CHECK(more->lines_booked == 0);
  REQUIRE(more->skipped.size() == 1);
  CHECK(more->skipped[0].reason == "cancels nothing on record");
  CHECK(more->skipped[0].lines == 2);
  CHECK(store.balance_at("7@example.com") == 0);
  CHECK(store.verify().problems.empty());
}

TEST_CASE("a cancellation takes from the newest order first") {
  TestStore store;
  REQUIRE(store.import({order("1", "7", {line("A", 2, 10)}), order("2", "7", {line("A", 2, 30)})}));

  auto cancelled = store.import({order("C3", "7", {line("A", -3, 30)})});

  REQUIRE(cancelled);
  CHECK(cancelled->credits_reversed == 70);
}

TEST_CASE("lines that cannot be booked are counted by reason") {
  TestStore store;
  StoreOrder guest = order("1", "", {line("A", 1, 1)});
  guest.customer.reset();

  auto output =
      store.import({guest, order("A2", "7", {line("B", 1, 11062.06)}),
                    order("3", "7",
                          {line("A", -1, 1), line("A", 1, 0), line("A", 1, -1), line("", 1, 1),
                           line("A", 2'000'000, 1), line("A", 1, 2)}),
                    order("C4", "8", {line("A", 1, 1)}), order("5", "no body", {line("A", 1, 1)})});

  REQUIRE(output);
  CHECK(output->lines_read == 10);
  CHECK(output->lines_booked == 1);
  CHECK(output->skipped.size() == 9);
  CHECK(output->credits_issued == 2);
  CHECK(output->contacts_new == 1);
}

TEST_CASE("a customer that is known by number keeps the account") {
  TestStore store;
  REQUIRE(store.import({order("1", "7", {line("A", 1, 5)})}));
  ContactRow bob = store.enrol("bob@example.com");
  REQUIRE(store.write([&](Transaction& transaction) -> Result<> {
    auto seven = TRY(contact_by_email(transaction, "7@example.com"));
    return join_contacts(transaction, *seven, bob, {move_receptions, move_imported_lines});
  }));

  auto cancelled = store.import({order("C2", "7", {line("A", -1, 5)})});

  REQUIRE(cancelled);
  CHECK(cancelled->credits_reversed == 5);
  CHECK(store.balance(bob) == 0);
  CHECK(store.verify().problems.empty());
}

TEST_CASE("a broken file is refused with every problem, and nothing is booked") {
  TestStore store;
  std::string file = std::filesystem::temp_directory_path() / "piggy_import_test.csv";
  auto written = [&](std::string_view text) {
    std::ofstream(file) << "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,"
                           "CustomerID,Country\n"
                        << text;
    return import_orders({.file = file}, store.sender());
  };

  auto broken = written(
      "1,A,Thing,two,2010-12-01 08:26:00,2.55,7.0,UK\n"
      "1,A,Thing,2,yesterday,2.55,7.0,UK\n1,A\n");
  REQUIRE(!broken);
  REQUIRE(broken.error().fields.size() == 3);
  CHECK(broken.error().fields[0].message ==
        "Line 2: Quantity must be a whole number, not \"two\".");
  CHECK(broken.error().fields[2].message == "Line 4: it has 2 columns, the first line has 8.");
  CHECK(store.count("imported_order") == 0);

  auto apart = written(
      "1,A,\"Thing, red\",2,2010-12-01 08:26:00,2.55,7.0,UK\n"
      "2,A,Thing,2,2010-12-01 08:26:00,2.55,7.0,UK\n"
      "1,B,Other,1,2010-12-01 08:26:00,1.00,7.0,UK\n");
  REQUIRE(apart);
  CHECK(apart->orders_new == 2);
  CHECK(apart->credits_issued == 11);
  CHECK(store.balance_at("7@example.com") == 11);
  std::filesystem::remove(file);
}

// The figures of the whole file, computed from it by test/real_store/check.py, which shares no code
// with the engine: python3 test/real_store/check.py online-retail.csv.xz
TEST_CASE("the Online Retail file comes to the figures computed from it independently") {
  const char* named = std::getenv("PIGGY_DATA_FILE");
  std::string file = named ? named : "../shared/data/online-retail.csv.xz";
  if (!std::filesystem::exists(file)) {
    MESSAGE("skipped: there is no " << file << "; PIGGY_DATA_FILE can name it");
    return;
  }
  TestStore store;
  auto started = std::chrono::steady_clock::now();

  auto totals = import_orders({.file = file}, store.sender());

  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  MESSAGE("imported in " << seconds.count() << " s");
  auto skipped = [&](SkipReason reason) {
    const Value stored = totals->skipped.stored();
    const Value* lines = stored.find(sentence_of(reason));
    return lines ? *lines->integer() : 0;
  };
  REQUIRE(totals);
  CHECK(totals->lines_read == 541'909);
  CHECK(totals->lines_booked == 405'454);
  CHECK(skipped(SkipReason::adjustment) == 3);
  CHECK(skipped(SkipReason::cancels_nothing) == 1'335);
  CHECK(skipped(SkipReason::no_customer) == 135'077);
  CHECK(skipped(SkipReason::no_price) == 40);
  CHECK(totals->lines_read == totals->lines_booked + totals->skipped.total());
  CHECK(totals->orders == 25'900);
  CHECK(totals->orders_new == 25'900);
  CHECK(totals->contacts_new == 4'338);
  CHECK(totals->products_new == 3'665);
  CHECK(totals->credits_issued == 8'902'670);
  CHECK(totals->credits_reversed == 514'355);
  LedgerFigures figures = store.verify();
  CHECK(figures.problems.empty());
  CHECK(figures.held == 8'388'315);
  CHECK(figures.held == totals->credits_held());

  std::int64_t receptions = store.count("credit_reception");
  auto again = import_orders({.file = file}, store.sender());
  REQUIRE(again);
  CHECK(again->orders_new == 0);
  CHECK(again->orders_known == 25'900);
  CHECK(again->lines_booked == totals->lines_booked);
  CHECK(again->skipped.total() == totals->skipped.total());
  CHECK(again->credits_issued == totals->credits_issued);
  CHECK(store.count("credit_reception") == receptions);
  CHECK(store.verify().held == figures.held);
}

}  // namespace
}  // namespace piggy
