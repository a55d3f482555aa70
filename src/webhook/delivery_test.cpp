#include "webhook/delivery.h"

#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "shape/json.h"
#include "voucher/operations.h"
#include "webhook/news.h"
#include "webhook/signature.h"
#include "webhook/test_receiver.h"

namespace piggy {
namespace {

Value named(const ContactRow& contact) {
  return Value::object({{"uuid", to_string(contact.uuid)}, {"email", contact.email}});
}

Value of_contact(const ContactRow& contact) { return Value::object({{"contact", named(contact)}}); }

Value of_referral(const ContactRow& referring, const ContactRow& referred) {
  return Value::object({{"referral", Value::object({{"referring_contact", named(referring)},
                                                    {"referred_contact", named(referred)}})}});
}

Value changed(const ContactRow& contact, std::string_view attribute) {
  Value payload = of_contact(contact);
  Value names = Value::list();
  names.push(attribute);
  payload.set("changed_attributes", std::move(names));
  return payload;
}

}  // namespace

TEST_CASE("an event is one delivery for each active subscription that was there before it") {
  TestReceiver test;
  test.contact("before@example.com");
  test.subscribe({.name = "One", .secret = "s"});
  test.subscribe({.name = "Two", .url = "https://two.example/", .secret = "s"});
  test.subscribe({.name = "Asleep", .status = WebhookStatus::INACTIVE});
  test.subscribe({.name = "Other", .event_type = WebhookEvent::voucher_created});
  ContactRow ann = test.contact("ann@example.com");
  test.pass();
  test.pass();
  REQUIRE(test.heard.size() == 2);
  CHECK(test.heard[0].url == "https://example.com/hook?key=1");
  CHECK(test.heard[1].url == "https://two.example/");
  CHECK(test.heard[0].body == R"({"type":"contact_created","data":{"contact":{"uuid":")" +
                                  to_string(ann.uuid) + R"(","email":"ann@example.com"}}})");
  auto deliveries = test.deliveries();
  REQUIRE(deliveries.size() == 2);
  CHECK(deliveries[0].state == WebhookDeliveryState::delivered);
  CHECK(deliveries[0].subscription->name == "Two");
  CHECK(deliveries[0].attempts == 1);
  CHECK(deliveries[0].answer_status == 200);
  CHECK(deliveries[0].contact_uuid == ann.uuid);
}

TEST_CASE("what changed of a contact is told to who asked for that attribute") {
  TestReceiver test;
  test.subscribe(
      {.event_type = WebhookEvent::contact_updated, .attributes = {{"email", "lastname"}}});
  ContactRow ann = test.contact("ann@example.com");
  test.happens(WebhookEvent::contact_updated, changed(ann, "firstname"), ann.uuid);
  test.pass();
  CHECK(test.heard.empty());
  test.happens(WebhookEvent::contact_updated, changed(ann, "lastname"), ann.uuid);
  test.happens(WebhookEvent::contact_updated, of_contact(ann), ann.uuid);  // It was merged.
  test.pass();
  CHECK(test.heard.size() == 2);
}

TEST_CASE("a voucher is told as the wire shows one") {
  TestReceiver test;
  test.subscribe({.event_type = WebhookEvent::voucher_created});
  ContactRow ann = test.contact("ann@example.com");
  auto summer = test.engine.run<CreatePromotion>({.name = "Summer", .description = "A tenth off."});
  REQUIRE(summer);
  auto voucher = test.engine.run<CreateVoucher>(
      {.promotion_uuid = summer->uuid, .code = "HELLO", .contact_uuid = ann.uuid});
  REQUIRE(voucher);
  test.pass();
  REQUIRE(test.heard.size() == 1);
  auto body = parse_json(test.heard[0].body);
  REQUIRE(body);
  const Value* told = body->find("data")->find("voucher");
  REQUIRE(told);
  CHECK(told->text_of("uuid") == to_string(voucher->uuid));
  CHECK(told->text_of("name") == "Summer");
  CHECK(told->text_of("description") == "A tenth off.");
  CHECK(told->text_of("status") == "ACTIVE");
  CHECK(told->find("redeemed_at")->is_null());
  CHECK(told->find("is_redeemed")->boolean());
  CHECK(to_json(*told->find("contact")) == R"({"uuid":")" + to_string(ann.uuid) + R"("})");
  CHECK(told->find("promotion")->text_of("uuid") == to_string(summer->uuid));
  CHECK(test.deliveries()[0].contact_uuid == ann.uuid);
}

