#include "schedule/job.h"

#include <fmt/format.h>
#include "base/log.h"

#include <atomic>
#include <condition_variable>
#include <latch>
#include <map>
#include <mutex>
#include <thread>

// A job row is `waiting` until it is done, and then gone; `running` while an outside job is leased;
// `failed` for good. `run_at` says when it is due: of a waiting job the moment to begin, of a
// running one the end of its lease. So an abandoned job comes back by the same look that finds new
// ones.
//
// Every take and every mark is a statement that names the state it expects, and the number of rows
// it changed says who won. That holds for two schedulers in one program and in two.

namespace piggy {
namespace {

constexpr std::int64_t attempts_max = 10;
constexpr std::int64_t lease_microseconds = 60 * microseconds_per_second;
// Inside jobs handed to the writer together: enough to share a commit, few enough that other
// writes, which wait for them, do not wait long.
constexpr std::size_t inside_jobs_per_round = 4;
// Jobs that another process added are found by looking, and so is one whose wake came too early.
constexpr auto look_interval = std::chrono::seconds(1);
constexpr auto pause_between_looks = std::chrono::milliseconds(1);

constexpr AppendTable job_table = {
    "job",
    "account_id bigint, id bigint, uuid bytea, kind text, payload text, state text, "
    "attempts bigint, run_at bigint, created_at bigint, updated_at bigint"};

constexpr std::string_view select_due = R"sql(
  SELECT account_id, id, uuid, kind, payload, attempts FROM job
  WHERE (state = 'waiting' OR state = 'running') AND run_at <= $1 AND kind IN ({})
  ORDER BY run_at, id LIMIT {}
)sql";

constexpr std::string_view select_next = R"sql(
  SELECT run_at FROM job
  WHERE (state = 'waiting' OR state = 'running') AND kind IN ({})
  ORDER BY run_at, id LIMIT 1
)sql";

// Of an inside job, before its work: the row is locked by it, and gone if and only if the work is
// committed.
constexpr std::string_view delete_due = R"sql(
  DELETE FROM job WHERE account_id = $1 AND id = $2 AND state = 'waiting' AND run_at <= $3
)sql";

constexpr std::string_view lease = R"sql(
  UPDATE job SET state = 'running', attempts = attempts + 1, run_at = $4, updated_at = $3
  WHERE account_id = $1 AND id = $2 AND run_at <= $3 AND (state = 'waiting' OR state = 'running')
)sql";

// The count of attempts tells one lease from the next, so that a worker that came back too late
// marks nothing.
constexpr std::string_view delete_leased = R"sql(
  DELETE FROM job WHERE account_id = $1 AND id = $2 AND state = 'running' AND attempts = $3
)sql";

constexpr std::string_view update_tried = R"sql(
  UPDATE job SET state = $4, attempts = $5, run_at = $6, problem = $7, updated_at = $8
  WHERE account_id = $1 AND id = $2 AND attempts = $3
    AND (state = 'waiting' OR state = 'running')
)sql";

// How many jobs this program has added, so that `wake` costs one look at a number after the many
// writes that add none. A hint and nothing else: forgetting it would cost a second.
std::atomic<std::uint64_t> jobs_added{0};

// 1, 2, 4, ... seconds and up to half as much again, so that jobs that failed together do not come
// back together.
std::int64_t backoff_microseconds(std::int64_t failures, Random& random) {
  std::int64_t pause = microseconds_per_second << std::min<std::int64_t>(failures - 1, 20);
  return pause + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(pause / 2)));
}

}  // namespace

Result<Uuid> add_job(Transaction& transaction, std::string_view kind, const Value& payload,
                     std::optional<Time> run_at) {
  ASSERT(transaction.account() != 0);
  Uuid uuid = transaction.next_uuid();
  Time now = transaction.now();
  TRY(transaction.append(job_table, {transaction.next_id(), uuid, kind, payload, "waiting", 0,
                                     run_at.value_or(now), now, now}));
  jobs_added++;
  return uuid;
}

struct Scheduler::State {
  Database& database;
  const Settings& settings;
  Acting acting_in;
  struct InsideKind {
    Inside work;
    GivenUp given_up;
  };
  std::map<std::string, InsideKind, std::less<>> inside = {};
  std::map<std::string, Outside, std::less<>> outside = {};

  std::mutex mutex = {};
  std::condition_variable called = {};
  std::uint64_t calls = 0;  // How often it was woken.
  bool ending = false;
  std::atomic<std::uint64_t> settled{0};  // `jobs_added` as it has stood for a while.
  std::vector<std::jthread> threads = {};

  template <class Handlers>
  Result<std::vector<JobRow>> due(const Handlers& handlers, std::size_t count);
  template <class Handlers>
  Result<std::optional<Time>> next(const Handlers& handlers);

