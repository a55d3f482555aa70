#include "database/database.h"

#include <fmt/format.h>

#include <condition_variable>
#include <cstring>
#include <latch>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "database/migration.h"

namespace piggy {

// A hot row: as it is now, and as the store has it.
struct Transaction::HotSlot {
  const HotTable* table = nullptr;
  std::int64_t account = 0;
  std::int64_t id = 0;
  std::size_t size = 0;
  Unload unload = nullptr;
  std::uint64_t touched = 0;  // The operation that touched it last.
  std::uint64_t loaded = 0;   // The operation that loaded it.
  bool waiting = false;       // Listed as changed since the last flush.
  std::unique_ptr<std::byte[]> now;
  std::unique_ptr<std::byte[]> stored;
};

namespace {

struct HotKey {
  const HotTable* table;
  std::int64_t account;
  std::int64_t id;
  bool operator==(const HotKey&) const = default;
};

struct HotKeyHash {
  std::size_t operator()(const HotKey& key) const {
    std::size_t hash = static_cast<std::size_t>(key.id) * 0x9e3779b97f4a7c15u;
    hash ^= static_cast<std::size_t>(key.account) * 0xc2b2ae3d27d4eb4fu;
    return hash ^ (reinterpret_cast<std::size_t>(key.table) >> 4);
  }
};

constexpr std::size_t hot_rows_max = 32'768;
constexpr std::int64_t ids_per_block = 100'000;

}  // namespace

// What lives as long as the writer: its connection, the rows in play, the ids. A batch is one round
// of begin, operations, commit on it.
class Batch {
 public:
  Batch(std::unique_ptr<Connection> connection, const Clock& clock, Random& random)
      : connection_(std::move(connection)), clock_(clock), random_(random) {}

  Connection& connection() { return *connection_; }

  Result<> load_ids() {
    RowSink sink = [&](const Row& row) { next_id_ = id_limit_ = row.integer(0); };
    TRY(connection_->run("SELECT value FROM counter WHERE name = 'id'", {}, &sink));
    return {};
  }

  Result<> begin() { return connection_->begin(true); }

  // Runs one operation. When `lost` is set the whole batch is gone.
  Result<> run(std::int64_t account, const Database::Work& work, bool& lost) {
    operation_++;
    TRY(connection_->savepoint());
    Transaction transaction(*connection_, this, account, clock_.now());
    Result<> result = work(transaction);
    if (result && !transaction.discarded_) {
      undo_.clear();
      return settle(connection_->release(), lost);
    }
    restore_hot();
    if (!connection_->in_transaction()) {
      lost = true;
      return result;
    }
    Result<> back = settle(connection_->rollback_to_savepoint(), lost);
    return result ? back : result;
  }

  Result<> commit() {
    TRY(flush_hot());
    TRY(store_ids());
    TRY(connection_->commit());
    if (slots_.size() > hot_rows_max) slots_.clear();
    return {};
  }

  void rollback() {
    connection_->rollback();
    slots_.clear();
    undo_.clear();
    waiting_.clear();
    id_limit_ = next_id_;  // The block in use may not have been stored: take a new one.
  }

  std::int64_t next_id() { return ++next_id_; }
  Uuid next_uuid(Time now) { return mint_.next(now, random_); }
  Random& random() { return random_; }

  Transaction::HotSlot* find_hot(const HotTable& table, std::int64_t account, std::int64_t id) {
    auto found = slots_.find({&table, account, id});
    if (found == slots_.end()) return nullptr;
    return touch(*found->second);
  }

  Transaction::HotSlot* add_hot(Transaction::HotSlot slot) {
    HotKey key{slot.table, slot.account, slot.id};
    slot.loaded = operation_;
    auto& held = slots_[key];
    held = std::make_unique<Transaction::HotSlot>(std::move(slot));
    return touch(*held);
  }

 private:
  struct Undo {
    Transaction::HotSlot* slot;
    std::unique_ptr<std::byte[]> before;
  };

  static Result<> settle(Result<> result, bool& lost) {
    if (!result) lost = true;
    return result;
  }

  Transaction::HotSlot* touch(Transaction::HotSlot& slot) {
    if (slot.touched == operation_) return &slot;
    slot.touched = operation_;
    Undo undo{&slot, std::make_unique<std::byte[]>(slot.size)};
    std::memcpy(undo.before.get(), slot.now.get(), slot.size);
    undo_.push_back(std::move(undo));
    if (!slot.waiting) waiting_.push_back(&slot);
    slot.waiting = true;
    return &slot;
  }

  // Rows that the failed operation loaded may be rows it made: they are forgotten, not restored.
  void restore_hot() {
    for (Undo& undo : undo_) {
      std::memcpy(undo.slot->now.get(), undo.before.get(), undo.slot->size);
    }
    undo_.clear();
    std::erase_if(waiting_, [&](Transaction::HotSlot* slot) {
      if (slot->loaded != operation_) return false;
      slots_.erase({slot->table, slot->account, slot->id});
      return true;
    });
  }

  Result<> flush_hot() {
    std::unordered_map<const HotTable*, std::vector<std::vector<Parameter>>> changed;
    for (Transaction::HotSlot* slot : waiting_) {
      slot->waiting = false;
      if (std::memcmp(slot->now.get(), slot->stored.get(), slot->size) == 0) continue;
      auto& row = changed[slot->table].emplace_back();
      row.emplace_back(slot->account);
      slot->unload(slot->now.get(), row);
      std::memcpy(slot->stored.get(), slot->now.get(), slot->size);
    }
    waiting_.clear();
    for (auto& [table, rows] : changed) TRY(connection_->update_all(table->update, rows));
    return {};
  }

