// How many operations a second a store takes: each looks once at what is settled, appends four
// rows and changes two hot ones; so many callers always wait.
//
//   database_bench URL [CALLERS] [SECONDS]        (an empty database)

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <semaphore>
#include <thread>

#include "database/database.h"

using namespace piggy;

namespace {

constexpr std::int64_t counts_made = 1000;

struct Count {
  std::int64_t id = 0;
  std::int64_t vouchers = 0;
};
constexpr HotTable counts = {
    .select = "SELECT id, vouchers FROM promotion_count WHERE account_id = $1 AND id = $2",
    .update = {.name = "promotion_count",
               .columns = "account_id bigint, id bigint, vouchers bigint"}};
constexpr AppendTable entries = {
    .name = "entry",
    .columns =
        "account_id bigint, id bigint, ledger_account_id bigint, transfer_id bigint,"
        " kind text, amount bigint, balance_after bigint, previous bigint, hash bytea,"
        " created_at bigint"};
constexpr AppendTable events = {.name = "event",
                                .columns =
                                    "account_id bigint, id bigint, type text, subject bytea,"
                                    " payload text, created_at bigint"};
constexpr AppendTable answers = {
    .name = "idempotency",
    .columns =
        "account_id bigint, id bigint, key bytea, fingerprint bytea, answer text,"
        " created_at bigint"};
constexpr std::string_view select_answer =
    "SELECT answer FROM idempotency WHERE account_id = $1 AND key = $2";

Result<> operation(Transaction& t, std::uint64_t chance) {
  Uuid key = t.next_uuid();
  TRY(t.first_settled<std::string>(select_answer, {key}));
  Hash hash = {};
  for (std::int64_t id : {chance % counts_made, (chance / counts_made) % counts_made}) {
    Count* count = TRY(t.hot<Count>(counts, id + 1));
    ASSERT(count);
    count->vouchers++;
    TRY(t.append(entries, {t.next_id(), id, 7, "credit", 10, count->vouchers, 0, hash, t.now()}));
  }
  TRY(t.append(events, {t.next_id(), "credited", key, R"({"credits":10,"balance":110})", t.now()}));
  return t.append(answers, {t.next_id(), key, hash, R"({"data":{"credits":10}})", t.now()});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 1;
  int callers = argc > 2 ? std::atoi(argv[2]) : 64;
  double seconds = argc > 3 ? std::atof(argv[3]) : 5;
  auto database = Database::open({.url = argv[1]});
  if (!database) {
    fmt::print("{}\n", database.error().message);
    return 1;
  }
  auto made = (*database)->write(1, [](Transaction& t) -> Result<> {
    for (std::int64_t id = 1; id <= counts_made; id++) {
      TRY(t.run("INSERT INTO promotion_count (account_id, id, vouchers) VALUES ($1, $2, 0)", {id}));
    }
    return {};
  });
  ASSERT(made.has_value());

  using Clock = std::chrono::steady_clock;
  std::counting_semaphore<> free(callers);
  std::vector<double> milliseconds;  // Filled by the writer's thread alone.
  milliseconds.reserve(1'000'000);
  SeededRandom random(1);
  auto start = Clock::now();
  auto passed = [&](Clock::time_point since) {
    return std::chrono::duration<double>(Clock::now() - since).count();
  };
  while (passed(start) < seconds) {
    free.acquire();
    auto submitted = Clock::now();
    (*database)->submit(
        1, [chance = random.next()](Transaction& t) { return operation(t, chance); },
        [&, submitted](Result<> result) {
          ASSERT(result.has_value());
          milliseconds.push_back(passed(submitted) * 1000);
          free.release();
        });
  }
  for (int i = 0; i < callers; i++) free.acquire();
  double elapsed = passed(start);
  std::ranges::sort(milliseconds);
  auto at = [&](double part) {
    return milliseconds[static_cast<std::size_t>(part *
                                                 static_cast<double>(milliseconds.size() - 1))];
  };
  const auto& counters = (*database)->counters();
  fmt::print("{}: {:.0f} operations/s, {:.1f} a batch, p50 {:.2f} ms, p99 {:.2f} ms\n",
             (*database)->kind(), static_cast<double>(milliseconds.size()) / elapsed,
             static_cast<double>(counters.writes) / static_cast<double>(counters.batches), at(0.5),
             at(0.99));
}