  // Both do some of what is due, and say whether there was anything.
  Result<bool> run_inside();
  Result<bool> run_outside();
  Result<> note_failure(const JobRow& job, std::int64_t failures, const Error& why);
  Result<> give_up(Transaction& transaction, const JobRow& job, const Caller& acting);
  Call call_of(Transaction& transaction, const Caller& acting) {
    return {.transaction = transaction, .caller = acting, .settings = settings, .door = Door::job};
  }

  template <class Handlers>
  void loop(const Handlers& handlers, Result<bool> (State::*run)());
  void note_added(std::uint64_t count, std::uint64_t& latest,
                  std::chrono::steady_clock::time_point& latest_at);
};

namespace {

template <class Handlers>
std::vector<Parameter> kinds_of(const Handlers& handlers) {
  std::vector<Parameter> kinds;
  for (const auto& [kind, work] : handlers) kinds.emplace_back(kind);
  return kinds;
}

std::string placeholders(std::size_t first, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; i++) text += fmt::format("{}${}", i ? "," : "", first + i);
  return text;
}

}  // namespace

template <class Handlers>
Result<std::vector<JobRow>> Scheduler::State::due(const Handlers& handlers, std::size_t count) {
  std::vector<JobRow> jobs;
  if (handlers.empty()) return jobs;
  std::string sql = fmt::format(fmt::runtime(select_due), placeholders(2, handlers.size()), count);
  TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
    std::vector<Parameter> parameters = kinds_of(handlers);
    parameters.insert(parameters.begin(), Parameter(transaction.now()));
    jobs = TRY(transaction.all<JobRow>(sql, parameters));
    return {};
  }));
  return jobs;
}

template <class Handlers>
Result<std::optional<Time>> Scheduler::State::next(const Handlers& handlers) {
  std::optional<Time> next;
  if (handlers.empty()) return next;
  std::string sql = fmt::format(fmt::runtime(select_next), placeholders(1, handlers.size()));
  TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
    auto times = TRY(transaction.all<Time>(sql, kinds_of(handlers)));
    if (!times.empty()) next = times.front();
    return {};
  }));
  return next;
}

Result<bool> Scheduler::State::run_inside() {
  std::vector<JobRow> jobs = TRY(due(inside, inside_jobs_per_round));
  if (jobs.empty()) return false;
  std::vector<std::shared_ptr<const Caller>> acting;
  for (const JobRow& job : jobs) acting.push_back(TRY(acting_in(job.account_id)));

  std::vector<Result<>> results(jobs.size());
  std::latch finished(static_cast<std::ptrdiff_t>(jobs.size()));
  for (std::size_t i = 0; i < jobs.size(); i++) {
    auto work = [&, i](Transaction& transaction) -> Result<> {
      std::int64_t taken = TRY(transaction.run(delete_due, {jobs[i].id, transaction.now()}));
      if (taken == 0) return {};  // Another scheduler was first.
      Call call = call_of(transaction, *acting[i]);
      return inside.find(jobs[i].kind)->second.work(call, jobs[i]);
    };
    database.submit(jobs[i].account_id, work, [&, i](Result<> result) {
      results[i] = std::move(result);
      finished.count_down();
    });
  }
  finished.wait();
  for (std::size_t i = 0; i < jobs.size(); i++) {
    if (results[i]) continue;
    // A store that takes nothing now is not the job's failure.
    if (results[i].error().code == ErrorCode::unavailable)
      return std::unexpected(results[i].error());
    TRY(note_failure(jobs[i], jobs[i].attempts + 1, results[i].error()));
  }
  return true;
}

Result<bool> Scheduler::State::run_outside() {
  std::vector<JobRow> jobs = TRY(due(outside, 1));
  if (jobs.empty()) return false;
  JobRow& job = jobs.front();
  std::int64_t taken = 0;
  TRY(database.write(job.account_id, [&](Transaction& transaction) -> Result<> {
    Time now = transaction.now();
    taken = TRY(transaction.run(lease, {job.id, now, now + lease_microseconds}));
    return {};
  }));
  if (taken == 0) return true;  // Another worker was first; there may be more.
  job.attempts++;
  if (job.attempts > attempts_max) {
    TRY(note_failure(job, job.attempts,
                     {.message = "Its worker was lost each time before it was done."}));
    return true;
  }
  Result<> done = outside.find(job.kind)->second(job);
  if (!done) {
    TRY(note_failure(job, job.attempts, done.error()));
    return true;
  }
  TRY(database.write(job.account_id, [&](Transaction& transaction) -> Result<> {
    TRY(transaction.run(delete_leased, {job.id, job.attempts}));
    return {};
  }));
  return true;
}