TEST_CASE("a body is written as PHP writes it, and signed as it is sent") {
  TestReceiver test;
  test.subscribe({.event_type = WebhookEvent::reward_updated, .secret = "whsec_test"});
  test.happens(WebhookEvent::reward_updated,
               Value::object({{"reward", Value::object({{"title", "a/b é € 🎉 \""}})}}));
  test.pass();
  REQUIRE(test.heard.size() == 1);
  const WebhookRequest& request = test.heard[0];
  CHECK(
      request.body ==
      R"({"type":"reward_updated","data":{"reward":{"title":"a\/b \u00e9 \u20ac \ud83c\udf89 \""}}})");
  CHECK(test.header(request, "Signature") == body_signature("whsec_test", request.body));
  std::string id = test.header(request, "webhook-id");
  CHECK(id == "msg_" + to_string(test.deliveries()[0].uuid));
  SecretBytes key = standard_key_in("whsec_test");
  CHECK(test.header(request, "webhook-signature") ==
        standard_signature(key.view(), id, std::stoll(test.header(request, "webhook-timestamp")),
                           request.body));
}

TEST_CASE("signatures are those of the wire's and the standard's own examples") {
  CHECK(
      body_signature(
          "whsec_test",
          R"({"type":"contact_updated","data":{"contact":{"uuid":"6e8ec5a8","email":"ann@example.com"}}})") ==
      "1fab390ffa61d9ccfd2460e14dcbcbf3c73d2b58333fbdf831424e20f520b068");
  SecretBytes key = standard_key_in("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  CHECK(standard_signature(key.view(), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                           R"({"test": 2432232314})") ==
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  CHECK(standard_key_in("no prefix").empty());
  CHECK(standard_key_in("whsec_not base64").empty());
  CHECK(standard_key_in(new_webhook_secret()).size() == 32);
}

TEST_CASE("what is refused is tried five times more, with growing pauses, and then failed") {
  TestReceiver test;
  test.subscribe();
  test.contact("ann@example.com");
  for (int i = 0; i < 6; i++) test.answers.push_back(answered(500, "Sorry"));
  test.pass();
  CHECK(test.heard.size() == 1);
  std::size_t sent = 1;
  for (std::int64_t pause : {10, 60, 300, 1'800, 7'200}) {
    test.pass(pause - 1);
    CHECK(test.heard.size() == sent);
    test.pass(1);
    CHECK(test.heard.size() == ++sent);
  }
  CHECK(test.heard.front().body == test.heard.back().body);
  CHECK(test.header(test.heard.front(), "webhook-id") ==
        test.header(test.heard.back(), "webhook-id"));
  auto failed = test.deliveries({.state = WebhookDeliveryState::failed});
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].attempts == 6);
  CHECK(failed[0].answer_status == 500);
  CHECK(failed[0].answer == "Sorry");
  CHECK(!failed[0].next_attempt_at);
  test.pass(100'000);
  CHECK(test.heard.size() == 6);
  // Until somebody asks for it.
  REQUIRE(test.engine.run<ResendWebhookDelivery>({.delivery_uuid = failed[0].uuid}));
  test.pass();
  CHECK(test.heard.size() == 7);
  CHECK(test.deliveries()[0].state == WebhookDeliveryState::delivered);
  CHECK(test.deliveries()[0].attempts == 7);
}

TEST_CASE("a receiver that fails rests and holds up nobody else") {
  TestReceiver test;
  test.subscribe({.name = "Bad"});
  test.contact("ann@example.com");
  test.contact("bea@example.com");
  test.answers = {answered(503), answered(503)};
  test.pass();
  CHECK(test.heard.size() == 1);  // The second waits as well.
  test.subscribe({.name = "Good", .url = "https://good.example/"});
  test.contact("cat@example.com");
  test.answers.push_front(answered(200));
  test.pass();
  REQUIRE(test.heard.size() == 2);
  CHECK(test.heard[1].url == "https://good.example/");
  test.pass(1);
  CHECK(test.heard.size() == 3);
  test.pass(1);
  CHECK(test.heard.size() == 3);  // It failed twice, and rests for two seconds.
  test.pass(1);
  CHECK(test.heard.size() == 4);  // Cat; the others have pauses of their own.
  test.pass(10);
  CHECK(test.deliveries({.state = WebhookDeliveryState::waiting}).empty());
}

