#include "vault/rotation.h"

#include <fmt/format.h>
#include "base/log.h"

#include <algorithm>
#include <chrono>

#include "vault/sealed_secret.h"
#include "vault/token_key.h"

namespace piggy {
namespace {

constexpr auto look_interval = std::chrono::seconds(1);

constexpr std::string_view select_pending = R"sql(
  SELECT id, source, old_master FROM vault_rotation
  WHERE account_id = 0 AND switched_at IS NULL AND problem IS NULL
  ORDER BY id LIMIT 1
)sql";

constexpr std::string_view insert_rotation = R"sql(
  INSERT INTO vault_rotation (account_id, id, uuid, source, old_master, requested_at)
  VALUES (0, $1, $2, $3, $4, $5)
)sql";

constexpr std::string_view update_switched = R"sql(
  UPDATE vault_rotation SET master = $2, switched_at = $3 WHERE account_id = 0 AND id = $1
)sql";

constexpr std::string_view update_problem = R"sql(
  UPDATE vault_rotation SET problem = $2 WHERE account_id = 0 AND id = $1
)sql";

constexpr std::string_view update_finished = R"sql(
  UPDATE vault_rotation SET finished_at = $1
  WHERE account_id = 0 AND switched_at IS NOT NULL AND finished_at IS NULL
)sql";

constexpr std::string_view count_elsewhere = R"sql(
  SELECT count(*) FROM vault_key WHERE master <> $1
)sql";

constexpr std::string_view select_page = R"sql(
  SELECT account_id, id, master, wrapped FROM vault_key
  WHERE master = $1 AND (id, account_id) > ($2, $3)
  ORDER BY id, account_id LIMIT 100
)sql";

// Only if it still is what was unwrapped.
constexpr std::string_view update_wrapped = R"sql(
  UPDATE vault_key SET master = $4, wrapped = $5
  WHERE account_id = $1 AND id = $2 AND wrapped = $3
)sql";

constexpr std::string_view select_replaced = R"sql(
  SELECT id, account_id FROM vault_key WHERE replaced_at IS NOT NULL
  ORDER BY id, account_id LIMIT 1000
)sql";

constexpr std::string_view select_replaced_key = R"sql(
  SELECT account_id, id, master, wrapped FROM vault_key
  WHERE account_id = $1 AND id = $2 AND replaced_at IS NOT NULL
)sql";

constexpr std::string_view select_secrets = R"sql(
  SELECT id, name, sealed FROM vault_secret
  WHERE account_id = $1 AND key_id = $2 AND id > $3
  ORDER BY id LIMIT 50
)sql";

constexpr std::string_view update_secret = R"sql(
  UPDATE vault_secret SET key_id = $3, sealed = $4 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view delete_unused_key = R"sql(
  DELETE FROM vault_key
  WHERE account_id = $1 AND id = $2 AND replaced_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM vault_secret WHERE account_id = $1 AND key_id = $2)
)sql";

struct PendingRow {
  std::int64_t id = 0;
  std::optional<std::string> source = {};
  std::string old_master = {};
};

struct SealedRow {
  std::int64_t id = 0;
  std::string name = {};
  Blob sealed = {};
};

// What is damaged stays so however often it is tried; anything else may pass.
bool is_damage(const Error& error) { return error.code == ErrorCode::internal; }

}  // namespace

Result<RotationRequest> Rotation::request(Transaction& transaction,
                                          const std::optional<std::string>& source) {
  ASSERT(transaction.account() == 0);
  if (!folder_) {
    return fail(ErrorCode::conflict,
                "The master key in use does not come from the data directory. Put the new key in "
                "its place, give the old one as PIGGY_MASTER_KEY_OLD, and start again: everything "
                "is then wrapped by the new one while work goes on.");
  }
  if (source) {
    auto address = parse_token_address(*source);
    if (!address) return fail_field("/source", address.error().message);
  }
  if (TRY(transaction.first<PendingRow>(select_pending))) {
    return fail(ErrorCode::conflict, "The master key is being changed already.");
  }
  RotationRequest request{.uuid = transaction.next_uuid(), .old_master = keys_.current()->id()};
  TRY(transaction.run(insert_rotation, {transaction.next_id(), request.uuid, source,
                                        request.old_master, transaction.now()}));
  return request;
}

void Rotation::adopt(std::unique_ptr<MasterKey> next) {
  keys_.adopt(std::move(next));
  pass_wanted_ = true;
  called_.notify_all();
}

Result<bool> Rotation::work() {
  if (TRY(switch_master())) return true;
  if (TRY(rewrap_page())) return true;
  return reseal_page();
}

// The key is changed before the row says so. If that is as far as it gets, the key in use is no
// longer the old one at the next start, and only the row is left to be written.
Result<bool> Rotation::switch_master() {
  std::optional<PendingRow> pending;
  TRY(database_.read(0, [&](Transaction& transaction) -> Result<> {
    pending = TRY(transaction.first<PendingRow>(select_pending));
    return {};
  }));
  if (!pending) return false;
  DataKeys::Master current = keys_.current();
  std::optional<std::string> problem;
  if (current->id() == pending->old_master) {
    Result<std::unique_ptr<MasterKey>> next =
        fail(ErrorCode::conflict, "The master key no longer comes from the data directory.");
    if (folder_) next = folder_->replace(*current, pending->source);
    if (next) {
      spdlog::info("the master key {} takes the place of {}", (*next)->id(), current->id());
      adopt(*std::move(next));
    } else {
      problem = next.error().message;
      spdlog::warn("the master key was not changed: {}", *problem);
    }
  }
  std::string master = keys_.current()->id();
  TRY(database_.write(0, [&](Transaction& transaction) -> Result<> {
    if (problem) {
      TRY(transaction.run(update_problem, {pending->id, *problem}));
    } else {
      TRY(transaction.run(update_switched, {pending->id, master, transaction.now()}));
    }
    return {};
  }));
  return true;
}

