#include "webhook/operations.h"

#include <doctest/doctest.h>

#include "webhook/receiver.h"
#include "webhook/signature.h"
#include "webhook/test_receiver.h"

namespace piggy {

TEST_CASE("a subscription is kept as it was said, and its secret is nowhere in it") {
  TestReceiver test;
  WebhookSubscription made = test.subscribe({.name = "WordPress: vouchers",
                                             .event_type = WebhookEvent::voucher_updated,
                                             .url = "https://shop.example/wp-json/hook",
                                             .secret = "sesame"});
  CHECK(made.version == "V1");
  CHECK(made.status == WebhookStatus::ACTIVE);
  CHECK(made.properties.empty());
  auto shown = test.engine.run<GetWebhookSubscription>({.uuid = made.uuid});
  REQUIRE(shown);
  CHECK(shown->name == "WordPress: vouchers");
  CHECK(shown->url == "https://shop.example/wp-json/hook");
  auto listed = test.engine.run<ListWebhookSubscriptions>(
      {.event_type = WebhookEvent::voucher_updated, .status = WebhookStatus::ACTIVE});
  REQUIRE(listed);
  CHECK(listed->subscriptions.size() == 1);
  CHECK(test.engine.run<ListWebhookSubscriptions>({.status = WebhookStatus::INACTIVE})
            ->subscriptions.empty());
}

TEST_CASE("a change keeps what is not given, but for attributes, which contact_updated needs") {
  TestReceiver test;
  WebhookSubscription made =
      test.subscribe({.event_type = WebhookEvent::contact_updated, .attributes = {{"email"}}});
  auto refused = test.engine.run<UpdateWebhookSubscription>({.uuid = made.uuid, .name = "New"});
  REQUIRE(!refused);
  CHECK(refused.error().number == 1003);
  CHECK(refused.error().fields[0].path == "/attributes");
  auto changed = test.engine.run<UpdateWebhookSubscription>(
      {.uuid = made.uuid, .name = "New", .attributes = {{"firstname", "lastname"}}});
  REQUIRE(changed);
  CHECK(changed->name == "New");
  CHECK(changed->url == made.url);
  CHECK(changed->properties == std::vector<std::string>{"firstname", "lastname"});
}

TEST_CASE("an address must be one of https, without a user, a fragment or a space") {
  for (const char* url : {"https://example.com", "https://example.com/a?b=c&d=%20",
                          "http://127.0.0.1:8080/hook", "https://xn--bcher-kva.example/"}) {
    CHECK(may_be_told(url));
  }
  for (const char* url : {"http://example.com/", "ftp://example.com/", "example.com", "https://",
                          "https://a:b@example.com/", "https://example.com/#x",
                          "https://example.com/a b", "https://example.com/\nX: y", "file:///etc"}) {
    auto refused = may_be_told(url);
    REQUIRE(!refused);
    CHECK(refused.error().fields[0].path == "/url");
    CHECK(refused.error().fields[0].message.starts_with("The url "));
  }
}

TEST_CASE("a deleted subscription takes its secret and what waits for it along") {
  TestReceiver test;
  WebhookSubscription made = test.subscribe();
  test.contact("ann@example.com");
  REQUIRE(test.followers->catch_up());
  REQUIRE(
      test.engine.run<DeleteWebhookSubscription>({.uuid = made.uuid}, std::as_const(test.vault)));
  test.pass();
  CHECK(test.heard.empty());
  CHECK(test.engine.run<GetWebhookSubscription>({.uuid = made.uuid}).error().number == 80300);
  auto kept = test.deliveries();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].state == WebhookDeliveryState::cancelled);
  CHECK(!kept[0].subscription);
  CHECK(test.engine.run<ResendWebhookDelivery>({.delivery_uuid = kept[0].uuid}).error().code ==
        ErrorCode::conflict);
  std::int64_t secrets = -1;
  REQUIRE(test.engine.write([&](Transaction& transaction) -> Result<> {
    secrets = TRY(
        transaction.one<std::int64_t>("SELECT count(*) FROM vault_secret WHERE account_id = $1"));
    return {};
  }));
  CHECK(secrets == 0);
}

TEST_CASE("a new secret is shown once and signs what comes next") {
  TestReceiver test;
  WebhookSubscription made = test.subscribe();
  auto rotated =
      test.engine.run<RotateWebhookSecret>({.uuid = made.uuid}, std::as_const(test.vault));
  REQUIRE(rotated);
  CHECK(rotated->secret.starts_with("whsec_"));
  REQUIRE(test.engine.run<SendTestWebhook>({.uuid = made.uuid}));
  test.pass();
  REQUIRE(test.heard.size() == 1);
  CHECK(test.header(test.heard[0], "Signature") ==
        body_signature(rotated->secret, test.heard[0].body));
  CHECK(test.heard[0].body == R"({"type":"webhook_test","data":{"webhook_subscription":{"uuid":")" +
                                  to_string(made.uuid) + R"(","name":"Ours"}}})");
}

TEST_CASE("what a delivery says is shown to who may read contacts alone") {
  TestReceiver test;
  test.subscribe();
  test.contact("ann@example.com");
  test.pass();
  Caller caller = test.engine.caller();
  caller.scopes = {"webhooks:read"};
  Uuid uuid = test.deliveries()[0].uuid;
  CHECK(!test.engine.run_as<GetWebhookDelivery>(caller, {.delivery_uuid = uuid})->body);
  caller.scopes.emplace_back("contacts:read");
  CHECK(test.engine.run_as<GetWebhookDelivery>(caller, {.delivery_uuid = uuid})->body);
}

TEST_CASE("another tenant finds neither subscriptions nor deliveries") {
  TestReceiver test;
  WebhookSubscription made = test.subscribe();
  test.contact("ann@example.com");
  test.pass();
  Uuid delivery = test.deliveries()[0].uuid;
  auto other = test.engine.other_tenant();
  auto& vault = std::as_const(test.vault);
  CHECK(test.engine.run_as<ListWebhookSubscriptions>(*other, {})->subscriptions.empty());
  CHECK(test.engine.run_as<ListWebhookDeliveries>(*other, {})->deliveries.empty());
  CHECK(test.engine.run_as<GetWebhookSubscription>(*other, {.uuid = made.uuid}).error().number ==
        80300);
  CHECK(test.engine.run_as<UpdateWebhookSubscription>(*other, {.uuid = made.uuid}).error().number ==
        80300);
  CHECK(test.engine.run_as<DeleteWebhookSubscription>(*other, {.uuid = made.uuid}, vault)
            .error()
            .number == 80300);
  CHECK(
      test.engine.run_as<RotateWebhookSecret>(*other, {.uuid = made.uuid}, vault).error().number ==
      80300);
  CHECK(test.engine.run_as<SendTestWebhook>(*other, {.uuid = made.uuid}).error().number == 80300);
  CHECK(!test.engine.run_as<GetWebhookDelivery>(*other, {.delivery_uuid = delivery}));
  CHECK(!test.engine.run_as<ResendWebhookDelivery>(*other, {.delivery_uuid = delivery}));
}

}  // namespace piggy
