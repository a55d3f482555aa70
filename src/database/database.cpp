#include "database/database.h"

#include <fmt/format.h>

#include <condition_variable>
#include <cstring>
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

constexpr std::string_view upsert_uuid_limit = R"sql(
  INSERT INTO counter (name, value) VALUES ('uuid', $1)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value
)sql";
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
    RowSink sink = [&](const Row& row) {
      if (row.text(0) == "id") next_id_ = id_limit_ = row.integer(1);
      if (row.text(0) == "uuid") uuid_start_ = uuid_limit_ = {row.integer(1)};
    };
    TRY(connection_->run("SELECT name, value FROM counter", {}, &sink));
    return {};
  }

  Result<> begin() { return connection_->begin(true); }

  // Runs one operation. When `lost` is set the whole batch is gone.
  Result<> run(std::int64_t account, const Database::Work& work, bool& lost) {
    operation_++;
    if (Result<> set = connection_->savepoint(); !set) return settle(set, lost);
    Transaction transaction(*connection_, this, account, clock_.now());
    Result<> result = work(transaction);
    if (result && transaction.error_) result = fail(*transaction.error_);
    if (result && !transaction.discarded_) {
      undo_.clear();
      return settle(connection_->release(), lost);
    }
    if (result) result = connection_->send_appended();  // A dry run tells what would be refused.
    restore_hot();
    if (!connection_->in_transaction()) {
      lost = true;
      return result;
    }
    Result<> back = settle(connection_->rollback_to_savepoint(), lost);
    if (!lost && transaction.if_undone_) {
      Result<> instead = run(account, transaction.if_undone_, lost);
      if (!instead) return instead;
    }
    return result ? back : result;
  }

  Result<> commit() {
    TRY(flush_hot());
    TRY(store_ids());
    TRY(store_uuids());
    TRY(connection_->commit());
    if (slots_.size() > hot_rows_max) slots_.clear();
    return {};
  }

  void rollback() {
    connection_->rollback();
    slots_.clear();
    undo_.clear();
    waiting_.clear();
    // What is in use may not have been stored: take new ones.
    id_limit_ = next_id_;
    uuid_limit_ = {};
  }

  std::int64_t next_id() { return ++next_id_; }
  Uuid next_uuid(Time now) {
    Uuid uuid = mint_.next(std::max(now, uuid_start_), random_);
    std::int64_t milliseconds = 0;
    for (int i = 0; i < 6; i++) milliseconds = milliseconds << 8 | uuid.bytes[i];
    last_uuid_ = {milliseconds * 1000};
    return uuid;
  }
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

  // The same for uuids, by the second: after a restart they begin where the last second ends, even
  // if the clock was set back.
  Result<> store_uuids() {
    if (last_uuid_ < uuid_limit_ || last_uuid_ == Time()) return {};
    uuid_limit_ = last_uuid_ + microseconds_per_second;
    Parameter limit(uuid_limit_);
    TRY(connection_->run(upsert_uuid_limit, {&limit, 1}, nullptr));
    return {};
  }

  std::unique_ptr<Connection> connection_;
  const Clock& clock_;
  Random& random_;
  UuidMint mint_;
  Time uuid_start_ = {};
  Time uuid_limit_ = {};
  Time last_uuid_ = {};
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

  enum class Outcome {
    committed,
    undone,       // Nothing was kept.
    unreachable,  // There is no store to try again with; or nobody knows whether it was kept.
  };

  void write_loop();
  void run_batch(std::span<Waiting> waiting);
  Outcome try_batch(std::span<Waiting> waiting);
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
// that breaks a rule only the commit sees harms no other. Only what is known to be undone is
// repeated.
void Database::Inside::run_batch(std::span<Waiting> waiting) {
  Outcome outcome = try_batch(waiting);
  if (outcome != Outcome::undone) return;
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
  for (Waiting& one : waiting) {
    bool lost = false;
    one.result = batch->run(one.account, one.work, lost);
    if (!lost) continue;
    Error why{.code = ErrorCode::unavailable,
              .message = "The store could not take this. Try again in a moment.",
              .retry_after_seconds = 1};
    return lost_by(one.result ? why : one.result.error(), Outcome::undone);
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

// A statement that failed has failed the operation, even if it looks away: PostgreSQL takes nothing
// more after an error, so SQLite must not either.
template <class T>
Result<T> Transaction::noted(Result<T> result) {
  if (!result && !error_) error_ = result.error();
  return result;
}

// PostgreSQL cannot store zero bytes in text.
Result<> Transaction::check(std::span<const Parameter> parameters) const {
  if (error_) return fail(*error_);
  for (const Parameter& parameter : parameters) {
    if (parameter.text().contains('\0')) {
      return fail(ErrorCode::invalid, "Text must not hold a zero byte.");
    }
  }
  return {};
}

Result<std::int64_t> Transaction::run(std::string_view sql, Parameters parameters) {
  std::vector<Parameter> values = bound(parameters.begin(), parameters.size());
  TRY(check(values));
  return noted(connection_.run(sql, values, nullptr));
}

Result<> Transaction::query(std::string_view sql, std::vector<Parameter> parameters,
                            const RowSink& sink, bool settled) {
  TRY(check(parameters));
  TRY(noted(settled ? connection_.run_on_settled(sql, parameters, &sink)
                    : connection_.run(sql, parameters, &sink)));
  return {};
}

Result<> Transaction::append(const AppendTable& table, Parameters values) {
  ASSERT(writes());
  std::vector<Parameter> row = bound(values.begin(), values.size());
  TRY(check(row));
  return noted(connection_.append(table, row));
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
  TRY(check({}));
  TRY(noted(connection_.run(table.select, parameters, &sink)));
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
