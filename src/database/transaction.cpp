#include <cstring>

#include "database/batch.h"
#include "database/database.h"

namespace piggy {

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

void Transaction::if_undone(std::function<Result<>(Transaction&)> work) {
  if (!if_undone_) {
    if_undone_ = std::move(work);
    return;
  }
  if_undone_ = [first = std::move(if_undone_),
                second = std::move(work)](Transaction& transaction) -> Result<> {
    TRY(first(transaction));
    return second(transaction);
  };
}

std::span<const Parameter> Transaction::bound(const Parameter* begin, std::size_t count) {
  bound_.clear();
  if (account_) bound_.emplace_back(account_);
  bound_.insert(bound_.end(), begin, begin + count);
  return bound_;
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
  std::span<const Parameter> values = bound(parameters.begin(), parameters.size());
  TRY(check(values));
  return noted(connection_.run(sql, values, nullptr));
}

Result<std::int64_t> Transaction::run(std::string_view sql,
                                      const std::vector<Parameter>& parameters) {
  std::span<const Parameter> values = bound(parameters.data(), parameters.size());
  TRY(check(values));
  return noted(connection_.run(sql, values, nullptr));
}

Result<> Transaction::each(std::string_view sql, Parameters parameters, const RowSink& sink) {
  return query(sql, bound(parameters.begin(), parameters.size()), sink);
}

Result<> Transaction::query(std::string_view sql, std::span<const Parameter> parameters,
                            const RowSink& sink, Look look) {
  TRY(check(parameters));
  if (look == Look::all) {
    TRY(noted(connection_.run(sql, parameters, &sink)));
  } else {
    TRY(noted(connection_.run_on_settled(sql, parameters, &sink, look == Look::unlikely)));
  }
  return {};
}

Result<> Transaction::append(const AppendTable& table, Parameters values) {
  ASSERT(writes());
  std::span<const Parameter> row = bound(values.begin(), values.size());
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