// Reads a page, wraps it anew outside of any transaction (a token may be slow), and writes it.
Result<bool> Rotation::rewrap_page() {
  std::vector<DataKeys::Master> masters = keys_.masters();
  if (pass_wanted_.exchange(false)) {
    from_.clear();
    for (std::size_t i = 1; i < masters.size(); i++) from_.push_back(masters[i]->id());
    seen_ = {};
    damaged_ = 0;
    in_pass_ = true;
  }
  if (!in_pass_) return false;
  if (from_.empty()) {
    TRY(finish_pass());
    in_pass_ = false;
    return true;
  }
  std::vector<WrappedKey> page;
  TRY(database_.read(0, [&](Transaction& transaction) -> Result<> {
    page =
        TRY(transaction.all<WrappedKey>(select_page, {from_.back(), seen_.id, seen_.account_id}));
    return {};
  }));
  if (page.empty()) {
    from_.pop_back();
    seen_ = {};
    return true;
  }
  std::vector<std::pair<const WrappedKey*, WrappedKey>> changes;
  std::int64_t damaged = 0;
  for (const WrappedKey& key : page) {
    auto made = keys_.rewrap(key);
    if (made) {
      changes.emplace_back(&key, *std::move(made));
    } else if (is_damage(made.error())) {
      spdlog::error("the data key {} of account {} cannot be opened", key.id, key.account_id);
      damaged++;
    } else {
      return std::unexpected(std::move(made).error());
    }
  }
  TRY(database_.write(0, [&](Transaction& transaction) -> Result<> {
    for (const auto& [before, after] : changes) {
      TRY(transaction.run(update_wrapped, {before->account_id, before->id, before->wrapped,
                                           after.master, after.wrapped}));
    }
    return {};
  }));
  damaged_ += damaged;
  seen_ = {.id = page.back().id, .account_id = page.back().account_id};
  return true;
}

// Counted by the writer: an operation that began before the change may have stored a key under the
// old master after its page was read, and then there is another pass.
Result<> Rotation::finish_pass() {
  std::string master = keys_.current()->id();
  std::int64_t elsewhere = 0;
  TRY(database_.write(0, [&](Transaction& transaction) -> Result<> {
    elsewhere = TRY(transaction.one<std::int64_t>(count_elsewhere, {master}));
    if (elsewhere == 0) TRY(transaction.run(update_finished, {transaction.now()}));
    return {};
  }));
  if (elsewhere > damaged_) pass_wanted_ = true;
  return {};
}

Result<bool> Rotation::reseal_page() {
  std::vector<Place> replaced;
  TRY(database_.read(0, [&](Transaction& transaction) -> Result<> {
    replaced = TRY(transaction.all<Place>(select_replaced));
    return {};
  }));
  auto key = std::ranges::find_if(replaced, [&](const Place& p) { return !stuck_.contains(p); });
  if (key == replaced.end()) return false;
  if (*key != resealing_) {
    resealing_ = *key;
    resealed_ = 0;
  }
  Result<> done = reseal_some(*key);
  if (!done && !is_damage(done.error())) return std::unexpected(std::move(done).error());
  if (!done) {
    spdlog::error("secrets under the data key {} of account {} cannot be opened", key->id,
                  key->account_id);
    stuck_.insert(*key);
  }
  return true;
}

// In the transaction, so that nobody changes a secret in between. What cannot be opened stays as it
// is, and so does its key.
Result<> Rotation::reseal_some(const Place& key) {
  std::int64_t up_to = 0;
  bool finished = false;
  bool erased = false;
  TRY(database_.write(key.account_id, [&](Transaction& transaction) -> Result<> {
    finished = erased = false;
    auto secrets = TRY(transaction.all<SealedRow>(select_secrets, {key.id, resealed_}));
    if (secrets.empty()) {
      finished = true;
      erased = TRY(transaction.run(delete_unused_key, {key.id})) == 1;
      return {};
    }
    up_to = secrets.back().id;
    auto stored = TRY(transaction.first<WrappedKey>(select_replaced_key, {key.id}));
    if (!stored) return {};
    DataKey from = TRY(keys_.unwrap(*stored));
    DataKey to = TRY(keys_.in_use(transaction));
    for (const SealedRow& secret : secrets) {
      SecretPlace place{.account_id = key.account_id, .id = secret.id, .name = secret.name};
      auto opened = open_secret(from, place, secret.sealed.data);
      if (!opened) continue;
      Blob sealed{seal_secret(to, place, *opened)};
      TRY(transaction.run(update_secret, {secret.id, to.id, sealed}));
    }
    return {};
  }));
  if (finished && !erased) return fail({.message = "Some secrets could not be sealed anew."});
  if (!finished) resealed_ = up_to;
  return {};
}

void Rotation::start() {
  ASSERT(!thread_.joinable());
  ending_ = false;
  thread_ = std::jthread([this] { loop(); });
}

void Rotation::stop() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  called_.notify_all();
  if (thread_.joinable()) thread_.join();
}

// Requests are found by looking, because they are committed after they are made.
void Rotation::loop() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    Result<bool> more = work();
    if (!more) spdlog::warn("the vault's keys wait: {}", more.error().message);
    lock.lock();
    if (more && *more) continue;
    called_.wait_for(lock, look_interval, [&] { return ending_ || (more && pass_wanted_); });
  }
}

}  // namespace piggy