Result<> Scheduler::State::note_failure(const JobRow& job, std::int64_t failures,
                                        const Error& why) {
  bool last = failures >= attempts_max;
  spdlog::warn("job {} ({}) failed, try {} of {}{}", to_string(job.uuid), job.kind, failures,
               attempts_max, last ? ": given up" : "");
  auto acting = TRY(acting_in(job.account_id));
  return database.write(job.account_id, [&](Transaction& transaction) -> Result<> {
    Time now = transaction.now();
    Time again = now + backoff_microseconds(failures, transaction.random());
    std::int64_t marked =
        TRY(transaction.run(update_tried, {job.id, job.attempts, last ? "failed" : "waiting",
                                           failures, last ? now : again, why.message, now}));
    if (last && marked == 1) return give_up(transaction, job, *acting);
    return {};
  });
}

Result<> Scheduler::State::give_up(Transaction& transaction, const JobRow& job,
                                   const Caller& acting) {
  auto kind = inside.find(job.kind);
  if (kind == inside.end() || !kind->second.given_up) return {};
  Call call = call_of(transaction, acting);
  return kind->second.given_up(call, job);
}

// The count is raised before the commit, and a look may come in between. So it counts as looked at
// only after it has stood for a while; until then every wake is followed.
void Scheduler::State::note_added(std::uint64_t count, std::uint64_t& latest,
                                  std::chrono::steady_clock::time_point& latest_at) {
  auto now = std::chrono::steady_clock::now();
  if (count != latest) {
    latest = count;
    latest_at = now;
  } else if (now - latest_at > look_interval) {
    settled = latest;
  }
}

template <class Handlers>
void Scheduler::State::loop(const Handlers& handlers, Result<bool> (State::*run)()) {
  std::uint64_t latest = jobs_added;
  auto latest_at = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex);
  while (!ending) {
    std::uint64_t followed = calls;
    lock.unlock();
    note_added(jobs_added, latest, latest_at);
    Result<bool> ran = (this->*run)();
    if (ran && *ran) {
      lock.lock();
      continue;
    }
    // The store is unavailable, or nothing is due: until the next job is, or for a second.
    auto pause = std::chrono::microseconds(look_interval);
    if (ran) {
      auto first = next(handlers);
      if (first && *first) {
        std::chrono::microseconds until(**first - database.clock().now());
        pause = std::clamp(until, std::chrono::microseconds(pause_between_looks), pause);
      }
    }
    std::this_thread::sleep_for(pause_between_looks);
    lock.lock();
    called.wait_for(lock, pause, [&] { return ending || (ran && calls != followed); });
  }
}

Scheduler::Scheduler(Database& database, const Settings& settings, Acting acting)
    : state_(
          new State{.database = database, .settings = settings, .acting_in = std::move(acting)}) {}

Scheduler::~Scheduler() { stop(); }

void Scheduler::handle(std::string_view kind, Inside work, GivenUp given_up) {
  bool is_new =
      state_->inside.emplace(kind, State::InsideKind{std::move(work), std::move(given_up)}).second;
  ASSERT(is_new && !state_->outside.contains(kind) && state_->threads.empty());
}

void Scheduler::handle_outside(std::string_view kind, Outside work) {
  bool is_new = state_->outside.emplace(kind, std::move(work)).second;
  ASSERT(is_new && !state_->inside.contains(kind) && state_->threads.empty());
}

Result<> Scheduler::take_over() {
  ASSERT(state_->threads.empty());
  return state_->database.write(0, [](Transaction& transaction) -> Result<> {
    TRY(transaction.run("UPDATE job SET run_at = $1 WHERE state = 'running'", {transaction.now()}));
    return {};
  });
}

// One thread feeds the writer with inside jobs; the workers do outside ones, which may be slow, and
// so never hold up the inside ones.
void Scheduler::start(std::size_t workers) {
  ASSERT(state_->threads.empty());
  State* state = state_.get();
  state->ending = false;
  if (!state->inside.empty()) {
    state->threads.emplace_back([state] { state->loop(state->inside, &State::run_inside); });
  }
  for (std::size_t i = 0; i < workers && !state->outside.empty(); i++) {
    state->threads.emplace_back([state] { state->loop(state->outside, &State::run_outside); });
  }
}

void Scheduler::wake() {
  if (jobs_added == state_->settled) return;
  {
    std::lock_guard lock(state_->mutex);
    state_->calls++;
  }
  state_->called.notify_all();
}

Result<> Scheduler::run_all_due() {
  for (bool more = true; more;) {
    more = TRY(state_->run_inside());
    if (TRY(state_->run_outside())) more = true;
  }
  return {};
}

void Scheduler::stop() {
  {
    std::lock_guard lock(state_->mutex);
    state_->ending = true;
  }
  state_->called.notify_all();
  state_->threads.clear();  // Joins.
}

}  // namespace piggy