TEST_CASE("an inactive subscription hears nothing, and what waited goes on afterwards") {
  TestReceiver test;
  WebhookSubscription subscription = test.subscribe();
  test.contact("ann@example.com");
  REQUIRE(test.followers->catch_up());
  REQUIRE(test.engine.run<UpdateWebhookSubscription>(
      {.uuid = subscription.uuid, .status = WebhookStatus::INACTIVE}));
  test.contact("bea@example.com");
  test.pass(5);
  CHECK(test.heard.empty());
  CHECK(test.engine.run<SendTestWebhook>({.uuid = subscription.uuid}).error().code ==
        ErrorCode::conflict);
  REQUIRE(test.engine.run<UpdateWebhookSubscription>(
      {.uuid = subscription.uuid, .status = WebhookStatus::ACTIVE}));
  test.pass();
  REQUIRE(test.heard.size() == 1);
  CHECK(test.heard[0].body.contains("ann@example.com"));
}

TEST_CASE("what is kept of a contact is emptied with it, also of what is under way") {
  TestReceiver test;
  test.subscribe();
  ContactRow ann = test.contact("ann@example.com");
  test.answers = {answered(500, "No ann@example.com here")};
  test.pass();
  auto kept = test.deliveries();
  REQUIRE(kept.size() == 1);
  CHECK(test.engine.run<GetWebhookDelivery>({.delivery_uuid = kept[0].uuid})->body);
  CHECK(kept[0].answer == "No ann@example.com here");
  bool forgotten = false;
  test.meanwhile = [&] {
    REQUIRE(test.engine.write(
        [&](Transaction& transaction) { return forget_webhook_deliveries(transaction, ann); }));
    forgotten = true;
  };
  test.answers = {answered(500, "Still no ann@example.com")};
  test.pass(10);
  REQUIRE(forgotten);
  test.meanwhile = {};
  auto shown = test.engine.run<GetWebhookDelivery>({.delivery_uuid = kept[0].uuid});
  REQUIRE(shown);
  CHECK(!shown->body);
  CHECK(shown->delivery.answer.empty());
  CHECK(!shown->delivery.contact_uuid);
  CHECK(shown->delivery.state == WebhookDeliveryState::cancelled);
  test.pass(100);
  CHECK(test.heard.size() == 2);
  CHECK(test.engine.run<ResendWebhookDelivery>({.delivery_uuid = kept[0].uuid}).error().code ==
        ErrorCode::conflict);
}

TEST_CASE("what tells of a contact that becomes another is forgotten with that one") {
  TestReceiver test;
  test.subscribe();
  ContactRow ann = test.contact("ann@example.com");
  ContactRow bea = test.contact("bea@example.com");
  test.pass();
  REQUIRE(test.engine.write([&](Transaction& transaction) -> Result<> {
    TRY(move_webhook_deliveries(transaction, ann, bea));
    return forget_webhook_deliveries(transaction, bea);
  }));
  for (const WebhookDelivery& delivery : test.deliveries()) {
    CHECK(!test.engine.run<GetWebhookDelivery>({.delivery_uuid = delivery.uuid})->body);
    CHECK(delivery.state == WebhookDeliveryState::delivered);
  }
}

TEST_CASE("what tells of two contacts is forgotten with either") {
  TestReceiver test;
  test.subscribe({.event_type = WebhookEvent::referral_completed});
  ContactRow ann = test.contact("ann@example.com");
  ContactRow bea = test.contact("bea@example.com");
  Value referral = of_referral(ann, bea);
  for (const ContactRow& gone : {ann, bea}) {
    test.happens(WebhookEvent::referral_completed, referral);
    test.pass();
    Uuid newest = test.deliveries()[0].uuid;
    CHECK(test.engine.run<GetWebhookDelivery>({.delivery_uuid = newest})->body);
    REQUIRE(test.engine.write(
        [&](Transaction& transaction) { return forget_webhook_deliveries(transaction, gone); }));
    CHECK(!test.engine.run<GetWebhookDelivery>({.delivery_uuid = newest})->body);
  }
}

