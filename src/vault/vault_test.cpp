#include "vault/vault.h"

#include <doctest/doctest.h>

#include "vault/test_vault.h"

namespace piggy {
namespace {

constexpr std::string_view plain = "sk_live_51Habcdefgh-the-slack-token";

void must_be_damage(const Result<std::string>& got) {
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ErrorCode::internal);
  CHECK_FALSE(got.error().message.contains(plain));
}

Result<> change(TestVault& test, std::int64_t account, const Uuid& uuid, std::string_view secret) {
  return test.database->write(account, [&](Transaction& transaction) {
    return test.vault->replace(transaction, uuid, SecretBytes::copy_of(secret));
  });
}

Result<> erase(TestVault& test, std::int64_t account, const Uuid& uuid) {
  return test.database->write(
      account, [&](Transaction& transaction) { return test.vault->erase(transaction, uuid); });
}

}  // namespace

TEST_CASE("a secret is put, read, changed and erased by its account alone") {
  TestVault test;
  Uuid uuid = test.put(1, "slack", plain);
  CHECK(test.get(1, uuid) == std::string(plain));
  CHECK(test.get(2, uuid).error().code == ErrorCode::not_found);

  REQUIRE(change(test, 1, uuid, "another"));
  CHECK(test.get(1, uuid) == "another");
  CHECK(change(test, 2, uuid, "x").error().code == ErrorCode::not_found);
  CHECK(erase(test, 2, uuid).error().code == ErrorCode::not_found);
  CHECK(test.get(1, uuid) == "another");

  REQUIRE(erase(test, 1, uuid));
  CHECK(test.get(1, uuid).error().code == ErrorCode::not_found);
  CHECK(erase(test, 1, uuid).error().code == ErrorCode::not_found);
}

TEST_CASE("secrets outlast a restart, and any bytes are a secret") {
  TestVault test;
  std::string bytes("\0\xff\n\0", 4);
  Uuid binary = test.put(1, "certificate", bytes);
  Uuid empty = test.put(1, "nothing", "");
  REQUIRE(test.restart());
  CHECK(test.get(1, binary) == bytes);
  CHECK(test.get(1, empty) == "");
}

TEST_CASE("what its transaction undoes was never put") {
  TestVault test;
  Uuid uuid;
  Result<> done = test.database->write(1, [&](Transaction& transaction) -> Result<> {
    uuid = TRY(test.vault->put(transaction, "slack", SecretBytes::copy_of(plain)));
    CHECK(TRY(test.vault->get(transaction, uuid)).view() == plain);
    return fail(ErrorCode::conflict, "undone");
  });
  REQUIRE_FALSE(done);
  CHECK(test.get(1, uuid).error().code == ErrorCode::not_found);
  CHECK(test.one<std::int64_t>("SELECT count(*) FROM vault_key") == 0);
  // The key that was undone is not used again either.
  Uuid next = test.put(1, "slack", plain);
  REQUIRE(test.restart());
  CHECK(test.get(1, next) == std::string(plain));
}

TEST_CASE("a secret that is too long is refused") {
  TestVault test;
  Result<> done = test.database->write(1, [&](Transaction& transaction) -> Result<> {
    TRY(test.vault->put(transaction, "slack", SecretBytes(64 * 1024 + 1)));
    return {};
  });
  REQUIRE_FALSE(done);
  CHECK(done.error().code == ErrorCode::invalid);
}

TEST_CASE("one data key serves an account, and no two accounts") {
  TestVault test;
  test.put(1, "slack", plain);
  test.put(1, "mail", plain);
  test.put(2, "slack", plain);
  CHECK(test.one<std::int64_t>("SELECT count(*) FROM vault_key") == 2);
  CHECK(test.one<std::int64_t>("SELECT count(DISTINCT wrapped) FROM vault_key") == 2);
}

TEST_CASE("a sealed secret that was moved to another row, name or account is refused") {
  TestVault test;
  Uuid slack = test.put(1, "slack", plain);
  Uuid mail = test.put(1, "mail", "of the mail");
  Uuid same_name = test.put(1, "slack", "of another slack");
  Uuid other = test.put(2, "slack", "of the other account");
  auto copy = [&](const Uuid& from, const Uuid& to) {
    REQUIRE(
        test.sql("UPDATE vault_secret SET sealed = (SELECT sealed FROM vault_secret WHERE "
                 "uuid = $1), key_id = (SELECT key_id FROM vault_secret WHERE uuid = $1) "
                 "WHERE uuid = $2",
                 {from, to}));
  };
  copy(slack, mail);
  must_be_damage(test.get(1, mail));
  copy(slack, same_name);
  must_be_damage(test.get(1, same_name));
  copy(slack, other);
  must_be_damage(test.get(2, other));
  CHECK(test.get(1, slack) == std::string(plain));

  // With all that names it taken along, but the account: the key is not of that account.
  REQUIRE(test.sql("UPDATE vault_secret SET account_id = 2 WHERE uuid = $1", {slack}));
  must_be_damage(test.get(2, slack));
  REQUIRE(test.sql("UPDATE vault_key SET account_id = 2 WHERE account_id = 1"));
  must_be_damage(test.get(2, slack));
  REQUIRE(test.restart());
  must_be_damage(test.get(2, slack));
}

