#include "campaign/delivery_operations.h"

#include "campaign/mail_token.h"
#include "campaign/mailer.h"
#include "campaign/test_mail.h"

namespace piggy {
namespace {

// One mail that has been handed over.
struct Delivered : MailShop {
  ContactRow ann = contact("ann@example.com");
  std::string message_id = {};

  Delivered() {
    queue(ann, "k:1");
    Callers callers(engine.database());
    Mailer mailer(engine.database(), callers, engine.settings, [&](const Outgoing& mail) {
      message_id = "<" + mail.stamp.message_id + ">";
      return HandoverAnswer{.result = Handover::taken};
    });
    REQUIRE(mailer.send_all_due());
  }
};

}  // namespace

TEST_CASE("a bounce finds its mail by the Message-ID, and nothing more is sent there") {
  Delivered mail;
  auto bounced = mail.engine.run<RecordBounce>(
      {.message_id = mail.message_id, .kind = BounceSeverity::hard, .diagnostic = "550 <b>no</b>"});
  REQUIRE(bounced);
  CHECK(bounced->contact_uuid == mail.ann.uuid);
  CHECK(bounced->suppressed);
  CHECK(mail.queue(mail.ann, "k:2").reason == "hard_bounce");
  auto list = mail.engine.run<ListSuppressions>({});
  REQUIRE(list);
  REQUIRE(list->suppressions.size() == 1);
  CHECK(list->suppressions[0].note == "550 <b>no</b>");
}

TEST_CASE("a complaint suppresses at once, a soft bounce does not") {
  Delivered mail;
  auto soft =
      mail.engine.run<RecordBounce>({.message_id = mail.message_id, .kind = BounceSeverity::soft});
  REQUIRE(soft);
  CHECK(!soft->suppressed);
  auto complained = mail.engine.run<RecordComplaint>({.message_id = mail.message_id});
  REQUIRE(complained);
  CHECK(complained->suppressed);
}

TEST_CASE("the same words about a mail count once, other words again") {
  Delivered mail;
  auto report = [&](const char* words) {
    auto noted = mail.engine.run<RecordBounce>(
        {.message_id = mail.message_id, .kind = BounceSeverity::soft, .diagnostic = words});
    REQUIRE(noted);
    return noted->suppressed;
  };
  CHECK(!report("452 full"));
  CHECK(!report("452 full"));
  CHECK(!report("452 full"));
  CHECK(!report("451 busy"));
  CHECK(report("450 later"));
}

TEST_CASE("a report about no mail of this account is refused") {
  Delivered mail;
  auto other = mail.engine.other_tenant();
  CHECK(mail.engine.run_as<RecordBounce>(*other, {.message_id = mail.message_id}).error().code ==
        ErrorCode::not_found);
  CHECK(mail.engine.run<RecordBounce>({.message_id = "<x@y>"}).error().code ==
        ErrorCode::not_found);
  CHECK(mail.engine
            .run<RecordBounce>(
                {.message_id = mail.message_id, .happened_at = mail.engine.clock().now() + 1})
            .error()
            .fields[0]
            .path == "/happened_at");
}

TEST_CASE("an address is suppressed and allowed again by hand, in any case") {
  MailShop shop;
  ContactRow ann = shop.contact("ann@example.com");
  REQUIRE(shop.engine.run<AddSuppression>({.address = "Ann@Example.com"}));
  CHECK(shop.queue(ann, "1").reason == "manual");
  CHECK(shop.engine.run<RemoveSuppression>({"ann@example.com"})->was_suppressed);
  CHECK(!shop.engine.run<RemoveSuppression>({"ann@example.com"})->was_suppressed);
  CHECK(shop.queue(ann, "2").state == SendState::queued);
}

TEST_CASE("a follow-up goes to a contact once a day, and not to who did not ask for it") {
  MailShop shop;
  ContactRow ann = shop.contact("ann@example.com");
  ContactRow bea = shop.contact("bea@example.com", false);
  SendFollowUp::Input input{.contact_uuid = ann.uuid, .template_uuid = shop.hello.uuid};
  auto first = shop.engine.run<SendFollowUp>(input);
  REQUIRE(first);
  CHECK(first->state == SendState::queued);
  auto again = shop.engine.run<SendFollowUp>(input);
  CHECK(again->was_sent_today);
  CHECK(again->send_uuid == first->send_uuid);
  shop.engine.clock().time = shop.engine.clock().now() + microseconds_per_day;
  CHECK(!shop.engine.run<SendFollowUp>(input)->was_sent_today);
  input.contact_uuid = bea.uuid;
  CHECK(shop.engine.run<SendFollowUp>(input)->reason == "not_subscribed");
  CHECK(shop.engine.run_as<SendFollowUp>(*shop.engine.other_tenant(), input).error().code ==
        ErrorCode::not_found);
}

}  // namespace piggy
