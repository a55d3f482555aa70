#include "sequence/runner.h"

#include "base/log.h"

#include <latch>
#include <thread>
#include <vector>

#include "event/signal.h"
#include "sequence/enrollment.h"

// Whoever is due is found by an index of those who wait, by their moments. Each is advanced in a
// write of its own, which looks again whether it is due: a lot shares a commit, one that fails
// harms no other, and a second runner does nothing twice.

namespace piggy {
namespace {

constexpr auto look_interval = std::chrono::seconds(1);

constexpr std::string_view select_due = R"sql(
  SELECT account_id, id FROM enrollment WHERE state = 'waiting' AND due_at <= $1
  ORDER BY due_at, id LIMIT 32
)sql";

struct Due {
  std::int64_t account_id = 0;
  std::int64_t id = 0;
};

}  // namespace

struct SequenceRunner::State {
  Database& database;
  Scheduler::Acting acting;
  std::jthread thread = {};

  Result<std::vector<Due>> due();
  Result<bool> run_lot();
  void loop(const std::stop_token& stop);
};

Result<std::vector<Due>> SequenceRunner::State::due() {
  std::vector<Due> due;
  TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
    due = TRY(transaction.all<Due>(select_due, {transaction.now()}));
    return {};
  }));
  return due;
}

// Whether there was anything.
Result<bool> SequenceRunner::State::run_lot() {
  std::vector<Due> lot = TRY(due());
  if (lot.empty()) return false;
  std::vector<std::string> zones;
  for (const Due& one : lot) zones.push_back(TRY(acting(one.account_id))->time_zone);
  std::vector<Result<>> results(lot.size());
  std::latch finished(static_cast<std::ptrdiff_t>(lot.size()));
  for (std::size_t i = 0; i < lot.size(); i++) {
    auto work = [&, i](Transaction& transaction) {
      return advance(transaction, lot[i].id, zones[i]);
    };
    database.submit(lot[i].account_id, work, [&, i](Result<> result) {
      results[i] = std::move(result);
      finished.count_down();
    });
  }
  finished.wait();
  for (std::size_t i = 0; i < lot.size(); i++) {
    if (results[i]) continue;
    // A store that takes nothing now is nobody's failure.
    if (results[i].error().code == ErrorCode::unavailable) {
      return std::unexpected(results[i].error());
    }
    spdlog::warn("enrolment {} could not go on: {}", lot[i].id, results[i].error().message);
    TRY(database.write(lot[i].account_id, [&](Transaction& transaction) {
      return note_failure(transaction, lot[i].id);
    }));
  }
  return true;
}

void SequenceRunner::State::loop(const std::stop_token& stop) {
  Signal::Waiter waiter(enrollment_signal());
  while (!stop.stop_requested()) {
    Result<bool> found = run_lot();
    if (found && *found) continue;
    if (!found) spdlog::warn("sequences wait: {}", found.error().message);
    waiter.wait(stop, false, look_interval);
  }
}

SequenceRunner::SequenceRunner(Database& database, Scheduler::Acting acting)
    : state_(new State{.database = database, .acting = std::move(acting)}) {}

SequenceRunner::~SequenceRunner() { stop(); }

void SequenceRunner::start() {
  State* state = state_.get();
  state->thread = std::jthread([state](const std::stop_token& stop) { state->loop(stop); });
}

void SequenceRunner::stop() {
  if (!state_->thread.joinable()) return;
  state_->thread.request_stop();
  state_->thread.join();
}

Result<> SequenceRunner::run_all_due() {
  while (TRY(state_->run_lot())) {
  }
  return {};
}

}  // namespace piggy
