#include "voucher/redemption.h"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>

#include "app/test_engine.h"
#include "voucher/operations.h"
#include "voucher/redemption_operations.h"

namespace piggy {
namespace {

struct Checkout {
  TestEngine engine;
  Uuid promotion = {};
  Uuid contact = {};
  Uuid shop = {};

  Checkout() {
    auto summer = engine.run<CreatePromotion>({.name = "Summer", .description = "A tenth off."});
    REQUIRE(summer);
    promotion = summer->uuid;
    auto made = engine.write([&](Transaction& transaction) -> Result<> {
      contact = TRY(make_contact(transaction, {.email = "ann@example.com"})).uuid;
      shop = transaction.next_uuid();
      constexpr AppendTable shop_table = {
          "shop",
          "account_id bigint, id bigint, uuid bytea, name text, type text, created_at bigint"};
      return transaction.append(
          shop_table, {transaction.next_id(), shop, "Krusty Krab", "physical", transaction.now()});
    });
    REQUIRE(made);
  }

  Uuid voucher(std::string code, std::int64_t times = 1) {
    auto made = engine.run<CreateVoucher>(
        {.promotion_uuid = promotion, .code = code, .total_redemptions_allowed = times});
    REQUIRE(made);
    return made->uuid;
  }

  Result<Voucher> redeem(std::string code, std::optional<Uuid> key = {}) {
    return engine.run<RedeemVoucher>({.code = code, .contact_uuid = contact, .release_key = key});
  }
};

}  // namespace

TEST_CASE("a voucher is redeemed as often as it allows, and no more") {
  Checkout checkout;
  checkout.voucher("TWICE", 2);
  auto first = checkout.redeem("TWICE");
  REQUIRE(first);
  CHECK(first->status == VoucherStatus::ACTIVE);
  CHECK(first->redemptions_remaining == 1);
  CHECK(first->redeemed_at == checkout.engine.clock().now());
  REQUIRE(first->voucher_redemption);
  auto second = checkout.redeem("TWICE");
  REQUIRE(second);
  CHECK(second->status == VoucherStatus::REDEEMED);
  CHECK(second->is_redeemed);
  CHECK(checkout.redeem("TWICE").error().number == 80005);
}

TEST_CASE("a voucher without a contact is redeemed for one, a contact's own by that one alone") {
  Checkout checkout;
  checkout.voucher("ANY");
  auto nobody = checkout.engine.run<RedeemVoucher>({.code = "ANY"});
  REQUIRE(!nobody);
  CHECK(nobody.error().number == 1003);
  CHECK(nobody.error().fields[0].path == "/contact_uuid");
  CHECK(
      checkout.engine.run<RedeemVoucher>({.code = "ANY", .contact_uuid = Uuid{}}).error().number ==
      55031);

  Uuid bea;
  REQUIRE(checkout.engine.write([&](Transaction& transaction) -> Result<> {
    bea = TRY(make_contact(transaction, {.email = "bea@example.com"})).uuid;
    return {};
  }));
  REQUIRE(checkout.engine.run<CreateVoucher>(
      {.promotion_uuid = checkout.promotion, .code = "BEAS", .contact_uuid = bea}));
  CHECK(checkout.redeem("BEAS").error().fields[0].path == "/contact_uuid");
  CHECK(checkout.engine.run<RedeemVoucher>({.code = "BEAS"}));
}

TEST_CASE("exactly one of ten thousand simultaneous redemptions of one voucher succeeds") {
  Checkout checkout;
  checkout.voucher("ONCE");
  constexpr int calls = 10'000;
  TestEngine& engine = checkout.engine;
  std::atomic<int> succeeded = 0;
  std::atomic<int> refused = 0;
  RedeemVoucher::Input input = {.code = "ONCE", .contact_uuid = checkout.contact};
  for (int sent = 0; sent < calls;) {
    int wave = std::min(calls - sent, 5'000);  // The queue is bounded.
    std::latch finished(wave);
    for (int i = 0; i < wave; i++) {
      auto work = [&](Transaction& transaction) -> Result<> {
        Call call{
            .transaction = transaction, .caller = engine.caller(), .settings = engine.settings};
        TRY(RedeemVoucher::run(call, input));
        return {};
      };
      engine.database().submit(engine.caller().account_id, work, [&](Result<> result) {
        if (result) {
          succeeded++;
        } else if (result.error().number == 80005) {
          refused++;
        }
        finished.count_down();
      });
    }
    finished.wait();
    sent += wave;
  }
  CHECK(succeeded == 1);
  CHECK(refused == calls - 1);
}

TEST_CASE("a lock keeps others out until it is released, redeemed or an hour old") {
  Checkout checkout;
  Uuid uuid = checkout.voucher("HELD", 3);
  auto locked = checkout.engine.run<LockVoucher>({.uuid = uuid});
  REQUIRE(locked);
  CHECK(locked->voucher.status == VoucherStatus::LOCKED);
  CHECK(*locked->lock.system_release_at - locked->lock.locked_at == lock_microseconds);
  CHECK(checkout.engine.run<LockVoucher>({.uuid = uuid}).error().number == 80017);
  CHECK(checkout.redeem("HELD").error().number == 80017);
  CHECK(checkout.redeem("HELD", Uuid{}).error().number == 80017);
  auto by_key = checkout.redeem("HELD", locked->lock.release_key);
  REQUIRE(by_key);
  CHECK(by_key->status == VoucherStatus::ACTIVE);

  locked = checkout.engine.run<LockVoucher>({.uuid = uuid});
  REQUIRE(locked);
  auto wrong = checkout.engine.run<ReleaseVoucher>({.uuid = uuid, .release_key = Uuid{}});
  CHECK(wrong.error().fields[0].path == "/release_key");
  auto released =
      checkout.engine.run<ReleaseVoucher>({.uuid = uuid, .release_key = locked->lock.release_key});
  REQUIRE(released);
  CHECK(released->voucher.status == VoucherStatus::ACTIVE);
  CHECK(released->lock.unlocked_at);
  CHECK(!released->lock.system_release_at);

  REQUIRE(checkout.engine.run<LockVoucher>({.uuid = uuid}));
  checkout.engine.clock().time = checkout.engine.clock().time + lock_microseconds;
  CHECK(checkout.redeem("HELD"));
}

TEST_CASE("what stands in the way of redeeming is named") {
  Checkout checkout;
  TestEngine& engine = checkout.engine;
  Time now = engine.clock().now();
  CHECK(checkout.redeem("NONE").error().number == 80004);
  REQUIRE(engine.run<CreateVoucher>({.promotion_uuid = checkout.promotion,
                                     .code = "LATER",
                                     .activation_date = now + 10,
                                     .expiration_date = now + 20}));
  CHECK(checkout.redeem("LATER").error().number == 80014);
  engine.clock().time = now + 20;
  CHECK(checkout.redeem("LATER").error().number == 80006);
  Uuid off = checkout.voucher("OFF");
  REQUIRE(engine.run<UpdateVoucher>({.uuid = off, .status = VoucherSwitch::DEACTIVATED}));
  CHECK(checkout.redeem("OFF").error().number == 80012);
  checkout.voucher("SHOP");
  CHECK(engine
            .run<RedeemVoucher>(
                {.code = "SHOP", .shop_uuid = Uuid{}, .contact_uuid = checkout.contact})
            .error()
            .number == 1008);
}

TEST_CASE("validating says what redeeming would, and changes nothing") {
  Checkout checkout;
  Uuid uuid = checkout.voucher("GOOD");
  ValidateVoucher::Input input = {
      .uuid = uuid, .shop_uuid = checkout.shop, .contact_uuid = checkout.contact};
  CHECK(checkout.engine.run<ValidateVoucher>(input));
  CHECK(checkout.engine.run<ValidateVoucher>({.uuid = uuid}).error().fields[0].path ==
        "/shop_uuid");
  REQUIRE(checkout.redeem("GOOD"));
  CHECK(checkout.engine.run<ValidateVoucher>(input).error().number == 80005);
}

TEST_CASE("several redemptions at once are all made or none, and each is taken back once") {
  Checkout checkout;
  checkout.voucher("MANY", 5);
  RedeemVoucherTimes::Input three = {.code = "MANY",
                                     .number_of_times = 3,
                                     .shop_uuid = checkout.shop,
                                     .contact_uuid = checkout.contact};
  auto redeemed = checkout.engine.run<RedeemVoucherTimes>(three);
  REQUIRE(redeemed);
  CHECK(redeemed->voucher_redemptions.size() == 3);
  CHECK(checkout.engine.run<RedeemVoucherTimes>(three).error().number == 80019);

  Uuid redemption = redeemed->voucher_redemptions[1].uuid;
  auto back =
      checkout.engine.run<ReverseVoucherRedemption>({.voucher_redemption_uuid = redemption});
  REQUIRE(back);
  CHECK(back->times_redeemed == 2);
  CHECK(back->redeemed_at);
  CHECK(checkout.engine.run<ReverseVoucherRedemption>({.voucher_redemption_uuid = redemption})
            .error()
            .code == ErrorCode::conflict);
  CHECK(checkout.engine.run<RedeemVoucherTimes>(three));
  auto other = checkout.engine.other_tenant();
  CHECK(checkout.engine
            .run_as<ReverseVoucherRedemption>(*other, {.voucher_redemption_uuid = redemption})
            .error()
            .number == 80004);
}

TEST_CASE("a reversed redemption makes the voucher as good as new") {
  Checkout checkout;
  checkout.voucher("ONCE");
  auto redeemed = checkout.redeem("ONCE");
  REQUIRE(redeemed);
  auto back = checkout.engine.run<ReverseVoucherRedemption>(
      {.voucher_redemption_uuid = redeemed->voucher_redemption->uuid});
  REQUIRE(back);
  CHECK(back->status == VoucherStatus::ACTIVE);
  CHECK(!back->redeemed_at);
  CHECK(checkout.redeem("ONCE"));
}

}  // namespace piggy
