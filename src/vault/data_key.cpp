#include "vault/data_key.h"

#include <fmt/format.h>

#include <algorithm>

#include "vault/blob.h"

namespace piggy {
namespace {

// Each takes a page of locked memory, and a few beside it that are not.
constexpr std::size_t unwrapped_max = 512;

constexpr std::string_view select_in_use = R"sql(
  SELECT account_id, id, master, wrapped FROM vault_key
  WHERE account_id = $1 AND replaced_at IS NULL
  ORDER BY id DESC LIMIT 1
)sql";

constexpr std::string_view insert_key = R"sql(
  INSERT INTO vault_key (account_id, id, master, wrapped, created_at)
  VALUES ($1, $2, $3, $4, $5)
)sql";

constexpr std::string_view update_replaced = R"sql(
  UPDATE vault_key SET replaced_at = $2 WHERE account_id = $1 AND replaced_at IS NULL
)sql";

std::string binding_of(std::int64_t account, std::int64_t id, std::string_view master) {
  Binding binding("piggy vault: data key");
  return std::string(binding.add(account).add(id).add(master).bytes());
}

std::string memory_key(const WrappedKey& key) {
  return fmt::format("{} {} {}", key.account_id, key.id, key.wrapped.data);
}

}  // namespace

DataKeys::Master DataKeys::current() const {
  std::lock_guard lock(mutex_);
  return masters_.front();
}

std::vector<DataKeys::Master> DataKeys::masters() const {
  std::lock_guard lock(mutex_);
  return masters_;
}

void DataKeys::adopt(Master next) {
  std::lock_guard lock(mutex_);
  std::erase_if(masters_, [&](const Master& master) { return master->id() == next->id(); });
  masters_.insert(masters_.begin(), std::move(next));
}

Result<DataKey> DataKeys::in_use(Transaction& transaction) {
  auto stored = TRY(transaction.first<WrappedKey>(select_in_use));
  if (!stored) return make(transaction);
  return unwrap(*stored);
}

Result<DataKey> DataKeys::replace(Transaction& transaction) {
  TRY(transaction.run(update_replaced, {transaction.now()}));
  return make(transaction);
}

Result<DataKey> DataKeys::make(Transaction& transaction) {
  ASSERT(transaction.account() != 0);
  Master master = current();
  WrappedKey key{
      .account_id = transaction.account(), .id = transaction.next_id(), .master = master->id()};
  auto bytes = std::make_shared<const SecretBytes>(SecretBytes::random(seal_key_bytes));
  key.wrapped.data = TRY(master->wrap(*bytes, binding_of(key.account_id, key.id, key.master)));
  TRY(transaction.run(insert_key, {key.id, key.master, key.wrapped, transaction.now()}));
  remember(key, bytes);
  return DataKey{.id = key.id, .bytes = std::move(bytes)};
}

Result<DataKey> DataKeys::unwrap(const WrappedKey& key) {
  {
    std::lock_guard lock(mutex_);
    auto found = unwrapped_.find(memory_key(key));
    if (found != unwrapped_.end()) return DataKey{.id = key.id, .bytes = found->second};
  }
  auto bytes = std::make_shared<const SecretBytes>(TRY(unwrap_anew(key)));
  remember(key, bytes);
  return DataKey{.id = key.id, .bytes = std::move(bytes)};
}

Result<SecretBytes> DataKeys::unwrap_anew(const WrappedKey& key) const {
  for (const Master& master : masters()) {
    if (master->id() != key.master) continue;
    SecretBytes bytes =
        TRY(master->unwrap(key.wrapped.data, binding_of(key.account_id, key.id, key.master)));
    if (bytes.size() != seal_key_bytes) return cannot_open();
    return bytes;
  }
  return fail(
      ErrorCode::internal,
      fmt::format("A data key is wrapped by the master key {}, which is not given.", key.master));
}

Result<WrappedKey> DataKeys::rewrap(const WrappedKey& key) const {
  SecretBytes bytes = TRY(unwrap_anew(key));
  Master master = current();
  WrappedKey made{.account_id = key.account_id, .id = key.id, .master = master->id()};
  made.wrapped.data = TRY(master->wrap(bytes, binding_of(key.account_id, key.id, made.master)));
  return made;
}

void DataKeys::remember(const WrappedKey& key, std::shared_ptr<const SecretBytes> bytes) {
  std::lock_guard lock(mutex_);
  if (unwrapped_.size() >= unwrapped_max) unwrapped_.clear();
  unwrapped_.emplace(memory_key(key), std::move(bytes));
}

}  // namespace piggy
