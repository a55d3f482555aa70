#include "schedule/job.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "app/test_engine.h"

namespace piggy {
namespace {

struct Standing {
  std::string state = {};
  std::int64_t attempts = 0;
  Time run_at = {};
  std::optional<std::string> problem = {};
};

std::vector<Standing> jobs_of(TestEngine& engine) {
  std::vector<Standing> jobs;
  auto read = engine.database().read(engine.caller().account_id, [&](Transaction& transaction) {
    auto rows = transaction.all<Standing>(
        "SELECT state, attempts, run_at, problem FROM job WHERE account_id = $1 ORDER BY id");
    if (rows) jobs = *rows;
    return Result<>{};
  });
  REQUIRE(read);
  return jobs;
}

void add(TestEngine& engine, std::string_view kind, std::optional<Time> run_at = {}) {
  auto added = engine.write([&](Transaction& transaction) -> Result<> {
    TRY(add_job(transaction, kind, Value::object({{"amount", 7}}), run_at));
    return {};
  });
  REQUIRE(added);
}

// Writes a row of its own, so that a test can count what was really done.
Result<> leave_trace(Call& call, const JobRow& job) {
  constexpr AppendTable event_table = {
      "event",
      "account_id bigint, id bigint, type text, subject bytea, payload text, created_at bigint"};
  return call.transaction.append(
      event_table, {call.transaction.next_id(), job.kind, job.uuid, job.payload, call.now()});
}

std::int64_t traces(TestEngine& engine) {
  std::int64_t count = 0;
  auto read = engine.database().read(engine.caller().account_id, [&](Transaction& transaction) {
    count = *transaction.one<std::int64_t>("SELECT count(*) FROM event WHERE account_id = $1");
    return Result<>{};
  });
  REQUIRE(read);
  return count;
}

}  // namespace

TEST_CASE("an inside job is done once, in its account, and its row is gone") {
  TestEngine engine;
  Scheduler scheduler(engine.database(), engine.settings, acting_in(engine.database()));
  std::int64_t amount = 0;
  scheduler.handle("count", [&](Call& call, const JobRow& job) -> Result<> {
    CHECK(call.caller.account_id == engine.caller().account_id);
    CHECK(call.caller.may("vouchers:write"));
    amount += *job.payload.find("amount")->integer();
    return {};
  });
  add(engine, "count");

  REQUIRE(scheduler.run_all_due());
  REQUIRE(scheduler.run_all_due());

  CHECK(amount == 7);
  CHECK(jobs_of(engine).empty());
}

TEST_CASE("a job of a change that failed does not exist") {
  TestEngine engine;
  auto refused = engine.write([&](Transaction& transaction) -> Result<> {
    TRY(add_job(transaction, "count", {}));
    return fail(ErrorCode::conflict, "No.");
  });
  CHECK(!refused);
  CHECK(jobs_of(engine).empty());
}

TEST_CASE("a job waits for its time") {
  TestEngine engine;
  Scheduler scheduler(engine.database(), engine.settings, acting_in(engine.database()));
  int done = 0;
  scheduler.handle("count", [&](Call&, const JobRow&) -> Result<> {
    done++;
    return {};
  });
  add(engine, "count", engine.clock().now() + 10);

  REQUIRE(scheduler.run_all_due());
  CHECK(done == 0);
  engine.clock().time = engine.clock().time + 10;
  REQUIRE(scheduler.run_all_due());
  CHECK(done == 1);
}

TEST_CASE("the work of a failing inside job is undone, and it is tried again with growing pauses") {
  TestEngine engine;
  Scheduler scheduler(engine.database(), engine.settings, acting_in(engine.database()));
  bool works = false;
  scheduler.handle("trace", [&](Call& call, const JobRow& job) -> Result<> {
    TRY(leave_trace(call, job));
    if (!works) return fail(ErrorCode::conflict, "The shop is closed.");
    return {};
  });
  add(engine, "trace");

  for (std::int64_t attempt = 1; attempt <= 3; attempt++) {
    REQUIRE(scheduler.run_all_due());
    auto jobs = jobs_of(engine);
    REQUIRE(jobs.size() == 1);
    CHECK(jobs[0].state == "waiting");
    CHECK(jobs[0].attempts == attempt);
    CHECK(jobs[0].problem == "The shop is closed.");
    std::int64_t pause = jobs[0].run_at - engine.clock().now();
    CHECK(pause >= microseconds_per_second << (attempt - 1));
    CHECK(pause < (microseconds_per_second << (attempt - 1)) * 3 / 2);
    CHECK(traces(engine) == 0);
    engine.clock().time = jobs[0].run_at;
  }
  works = true;
  REQUIRE(scheduler.run_all_due());
  CHECK(traces(engine) == 1);
  CHECK(jobs_of(engine).empty());
}

TEST_CASE("a job that fails ten times stays, failed, with its problem") {
  TestEngine engine;
  Scheduler scheduler(engine.database(), engine.settings, acting_in(engine.database()));
  int tries = 0;
  std::int64_t given_up = 0;
  SUBCASE("inside, and what was promised is set right in the same commit") {
    given_up = 1;
    scheduler.handle(
        "bad",
        [&](Call&, const JobRow&) -> Result<> {
          tries++;
          return fail(ErrorCode::internal, "It is broken.");
        },
        leave_trace);
  }
  SUBCASE("outside") {
    scheduler.handle_outside("bad", [&](const JobRow&) -> Result<> {
      tries++;
      return fail(ErrorCode::unavailable, "It is broken.");
    });
  }
  add(engine, "bad");
  for (int i = 0; i < 15; i++) {
    REQUIRE(scheduler.run_all_due());
    engine.clock().time = engine.clock().time + 3600 * microseconds_per_second;
  }
  CHECK(tries == 10);
  CHECK(traces(engine) == given_up);
  auto jobs = jobs_of(engine);
  REQUIRE(jobs.size() == 1);
  CHECK(jobs[0].state == "failed");
  CHECK(jobs[0].attempts == 10);
  CHECK(jobs[0].problem == "It is broken.");
}

TEST_CASE("an outside job whose worker was lost is taken again after its lease") {
  TestEngine engine;
  add(engine, "mail");
  Scheduler first(engine.database(), engine.settings, acting_in(engine.database()));
  Scheduler second(engine.database(), engine.settings, acting_in(engine.database()));
  int by_second = 0;
  second.handle_outside("mail", [&](const JobRow& job) -> Result<> {
    CHECK(job.attempts == 2);
    by_second++;
    return {};
  });
  // The first worker is in the middle of its work. As long as its lease holds nobody else takes the
  // job; then it counts as lost, and what it says when it comes back changes nothing.
  first.handle_outside("mail", [&](const JobRow&) -> Result<> {
    REQUIRE(second.run_all_due());
    CHECK(by_second == 0);
    CHECK(jobs_of(engine)[0].state == "running");
    engine.clock().time = engine.clock().time + 60 * microseconds_per_second;
    REQUIRE(second.run_all_due());
    CHECK(by_second == 1);
    return fail(ErrorCode::unavailable, "Too late.");
  });

  REQUIRE(first.run_all_due());

  CHECK(by_second == 1);
  CHECK(jobs_of(engine).empty());
}

TEST_CASE("who knows that the worker before is gone need not wait for its lease") {
  TestEngine engine;
  add(engine, "mail");
  Scheduler first(engine.database(), engine.settings, acting_in(engine.database()));
  Scheduler second(engine.database(), engine.settings, acting_in(engine.database()));
  int by_second = 0;
  second.handle_outside("mail", [&](const JobRow&) -> Result<> {
    by_second++;
    return {};
  });
  first.handle_outside("mail", [&](const JobRow&) -> Result<> {
    REQUIRE(second.take_over());
    REQUIRE(second.run_all_due());
    return fail(ErrorCode::unavailable, "Too late.");
  });

  REQUIRE(first.run_all_due());

  CHECK(by_second == 1);
  CHECK(jobs_of(engine).empty());
}

TEST_CASE("a job that nobody here knows is left for one who does") {
  TestEngine engine;
  add(engine, "from_the_future");
  Scheduler scheduler(engine.database(), engine.settings, acting_in(engine.database()));
  scheduler.handle("count", [](Call&, const JobRow&) -> Result<> { return {}; });
  REQUIRE(scheduler.run_all_due());
  auto jobs = jobs_of(engine);
  REQUIRE(jobs.size() == 1);
  CHECK(jobs[0].attempts == 0);
}

TEST_CASE("two schedulers at once on one database do every job exactly once") {
  TestEngine engine;
  constexpr int jobs = 300;
  std::atomic<int> outside_done = 0;
  Scheduler first(engine.database(), engine.settings, acting_in(engine.database()));
  Scheduler second(engine.database(), engine.settings, acting_in(engine.database()));
  for (Scheduler* scheduler : {&first, &second}) {
    scheduler->handle("trace", leave_trace);
    scheduler->handle_outside("mail", [&](const JobRow&) -> Result<> {
      outside_done++;
      return {};
    });
    scheduler->start(2);
  }
  for (int i = 0; i < jobs; i++) {
    add(engine, i % 2 ? "mail" : "trace");
    first.wake();
    second.wake();
  }
  for (int i = 0; i < 2000 && !jobs_of(engine).empty(); i++) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  first.stop();
  second.stop();
  CHECK(jobs_of(engine).empty());
  CHECK(traces(engine) == jobs / 2);
  CHECK(outside_done == jobs / 2);
}

}  // namespace piggy
