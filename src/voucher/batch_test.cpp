#include "voucher/batch.h"

#include <doctest/doctest.h>

#include <set>

#include "app/test_engine.h"
#include "voucher/batch_operations.h"
#include "voucher/operations.h"
#include "voucher/redemption_operations.h"

namespace piggy {
namespace {

Uuid promotion(TestEngine& engine) {
  auto made = engine.run<CreatePromotion>({.name = "Summer", .description = "A tenth off."});
  REQUIRE(made);
  return made->uuid;
}

// A batch that is made.
Uuid made_batch(TestEngine& engine, CreateVouchersBatch::Input input) {
  auto batch = engine.run<CreateVouchersBatch>(input);
  REQUIRE(batch);
  Scheduler scheduler(engine.database(), engine.settings, acting_in(engine.database()));
  add_voucher_jobs(scheduler);
  REQUIRE(scheduler.run_all_due());
  return batch->uuid;
}

}  // namespace

TEST_CASE("batches are listed with how each stands, and their vouchers by batch") {
  TestEngine engine;
  Uuid summer = promotion(engine);
  Uuid winter = promotion(engine);
  ContactRow ann;
  REQUIRE(engine.write([&](Transaction& transaction) -> Result<> {
    ann = TRY(make_contact(transaction, {.email = "ann@example.com"}));
    return {};
  }));
  REQUIRE(engine.run<CreateVoucher>({.promotion_uuid = summer}));  // Of no batch.
  Uuid hers =
      made_batch(engine, {.promotion_uuid = winter, .quantity = 2, .contact_uuid = ann.uuid});
  Uuid batch = made_batch(engine, {.promotion_uuid = summer,
                                   .quantity = 6,
                                   .expiration_date = engine.clock().now() + microseconds_per_day});
  auto codes = engine.run<ListVouchers>({.batch_uuid = batch});
  REQUIRE(codes);
  REQUIRE(codes->page.total == 6);
  CHECK(engine.run<ListVouchers>({.promotion_uuid = winter, .batch_uuid = batch})->page.total == 0);
  REQUIRE(engine.run<RedeemVoucher>({.code = codes->vouchers[0].code, .contact_uuid = ann.uuid}));
  REQUIRE(engine.run<UpdateVoucher>(
      {.uuid = codes->vouchers[1].uuid, .status = VoucherSwitch::DEACTIVATED}));
  REQUIRE(engine.run<LockVoucher>({.uuid = codes->vouchers[2].uuid}));

  auto list = engine.run<ListVoucherBatches>({});
  REQUIRE(list);
  REQUIRE(list->batches.size() == 2);
  VoucherBatchStanding newest = list->batches[0];
  CHECK(newest.uuid == batch);
  CHECK(newest.promotion == "Summer");
  CHECK(!newest.contact);
  CHECK(newest.redeemed == 1);
  CHECK(newest.deactivated == 1);
  CHECK(newest.open == 4);
  CHECK(newest.expired == 0);
  CHECK(list->batches[1].contact->email == "ann@example.com");
  CHECK(engine.run<ListVoucherBatches>({.promotion_uuid = winter})->batches.at(0).uuid == hers);
  CHECK(engine.run<ListVoucherBatches>({.contact_uuid = ann.uuid})->page.total == 1);
  CHECK(engine.run<ListVoucherBatches>({.page = 2, .limit = 1})->batches.at(0).uuid == hers);

  // Whole it is refused; of the rest, what is redeemed, locked or off already stays as it is.
  CHECK(engine.run<DeactivateVoucherBatch>({.uuid = batch}).error().code == ErrorCode::conflict);
  CHECK(engine.run<DeactivateVoucherBatch>({.uuid = batch, .rest = true})->deactivated == 3);
  CHECK(engine.run<DeactivateVoucherBatch>({.uuid = batch, .rest = true})->deactivated == 0);
  CHECK(engine.run<GetVoucherBatch>({.uuid = batch})->open == 1);  // The locked one.
  engine.clock().time = engine.clock().now() + 2 * microseconds_per_day;
  CHECK(engine.run<GetVoucherBatch>({.uuid = batch})->expired == 1);

  auto other = engine.other_tenant();
  CHECK(engine.run_as<ListVoucherBatches>(*other, {})->page.total == 0);
  CHECK(engine.run_as<ListVoucherBatches>(*other, {.promotion_uuid = summer}).error().number ==
        80002);
  CHECK(engine.run_as<ListVouchers>(*other, {.batch_uuid = batch}).error().code ==
        ErrorCode::not_found);
  CHECK(engine.run_as<DeactivateVoucherBatch>(*other, {.uuid = batch, .rest = true}).error().code ==
        ErrorCode::not_found);
}

TEST_CASE("a batch under way is listed as such and cannot be ended") {
  TestEngine engine;
  Uuid summer = promotion(engine);
  auto batch = engine.run<CreateVouchersBatch>({.promotion_uuid = summer, .quantity = 5});
  REQUIRE(batch);
  auto list = engine.run<ListVoucherBatches>({});
  CHECK(list->batches.at(0).status == BackgroundStatus::PENDING);
  CHECK(list->batches.at(0).made == 0);
  CHECK(list->batches.at(0).open == 0);
  CHECK(engine.run<DeactivateVoucherBatch>({.uuid = batch->uuid, .rest = true}).error().code ==
        ErrorCode::conflict);
}

TEST_CASE("a batch answers at once, and its job makes exactly the vouchers asked for") {
  TestEngine engine;
  Uuid summer = promotion(engine);
  auto batch =
      engine.run<CreateVouchersBatch>({.promotion_uuid = summer,
                                       .quantity = 500,
                                       .custom_attributes = Value::object({{"colour", "red"}})});
  REQUIRE(batch);
  CHECK(batch->status == BackgroundStatus::PENDING);
  CHECK(batch->type == "vouchers");
  CHECK(batch->created_at == "2023-11-14, 23:13");  // In Amsterdam.
  CHECK(engine.run<ListVouchers>({})->page.total == 0);
  CHECK(engine.run<GetVoucherBatch>({.uuid = batch->uuid})->made == 0);

  Scheduler scheduler(engine.database(), engine.settings, acting_in(engine.database()));
  add_voucher_jobs(scheduler);
  REQUIRE(scheduler.run_all_due());

  auto after = engine.run<GetVoucherBatch>({.uuid = batch->uuid});
  REQUIRE(after);
  CHECK(after->status == BackgroundStatus::COMPLETED);
  CHECK(after->made == 500);
  auto vouchers = engine.run<ListVouchers>({.promotion_uuid = summer, .limit = 500});
  REQUIRE(vouchers);
  CHECK(vouchers->page.total == 500);
  std::set<std::string> codes;
  for (const Voucher& voucher : vouchers->vouchers) codes.insert(voucher.code);
  CHECK(codes.size() == 500);
  CHECK(vouchers->vouchers[0].attributes.text_of("colour") == "red");
}

TEST_CASE("a batch that was asked for before a restart is made after it, once") {
  TestDatabase database;
  std::int64_t account = 0;
  REQUIRE(database->write(0, [&](Transaction& transaction) -> Result<> {
    account = TRY(make_account(transaction, {.name = "test", .company = "test"})).id;
    return {};
  }));
  PromotionRow summer = {.name = "Summer"};
  REQUIRE(database->write(account, [&](Transaction& transaction) -> Result<> {
    TRY(make_promotion(transaction, summer));
    VoucherPlan plan = {.promotion = summer};
    TRY(add_batch(transaction, plan, 40));
    return {};
  }));
  Settings settings;
  for (int start = 0; start < 2; start++) {
    database.reopen();
    Scheduler scheduler(*database, settings, acting_in(*database));
    add_voucher_jobs(scheduler);
    REQUIRE(scheduler.run_all_due());
  }
  REQUIRE(database->read(account, [&](Transaction& transaction) -> Result<> {
    Page page;
    auto vouchers = TRY(vouchers_on(transaction, {}, page));
    CHECK(page.total == 40);
    return {};
  }));
}

TEST_CASE("a batch that meets a code which is taken is made by the next try, with other codes") {
  TestDatabase database;
  Settings settings;
  std::int64_t account = 0;
  REQUIRE(database->write(0, [&](Transaction& transaction) -> Result<> {
    account = TRY(make_account(transaction, {.name = "test", .company = "test"})).id;
    return {};
  }));
  PromotionRow summer = {.name = "Summer"};
  REQUIRE(database->write(account, [&](Transaction& transaction) -> Result<> {
    TRY(make_promotion(transaction, summer));
    TRY(add_batch(transaction, {.promotion = summer}, 20));
    SeededRandom same(42);
    TRY(make_voucher(transaction, {.promotion = summer}, new_codes(same, 20)[3]));
    return {};
  }));
  auto vouchers = [&] {
    Page page;
    REQUIRE(database->read(account, [&](Transaction& transaction) -> Result<> {
      TRY(vouchers_on(transaction, {}, page));
      return {};
    }));
    return page.total;
  };
  Scheduler scheduler(*database, settings, acting_in(*database));
  add_voucher_jobs(scheduler);
  database.random = SeededRandom(42);  // The batch draws the very same codes.
  REQUIRE(scheduler.run_all_due());
  CHECK(vouchers() == 1);
  database.clock.time = database.clock.time + 2 * microseconds_per_second;
  REQUIRE(scheduler.run_all_due());
  CHECK(vouchers() == 21);
}

TEST_CASE("a batch whose job fails for good says so, and its vouchers no longer count") {
  TestDatabase database;
  Settings settings;
  std::int64_t account = 0;
  REQUIRE(database->write(0, [&](Transaction& transaction) -> Result<> {
    account = TRY(make_account(transaction, {.name = "test", .company = "test"})).id;
    return {};
  }));
  PromotionRow summer = {.name = "Summer", .voucher_limit = 21};
  VoucherBatchRow batch;
  REQUIRE(database->write(account, [&](Transaction& transaction) -> Result<> {
    TRY(make_promotion(transaction, summer));
    TRY(count_vouchers(transaction, summer, {}, 21));
    batch = TRY(add_batch(transaction, {.promotion = summer}, 20));
    SeededRandom same(42);
    TRY(make_voucher(transaction, {.promotion = summer}, new_codes(same, 20)[3]));
    return {};
  }));
  Scheduler scheduler(*database, settings, acting_in(*database));
  add_voucher_jobs(scheduler);
  for (int attempt = 0; attempt < 12; attempt++) {
    database.random = SeededRandom(42);  // Each try draws a code that is taken.
    REQUIRE(scheduler.run_all_due());
    database.clock.time = database.clock.time + 3600 * microseconds_per_second;
  }
  REQUIRE(database->write(account, [&](Transaction& transaction) -> Result<> {
    CHECK(TRY(batch_of(transaction, batch.uuid)).status == BackgroundStatus::FAILED);
    CHECK(TRY(vouchers_of_promotion(transaction, summer.id)) == 1);
    return count_vouchers(transaction, summer, {}, 20);
  }));
}

TEST_CASE("another tenant's batch and promotion are not found") {
  TestEngine engine;
  Uuid summer = promotion(engine);
  auto batch = engine.run<CreateVouchersBatch>({.promotion_uuid = summer, .quantity = 1});
  REQUIRE(batch);
  auto other = engine.other_tenant();
  CHECK(engine.run_as<GetVoucherBatch>(*other, {.uuid = batch->uuid}).error().code ==
        ErrorCode::not_found);
  CHECK(engine.run_as<CreateVouchersBatch>(*other, {.promotion_uuid = summer, .quantity = 1})
            .error()
            .number == 80002);
}

}  // namespace piggy
