#include "voucher/voucher.h"

#include <doctest/doctest.h>

#include <set>

#include "app/test_engine.h"
#include "voucher/batch_operations.h"
#include "voucher/operations.h"
#include "voucher/redemption_operations.h"

namespace piggy {
namespace {

constexpr std::int64_t day = microseconds_per_day;

Uuid promotion(TestEngine& engine, CreatePromotion::Input input = {}) {
  if (input.name.empty()) input.name = "Summer";
  if (input.description.empty()) input.description = "A tenth off.";
  auto made = engine.run<CreatePromotion>(input);
  REQUIRE(made);
  return made->uuid;
}

ContactRow contact(TestEngine& engine, const std::string& email) {
  ContactRow row;
  auto made = engine.write([&](Transaction& transaction) -> Result<> {
    row = TRY(make_contact(transaction, {.email = email}));
    return {};
  });
  REQUIRE(made);
  return row;
}

}  // namespace

TEST_CASE("a voucher gets a code of nine letters that cannot be mistaken, and is found by it") {
  TestEngine engine;
  Uuid summer = promotion(engine);
  std::set<std::string> codes;
  for (int i = 0; i < 50; i++) {
    auto made = engine.run<CreateVoucher>({.promotion_uuid = summer});
    REQUIRE(made);
    CHECK(made->code.size() == 9);
    CHECK(made->code.find_first_not_of("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") == std::string::npos);
    codes.insert(made->code);
  }
  CHECK(codes.size() == 50);

  auto found = engine.run<FindVoucherByCode>({.code = *codes.begin()});
  REQUIRE(found);
  CHECK(found->status == VoucherStatus::ACTIVE);
  CHECK(found->name == "Summer");
  CHECK(found->promotion.uuid == summer);
  CHECK(!found->contact);
}

TEST_CASE("a code is found in its own case alone, and given once") {
  TestEngine engine;
  Uuid summer = promotion(engine);
  REQUIRE(engine.run<CreateVoucher>({.promotion_uuid = summer, .code = "Hello"}));
  auto lower = engine.run<FindVoucherByCode>({.code = "hello"});
  CHECK(lower.error().number == 80004);
  auto again = engine.run<CreateVoucher>({.promotion_uuid = summer, .code = "Hello"});
  REQUIRE(!again);
  CHECK(again.error().number == 80003);
}

TEST_CASE("hostile text in codes and attributes is kept as it is") {
  TestEngine engine;
  Uuid summer = promotion(engine);
  std::string code = "'; DROP TABLE voucher; --\xe2\x80\xae<b>";
  auto made = engine.run<CreateVoucher>(
      {.promotion_uuid = summer,
       .code = code,
       .custom_attributes = Value::object({{"uuid", "x"}, {"\"}", "ignore all instructions"}})});
  REQUIRE(made);
  auto found = engine.run<FindVoucherByCode>({.code = code});
  REQUIRE(found);
  CHECK(found->code == code);
  CHECK(found->attributes.text_of("\"}") == "ignore all instructions");
}

TEST_CASE("another tenant's vouchers and promotions are never found") {
  TestEngine engine;
  Uuid summer = promotion(engine);
  auto made = engine.run<CreateVoucher>({.promotion_uuid = summer, .code = "MINE"});
  REQUIRE(made);
  auto other = engine.other_tenant();
  CHECK(engine.run_as<FindVoucherByCode>(*other, {.code = "MINE"}).error().number == 80004);
  CHECK(engine.run_as<GetPromotion>(*other, {.promotion_uuid = summer}).error().number == 80002);
  CHECK(engine.run_as<CreateVoucher>(*other, {.promotion_uuid = summer}).error().number == 80002);
  CHECK(engine.run_as<UpdateVoucher>(*other, {.uuid = made->uuid}).error().number == 80004);
  CHECK(engine.run_as<LockVoucher>(*other, {.uuid = made->uuid}).error().number == 80004);
  auto list = engine.run_as<ListVouchers>(*other, {});
  REQUIRE(list);
  CHECK(list->vouchers.empty());
  CHECK(list->page.total == 0);
}

TEST_CASE("a promotion's limits hold for single vouchers and for batches, pending ones included") {
  TestEngine engine;
  Uuid summer = promotion(engine, {.voucher_limit = 10, .limit_per_contact = 4});
  ContactRow ann = contact(engine, "ann@example.com");
  CreateVouchersBatch::Input for_ann = {
      .promotion_uuid = summer, .quantity = 3, .contact_uuid = ann.uuid};
  REQUIRE(engine.run<CreateVouchersBatch>(for_ann));
  CHECK(engine.run<CreateVouchersBatch>(for_ann).error().number == 80008);
  REQUIRE(engine.run<CreateVoucher>({.promotion_uuid = summer, .contact_uuid = ann.uuid}));
  CHECK(engine.run<CreateVoucher>({.promotion_uuid = summer, .contact_uuid = ann.uuid})
            .error()
            .number == 80008);
  CHECK(engine.run<CreateVouchersBatch>({.promotion_uuid = summer, .quantity = 7}).error().number ==
        80008);
  REQUIRE(engine.run<CreateVouchersBatch>({.promotion_uuid = summer, .quantity = 6}));
  CHECK(engine.run<CreateVoucher>({.promotion_uuid = summer}).error().number == 80008);
}

TEST_CASE("dates come from the promotion's rule unless they are given") {
  TestEngine engine;
  Uuid summer = promotion(engine, {.expiration_duration = 3600});
  Time now = engine.clock().now();
  auto ruled = engine.run<CreateVoucher>({.promotion_uuid = summer, .activation_date = now + day});
  REQUIRE(ruled);
  CHECK(ruled->status == VoucherStatus::INACTIVE);
  CHECK(ruled->expiration_date == now + (day + 3600 * microseconds_per_second));
  auto wrong = engine.run<CreateVoucher>(
      {.promotion_uuid = summer, .activation_date = now + day, .expiration_date = now + day});
  REQUIRE(!wrong);
  CHECK(wrong.error().fields[0].path == "/expiration_date");
}

TEST_CASE("vouchers are listed by the status they show") {
  TestEngine engine;
  Uuid summer = promotion(engine);
  Time now = engine.clock().now();
  ContactRow ann = contact(engine, "ann@example.com");
  auto make = [&](std::string code, std::optional<Time> begin, std::optional<Time> end) {
    auto made = engine.run<CreateVoucher>({.promotion_uuid = summer,
                                           .code = code,
                                           .contact_uuid = ann.uuid,
                                           .activation_date = begin,
                                           .expiration_date = end});
    REQUIRE(made);
    return made->uuid;
  };
  make("plain", {}, {});
  make("begun", now + (-day), now + day);
  make("later", now + day, {});
  make("over", now + (-2 * day), now + (-day));
  REQUIRE(engine.run<LockVoucher>({.uuid = make("locked", {}, {})}));
  REQUIRE(engine.run<UpdateVoucher>(
      {.uuid = make("off", {}, now + day), .status = VoucherSwitch::DEACTIVATED}));
  make("redeemed", {}, now + day);
  REQUIRE(engine.run<RedeemVoucher>({.code = "redeemed"}));

  for (Time at : {now, now + 2 * day}) {
    engine.clock().time = at;
    auto all = engine.run<ListVouchers>({});
    REQUIRE(all);
    CHECK(all->page.total == 7);
    std::size_t together = 0;
    for (std::string_view word : shape_of<VoucherStatus>().choices) {
      auto status = *choice_of<VoucherStatus>(word);
      auto some = engine.run<ListVouchers>({.status = status});
      REQUIRE(some);
      for (const Voucher& voucher : some->vouchers) CHECK(voucher.status == status);
      together += some->vouchers.size();
    }
    CHECK(together == 7);
  }
}

TEST_CASE("a list has pages and filters") {
  TestEngine engine;
  Uuid summer = promotion(engine);
  Uuid winter = promotion(engine, {.name = "Winter"});
  ContactRow ann = contact(engine, "ann@example.com");
  for (int i = 0; i < 5; i++) REQUIRE(engine.run<CreateVoucher>({.promotion_uuid = summer}));
  REQUIRE(engine.run<CreateVoucher>({.promotion_uuid = winter, .contact_uuid = ann.uuid}));
  auto page = engine.run<ListVouchers>({.promotion_uuid = summer, .page = 2, .limit = 2});
  REQUIRE(page);
  CHECK(page->vouchers.size() == 2);
  CHECK(page->page.total == 5);
  CHECK(page->page.last_page() == 3);
  auto hers = engine.run<ListVouchers>({.contact_uuid = ann.uuid});
  REQUIRE(hers);
  REQUIRE(hers->vouchers.size() == 1);
  CHECK(hers->vouchers[0].contact->email == "ann@example.com");
  auto beyond = engine.run<ListVouchers>({.page = 9});
  REQUIRE(beyond);
  CHECK(beyond->vouchers.empty());
}

TEST_CASE("a voucher is switched off and on, and its date moved while it is not over") {
  TestEngine engine;
  Uuid summer = promotion(engine);
  Time now = engine.clock().now();
  auto made = engine.run<CreateVoucher>({.promotion_uuid = summer, .code = "A"});
  REQUIRE(made);
  auto off = engine.run<UpdateVoucher>({.uuid = made->uuid, .status = VoucherSwitch::DEACTIVATED});
  REQUIRE(off);
  CHECK(off->status == VoucherStatus::DEACTIVATED);
  CHECK(engine.run<UpdateVoucher>({.uuid = made->uuid, .expiration_date = now + day})
            .error()
            .number == 80012);
  auto on = engine.run<UpdateVoucher>({.uuid = made->uuid,
                                       .status = VoucherSwitch::ACTIVE,
                                       .expiration_date = now + day,
                                       .custom_attributes = Value::object({{"colour", "red"}})});
  REQUIRE(on);
  CHECK(on->status == VoucherStatus::ACTIVE);
  CHECK(on->expiration_date == now + day);
  CHECK(on->attributes.text_of("colour") == "red");
  engine.clock().time = now + day;
  CHECK(engine.run<UpdateVoucher>({.uuid = made->uuid, .status = VoucherSwitch::ACTIVE})
            .error()
            .number == 80006);
}

TEST_CASE("promotion attributes appear on promotions and vouchers, also one named like a member") {
  TestEngine engine;
  for (const char* name : {"colour", "name"}) {
    REQUIRE(engine.run<CreatePromotionAttribute>({.name = name, .label = "Label"}));
  }
  Uuid summer = promotion(engine);
  auto shown = engine.run<GetPromotion>({.promotion_uuid = summer});
  REQUIRE(shown);
  CHECK(shown->attributes.find("colour"));
  CHECK(shown->attributes.find("name"));
  CHECK(parse_json(to_json(*shown)));  // No member twice.
  auto voucher = engine.run<CreateVoucher>({.promotion_uuid = summer});
  REQUIRE(voucher);
  CHECK(voucher->attributes.find("colour"));

  auto again = engine.run<CreatePromotionAttribute>({.name = "colour", .label = "Colour"});
  CHECK(again.error().number == 60009);
  auto list = engine.run<ListPromotionAttributes>({});
  REQUIRE(list);
  REQUIRE(list->attributes.size() == 2);
  auto renamed = engine.run<UpdatePromotionAttribute>(
      {.id = list->attributes[0].id, .label = "Colour", .placeholder = "red"});
  REQUIRE(renamed);
  CHECK(renamed->label == "Colour");
  CHECK(engine.run<GetPromotionAttribute>({.id = list->attributes[0].id})->placeholder == "red");
  auto other = engine.other_tenant();
  CHECK(
      engine.run_as<GetPromotionAttribute>(*other, {.id = list->attributes[0].id}).error().number ==
      60013);
}

TEST_CASE("vouchers and redemptions follow a contact that becomes another") {
  TestEngine engine;
  Uuid summer = promotion(engine);
  ContactRow ann = contact(engine, "ann@example.com");
  ContactRow bea = contact(engine, "bea@example.com");
  REQUIRE(engine.run<CreateVoucher>({.promotion_uuid = summer, .contact_uuid = ann.uuid}));
  REQUIRE(engine.run<CreateVouchersBatch>(
      {.promotion_uuid = summer, .quantity = 3, .contact_uuid = ann.uuid}));
  REQUIRE(engine.write([&](Transaction& t) { return move_vouchers(t, ann, bea); }));
  Scheduler scheduler(engine.database(), engine.settings, acting_in(engine.database()));
  add_voucher_jobs(scheduler);
  REQUIRE(scheduler.run_all_due());
  auto hers = engine.run<ListVouchers>({.contact_uuid = bea.uuid});
  REQUIRE(hers);
  CHECK(hers->page.total == 4);
  REQUIRE(engine.write([&](Transaction& t) { return move_vouchers(t, bea, ann); }));
  CHECK(engine.run<ListVoucherBatches>({.contact_uuid = ann.uuid})->page.total == 1);
}

}  // namespace piggy
