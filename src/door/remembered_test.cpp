#include "door/remembered.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <latch>

#include "database/test_shop.h"

namespace piggy {
namespace {

using namespace test_shop;

Uuid key_of(int number) {
  Uuid key;
  for (std::size_t i = 0; i < key.bytes.size(); i++) {
    key.bytes[i] = static_cast<std::uint8_t>((number * 2654435761u >> (i % 4 * 8)) + i * 37);
  }
  return key;
}

class TestAnswers {
 public:
  explicit TestAnswers(std::size_t list_max) : list_max_(list_max) { start(); }

  // As the dispatch does: tells of it before the next write is let in.
  void remember(int number) {
    std::int64_t id = 0;
    std::latch done(1);
    database->submit(
        1,
        [&](Transaction& transaction) -> Result<> {
          id = TRY(answers->remember(
              transaction, key_of(number),
              {.fingerprint = key_of(-number), .answer = fmt::format("answer {}", number)}));
          return {};
        },
        [&](Result<> result) {
          CHECK(result);
          answers->committed(1, key_of(number), id);
          done.count_down();
        });
    done.wait();
  }

  std::string recall(int number) {
    std::string answer;
    CHECK(database->write(1, [&](Transaction& transaction) -> Result<> {
      auto found = TRY(answers->find(transaction, key_of(number)));
      if (found) CHECK(found->fingerprint == key_of(-number));
      answer = found ? found->answer : "none";
      return {};
    }));
    return answer;
  }

  void restart() {
    answers.reset();
    database.reopen();
    start();
  }

  std::int64_t count(std::string_view table) {
    return read_all<std::int64_t>(*database, fmt::format("SELECT count(*) FROM {}", table), 0)[0];
  }

  TestDatabase database;
  std::unique_ptr<RememberedAnswers> answers;

 private:
  void start() {
    answers = std::make_unique<RememberedAnswers>(*database, list_max_);
    REQUIRE(answers->load());
  }

  std::size_t list_max_;
};

TEST_CASE("an answer is remembered, over a restart, for its account alone") {
  TestAnswers test(100);
  for (int i = 0; i < 10; i++) test.remember(i);

  CHECK(test.recall(3) == "answer 3");
  CHECK(test.recall(11) == "none");
  test.restart();
  CHECK(test.recall(3) == "answer 3");
  CHECK(test.database->write(2, [&](Transaction& transaction) -> Result<> {
    CHECK_FALSE(TRY(test.answers->find(transaction, key_of(3))));
    return {};
  }));
}

TEST_CASE("keys that went to the index are found as before, whenever the program was ended") {
  TestAnswers test(50);
  for (int i = 0; i < 220; i++) test.remember(i);
  // However far the sweep has come: what it does is done between the writes.
  for (int i = 0; i < 220; i++) CHECK(test.recall(i) == fmt::format("answer {}", i));
  CHECK(test.count("idempotency_key") >= 50);
  CHECK(test.count("idempotency_list") < 220);

  test.restart();
  for (int i = 0; i < 220; i++) CHECK(test.recall(i) == fmt::format("answer {}", i));
  for (int i = 220; i < 300; i++) test.remember(i);
  for (int i = 0; i < 300; i++) CHECK(test.recall(i) == fmt::format("answer {}", i));
}

TEST_CASE("a sweep that was cut short is done again without harm") {
  TestAnswers test(20);
  for (int i = 0; i < 10; i++) test.remember(i);
  // As if the program had ended after the first steps: some keys stand in both places.
  REQUIRE(test.database->write(0, [](Transaction& transaction) -> Result<> {
    TRY(
        transaction.run("INSERT INTO idempotency_key (account_id, key, answer_id) "
                        "SELECT account_id, key, id FROM idempotency_list WHERE id % 2 = 0"));
    return {};
  }));
  test.restart();

  for (int i = 10; i < 60; i++) test.remember(i);

  for (int i = 0; i < 60; i++) CHECK(test.recall(i) == fmt::format("answer {}", i));
}

TEST_CASE("what is older than thirty days is forgotten, and nothing younger") {
  TestAnswers test(20);
  for (int i = 0; i < 60; i++) test.remember(i);
  Time then = test.database.clock.now();
  test.database.clock.time = then + 29 * microseconds_per_day;
  for (int i = 60; i < 70; i++) test.remember(i);
  CHECK(*test.answers->forget_old() == 0);

  test.database.clock.time = then + 31 * microseconds_per_day;

  CHECK(*test.answers->forget_old() == 60);
  CHECK(*test.answers->forget_old() == 0);
  CHECK(test.recall(5) == "none");
  CHECK(test.recall(65) == "answer 65");
  CHECK(test.count("idempotency") == 10);
  // A key may be used anew.
  test.remember(5);
  CHECK(test.recall(5) == "answer 5");
  for (int i = 100; i < 160; i++) test.remember(i);
  CHECK(test.recall(5) == "answer 5");
}

}  // namespace
}  // namespace piggy