TEST_CASE("what tells of two contacts goes with either to the one it becomes") {
  TestReceiver test;
  test.subscribe({.event_type = WebhookEvent::referral_completed});
  ContactRow ann = test.contact("ann@example.com");
  ContactRow bea = test.contact("bea@example.com");
  ContactRow cas = test.contact("cas@example.com");
  test.happens(WebhookEvent::referral_completed, of_referral(ann, bea));
  test.pass();
  Uuid told = test.deliveries()[0].uuid;
  REQUIRE(test.engine.write([&](Transaction& transaction) -> Result<> {
    TRY(move_webhook_deliveries(transaction, bea, cas));
    return forget_webhook_deliveries(transaction, bea);
  }));
  CHECK(test.engine.run<GetWebhookDelivery>({.delivery_uuid = told})->body);
  REQUIRE(test.engine.write(
      [&](Transaction& transaction) { return forget_webhook_deliveries(transaction, cas); }));
  CHECK(!test.engine.run<GetWebhookDelivery>({.delivery_uuid = told})->body);
}

TEST_CASE("each answer of a receiver is news, and so is that one is asked for again") {
  TestReceiver test;
  test.subscribe();
  test.answers = {answered(500)};
  std::int64_t seen = 0;
  auto news = [&] {
    std::vector<std::string> subjects;
    REQUIRE(test.engine.write([&](Transaction& transaction) -> Result<> {
      for (const News& one : TRY(webhook_news().after(transaction, {.after = seen, .max = 10}))) {
        CHECK(one.type == "webhook_delivery");
        subjects.push_back(one.subject);
        seen = one.id;
      }
      CHECK(seen == TRY(webhook_news().newest(transaction)));
      return {};
    }));
    return subjects;
  };
  test.contact("ann@example.com");
  CHECK(news().empty());
  test.pass();
  Uuid uuid = test.deliveries()[0].uuid;
  std::vector<std::string> once = {to_string(uuid)};
  CHECK(news() == once);
  CHECK(news().empty());
  test.pass(10);
  CHECK(test.deliveries()[0].state == WebhookDeliveryState::delivered);
  CHECK(news() == once);
  REQUIRE(test.engine.run<ResendWebhookDelivery>({.delivery_uuid = uuid}));
  CHECK(news() == once);
}

TEST_CASE("an event that was emptied is told to nobody") {
  TestReceiver test;
  test.subscribe({.event_type = WebhookEvent::tier_reached});
  test.happens(WebhookEvent::tier_reached, Value::object());
  test.pass();
  CHECK(test.deliveries().empty());
}

TEST_CASE("deliveries are kept for thirty days") {
  TestReceiver test;
  test.subscribe();
  test.contact("ann@example.com");
  test.pass();
  constexpr std::int64_t day = 86'400;
  test.pass(29 * day);
  CHECK(test.deliveries().size() == 1);
  test.pass(day + 1);
  CHECK(test.deliveries().empty());
}

TEST_CASE("many receivers are told at the same time, each by one thread") {
  TestReceiver test;
  constexpr int receivers = 5;
  std::atomic<int> busy = 0;
  std::atomic<int> most = 0;
  std::mutex mutex;
  std::map<std::string, int> now;
  std::map<std::string, int> heard;
  WebhookSender sender(test.engine.database(), test.vault, [&](const WebhookRequest& request) {
    int together = ++busy;
    {
      std::lock_guard lock(mutex);
      most = std::max<int>(most, together);
      CHECK(++now[request.url] == 1);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    std::lock_guard lock(mutex);
    now[request.url]--;
    heard[request.url]++;
    busy--;
    return WebhookAnswer{.status = 204};
  });
  for (int i = 0; i < receivers; i++) {
    test.subscribe({.url = "https://example.com/" + std::to_string(i)});
  }
  for (int i = 0; i < 20; i++) test.contact(std::to_string(i) + "@example.com");
  REQUIRE(test.followers->catch_up());
  sender.start(16);
  auto waiting = [&] { return test.deliveries({.state = WebhookDeliveryState::waiting}).size(); };
  for (int i = 0; i < 10'000 && waiting() > 0; i++) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  sender.stop();
  CHECK(waiting() == 0);
  CHECK(most <= 4);  // Of one account.
  CHECK(heard.size() == receivers);
  for (const auto& [url, count] : heard) CHECK(count == 20);
}

}  // namespace piggy
