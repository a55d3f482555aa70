#include "activity/operations.h"

#include "loyalty/test_programme.h"

namespace piggy {

TEST_CASE("what a contact did is listed, the newest first and page by page") {
  TestProgramme shop;
  for (ActivityKind kind :
       {ActivityKind::form_submitted, ActivityKind::mail_opened, ActivityKind::mail_clicked}) {
    REQUIRE(shop.write([&](Transaction& transaction) {
      return record_activity(transaction, shop.ann,
                             {.kind = kind, .detail = "https://bee.example"});
    }));
  }
  auto first = shop.run<ListContactActivity>({.contact_uuid = shop.ann.uuid, .limit = 2});
  REQUIRE(first);
  REQUIRE(first->activities.size() == 2);
  CHECK(first->activities[0].kind == ActivityKind::mail_clicked);
  CHECK(first->activities[0].detail == "https://bee.example");
  auto rest = shop.run<ListContactActivity>(
      {.contact_uuid = shop.ann.uuid, .before = first->activities[1].id});
  REQUIRE(rest);
  REQUIRE(rest->activities.size() == 1);
  CHECK(rest->activities[0].kind == ActivityKind::form_submitted);
  CHECK(shop.run<ListContactActivity>({.contact_uuid = shop.enrol("b@example.com").uuid})
            ->activities.empty());
}

TEST_CASE("a contact of another tenant has no activity to be seen") {
  TestProgramme shop;
  auto seen =
      shop.run_as<ListContactActivity>(*shop.other_tenant(), {.contact_uuid = shop.ann.uuid});
  REQUIRE(!seen);
  CHECK(seen.error().code == ErrorCode::not_found);
}

}  // namespace piggy
