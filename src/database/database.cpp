#include "database/database.h"

#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "database/batch.h"
#include "database/migration.h"

namespace piggy {

namespace {

// An operation that was put off so often waits for what it reads.
constexpr int rounds_max = 8;
constexpr int tender_niceness = 10;

}  // namespace

struct Database::Inside {
  struct Waiting {
    std::int64_t account;
    Work work;
    Done done;
    Result<> result = {};
  };

  DatabaseOptions options;
  SystemClock system_clock;
  SecureRandom secure_random;
  std::unique_ptr<Store> store;
  std::unique_ptr<Batch> batch;
  Counters counters;

  std::mutex queue_mutex;
  std::condition_variable queue_filled;
  std::vector<Waiting> queue;
  bool ending = false;

  std::mutex readers_mutex;
  std::condition_variable reader_freed;
  std::vector<std::unique_ptr<Connection>> readers;
  std::size_t readers_made = 0;

  std::jthread writer;
  std::jthread tender;

  const Clock& clock() const { return options.clock ? *options.clock : system_clock; }
  Random& random() { return options.random ? *options.random : secure_random; }

  enum class Outcome {
    committed,
    undone,       // Nothing was kept.
    unreachable,  // There is no store to try again with; or nobody knows whether it was kept.
  };

  void write_loop();
  void run_batch(std::span<Waiting> waiting);
  Outcome try_batch(std::span<Waiting> waiting);
  void tend_loop(std::stop_token stop);
  void let_readers_go();
  Result<std::unique_ptr<Connection>> take_reader();
  void give_back(std::unique_ptr<Connection> reader);
};

void Database::Inside::write_loop() {
  std::vector<Waiting> taken;
  for (;;) {
    {
      std::unique_lock lock(queue_mutex);
      if (queue.empty() && !ending &&
          !queue_filled.wait_for(lock, std::chrono::milliseconds(500),
                                 [&] { return ending || !queue.empty(); })) {
        lock.unlock();
        store->tend_idle(batch->connection());
        continue;
      }
      if (queue.empty()) return;
      std::swap(taken, queue);
    }
    std::span<Waiting> rest(taken);
    while (!rest.empty()) {
      std::span<Waiting> part = rest.first(std::min(rest.size(), options.batch_max));
      run_batch(part);
      for (Waiting& one : part) one.done(std::move(one.result));
      rest = rest.subspan(part.size());
    }
    counters.queued -= taken.size();
    taken.clear();
  }
}

// A batch that cannot be committed as a whole is taken apart: each operation again, alone. So one
// that breaks a rule only the commit sees harms no other. Only what is known to be undone is
// repeated.
void Database::Inside::run_batch(std::span<Waiting> waiting) {
  Outcome outcome = try_batch(waiting);
  if (outcome != Outcome::undone) return;
  // Also a single one: what is to be done in its place (Transaction::if_undone) was undone with it.
  bool repeat = batch->connection().repeat_undone();
  if (repeat && (waiting.size() > 1 || batch->owes())) {
    outcome = try_batch(waiting);
    if (outcome != Outcome::undone) return;
  }
  // A connection that broke while nothing happened shows at the next batch; even if that is a
  // single write, it need not suffer.
  bool worth_repeating = waiting.front().result.error().code == ErrorCode::unavailable;
  if (waiting.size() == 1 && !worth_repeating) return;
  while (!waiting.empty() && outcome != Outcome::unreachable) {
    outcome = try_batch(waiting.first(1));
    if (outcome == Outcome::unreachable) break;
    waiting = waiting.subspan(1);
  }
  for (Waiting& one : waiting) one.result = fail(waiting.front().result.error());
}

Database::Inside::Outcome Database::Inside::try_batch(std::span<Waiting> waiting) {
  auto lost_by = [&](Error why, Outcome outcome) {
    batch->rollback();
    for (Waiting& one : waiting) {
      if (one.result) one.result = fail(why);
    }
    counters.refused += waiting.size();
    return outcome;
  };
  for (Waiting& one : waiting) one.result = {};
  if (Result<> begun = batch->begin(); !begun) {
    return lost_by(std::move(begun).error(), Outcome::unreachable);
  }
  Connection& connection = batch->connection();
  std::span<Waiting> open = waiting;  // Those whose work is not done yet.
  for (int round = 1; !open.empty(); round++) {
    bool may = open.size() > 1 && round < rounds_max;
    connection.put_off(may ? Connection::PutOff::what_waits : Connection::PutOff::nothing);
    std::size_t done = 0;
    bool in_order = true;
    for (Waiting& one : open) {
      Batch::Ran ran = batch->run(one.account, one.work, one.result);
      if (ran == Batch::Ran::lost) {
        Error why{.code = ErrorCode::unavailable,
                  .message = "The store could not take this. Try again in a moment.",
                  .retry_after_seconds = 1};
        return lost_by(one.result ? why : one.result.error(), Outcome::undone);
      }
      in_order = in_order && ran == Batch::Ran::done;
      if (in_order) {
        done++;
      } else {  // What follows one that was put off only asks for what it will read.
        connection.put_off(Connection::PutOff::everything);
      }
    }
    open = open.subspan(done);
    if (open.empty()) break;
    if (Result<> arrived = connection.await_reads(); !arrived) {
      return lost_by(std::move(arrived).error(), Outcome::undone);
    }
  }
  if (Result<> committed = batch->commit(); !committed) {
    bool unknown = !batch->connection().connected();
    return lost_by(std::move(committed).error(), unknown ? Outcome::unreachable : Outcome::undone);
  }
  counters.writes += waiting.size();
  counters.batches++;
  return Outcome::committed;
}

void Database::Inside::tend_loop(std::stop_token stop) {
  // Those who wait for a commit go first.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), tender_niceness);
  std::mutex mutex;
  std::condition_variable_any stopped;
  while (!stop.stop_requested()) {
    let_readers_go();
    store->tend();
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, std::chrono::milliseconds(250), [] { return false; });
  }
}

