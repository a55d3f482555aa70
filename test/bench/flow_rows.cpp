// piggy_flow_rows DATABASE FLOW RUNS DUE: puts so many runs of a flow to rest at its first step, a
// `wait` called "rest", in large transactions; so many of them are due at once, the others in a
// year. The database is a file or a URL, and no server may have it open.

#include <fmt/format.h>

#include <charconv>

#include "database/database.h"
#include "flow/flow.h"

namespace piggy {
namespace {

constexpr std::int64_t runs_per_transaction = 20'000;
constexpr std::int64_t year = 365 * microseconds_per_day;

struct Counts {
  std::int64_t runs = 0;
  std::int64_t due = 0;
};

Result<> park(Transaction& transaction, const FlowRow& flow, std::int64_t number, Time due_at) {
  RunRow run{.flow_id = flow.id,
             .version_id = flow.version_id,
             .key = fmt::format("bench:{}", number),
             .trigger = Value::object({{"input", Value::object({{"number", number}})}}),
             .state = RunState::waiting,
             .wakes = 1,
             .due_at = due_at};
  run = TRY(insert_run(transaction, std::move(run)));
  return keep_step(
      transaction, run.id,
      {.step = "rest", .kind = "wait", .due_at = due_at, .started_at = transaction.now()});
}

Result<> park_all(const std::string& url, const Uuid& uuid, Counts counts) {
  auto database = TRY(Database::open({.url = url}));
  std::int64_t account = 0;
  TRY(database->read(0, [&](Transaction& transaction) -> Result<> {
    account =
        TRY(transaction.one<std::int64_t>("SELECT account_id FROM flow WHERE uuid = $1", {uuid}));
    return {};
  }));
  for (std::int64_t done = 0; done < counts.runs; done += runs_per_transaction) {
    std::int64_t until = std::min(counts.runs, done + runs_per_transaction);
    TRY(database->write(account, [&](Transaction& transaction) -> Result<> {
      FlowRow flow = TRY(flow_of(transaction, uuid));
      Time now = transaction.now();
      for (std::int64_t number = done; number < until; number++) {
        bool due = number >= counts.runs - counts.due;  // The newest: a look finds them at once.
        TRY(park(transaction, flow, number, due ? now : now + year + number));
      }
      return {};
    }));
  }
  return {};
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  auto end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
  if (end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number;
}

}  // namespace
}  // namespace piggy

int main(int count, char** words) {
  using namespace piggy;
  auto uuid = count == 5 ? parse_uuid(words[2]) : std::nullopt;
  auto runs = count == 5 ? number_in(words[3]) : std::nullopt;
  auto due = count == 5 ? number_in(words[4]) : std::nullopt;
  if (!uuid || !runs || !due || *due > *runs) {
    fmt::print(stderr, "usage: piggy_flow_rows DATABASE FLOW RUNS DUE\n");
    return 2;
  }
  if (auto done = park_all(words[1], *uuid, {.runs = *runs, .due = *due}); !done) {
    fmt::print(stderr, "{}\n", done.error().message);
    return 1;
  }
  return 0;
}