TEST_CASE("a secret that was given another name is refused") {
  TestVault test;
  Uuid uuid = test.put(1, "slack", plain);
  REQUIRE(test.sql("UPDATE vault_secret SET name = 'mail'"));
  must_be_damage(test.get(1, uuid));
}

TEST_CASE("a data key cannot take another's place") {
  TestVault test;
  Uuid uuid = test.put(1, "slack", plain);
  test.put(2, "slack", plain);
  REQUIRE(
      test.sql("UPDATE vault_key SET wrapped = (SELECT wrapped FROM vault_key WHERE "
               "account_id = 2) WHERE account_id = 1"));
  must_be_damage(test.get(1, uuid));
  Result<> put = test.database->write(1, [&](Transaction& transaction) -> Result<> {
    TRY(test.vault->put(transaction, "mail", SecretBytes::copy_of(plain)));
    return {};
  });
  CHECK_FALSE(put);
}

TEST_CASE("a byte that was changed anywhere in what is stored is noticed") {
  TestVault test;
  Uuid uuid = test.put(1, "slack", "short");
  for (std::string table : {"vault_secret", "vault_key"}) {
    std::string column = table == "vault_key" ? "wrapped" : "sealed";
    const Blob stored = test.one<Blob>(fmt::format("SELECT {} FROM {}", column, table));
    std::string update = fmt::format("UPDATE {} SET {} = $1", table, column);
    for (std::size_t at = 0; at < stored.data.size(); at++) {
      Blob changed = stored;
      changed.data[at] = static_cast<char>(changed.data[at] ^ 0x20);
      REQUIRE(test.sql(update, {changed}));
      must_be_damage(test.get(1, uuid));
    }
    REQUIRE(test.sql(update, {stored}));
    REQUIRE(test.get(1, uuid) == "short");
  }
  REQUIRE(test.sql("DELETE FROM vault_key"));
  must_be_damage(test.get(1, uuid));
}

TEST_CASE("no store holds a secret or a key in the clear") {
  TestVault test;
  Uuid uuid = test.put(1, "slack", plain);
  REQUIRE(change(test, 1, uuid, plain));
  std::string master = file_text(test.key_path()).substr(0, 44);
  test.vault.reset();
  test.database.close();
  std::string everything = test_rows::contents(test.database.url());
  CHECK(everything.contains("slack"));
  CHECK_FALSE(everything.contains(plain));
  CHECK_FALSE(everything.contains(master));

  if (test.database.url().starts_with("postgresql")) return;
  std::filesystem::path file(test.database.url().substr(test.database.url().find('/')));
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(file.parent_path())) {
    std::string text = file_text(entry.path().string());
    files++;
    CHECK_FALSE(text.contains(plain));
    CHECK_FALSE(text.contains(plain.substr(0, 16)));
    CHECK_FALSE(text.contains(master));
  }
  CHECK(files > 0);
}

TEST_CASE("a vault does not open without the master key that it needs, and tells which it is") {
  TestVault test;
  Uuid uuid = test.put(1, "slack", plain);
  std::string id = test.masters().at(0).id;
  std::string key = file_text(test.key_path());
  std::string before = test_rows::contents(test.database.url());

  std::filesystem::remove(test.key_path());
  Result<> lost = test.restart();
  REQUIRE_FALSE(lost);
  CHECK(lost.error().code == ErrorCode::conflict);
  CHECK(lost.error().message.contains(id));
  CHECK_FALSE(std::filesystem::exists(test.key_path()));  // None was made in its place.

  write_private_file(test.key_path(), std::string(32, 'x'));
  Result<> wrong = test.restart();
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message.contains(id));

  write_private_file(test.key_path(), key);
  REQUIRE(test.restart());
  CHECK(test.get(1, uuid) == std::string(plain));
  CHECK(test_rows::contents(test.database.url()) == before);
}

TEST_CASE("a vault opens with keys that are given, and not without any") {
  TestVault test;
  CHECK(Vault::open(*test.database, std::vector<std::unique_ptr<MasterKey>>()).error().code ==
        ErrorCode::invalid);
  std::vector<std::unique_ptr<MasterKey>> keys;
  keys.push_back(make_master_key(SecretBytes::copy_of(std::string(32, 'k')), MasterKeyKind::file));
  auto vault = Vault::open(*test.database, std::move(keys));
  REQUIRE(vault);
  // Without a directory the program cannot change the key by itself.
  Result<> requested = test.database->write(0, [&](Transaction& transaction) -> Result<> {
    TRY((*vault)->rotation().request(transaction, {}));
    return {};
  });
  REQUIRE_FALSE(requested);
  CHECK(requested.error().code == ErrorCode::conflict);
}

}  // namespace piggy