void Database::Inside::let_readers_go() {
  std::lock_guard lock(readers_mutex);
  for (auto& reader : readers) reader->let_go();
}

Result<std::unique_ptr<Connection>> Database::Inside::take_reader() {
  std::unique_lock lock(readers_mutex);
  while (readers.empty() && readers_made >= store->readers_max()) reader_freed.wait(lock);
  if (!readers.empty()) {
    auto reader = std::move(readers.back());
    readers.pop_back();
    return reader;
  }
  readers_made++;
  lock.unlock();
  auto reader = store->connect_reader();
  if (!reader) {
    lock.lock();
    readers_made--;
  }
  return reader;
}

void Database::Inside::give_back(std::unique_ptr<Connection> reader) {
  std::lock_guard lock(readers_mutex);
  readers.push_back(std::move(reader));
  reader_freed.notify_one();
}

Database::Database(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}

Result<std::unique_ptr<Store>> open_store(std::string url) {
  bool postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
  if (url.starts_with("sqlite:")) url.erase(0, 7);
  return postgres ? open_postgres(url) : open_sqlite(url);
}

Result<std::unique_ptr<Database>> Database::open(DatabaseOptions options) {
  std::unique_ptr<Store> store = TRY(open_store(options.url));
  return open(std::move(options), std::move(store));
}

Result<std::unique_ptr<Database>> Database::open(DatabaseOptions options,
                                                 std::unique_ptr<Store> store) {
  auto inside = std::make_unique<Inside>();
  inside->options = std::move(options);
  inside->store = std::move(store);
  inside->batch = std::make_unique<Batch>(TRY(inside->store->connect_writer()), inside->clock(),
                                          inside->random());
  TRY(bring_up_to_date(*inside->store, inside->batch->connection()));
  if (!inside->options.incomplete) TRY(refuse_incomplete_copy(inside->batch->connection()));
  TRY(inside->batch->load_ids());
  inside->writer = std::jthread([it = inside.get()] { it->write_loop(); });
  inside->tender = std::jthread([it = inside.get()](std::stop_token stop) { it->tend_loop(stop); });
  return std::unique_ptr<Database>(new Database(std::move(inside)));
}

Database::~Database() {
  {
    std::lock_guard lock(inside_->queue_mutex);
    inside_->ending = true;
  }
  inside_->queue_filled.notify_all();
  inside_->writer.join();
  inside_->tender.request_stop();
  inside_->tender.join();
}

void Database::submit(std::int64_t account, Work work, Done done) {
  {
    std::unique_lock lock(inside_->queue_mutex);
    if (inside_->queue.size() >= inside_->options.queue_max || inside_->ending) {
      lock.unlock();
      inside_->counters.refused++;
      return done(fail({.code = ErrorCode::unavailable,
                        .message = "Too many writes are waiting. Try again in a moment.",
                        .retry_after_seconds = 1}));
    }
    inside_->counters.queued++;
    inside_->queue.push_back({account, std::move(work), std::move(done)});
    if (inside_->queue.size() > 1) return;  // The writer has been woken already.
  }
  inside_->queue_filled.notify_one();
}

Result<> Database::write(std::int64_t account, const Work& work) {
  ASSERT(std::this_thread::get_id() != inside_->writer.get_id());  // It would wait for itself.
  struct Outcome {  // Shared, for the writer may still be letting go of it when we return.
    std::mutex mutex;
    std::condition_variable known;
    std::optional<Result<>> result;
  };
  auto outcome = std::make_shared<Outcome>();
  submit(account, work, [outcome](Result<> result) {
    {
      std::lock_guard lock(outcome->mutex);
      outcome->result = std::move(result);
    }
    outcome->known.notify_one();
  });
  std::unique_lock lock(outcome->mutex);
  outcome->known.wait(lock, [&] { return outcome->result.has_value(); });
  return *std::move(outcome->result);
}

Result<> Database::read(std::int64_t account, const std::function<Result<>(Transaction&)>& work) {
  std::unique_ptr<Connection> reader = TRY(inside_->take_reader());
  Result<> result = reader->begin(false);
  if (result) {
    Transaction transaction(*reader, nullptr, account, clock().now());
    result = work(transaction);
    if (result && transaction.error_) result = fail(*transaction.error_);
    reader->rollback();
  }
  inside_->give_back(std::move(reader));
  return result;
}

std::string_view Database::kind() const { return inside_->store->name(); }
const Clock& Database::clock() const { return inside_->clock(); }
Store& Database::store() { return *inside_->store; }
const Database::Counters& Database::counters() const { return inside_->counters; }

}  // namespace piggy
