#include "giftcard/transaction.h"

#include <atomic>
#include <latch>
#include <map>

#include "giftcard/test_cards.h"

namespace piggy {
namespace {

constexpr std::int64_t day = microseconds_per_day;

}  // namespace

TEST_CASE("what is on a card is what was put on it less what was paid with it") {
  TestCards cards;
  Giftcard card = cards.card(cards.program());
  CHECK(card.amount_in_cents == 0);
  CHECK(card.upgradeable);
  auto loaded = cards.move(card, 2500);
  REQUIRE(loaded);
  CHECK(loaded->amount_in_cents == 2500);
  CHECK(loaded->balance_after_in_cents == 2500);
  CHECK(loaded->card.uuid == card.uuid);
  CHECK(loaded->shop.name == "Corner");
  auto paid = cards.move(card, -1999);
  REQUIRE(paid);
  CHECK(paid->balance_after_in_cents == 501);
  CHECK(cards.balance(card) == 501);
  CHECK(cards.problems().empty());
}

TEST_CASE("nobody pays more than there is on a card") {
  TestCards cards;
  Giftcard card = cards.card(cards.program(), 1000);
  CHECK(cards.move(card, -1001).error().number == 5003);
  REQUIRE(cards.move(card, -1000));
  CHECK(cards.move(card, -1).error().number == 5003);
  CHECK(cards.balance(card) == 0);
}

TEST_CASE("a card is loaded once, unless its program says otherwise") {
  TestCards cards;
  Giftcard once = cards.card(cards.program(), 1000);
  CHECK(!once.upgradeable);
  CHECK(cards.move(once, 1).error().number == 5006);
  Giftcard often = cards.card(cards.program({.reloadable = true}), 1000);
  CHECK(often.upgradeable);
  REQUIRE(cards.move(often, 500));
  CHECK(cards.balance(often) == 1500);
}

TEST_CASE("a program's least and most hold for every load") {
  TestCards cards;
  Uuid program =
      cards.program({.reloadable = true, .min_amount_in_cents = 500, .max_amount_in_cents = 2000});
  Giftcard card = cards.card(program);
  auto little = cards.move(card, 499);
  REQUIRE(!little);
  CHECK(little.error().fields[0].path == "/amount_in_cents");
  CHECK(cards.move(card, 2001).error().number == 5008);
  REQUIRE(cards.move(card, 1500));
  CHECK(cards.move(card, 501).error().number == 5008);
  REQUIRE(cards.move(card, 500));
  CHECK(cards.balance(card) == 2000);
  CHECK(cards.problems().empty());
  auto wrong = cards.run<CreateGiftcardProgram>(
      {.name = "Wrong", .min_amount_in_cents = 3, .max_amount_in_cents = 2});
  CHECK(wrong.error().fields[0].path == "/min_amount_in_cents");
}

TEST_CASE("an expired card and one that is switched off are refused, and keep what is on them") {
  TestCards cards;
  Giftcard card = cards.card(cards.program({.expiration_days = 30}), 1000);
  CHECK(card.expiration_date == cards.clock().now() + 30 * day);
  REQUIRE(cards.run<UpdateGiftcard>({.uuid = card.uuid, .active = false}));
  CHECK(cards.move(card, -1).error().number == 7010);
  REQUIRE(cards.run<UpdateGiftcard>({.uuid = card.uuid, .active = true}));
  auto paid = cards.move(card, -1);
  REQUIRE(paid);
  cards.clock().time = cards.clock().now() + 30 * day;
  CHECK(cards.move(card, -1).error().number == 5002);
  CHECK(cards.move(card, 1).error().number == 5002);
  CHECK(cards.reverse(*paid).error().number == 5002);
  CHECK(cards.balance(card) == 999);
}

TEST_CASE("the newest transaction is taken back, once, and the card is as it was before") {
  TestCards cards;
  Giftcard card = cards.card(cards.program());
  auto loaded = cards.move(card, 1000);
  auto paid = cards.move(card, -400);
  REQUIRE(paid);
  CHECK(cards.reverse(*loaded).error().number == 55025);
  auto back = cards.reverse(*paid);
  REQUIRE(back);
  CHECK(back->amount_in_cents == 400);
  CHECK(back->is_reversal);
  CHECK(cards.balance(card) == 1000);
  CHECK(cards.reverse(*paid).error().number == 55025);
  CHECK(cards.reverse(*back).error().fields[0].path == "/uuid");
  CHECK(cards.move(card, 1).error().number == 5006);  // Still loaded once.

  Giftcard other = cards.card(cards.program());
  auto mistaken = cards.move(other, 9000);
  REQUIRE(cards.reverse(*mistaken));
  CHECK(cards.balance(other) == 0);
  REQUIRE(cards.move(other, 900));  // As if it had not been loaded.
  CHECK(cards.problems().empty());
  CHECK(cards.run<ReverseGiftcardTransaction>({}).error().number == 5010);
}

TEST_CASE("a program with a token of the vendor's kind leaves reloadable cards alone") {
  TestCards cards;
  Giftcard card = cards.card(cards.program({.reloadable = true}), 1000);
  Caller client = cards.caller();
  client.kind = "client";
  CreateGiftcardTransaction::Input input = {
      .giftcard_uuid = card.uuid, .amount_in_cents = -100, .shop_uuid = cards.shop};
  CHECK(cards.run_as<CreateGiftcardTransaction>(client, input).error().number == 1114);
  client.kind = "register";
  CHECK(cards.run_as<CreateGiftcardTransaction>(client, input));
}

TEST_CASE("five thousand who pay with one card at once never pay more than there is") {
  TestCards cards;
  Giftcard card = cards.card(cards.program(), 10'000);
  constexpr int calls = 5'000;
  std::atomic<int> paid = 0;
  std::atomic<int> refused = 0;
  CreateGiftcardTransaction::Input input = {
      .giftcard_uuid = card.uuid, .amount_in_cents = -300, .shop_uuid = cards.shop};
  std::latch finished(calls);
  for (int i = 0; i < calls; i++) {
    auto work = [&](Transaction& transaction) -> Result<> {
      Call call{.transaction = transaction, .caller = cards.caller(), .settings = cards.settings};
      TRY(CreateGiftcardTransaction::run(call, input));
      return {};
    };
    cards.database().submit(cards.caller().account_id, work, [&](Result<> done) {
      if (done) {
        paid++;
      } else if (done.error().number == 5003) {
        refused++;
      }
      finished.count_down();
    });
  }
  finished.wait();
  CHECK(paid == 33);
  CHECK(refused == calls - 33);
  CHECK(cards.balance(card) == 100);
  CHECK(cards.problems().empty());
}

TEST_CASE("cards keep to a plain model through random loads, payments and reversals") {
  TestCards cards;
  SeededRandom random(7);
  Uuid program = cards.program({.reloadable = true, .max_amount_in_cents = 5000});
  std::vector<Giftcard> all = {cards.card(program), cards.card(program), cards.card(program)};
  struct Model {
    std::int64_t balance = 0;
    std::optional<GiftcardTransaction> newest = {};
  };
  std::map<Uuid, Model> models;
  for (int step = 0; step < 400; step++) {
    Giftcard& card = all[random.below(all.size())];
    Model& model = models[card.uuid];
    if (random.below(4) == 0 && model.newest) {
      auto back = cards.reverse(*model.newest);
      REQUIRE(back.has_value() == !model.newest->is_reversal);
      if (back) model = {model.balance - model.newest->amount_in_cents, *back};
    } else {
      std::int64_t cents = static_cast<std::int64_t>(random.below(4001)) - 2000;
      if (cents == 0) cents = 1;
      bool fits = model.balance + cents >= 0 && model.balance + cents <= 5000;
      auto moved = cards.move(card, cents);
      REQUIRE(moved.has_value() == fits);
      if (moved) model = {model.balance + cents, *moved};
    }
    CHECK(cards.balance(card) == model.balance);
  }
  CHECK(cards.problems().empty());
  auto figures = cards.run<GetGiftcardProgram>({.giftcard_program_uuid = program});
  REQUIRE(figures);
  std::int64_t together = 0;
  for (const auto& [uuid, model] : models) together += model.balance;
  CHECK(figures->outstanding_in_cents == together);
  CHECK(figures->loaded_in_cents - figures->spent_in_cents == together);
}

TEST_CASE("a verification finds whatever was changed behind our back") {
  auto finds = [](std::string_view sql) {
    TestCards cards;
    Giftcard card = cards.card(cards.program({.max_amount_in_cents = 5000}), 1000);
    REQUIRE(cards.move(card, -100));
    REQUIRE(cards.move(card, -200));
    REQUIRE(cards.problems().empty());
    REQUIRE(cards.write([&](Transaction& transaction) -> Result<> {
      CHECK(TRY(transaction.run(sql)) > 0);
      return {};
    }));
    return !cards.problems().empty();
  };
  CHECK(finds("UPDATE giftcard SET balance = balance + 1 WHERE account_id = $1"));
  CHECK(finds("UPDATE giftcard SET loads = 0 WHERE account_id = $1"));
  CHECK(
      finds("UPDATE giftcard_transaction SET amount = -99 "
            "WHERE account_id = $1 AND amount = -100"));
  CHECK(finds("DELETE FROM giftcard_transaction WHERE account_id = $1 AND amount = -100"));
  CHECK(finds("DELETE FROM giftcard_transaction WHERE account_id = $1 AND amount = -200"));
  CHECK(finds("DELETE FROM giftcard WHERE account_id = $1"));
  CHECK(finds("UPDATE giftcard_program SET max_amount = 999 WHERE account_id = $1"));
}

TEST_CASE("transactions are listed by card, program, shop and time") {
  TestCards cards;
  Giftcard first = cards.card(cards.program(), 1000);
  Giftcard second = cards.card(cards.program(), 2000);
  cards.clock().time = cards.clock().now() + day;
  REQUIRE(cards.move(first, -10));
  auto all = cards.run<ListGiftcardTransactions>({});
  REQUIRE(all);
  CHECK(all->page.total == 3);
  CHECK(all->giftcard_transactions[0].amount_in_cents == 1000);  // Oldest first.
  auto of_first = cards.run<ListGiftcardTransactions>(
      {.giftcard_hash = first.hash, .limit = 1, .sort = "-created_at"});
  REQUIRE(of_first);
  CHECK(of_first->page.total == 2);
  REQUIRE(of_first->giftcard_transactions.size() == 1);
  CHECK(of_first->giftcard_transactions[0].amount_in_cents == -10);
  auto of_second = cards.run<ListGiftcardTransactions>(
      {.giftcard_program_uuid = second.giftcard_program.uuid, .shop_uuid = cards.shop});
  REQUIRE(of_second);
  CHECK(of_second->page.total == 1);
  auto later =
      cards.run<ListGiftcardTransactions>({.created_at = TimeRange{.gte = cards.clock().now()}});
  REQUIRE(later);
  CHECK(later->page.total == 1);
  CHECK(cards.run<ListGiftcardTransactions>({.sort = "amount"}).error().fields[0].path == "/sort");
  CHECK(cards.run<ListGiftcardTransactions>({.giftcard_hash = "?"}).error().number == 5001);
}

}  // namespace piggy
