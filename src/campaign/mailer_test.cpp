#include "campaign/mailer.h"

#include <algorithm>

#include "campaign/mail_event.h"
#include "campaign/mail_token.h"
#include "campaign/suppression.h"
#include "campaign/test_mail.h"

namespace piggy {
namespace {

struct PostOffice : MailShop {
  std::vector<Outgoing> taken = {};
  std::map<std::string, HandoverAnswer> answers = {};  // By address; what is not there is taken.
  Callers callers{engine.database()};
  Mailer mailer{engine.database(), callers, engine.settings,
                [this](const Outgoing& mail) -> HandoverAnswer {
                  auto answer = answers.find(mail.email.to);
                  if (answer != answers.end()) return answer->second;
                  taken.push_back(mail);
                  return {.result = Handover::taken};
                }};

  void send_all() { REQUIRE(mailer.send_all_due()); }
};

}  // namespace

TEST_CASE("what is queued is handed over once, with the headers that let one unsubscribe") {
  PostOffice office;
  QueuedSend queued = office.queue(office.contact("ann@example.com"), "k:1");
  office.send_all();
  office.send_all();
  REQUIRE(office.taken.size() == 1);
  const Outgoing& mail = office.taken[0];
  CHECK(mail.email.subject == "Hello");
  REQUIRE(mail.headers.size() == 2);
  CHECK(mail.headers[0].name == "List-Unsubscribe");
  CHECK(mail.headers[0].value.starts_with("<http://127.0.0.1:8080/m/u/"));
  CHECK(mail.headers[1].value == "List-Unsubscribe=One-Click");
  CHECK(mail.stamp.message_id.starts_with(message_name(message_of(office.engine.caller(), "k:1")) +
                                          "@"));
  CHECK(office.send(queued.uuid).state == SendState::sent);
}

TEST_CASE("consent is decided again when a message is sent") {
  PostOffice office;
  ContactRow ann = office.contact("ann@example.com");
  ContactRow bea = office.contact("bea@example.com");
  QueuedSend first = office.queue(ann, "1");
  QueuedSend second = office.queue(bea, "2");
  office.write([&](Transaction& transaction) -> Result<> {
    TRY(set_subscription(transaction, ann.id, office.news, SubscriptionStatus::UNSUBSCRIBED));
    TRY(suppress(transaction, "bea@example.com", SuppressionReason::complaint, ""));
    return {};
  });
  office.send_all();
  CHECK(office.taken.empty());
  CHECK(office.send(first.uuid).reason == "not_subscribed");
  CHECK(office.send(second.uuid).reason == "complaint");
}

TEST_CASE("one failure touches no other recipient, and each is marked with what became of it") {
  PostOffice office;
  office.answers = {{"gone@example.com", {Handover::refused_for_good, "550 5.1.1 no such user"}},
                    {"spam@example.com", {Handover::refused_for_good, "554 5.7.1 spam"}},
                    {"lost@example.com", {Handover::unknown, "lost"}}};
  QueuedSend gone = office.queue(office.contact("gone@example.com"), "1");
  QueuedSend spam = office.queue(office.contact("spam@example.com"), "2");
  QueuedSend lost = office.queue(office.contact("lost@example.com"), "3");
  QueuedSend fine = office.queue(office.contact("fine@example.com"), "4");
  office.send_all();
  CHECK(office.send(gone.uuid).reason == "hard_bounce");
  CHECK(office.send(spam.uuid).reason == "refused");
  CHECK(office.send(lost.uuid).state == SendState::unknown);
  CHECK(office.send(fine.uuid).state == SendState::sent);
  office.read([&](Transaction& transaction) -> Result<> {
    CHECK(TRY(suppression_of(transaction, "gone@example.com")).has_value());
    CHECK(!TRY(suppression_of(transaction, "spam@example.com")).has_value());
    return {};
  });
}

TEST_CASE("what is refused for now is tried again with growing pauses, and given up in the end") {
  PostOffice office;
  office.answers = {{"busy@example.com", {Handover::refused_for_now, "451 later"}}};
  QueuedSend queued = office.queue(office.contact("busy@example.com"), "1");
  std::int64_t pause_before = 0;
  for (std::int64_t i = 1; i < mail_attempts_max; i++) {
    office.send_all();
    SendRow row = office.send(queued.uuid);
    CHECK(row.state == SendState::queued);
    CHECK(row.attempts == i);
    std::int64_t pause = row.due_at - office.engine.clock().now();
    CHECK(pause > pause_before);
    pause_before = pause;
    office.engine.clock().time = row.due_at;
  }
  office.send_all();
  CHECK(office.send(queued.uuid).reason == "given_up");
}

TEST_CASE("what was being handed over when the program ended is unknown and stays unsent") {
  PostOffice office;
  QueuedSend queued = office.queue(office.contact("ann@example.com"), "1");
  office.write([&](Transaction& transaction) -> Result<> {
    TRY(transaction.run("UPDATE send SET state = 'sending' WHERE account_id = $1"));
    return {};
  });
  REQUIRE(office.mailer.take_over());
  office.send_all();
  CHECK(office.taken.empty());
  CHECK(office.send(queued.uuid).state == SendState::unknown);
}

TEST_CASE("links of a mail are signed, and a changed one is worth nothing") {
  PostOffice office;
  const Caller& caller = office.engine.caller();
  Uuid send = {{7}};
  std::string url = mail_link(caller, "", MailLink::click, send, "https://a.b/");
  std::string_view token = std::string_view(url).substr(5, url.find('?') - 5);
  auto read = read_mail_token(token);
  REQUIRE(read);
  CHECK(read->send == send);
  CHECK(is_genuine(caller, *read, MailLink::click, "https://a.b/"));
  CHECK(!is_genuine(caller, *read, MailLink::click, "https://evil.example/"));
  CHECK(!is_genuine(caller, *read, MailLink::unsubscribe, ""));
  CHECK(!is_genuine(*office.engine.other_tenant(), *read, MailLink::click, "https://a.b/"));
  CHECK(!read_mail_token(std::string(token) + "A"));
  CHECK(!read_mail_token(""));
}

TEST_CASE("the third soft bounce within a week suppresses the address") {
  PostOffice office;
  ContactRow ann = office.contact("ann@example.com");
  for (int i = 1; i <= 3; i++) {
    SendRow send = office.send(office.queue(ann, fmt::format("{}", i)).uuid);
    bool suppressed = false;
    office.write([&](Transaction& transaction) -> Result<> {
      TRY(record_mail_event(transaction, send, {MailEventKind::bounced_soft, "452 full"}));
      suppressed = TRY(suppression_of(transaction, "ann@example.com")).has_value();
      return {};
    });
    CHECK(suppressed == (i == 3));
  }
}

TEST_CASE("what looks at mails for others is told from people") {
  CHECK(is_machine(""));
  CHECK(is_machine("Mozilla/5.0"));
  CHECK(is_machine("Barracuda Sentinel (EE)"));
  CHECK(!is_machine("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"));
  // Gmail's proxy fetches a picture when a person opens the mail.
  CHECK(
      !is_machine("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com "
                  "GoogleImageProxy)"));
}

}  // namespace piggy
