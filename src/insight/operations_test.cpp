#include "insight/operations.h"

#include <algorithm>
#include <set>

#include "ledger/period.h"
#include "ledger/quarter.h"
#include "loyalty/test_programme.h"
#include "order/order_book.h"
#include "schedule/recurrence.h"
#include "tier/move.h"

namespace piggy {
namespace {

using Figures = GetLoyaltyFigures::Output;

class History : public TestProgramme {
 public:
  void at(std::string_view moment) { clock().time = *parse_time(moment); }

  Figures figures(std::string from, std::string to, PeriodKind by = PeriodKind::day) {
    auto shown = run<GetLoyaltyFigures>({.from = std::move(from), .to = std::move(to), .by = by});
    REQUIRE_MESSAGE(shown, shown.error().message);
    return *shown;
  }
  GetRepeatCohorts::Output cohorts(std::string from, std::string to) {
    auto shown = run<GetRepeatCohorts>({.from = std::move(from), .to = std::move(to)});
    REQUIRE_MESSAGE(shown, shown.error().message);
    return *shown;
  }
  GetTierFlow::Output flow(std::string from, std::string to) {
    auto shown = run<GetTierFlow>({.from = std::move(from), .to = std::move(to)});
    REQUIRE_MESSAGE(shown, shown.error().message);
    return *shown;
  }
  void read(const Database::Work& work) { REQUIRE(database().read(caller().account_id, work)); }
  const std::string& zone() const { return caller().time_zone; }
};

// Fifty days of chance, across the night in which clocks go back.
void live(History& history) {
  SeededRandom random(7);
  std::vector<ContactRow> contacts = {history.ann};
  std::vector<Uuid> receptions;
  history.at("2025-09-20T10:00:00Z");
  for (int i = 0; i < 400; i++) {
    history.clock().time =
        history.clock().time.load() +
        static_cast<std::int64_t>(random.below(360)) * 60 * microseconds_per_second;
    const ContactRow& one = contacts[random.below(contacts.size())];
    std::uint64_t what = random.below(10);
    if (what == 0) {
      contacts.push_back(history.enrol(fmt::format("c{}@example.com", i)));
    } else if (what == 1 && !receptions.empty()) {
      REQUIRE(history.reverse(receptions.back()));
      receptions.pop_back();
    } else if (what == 2) {
      REQUIRE(history.write([&](Transaction& transaction) -> Result<> {
        std::int64_t to = TRY(programme_account(transaction, LedgerAccountKind::redemption));
        TRY(transfer(transaction,
                     {.from = one.id, .to = to, .amount = 3, .kind = TransferKind::redemption}));
        return {};
      }));
    } else {
      auto given = history.give(one, 1 + static_cast<std::int64_t>(random.below(50)));
      REQUIRE(given);
      receptions.push_back(given->uuid);
    }
  }
}

}  // namespace

TEST_CASE("the figures of each day are those of the ledger's entries in it") {
  History history;
  live(history);
  Figures shown = history.figures("2025-09-15", "2025-11-10");
  std::int64_t issued = 0;
  history.read([&](Transaction& transaction) -> Result<> {
    for (const auto& period : shown.periods) {
      CAPTURE(period.date);
      LocalDay day = local_day(*parse_date(period.date), history.zone());
      LedgerPeriod ledger = TRY(ledger_period(transaction, day.begin, day.end));
      CHECK(period.figures.issued == ledger.issued);
      CHECK(period.figures.reversed == ledger.reversed);
      CHECK(period.figures.redeemed == ledger.redeemed);
      CHECK(period.figures.expired == ledger.expired);
      CHECK(period.figures.liability == ledger.liability);
      issued += ledger.issued;
    }
    return {};
  });
  CHECK(shown.periods.size() == 57);
  CHECK(issued > 0);
  CHECK(shown.total.issued == issued);
  CHECK(shown.total.liability == shown.periods.back().figures.liability);
  CHECK(history.verify().problems.empty());
}

TEST_CASE("weeks and months are told as a whole, and add up to the same") {
  History history;
  live(history);
  Figures weeks = history.figures("2025-09-17", "2025-11-10", PeriodKind::week);
  CHECK(weeks.periods.front().date == "2025-09-15");
  CHECK(weeks.periods.back().date == "2025-11-10");
  Figures months = history.figures("2025-09-30", "2025-11-01", PeriodKind::month);
  REQUIRE(months.periods.size() == 3);
  CHECK(months.periods[2].date == "2025-11-01");
  CHECK(months.total.issued == weeks.total.issued);
  CHECK(months.total.contacts_new == weeks.total.contacts_new);
  CHECK(months.total.liability == weeks.total.liability);
}

TEST_CASE("a contact is active once in a day, a week and a month, as the entries have it") {
  History history;
  live(history);
  std::vector<std::pair<std::int64_t, Time>> entries;
  history.read([&](Transaction& transaction) {
    return each_reception(
        transaction, [&](std::int64_t contact, Time at) { entries.emplace_back(contact, at); });
  });
  for (PeriodKind kind : {PeriodKind::day, PeriodKind::week, PeriodKind::month}) {
    for (const auto& period : history.figures("2025-09-01", "2025-11-30", kind).periods) {
      CAPTURE(period.date);
      std::set<std::int64_t> there;
      for (auto [contact, at] : entries) {
        std::int64_t number = period_of(kind, local_date(at, history.zone()));
        if (number == period_of(kind, *parse_date(period.date))) there.insert(contact);
      }
      CHECK(period.contacts_active == static_cast<std::int64_t>(there.size()));
    }
  }
}

TEST_CASE("a store in which the active were not kept counts them once") {
  History history;
  live(history);
  auto rows = [&] {
    std::map<std::int64_t, std::int64_t> counts;
    history.read([&](Transaction& transaction) -> Result<> {
      counts = TRY(active_contacts(transaction, PeriodKind::day, 0, 99'999));
      return {};
    });
    return counts;
  };
  auto kept = rows();
  CHECK(kept.size() > 20);
  REQUIRE(history.write([](Transaction& transaction) -> Result<> {
    TRY(transaction.run("DELETE FROM active_contacts WHERE account_id = $1"));
    return {};
  }));
  for (int time = 0; time < 2; time++) {
    REQUIRE(history.database().write(0, [](Transaction& transaction) {
      return count_active_once(transaction, each_reception);
    }));
    CHECK(rows() == kept);
  }
}

TEST_CASE("sums that are not those of the entries are found") {
  History history;
  REQUIRE(history.give(history.ann, 10));
  REQUIRE(history.verify().problems.empty());
  for (const char* change : {"issued = issued + 1", "opened = opened + 1"}) {
    CAPTURE(change);
    REQUIRE(history.write([&](Transaction& transaction) -> Result<> {
      CHECK(TRY(transaction.run(
                fmt::format("UPDATE ledger_quarter SET {} WHERE account_id = $1", change))) == 1);
      return {};
    }));
    CHECK(history.verify().problems.size() == 1);
    REQUIRE(history.write([&](Transaction& transaction) -> Result<> {
      TRY(
          transaction.run("UPDATE ledger_quarter SET issued = 10, opened = 1"
                          " WHERE account_id = $1"));
      return {};
    }));
  }
  CHECK(history.verify().problems.empty());
  REQUIRE(history.write([](Transaction& transaction) -> Result<> {
    TRY(transaction.run("DELETE FROM ledger_quarter WHERE account_id = $1"));
    return {};
  }));
  CHECK(history.verify().problems.size() == 2);
}

TEST_CASE("orders count by when they were ordered, less what was cancelled") {
  History history;
  auto order = [](std::string number, std::string_view day, double price, std::int64_t quantity) {
    return StoreOrder{.number = std::move(number),
                      .ordered_at = *parse_time(day),
                      .customer = "17850",
                      .lines = {{.line = 1,
                                 .stock_code = "A",
                                 .description = "A",
                                 .quantity = quantity,
                                 .unit_price = price}}};
  };
  history.at("2025-12-24T12:00:00Z");
  auto done = history.run<ImportOrders>(
      {.source = "till",
       .orders = {order("1", "2025-01-31T22:30:00Z", 2.5, 4),
                  order("2", "2025-01-31T23:30:00Z", 2.5, 2), order("C3", "2025-02-02", 2.5, -1),
                  order("4", "2025-03-01", 0, 1)}},
      history.configurations);
  REQUIRE_MESSAGE(done, done.error().message);
  Figures months = history.figures("2025-01-01", "2025-12-31", PeriodKind::month);
  CHECK(months.periods[0].figures.orders == 1);
  CHECK(months.periods[0].figures.revenue_in_cents == 1'000);
  CHECK(months.periods[1].figures.orders == 1);
  CHECK(months.periods[1].figures.revenue_in_cents == 250);
  CHECK(months.total.orders == 2);
  CHECK(months.periods[11].figures.issued > 0);
  auto cohorts = history.cohorts("2025-01-01", "2025-02-28").cohorts;
  REQUIRE(cohorts.size() == 2);
  CHECK(cohorts[0].contacts == 1);
  CHECK(cohorts[0].bought_again[0] == 1);
  CHECK(cohorts[1].contacts == 0);
}

TEST_CASE("a cohort is who bought first in a month, and tells who came back when") {
  History history;
  ContactRow bob = history.enrol("bob@example.com");
  ContactRow eve = history.enrol("eve@example.com");
  auto buys = [&](std::string_view day, const ContactRow& contact) {
    history.at(day);
    REQUIRE(history.earn(contact, 10));
  };
  buys("2025-01-10", history.ann);
  buys("2025-01-20", bob);
  buys("2025-01-21", bob);
  buys("2025-02-10", eve);
  buys("2025-03-10", bob);
  buys("2025-03-12", history.ann);
  buys("2025-04-12", history.ann);
  REQUIRE(history.give(eve, 5));  // A present is no purchase.
  auto shown = history.cohorts("2025-01-05", "2025-12-31").cohorts;
  REQUIRE(shown.size() == 4);
  CHECK(shown[0].month == "2025-01");
  CHECK(shown[0].contacts == 2);
  CHECK(shown[0].bought_again == std::vector<std::int64_t>{0, 2, 1});
  CHECK(shown[1].contacts == 1);
  CHECK(shown[1].bought_again == std::vector<std::int64_t>{0, 0});
  CHECK(shown[3].bought_again.empty());
  // Whoever was there before is no newcomer.
  CHECK(history.cohorts("2025-03-01", "2025-03-31").cohorts[0].contacts == 0);
}

TEST_CASE("the flow tells who entered and left a tier, and who is in it now") {
  History history;
  auto silver = history.run<CreateTier>({.name = "Silver", .credits_required = 100});
  auto gold = history.run<CreateTier>({.name = "Gold", .credits_required = 200});
  REQUIRE(gold);
  ContactRow bob = history.enrol("bob@example.com");
  history.at("2025-01-10");
  REQUIRE(history.give(history.ann, 150));
  auto more = history.give(history.ann, 100);
  REQUIRE(more);
  REQUIRE(history.give(bob, 120));
  history.at("2025-02-10");
  REQUIRE(history.reverse(more->uuid));
  auto january = history.flow("2025-01-01", "2025-01-31");
  REQUIRE(january.tiers.size() == 3);
  CHECK(january.tiers[0].tier_uuid == silver->uuid);
  CHECK(january.tiers[0].entered == 2);
  CHECK(january.tiers[0].left == 1);
  CHECK(january.tiers[0].contacts_now == 2);
  CHECK(january.tiers[1].entered == 1);
  CHECK(january.tiers[1].contacts_now == 0);
  CHECK(january.tiers[2].left == 2);
  CHECK(january.moves.size() == 2);
  auto february = history.flow("2025-02-01", "2025-02-28");
  CHECK(february.tiers[1].left == 1);
  CHECK(february.tiers[0].entered == 1);
  // Of two who become one, one is left.
  REQUIRE(history.write([&](Transaction& transaction) {
    return merge_members(transaction, bob.id, history.ann.id);
  }));
  auto now = history.flow("2025-02-01", "2025-02-28");
  CHECK(now.tiers[0].contacts_now + now.tiers[1].contacts_now == 1);
  CHECK(now.tiers[2].contacts_now == 0);
}

TEST_CASE("nothing of another tenant is in any figure") {
  History history;
  live(history);
  auto other = history.other_tenant();
  auto shown = history.run_as<GetLoyaltyFigures>(
      *other, {.from = "2025-09-01", .to = "2025-11-30", .by = PeriodKind::month});
  REQUIRE(shown);
  CHECK(shown->total.issued == 0);
  CHECK(shown->total.liability == 0);
  CHECK(shown->total.contacts_new == 0);
  CHECK(std::ranges::all_of(shown->periods,
                            [](const auto& one) { return one.contacts_active == 0; }));
}

TEST_CASE("days that are none, or too many, are refused by name") {
  History history;
  auto path = [&](std::string from, std::string to) {
    auto shown = history.run<GetLoyaltyFigures>({.from = std::move(from), .to = std::move(to)});
    REQUIRE(!shown);
    return shown.error().fields[0].path;
  };
  CHECK(path("2025-02-29", "2025-03-01") == "/from");
  CHECK(path("2025-02-01", "soon") == "/to");
  CHECK(path("2025-02-01", "2025-01-31") == "/to");
  CHECK(path("1980-01-01", "2025-01-31") == "/to");
}

TEST_CASE("numbers of periods and their first days fit each other") {
  for (const char* text : {"1970-01-01", "1999-12-31", "2024-02-29", "2026-03-29"}) {
    Date date = *parse_date(text);
    CHECK(period_begin(PeriodKind::day, period_of(PeriodKind::day, date)) == date);
    CHECK(period_begin(PeriodKind::week, period_of(PeriodKind::week, date)) <= date);
  }
  CHECK(to_text(period_begin(PeriodKind::week,
                             period_of(PeriodKind::week, *parse_date("2026-03-29")))) ==
        "2026-03-23");
  CHECK(to_text(period_begin(PeriodKind::month,
                             period_of(PeriodKind::month, *parse_date("2026-12-31")))) ==
        "2026-12-01");
}

}  // namespace piggy