  // Ids are taken in blocks, so that the counter is not written by every batch. It is stored before
  // the first id beyond it can become durable.
  Result<> store_ids() {
    if (next_id_ <= id_limit_) return {};
    id_limit_ = next_id_ + ids_per_block;
    Parameter limit(id_limit_);
    TRY(connection_->run("UPDATE counter SET value = $1 WHERE name = 'id'", {&limit, 1}, nullptr));
    return {};
  }

  std::unique_ptr<Connection> connection_;
  const Clock& clock_;
  Random& random_;
  UuidMint mint_;
  std::int64_t next_id_ = 0;
  std::int64_t id_limit_ = 0;
  std::uint64_t operation_ = 0;
  std::unordered_map<HotKey, std::unique_ptr<Transaction::HotSlot>, HotKeyHash> slots_;
  std::vector<Transaction::HotSlot*> waiting_;
  std::vector<Undo> undo_;
};

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

  void write_loop();
  void run_batch(std::span<Waiting> waiting);
  bool try_batch(std::span<Waiting> waiting);
  void tend_loop(std::stop_token stop);
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
// that breaks a rule only the commit sees harms no other.
void Database::Inside::run_batch(std::span<Waiting> waiting) {
  if (try_batch(waiting)) return;
  if (waiting.size() == 1) return;
  for (Waiting& one : waiting) try_batch({&one, 1});
}

bool Database::Inside::try_batch(std::span<Waiting> waiting) {
  auto lost_by = [&](Result<> why) {
    batch->rollback();
    for (Waiting& one : waiting) {
      if (one.result) one.result = why;
    }
    counters.refused += waiting.size();
    return false;
  };
  for (Waiting& one : waiting) one.result = {};
  if (Result<> begun = batch->begin(); !begun) return lost_by(begun);
  for (Waiting& one : waiting) {
    bool lost = false;
    one.result = batch->run(one.account, one.work, lost);
    if (lost) return lost_by(one.result ? Result<>(fail(ErrorCode::unavailable, "")) : one.result);
  }
  if (Result<> committed = batch->commit(); !committed) return lost_by(committed);
  counters.writes += waiting.size();
  counters.batches++;
  return true;
}

void Database::Inside::tend_loop(std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  while (!stop.stop_requested()) {
    store->tend();
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, std::chrono::milliseconds(250), [] { return false; });
  }
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
  std::latch finished(1);
  Result<> outcome;
  submit(account, work, [&](Result<> result) {
    outcome = std::move(result);
    finished.count_down();
  });
  finished.wait();
  return outcome;
}

Result<> Database::read(std::int64_t account, const std::function<Result<>(Transaction&)>& work) {
  std::unique_ptr<Connection> reader = TRY(inside_->take_reader());
  Result<> result = reader->begin(false);
  if (result) {
    Transaction transaction(*reader, nullptr, account, clock().now());
    result = work(transaction);
    reader->rollback();
  }
  inside_->give_back(std::move(reader));
  return result;
}

std::string_view Database::kind() const { return inside_->store->name(); }
const Clock& Database::clock() const { return inside_->clock(); }
Store& Database::store() { return *inside_->store; }
const Database::Counters& Database::counters() const { return inside_->counters; }

std::int64_t Transaction::next_id() {
  ASSERT(batch_);
  return batch_->next_id();
}

Uuid Transaction::next_uuid() {
  ASSERT(batch_);
  return batch_->next_uuid(now_);
}

Random& Transaction::random() {
  ASSERT(batch_);
  return batch_->random();
}

std::vector<Parameter> Transaction::bound(const Parameter* begin, std::size_t count) const {
  std::vector<Parameter> parameters;
  parameters.reserve(count + 1);
  if (account_) parameters.emplace_back(account_);
  parameters.insert(parameters.end(), begin, begin + count);
  return parameters;
}

Result<std::int64_t> Transaction::run(std::string_view sql, Parameters parameters) {
  return connection_.run(sql, bound(parameters.begin(), parameters.size()), nullptr);
}

Result<> Transaction::query(std::string_view sql, std::vector<Parameter> parameters,
                            const RowSink& sink, bool settled) {
  if (settled) {
    TRY(connection_.run_on_settled(sql, parameters, &sink));
  } else {
    TRY(connection_.run(sql, parameters, &sink));
  }
  return {};
}

Result<> Transaction::append(const AppendTable& table, Parameters values) {
  ASSERT(writes());
  return connection_.append(table, bound(values.begin(), values.size()));
}

Result<void*> Transaction::hot_row(const HotTable& table, std::int64_t id, std::size_t size,
                                   Load load, Unload unload) {
  if (batch_) {
    if (HotSlot* slot = batch_->find_hot(table, account_, id)) return slot->now.get();
  }
  auto now = std::make_unique<std::byte[]>(size);
  bool found = false;
  RowSink sink = [&](const Row& row) {
    load(row, now.get());
    found = true;
  };
  Parameter parameters[] = {account_, id};
  TRY(connection_.run(table.select, parameters, &sink));
  if (!found) return nullptr;
  if (!batch_) {
    copies_.push_back(std::move(now));
    return copies_.back().get();
  }
  HotSlot slot{.table = &table, .account = account_, .id = id, .size = size, .unload = unload};
  slot.stored = std::make_unique<std::byte[]>(size);
  std::memcpy(slot.stored.get(), now.get(), size);
  slot.now = std::move(now);
  return batch_->add_hot(std::move(slot))->now.get();
}

}  // namespace piggy
