#include "app/demo_letter.h"

#include <fmt/format.h>

#include "base/random.h"
#include "campaign/mail_event.h"
#include "contact/subscription_operations.h"

namespace piggy {
namespace {

constexpr std::uint64_t seed = 2026;

// Of a hundred mails: came back, opened by a machine, by a person, and of those by people clicked,
// unsubscribed from. About what shops see, with somewhat more clicks, since there are few.
constexpr int bounced_percent = 8;
constexpr int machine_percent = 30;
constexpr int opened_percent = 50;
constexpr int clicked_percent = 40;
constexpr int unsubscribed_percent = 10;

constexpr std::string_view link = "https://shop.example/spring";

constexpr std::string_view select_sent =
    "SELECT uuid FROM send WHERE account_id = $1 AND state = 'sent' ORDER BY id";
constexpr std::string_view count_mail_events =
    "SELECT count(*) FROM mail_event WHERE account_id = $1";

class Chance {
 public:
  bool of(int percent) {
    std::uint8_t bytes[2];
    random_.fill(bytes);
    return (bytes[0] | bytes[1] << 8) % 100 < percent;
  }

 private:
  SeededRandom random_{seed};
};

// What the recipients do with their mails.
Result<> act(Call& call) {
  Chance chance;
  Transaction& transaction = call.transaction;
  // A start that was interrupted goes on here, and what was done is done.
  if (TRY(transaction.one<std::int64_t>(count_mail_events)) > 0) return {};
  for (const Uuid& uuid : TRY(transaction.all<Uuid>(select_sent))) {
    auto send = TRY(send_by_uuid(transaction, uuid));
    ASSERT(send);
    auto note = [&](MailEventKind kind, std::string_view detail = {}) {
      return record_mail_event(transaction, *send, {.kind = kind, .detail = std::string(detail)});
    };
    if (chance.of(bounced_percent)) {
      TRY(note(MailEventKind::bounced_hard, "550 5.1.1 No such mailbox"));
      continue;
    }
    if (chance.of(machine_percent)) TRY(note(MailEventKind::opened_by_machine));
    if (!chance.of(opened_percent)) continue;
    TRY(note(MailEventKind::opened));
    if (chance.of(clicked_percent)) TRY(note(MailEventKind::clicked, link));
    if (!chance.of(unsubscribed_percent)) continue;
    ContactRow contact = TRY(contact_by_id(transaction, send->contact_id));
    SubscriptionType purpose = TRY(purpose_of(transaction, send->subscription_type_id));
    TRY(unsubscribe(call, contact, purpose));
    TRY(note(MailEventKind::unsubscribed, purpose.name));
  }
  return {};
}

Result<> schedule(DemoCalls& calls, const std::vector<std::string>& contacts) {
  std::string purpose = TRY(calls.make(
      "create_subscription_type",
      R"({"name":"Offers","description":"What is new in the shop.","strategy":"OPT_IN"})"));
  for (const std::string& contact : contacts) {
    TRY(calls.call(
        "subscribe_contact",
        fmt::format(R"({{"contact_uuid":"{}","subscription_type_uuid":"{}"}})", contact, purpose)));
  }
  std::string segment =
      TRY(calls.make("create_segment",
                     R"({"name":"With an address","conditions":{"field":"email","is":"is_set"}})"));
  std::string letter = TRY(calls.make(
      "create_mail_template",
      fmt::format(R"({{"name":"Spring honey","subject":"The first honey of spring",)"
                  R"("html":"<p>Dear {{{{ contact.firstname | default: \"friend\" }}}},</p>)"
                  R"(<p>The first jars of spring honey are here. <a href=\"{}\">Have a look</a>.)"
                  R"(</p>","subscription_type_uuid":"{}"}})",
                  link, purpose)));
  TRY(calls.engine().scheduler().run_all_due());  // Fills the segment.
  return calls.call(
      "schedule_campaign",
      fmt::format(R"({{"name":"Spring honey, to recipients who are a model","segment_uuid":"{}",)"
                  R"("subscription_type_uuid":"{}",)"
                  R"("variants":[{{"name":"A","template_uuid":"{}","weight":1}}]}})",
                  segment, purpose, letter));
}

}  // namespace

Result<> send_demo_letter(DemoCalls& calls, const std::vector<std::string>& contacts) {
  TRY(schedule(calls, contacts));
  Engine& engine = calls.engine();
  TRY(engine.scheduler().run_all_due());
  Mailer mailer(engine.database(), engine.callers(), engine.settings(),
                [](const Outgoing&) { return HandoverAnswer{.result = Handover::taken}; });
  TRY(mailer.send_all_due());
  return engine.database().write(calls.caller().account_id,
                                 [&](Transaction& transaction) -> Result<> {
                                   Call call{.transaction = transaction,
                                             .caller = calls.caller(),
                                             .settings = engine.settings(),
                                             .door = Door::command};
                                   return act(call);
                                 });
}

}  // namespace piggy
