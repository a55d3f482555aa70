#include <doctest/doctest.h>
#include <fmt/format.h>

#include "app/engine.h"
#include "remote/wire.h"
#include "shape/json.h"

// The vendor's own answers to the fourteen tools, as its documentation and captures have them
// (piggy-api-v3, sections 9 and 15): with less than ours here, more than ours there.

namespace piggy {
namespace {

#define UUID "0199c82c-c000-7009-bdbc-8ab3c6898ea3"
#define CONTACT R"({"uuid":")" UUID R"(","email":"ann@example.com"})"

struct Example {
  std::string_view tool;
  std::string_view data;
};

constexpr Example examples[] = {
    {"claim_anonymous_contact",
     R"({"id":22,"uuid":")" UUID R"(","email":"ann@example.com","attributes":[{"value":"Ann",
      "attribute":{"id":2205,"type":"text","field_type":"text","name":"firstname",
      "label":"First name","options":[],"is_piggy_defined":true,"is_soft_read_only":false,
      "is_hard_read_only":false}},{"value":"","attribute":{"id":2206,"type":"text",
      "field_type":"text","name":"lastname","label":"Last name","options":[],
      "is_piggy_defined":true,"is_soft_read_only":false,"is_hard_read_only":false}}],
      "tier":{"uuid":")" UUID R"(","name":"Gold","description":"VIP members","position":1,
      "media":null},"subscriptions":[{"is_subscribed":false,"status":"UNSUBSCRIBED",
      "subscription_type":{"name":"Marketing","description":"News","active":true,
      "strategy":"DOUBLE_OPT_IN","uuid":null,"id":1}}],"credit_balance":{"balance":1612,
      "id":2625740},"prepaid_balance":{"balance_in_cents":2000},"current_values":
      {"email":"ann@example.com","loyalty_balance":1612},"current_display_values":
      {"uuid":"","loyalty_balance":"1612"}})"},
    {"create_contact_attribute",
     R"({"id":2233,"name":"favorite_color","label":"Your Favorite Color","type":"select",
      "group_name":null,"group":{"id":140,"name":"profile","position":1},"is_piggy_defined":false,
      "is_soft_read_only":false,"is_hard_read_only":false,"field_type":null,
      "has_unique_value":false,"description":"some description","options":[{"value":"100",
      "label":"Blue","description":null,"media":null}],"position":29,
      "created_at":"2023-11-10T14:47:36+00:00","meta":[],"can_be_deleted":true,
      "last_used_date":{"date":"2023-11-09 14:52:24.000000","timezone_type":3,"timezone":"UTC"},
      "created_by_user":null})"},
    {"create_credit_reception", R"({"type":"credit_reception","uuid":")" UUID R"(","credits":12,
      "created_at":"2023-11-06T09:12:32+00:00","contact":{"uuid":")" UUID R"(",
      "email":"ann@example.com","credit_balance":{"balance":24}},"shop":{"uuid":")" UUID R"(",
      "name":"Bakery"},"contact_identifier":null,"unit":{"name":"purchase_amount",
      "label":"Purchase amount","is_default":true},"unit_value":10.4,"receipt":null})"},
    {"create_vouchers_batch", R"({"uuid":")" UUID R"(","type":"vouchers","quantity":30,
      "status":"PENDING","created_at":"2023-11-13, 09:36"})"},
    {"find_or_create_products", R"({"uuid":")" UUID R"(","external_identifier":"A-1",
      "name":"Kelp","description":null,"categories":[]})"},
    {"find_voucher_by_code", R"({"uuid":")" UUID R"(","code":"ABC","status":"ACTIVE",
      "name":"Free coffee","description":"One","expiration_date":null,"activation_date":null,
      "redeemed_at":null,"is_redeemed":false,"attributes":[],"contact":null,"promotion":{"uuid":")" UUID
                             R"(","name":"Free coffee","description":"One","voucher_limit":null,
      "limit_per_contact":null,"expiration_duration":86400,"colour":"red"}})"},
    {"get_contact_auth_token", R"("eyJpdiI6")"},
    {"get_contact_auth_token", R"({"auth_token":"eyJpdiI6"})"},
    {"get_contact_credit_balance", R"({"balance":1732})"},
    {"list_forms", R"([{"uuid":")" UUID R"(","name":"Join","status":"PUBLISHED","type":"PUBLIC",
      "url":"https://example.com/forms/1"}])"},
    {"list_perks", R"([{"uuid":")" UUID R"(","label":"Discount","name":"discount",
      "data_type":"single_select","options":[{"label":"No discount","value":"0_off",
      "default":true}]}])"},
    {"merge_contacts", "null"},
    {"merge_contacts", "[]"},
    {"send_contact_verification_email", R"({"type":"Success","message":"It has been sent."})"},
    {"update_bookings", R"({"uuid":")" UUID R"(","contact":)" CONTACT R"(,"external_id":"T-1",
      "source":null,"starts_at":"2026-05-01T19:00:00+00:00","ends_at":null,
      "created_at":"2026-04-01T19:00:00Z"})"},
    {"update_contact_identifiers",
     R"({"name":"Card","value":"CARD-1","active":true,"contact":)" CONTACT "}"}};

}  // namespace

TEST_CASE("the vendor's own answers to the fourteen tools can be read") {
  DescribedOperations all;
  for (const Example& example : examples) {
    INFO(std::string(example.tool));
    const Operation* operation = all.catalogue.find(example.tool);
    REQUIRE(operation);
    CHECK(operation->info.surface == Surface::v3);
    auto read = read_remote_answer(*operation, {}, fmt::format(R"({{"data":{}}})", example.data));
    CHECK_MESSAGE(read, read.error());
  }
}

}  // namespace piggy
