#include "campaign/send.h"

#include "campaign/suppression.h"
#include "campaign/test_mail.h"

namespace piggy {

TEST_CASE("a message with the same key is queued once") {
  MailShop shop;
  ContactRow ann = shop.contact("ann@example.com");
  QueuedSend first = shop.queue(ann, "a:1");
  CHECK(first.state == SendState::queued);
  CHECK(!first.was_there);
  QueuedSend second = shop.queue(ann, "a:1");
  CHECK(second.was_there);
  CHECK(second.uuid == first.uuid);
  CHECK(shop.send(first.uuid).subscription_type_id == shop.news.id);
}

TEST_CASE("who may not get a message has a suppressed one that says why") {
  MailShop shop;
  CHECK(shop.queue(shop.contact("no@example.com", false), "1").reason == "not_subscribed");
  ContactRow pending = shop.contact("pending@example.com");
  ContactRow bounced = shop.contact("Bounced@Example.com");
  ContactRow card = {};
  shop.write([&](Transaction& transaction) -> Result<> {
    TRY(set_subscription(transaction, pending.id, shop.news,
                         SubscriptionStatus::PENDING_CONFIRMATION));
    TRY(suppress(transaction, "BOUNCED@example.com", SuppressionReason::hard_bounce, ""));
    card = TRY(make_contact(transaction, {.is_anonymous = true}));
    return {};
  });
  CHECK(shop.queue(pending, "2").reason == "not_confirmed");
  QueuedSend queued = shop.queue(bounced, "3");
  CHECK(queued.reason == "hard_bounce");
  CHECK(queued.state == SendState::suppressed);
  CHECK(shop.send(queued.uuid).done_at.has_value());
  CHECK(shop.queue(card, "4").reason == "anonymous");
}

TEST_CASE("what waits can be taken back, of one source or of all") {
  MailShop shop;
  ContactRow ann = shop.contact("ann@example.com");
  Uuid source = {{1}};
  QueuedSend one = shop.queue(ann, "1", source);
  QueuedSend other = shop.queue(ann, "2");
  std::int64_t cancelled = 0;
  shop.write([&](Transaction& transaction) -> Result<> {
    cancelled = TRY(cancel_sends(transaction, ann.id, source));
    return {};
  });
  CHECK(cancelled == 1);
  CHECK(shop.send(one.uuid).state == SendState::cancelled);
  CHECK(shop.send(other.uuid).state == SendState::queued);
  shop.write([&](Transaction& transaction) -> Result<> {
    cancelled = TRY(cancel_sends(transaction, ann.id, {}));
    return {};
  });
  CHECK(cancelled == 1);
}

TEST_CASE("an address that was erased stays suppressed and is no longer known") {
  MailShop shop;
  ContactRow ann = shop.contact("ann@example.com");
  QueuedSend waiting = shop.queue(ann, "1");
  shop.write([&](Transaction& transaction) { return forget_sends(transaction, ann); });
  CHECK(shop.send(waiting.uuid).reason == "deleted");
  shop.read([&](Transaction& transaction) -> Result<> {
    auto row = TRY(suppression_of(transaction, "ann@example.com"));
    REQUIRE(row);
    CHECK(row->reason == SuppressionReason::erased);
    CHECK(row->address.empty());
    return {};
  });
}

TEST_CASE("a message needs a purpose, of its own or of its template") {
  MailShop shop;
  ContactRow ann = shop.contact("ann@example.com");
  MailTemplateRow bare = shop.make_template({.name = "Bare", .subject = "x", .html = "x"});
  Result<> refused = shop.engine.write([&](Transaction& transaction) -> Result<> {
    TRY(queue_send(transaction, {.contact_id = ann.id, .template_id = bare.id, .key = "1"}));
    return {};
  });
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::invalid);
}

}  // namespace piggy
