#include "database/batch.h"

namespace piggy {
namespace {

constexpr std::string_view upsert_uuid_limit = R"sql(
  INSERT INTO counter (name, value) VALUES ('uuid', $1)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value
)sql";
constexpr std::size_t hot_rows_max = 32'768;
constexpr std::int64_t ids_per_block = 100'000;

}  // namespace

std::size_t Batch::HotKeyHash::operator()(const HotKey& key) const {
  std::size_t hash = static_cast<std::size_t>(key.id) * 0x9e3779b97f4a7c15u;
  hash ^= static_cast<std::size_t>(key.account) * 0xc2b2ae3d27d4eb4fu;
  return hash ^ (reinterpret_cast<std::size_t>(key.table) >> 4);
}

Result<> Batch::load_ids() {
  RowSink sink = [&](const Row& row) {
    if (row.text(0) == "id") next_id_ = id_limit_ = row.integer(1);
    if (row.text(0) == "uuid") uuid_start_ = uuid_limit_ = {row.integer(1)};
  };
  TRY(connection_->run("SELECT name, value FROM counter", {}, &sink));
  return {};
}

Batch::Ran Batch::run(std::int64_t account, const Database::Work& work, Result<>& result) {
  operation_++;
  result = connection_->savepoint();
  if (!result) return Ran::lost;
  Transaction transaction(*connection_, this, account, clock_.now());
  result = work(transaction);
  if (connection_->has_put_off()) {
    transaction.if_undone_ = {};
    Ran undone = undo(transaction, result);
    return undone == Ran::done ? Ran::put_off : undone;
  }
  if (result && transaction.error_) result = fail(*transaction.error_);
  if (result && !transaction.discarded_) {
    undo_.clear();
    result = connection_->release();
    return result ? Ran::done : Ran::lost;
  }
  if (result) result = connection_->send_appended();  // A dry run tells what would be refused.
  return undo(transaction, result);
}

Batch::Ran Batch::undo(Transaction& transaction, Result<>& result) {
  restore_hot();
  if (!connection_->in_transaction()) return Ran::lost;
  if (Result<> back = connection_->rollback_to_savepoint(); !back) {
    if (result) result = back;
    owes_ = static_cast<bool>(transaction.if_undone_);
    return Ran::lost;
  }
  if (!transaction.if_undone_) return Ran::done;
  Result<> instead;
  Ran ran = run(transaction.account(), transaction.if_undone_, instead);
  if (!instead) result = instead;
  return ran;
}

Result<> Batch::commit() {
  TRY(flush_hot());
  TRY(store_ids());
  TRY(store_uuids());
  crash_point_.before_commit();
  TRY(connection_->commit());
  crash_point_.after_commit();
  if (slots_.size() > hot_rows_max) slots_.clear();
  return {};
}

void Batch::rollback() {
  connection_->rollback();
  slots_.clear();
  undo_.clear();
  waiting_.clear();
  // What is in use may not have been stored: take new ones.
  id_limit_ = next_id_;
  uuid_limit_ = {};
}

Uuid Batch::next_uuid(Time now) {
  Uuid uuid = mint_.next(std::max(now, uuid_start_), random_);
  std::int64_t milliseconds = 0;
  for (int i = 0; i < 6; i++) milliseconds = milliseconds << 8 | uuid.bytes[i];
  last_uuid_ = {milliseconds * 1000};
  return uuid;
}

Transaction::HotSlot* Batch::find_hot(const HotTable& table, std::int64_t account,
                                      std::int64_t id) {
  auto found = slots_.find({&table, account, id});
  return found == slots_.end() ? nullptr : touch(*found->second);
}

Transaction::HotSlot* Batch::add_hot(Transaction::HotSlot slot) {
  HotKey key{slot.table, slot.account, slot.id};
  slot.loaded = operation_;
  auto& held = slots_[key];
  held = std::make_unique<Transaction::HotSlot>(std::move(slot));
  return touch(*held);
}

Transaction::HotSlot* Batch::touch(Transaction::HotSlot& slot) {
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
void Batch::restore_hot() {
  for (Undo& undo : undo_) std::memcpy(undo.slot->now.get(), undo.before.get(), undo.slot->size);
  undo_.clear();
  std::erase_if(waiting_, [&](Transaction::HotSlot* slot) {
    if (slot->loaded != operation_) return false;
    slots_.erase({slot->table, slot->account, slot->id});
    return true;
  });
}

Result<> Batch::flush_hot() {
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
Result<> Batch::store_ids() {
  if (next_id_ <= id_limit_) return {};
  id_limit_ = next_id_ + ids_per_block;
  Parameter limit(id_limit_);
  TRY(connection_->run("UPDATE counter SET value = $1 WHERE name = 'id'", {&limit, 1}, nullptr));
  return {};
}

// The same for uuids, by the second: after a restart they begin where the last second ends, even
// if the clock was set back.
Result<> Batch::store_uuids() {
  if (last_uuid_ < uuid_limit_ || last_uuid_ == Time()) return {};
  uuid_limit_ = last_uuid_ + microseconds_per_second;
  Parameter limit(uuid_limit_);
  TRY(connection_->run(upsert_uuid_limit, {&limit, 1}, nullptr));
  return {};
}

}  // namespace piggy
