#include "vault/vault.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "vault/blob.h"
#include "vault/sealed_secret.h"
#include "vault/secret_source.h"

namespace piggy {
namespace {

constexpr std::size_t name_bytes_max = 200;
constexpr std::size_t secret_bytes_max = 64 << 10;

constexpr std::string_view select_masters = R"sql(
  SELECT DISTINCT master FROM vault_key ORDER BY master
)sql";

constexpr std::string_view insert_secret = R"sql(
  INSERT INTO vault_secret (account_id, id, uuid, name, key_id, sealed, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
)sql";

constexpr std::string_view select_secret = R"sql(
  SELECT s.id, s.name, s.sealed, s.key_id, k.master, k.wrapped
  FROM vault_secret s LEFT JOIN vault_key k ON k.account_id = s.account_id AND k.id = s.key_id
  WHERE s.account_id = $1 AND s.uuid = $2
)sql";

constexpr std::string_view select_place = R"sql(
  SELECT id, name FROM vault_secret WHERE account_id = $1 AND uuid = $2
)sql";

constexpr std::string_view update_secret = R"sql(
  UPDATE vault_secret SET key_id = $3, sealed = $4, updated_at = $5
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view delete_secret = R"sql(
  DELETE FROM vault_secret WHERE account_id = $1 AND uuid = $2
)sql";

struct SecretRow {
  std::int64_t id = 0;
  std::string name = {};
  Blob sealed = {};
  std::int64_t key_id = 0;
  std::optional<std::string> master = {};
  std::optional<Blob> wrapped = {};
};

struct PlaceRow {
  std::int64_t id = 0;
  std::string name = {};
};

std::unexpected<Error> no_secret() {
  return fail(ErrorCode::not_found, "There is no such secret in the vault.");
}

Result<> check_size(const SecretBytes& secret) {
  if (secret.size() <= secret_bytes_max) return {};
  return fail(ErrorCode::invalid,
              fmt::format("A secret may have {} bytes at most.", secret_bytes_max));
}

// The fingerprints of all master keys that something stored needs.
Result<std::vector<std::string>> needed_masters(Database& database) {
  std::vector<std::string> needed;
  TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
    needed = TRY(transaction.all<std::string>(select_masters));
    return {};
  }));
  return needed;
}

std::unexpected<Error> missing(const std::vector<std::string>& masters) {
  return fail(
      ErrorCode::conflict,
      fmt::format("The vault holds data keys wrapped by the master key {}, which is not "
                  "given. Give it back as it was: nothing was changed, and without it their "
                  "secrets cannot be read.",
                  fmt::join(masters, ", ")));
}

// Those separated by white space.
Result<> read_several(const SecretBytes& text, const std::string& variable,
                      std::vector<std::unique_ptr<MasterKey>>& keys) {
  constexpr std::string_view white = " \t\r\n";
  for (std::string_view rest = text.view(); !rest.empty();) {
    std::string_view word = rest.substr(0, rest.find_first_of(white));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    if (word.empty()) continue;
    keys.push_back(
        TRY(read_master_key(SecretBytes::copy_of(word), MasterKeyKind::environment, variable)));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Vault>> Vault::open(Database& database,
                                           std::vector<std::unique_ptr<MasterKey>> keys) {
  return open(database, std::move(keys), std::nullopt);
}

Result<std::unique_ptr<Vault>> Vault::open(Database& database, const MasterSettings& settings) {
  KeyFolder folder(settings.directory);
  KeyFolder::Keys files = TRY(folder.load());
  std::vector<std::unique_ptr<MasterKey>> keys;
  std::optional<SecretBytes> variable = take_secret_variable(settings.variable);
  if (variable) {
    keys.push_back(TRY(read_master_key(*variable, MasterKeyKind::environment, settings.variable)));
  } else if (!files.current) {
    // Only as long as nothing needs a key: to make another one in the place of a lost one would
    // hide the loss.
    if (auto needed = TRY(needed_masters(database)); !needed.empty()) return missing(needed);
    files.current = TRY(folder.make());
  }
  if (files.current) keys.push_back(std::move(files.current));
  std::ranges::move(files.old, std::back_inserter(keys));
  if (auto old = take_secret_variable(settings.old_variable)) {
    TRY(read_several(*old, settings.old_variable, keys));
  }
  std::optional<KeyFolder> rotates_in;
  if (!variable) rotates_in = std::move(folder);
  return open(database, std::move(keys), std::move(rotates_in));
}

Result<std::unique_ptr<Vault>> Vault::open(Database& database,
                                           std::vector<std::unique_ptr<MasterKey>> keys,
                                           std::optional<KeyFolder> folder) {
  if (keys.empty()) return fail(ErrorCode::invalid, "The vault needs a master key.");
  std::vector<std::string> needed = TRY(needed_masters(database));
  std::vector<DataKeys::Master> masters;
  for (std::unique_ptr<MasterKey>& key : keys) {
    std::string id = key->id();
    std::erase(needed, id);
    auto same = [&](const DataKeys::Master& master) { return master->id() == id; };
    if (std::ranges::none_of(masters, same)) masters.push_back(std::move(key));
  }
  if (!needed.empty()) return missing(needed);
  return std::unique_ptr<Vault>(new Vault(database, std::move(masters), std::move(folder)));
}

Result<Uuid> Vault::put(Transaction& transaction, std::string_view name,
                        const SecretBytes& secret) {
  ASSERT(!name.empty() && name.size() <= name_bytes_max);
  TRY(check_size(secret));
  DataKey key = TRY(keys_.in_use(transaction));
  SecretPlace place{.account_id = transaction.account(), .id = transaction.next_id(), .name = name};
  Uuid uuid = transaction.next_uuid();
  Blob sealed{seal_secret(key, place, secret)};
  TRY(transaction.run(insert_secret, {place.id, uuid, name, key.id, sealed, transaction.now()}));
  return uuid;
}

Result<SecretBytes> Vault::get(Transaction& transaction, const Uuid& uuid) {
  ASSERT(transaction.account() != 0);
  auto row = TRY(transaction.first<SecretRow>(select_secret, {uuid}));
  if (!row) return no_secret();
  if (!row->master || !row->wrapped) return cannot_open();
  DataKey key = TRY(keys_.unwrap({.account_id = transaction.account(),
                                  .id = row->key_id,
                                  .master = *row->master,
                                  .wrapped = *row->wrapped}));
  SecretPlace place{.account_id = transaction.account(), .id = row->id, .name = row->name};
  return open_secret(key, place, row->sealed.data);
}

Result<> Vault::replace(Transaction& transaction, const Uuid& uuid, const SecretBytes& secret) {
  ASSERT(transaction.account() != 0);
  TRY(check_size(secret));
  auto row = TRY(transaction.first<PlaceRow>(select_place, {uuid}));
  if (!row) return no_secret();
  DataKey key = TRY(keys_.in_use(transaction));
  SecretPlace place{.account_id = transaction.account(), .id = row->id, .name = row->name};
  Blob sealed{seal_secret(key, place, secret)};
  TRY(transaction.run(update_secret, {row->id, key.id, sealed, transaction.now()}));
  return {};
}

Result<> Vault::erase(Transaction& transaction, const Uuid& uuid) {
  ASSERT(transaction.account() != 0);
  if (TRY(transaction.run(delete_secret, {uuid})) == 0) return no_secret();
  return {};
}

Result<> Vault::rotate_data_key(Transaction& transaction) {
  TRY(keys_.replace(transaction));
  return {};
}

void Vault::rotate_master(std::unique_ptr<MasterKey> next) { rotation_.adopt(std::move(next)); }

}  // namespace piggy
