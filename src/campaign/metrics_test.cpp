#include "campaign/metrics_operations.h"

#include "campaign/test_mail.h"
#include "ledger/ledger.h"
#include "shape/json.h"

namespace piggy {
namespace {

struct Day : MailShop {
  // 2026-03-29 in Amsterdam has 23 hours.
  Time noon = *parse_time("2026-03-29T12:00:00+02:00");
  Day() { engine.clock().time = noon; }

  void give(const ContactRow& contact, std::int64_t amount, TransferKind kind,
            LedgerAccountKind account) {
    write([&](Transaction& transaction) -> Result<> {
      std::int64_t programme = TRY(programme_account(transaction, account));
      TRY(transfer(transaction,
                   {.from = programme, .to = contact.id, .amount = amount, .kind = kind}));
      return {};
    });
  }

  SendRow sent(const ContactRow& contact, const std::string& key) {
    QueuedSend queued = queue(contact, key);
    write([&](Transaction& transaction) -> Result<> {
      TRY(transaction.run(
          "UPDATE send SET state = 'sent', done_at = $3 WHERE account_id = $1 AND uuid = $2",
          {queued.uuid, transaction.now()}));
      return {};
    });
    return send(queued.uuid);
  }

  void happened(const SendRow& send, MailEventKind kind, std::optional<Time> at = {}) {
    write([&](Transaction& transaction) -> Result<> {
      TRY(record_mail_event(transaction, send, {.kind = kind, .happened_at = at}));
      return {};
    });
  }
};

}  // namespace

TEST_CASE("a day's numbers are by the date of the event, with the day before beside them") {
  Day day;
  ContactRow ann = day.contact("ann@example.com");
  ContactRow bea = day.contact("bea@example.com");
  ContactRow no = day.contact("no@example.com", false);
  day.give(ann, 100, TransferKind::reception, LedgerAccountKind::issuance);
  day.give(ann, -30, TransferKind::redemption, LedgerAccountKind::redemption);
  SendRow first = day.sent(ann, "1");
  SendRow second = day.sent(bea, "2");
  day.queue(no, "3");
  day.happened(first, MailEventKind::opened);
  day.happened(first, MailEventKind::opened);
  day.happened(second, MailEventKind::opened_by_machine);
  day.happened(first, MailEventKind::clicked);
  // The next day: more credits, which must not count, and a bounce that happened the day before.
  day.engine.clock().time = day.noon + microseconds_per_day;
  day.give(ann, 7, TransferKind::reception, LedgerAccountKind::issuance);
  day.happened(second, MailEventKind::bounced_soft, day.noon + 1);

  auto summary = day.engine.run<GetDailySummary>({});
  REQUIRE(summary);
  CHECK(summary->day.date == "2026-03-29");
  CHECK(summary->day.hours == 23);
  CHECK(summary->day.mail.recipients == 2);
  CHECK(summary->day.mail.delivered == 1);
  CHECK(summary->day.mail.bounced == 1);
  CHECK(summary->day.mail.opens == 2);
  CHECK(summary->day.mail.opens_unique == 1);
  CHECK(summary->day.mail.machine_opens == 1);
  CHECK(summary->day.mail.clicks_unique == 1);
  CHECK(summary->day.mail.suppressed_by_reason[0].reason == "not_subscribed");
  CHECK(summary->day.loyalty.points_issued == 100);
  CHECK(summary->day.loyalty.points_redeemed == 30);
  CHECK(summary->day.loyalty.liability == 70);
  CHECK(summary->day.loyalty.liability_change == 70);
  CHECK(summary->day.loyalty.sign_ups == 3);
  CHECK(summary->day_before.loyalty.liability == 0);
  CHECK(summary->late.empty());
  CHECK(figures_are_in(summary->paragraph, *parse_json(to_json(*summary))));
  CHECK(summary->paragraph.contains("100 credits were issued"));

  auto next = day.engine.run<GetDailySummary>({.date = "2026-03-30"});
  REQUIRE(next);
  CHECK(next->day.loyalty.points_issued == 7);
  CHECK(next->day.loyalty.liability == 77);
  REQUIRE(next->late.size() == 1);
  CHECK(next->late[0].reason == "bounced_soft");
  CHECK(next->paragraph.contains("Learnt late of earlier days: 1 bounced soft."));
  CHECK(figures_are_in(next->paragraph, *parse_json(to_json(*next))));
}

TEST_CASE("a figure that is not in the data is found out") {
  Value facts =
      Value::object({{"opens", 1240}, {"rate", 0.2537}, {"date", "2026-03-29"}, {"change", -5}});
  CHECK(figures_are_in("On 2026-03-29, 1,240 opened (25.4%, or 25%), 5 fewer.", facts));
  CHECK(figures_are_in("Nothing at all.", facts));
  CHECK(!figures_are_in("1,241 opened.", facts));
  CHECK(!figures_are_in("26% opened.", facts));
  CHECK(!figures_are_in("124 opened.", facts));
}

TEST_CASE("metrics are of a campaign or of a span, and of no other tenant") {
  Day day;
  SendRow send = day.sent(day.contact("ann@example.com"), "1");
  CHECK(!day.engine.run<GetCampaignMetrics>({}));
  GetCampaignMetrics::Input span{.from = day.noon, .to = day.noon + 1};
  CHECK(day.engine.run<GetCampaignMetrics>(span)->mail.recipients == 1);
  CHECK(day.engine.run_as<GetCampaignMetrics>(*day.engine.other_tenant(), span)->mail.recipients ==
        0);
  CHECK(!day.engine.run<GetDailySummary>({.date = "2026-02-30"}));
}

}  // namespace piggy
