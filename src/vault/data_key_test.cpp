#include "vault/data_key.h"

#include <doctest/doctest.h>

#include "database/test_database.h"
#include "vault/sealed_secret.h"

namespace piggy {
namespace {

DataKeys::Master master(char c) {
  return make_master_key(SecretBytes::copy_of(std::string(32, c)), MasterKeyKind::file);
}

// As it was stored for an account that had none.
WrappedKey stored_key(TestDatabase& database, DataKeys& keys, std::int64_t account) {
  WrappedKey stored;
  REQUIRE(database->write(account, [&](Transaction& transaction) -> Result<> {
    TRY(keys.in_use(transaction));
    stored = TRY(transaction.one<WrappedKey>(
        "SELECT account_id, id, master, wrapped FROM vault_key WHERE account_id = $1"));
    return {};
  }));
  return stored;
}

bool is_damage(const Result<SecretBytes>& got) {
  return !got && got.error().code == ErrorCode::internal;
}

}  // namespace

TEST_CASE("a data key is unwrapped for its account and its row, by its master key alone") {
  TestDatabase database;
  DataKeys keys({master('a'), master('b')});
  WrappedKey stored = stored_key(database, keys, 7);
  CHECK(stored.account_id == 7);
  CHECK(stored.master == master('a')->id());
  auto bytes = keys.unwrap_anew(stored);
  REQUIRE(bytes);
  CHECK_FALSE(stored.wrapped.data.contains(bytes->view()));

  WrappedKey moved = stored;
  moved.account_id = 8;
  CHECK(is_damage(keys.unwrap_anew(moved)));
  CHECK_FALSE(keys.unwrap(moved));
  moved = stored;
  moved.id++;
  CHECK(is_damage(keys.unwrap_anew(moved)));
  CHECK_FALSE(keys.unwrap(moved));
  moved = stored;
  moved.master = master('b')->id();
  CHECK(is_damage(keys.unwrap_anew(moved)));
  CHECK(is_damage(DataKeys({master('b')}).unwrap_anew(stored)));
}

TEST_CASE("a data key that is wrapped anew is the same key, bound to the same row") {
  TestDatabase database;
  DataKeys keys({master('a')});
  WrappedKey stored = stored_key(database, keys, 7);
  keys.adopt(master('b'));
  auto made = keys.rewrap(stored);
  REQUIRE(made);
  CHECK(made->master == master('b')->id());
  CHECK(keys.unwrap_anew(*made)->view() == keys.unwrap_anew(stored)->view());
  CHECK(DataKeys({master('b')}).unwrap_anew(*made));
  made->account_id = 8;
  CHECK(is_damage(keys.unwrap_anew(*made)));
}

TEST_CASE("a sealed secret is bound to account, row and name, whatever its key") {
  DataKey key{.id = 5, .bytes = std::make_shared<const SecretBytes>(SecretBytes::random(32))};
  SecretPlace place{.account_id = 1, .id = 2, .name = "slack"};
  std::string sealed = seal_secret(key, place, SecretBytes::copy_of("secret"));
  CHECK(open_secret(key, place, sealed)->view() == "secret");
  CHECK(is_damage(open_secret(key, {.account_id = 9, .id = 2, .name = "slack"}, sealed)));
  CHECK(is_damage(open_secret(key, {.account_id = 1, .id = 9, .name = "slack"}, sealed)));
  CHECK(is_damage(open_secret(key, {.account_id = 1, .id = 2, .name = "mail"}, sealed)));
  CHECK(is_damage(open_secret({.id = 6, .bytes = key.bytes}, place, sealed)));
}

}  // namespace piggy
