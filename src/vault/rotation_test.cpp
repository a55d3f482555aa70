#include "vault/rotation.h"

#include <doctest/doctest.h>

#include <thread>

#include "database/test_store.h"
#include "vault/test_vault.h"

namespace piggy {
namespace {

struct Kept {
  std::int64_t account = 0;
  Uuid uuid = {};
  std::string secret = {};
};

// Each in an account of its own, in one write.
std::vector<Kept> put_many(TestVault& test, int count) {
  std::vector<Kept> kept;
  REQUIRE(test.database->write(0, [&](Transaction& transaction) -> Result<> {
    kept.clear();
    for (int i = 1; i <= count; i++) {
      Transaction of = transaction.of(i);
      std::string secret = fmt::format("the secret of {}", i);
      Uuid uuid = TRY(test.vault->put(of, "slack", SecretBytes::copy_of(secret)));
      kept.push_back({i, uuid, secret});
    }
    return {};
  }));
  return kept;
}

void must_be_readable(TestVault& test, const std::vector<Kept>& kept) {
  for (const Kept& one : kept) REQUIRE(test.get(one.account, one.uuid) == one.secret);
}

Result<> rotate_data_key(TestVault& test, std::int64_t account) {
  return test.database->write(
      account, [&](Transaction& transaction) { return test.vault->rotate_data_key(transaction); });
}

// Works until a step fails or there is nothing more.
bool work_until_failure(TestVault& test) {
  for (;;) {
    Result<bool> more = test.vault->rotation().work();
    if (!more) return false;
    if (!*more) return true;
  }
}

}  // namespace

TEST_CASE("a new master key comes into use, and everything is wrapped by it") {
  TestVault test;
  auto kept = put_many(test, 5);
  std::string before = test.masters().at(0).id;
  auto request = test.request();
  REQUIRE(request);
  CHECK(request->old_master == before);
  CHECK(test.request().error().code == ErrorCode::conflict);  // One at a time.
  CHECK(test.masters().size() == 1);

  REQUIRE(*test.vault->rotation().work());
  CHECK(test.masters().at(0).id != before);
  CHECK(test.latest()->uuid == request->uuid);
  CHECK(test.latest()->switched_at);
  CHECK_FALSE(test.latest()->finished_at);
  CHECK(test.masters().at(1).keys == 5);
  CHECK_FALSE(test.prove().complete);
  CHECK(test.prove().left == 5);
  test.put(6, "slack", "new");  // By the new key at once.
  CHECK(test.masters().at(0).keys == 1);

  test.finish();
  CHECK(test.latest()->finished_at);
  auto masters = test.masters();
  REQUIRE(masters.size() == 2);
  CHECK(masters[0].current);
  CHECK(masters[0].keys == 6);
  CHECK_FALSE(masters[1].current);
  CHECK(masters[1].keys == 0);
  RotationProof proof = test.prove();
  CHECK(proof.opened == 6);
  CHECK(proof.refused == 0);
  CHECK(proof.left == 0);
  CHECK(proof.complete);
  must_be_readable(test, kept);

  // The proof holds: the old key may go.
  std::filesystem::remove(test.folder.file("master.key.old." + before));
  REQUIRE(test.restart());
  CHECK(test.masters().size() == 1);
  must_be_readable(test, kept);
}

TEST_CASE("a change of the master key that is killed after any step goes on at the next start") {
  int steps = 0;
  for (int killed_after = 0; killed_after <= steps; killed_after++) {
    CAPTURE(killed_after);
    TestVault test;
    auto kept = put_many(test, 230);
    REQUIRE(test.request());
    for (int i = 0; i < killed_after; i++) {
      REQUIRE(*test.vault->rotation().work());
      kept.push_back({1000 + i, test.put(1000 + i, "mail", "meanwhile"), "meanwhile"});
    }
    REQUIRE(test.restart());
    must_be_readable(test, kept);
    int left = test.finish();
    if (killed_after == 0) steps = left;
    REQUIRE(test.latest()->finished_at);
    CHECK(test.masters().at(1).keys == 0);
    CHECK(test.prove().complete);
    CHECK(test.prove().opened == static_cast<std::int64_t>(kept.size()));
    must_be_readable(test, kept);
    CHECK(test.one<std::int64_t>("SELECT count(*) FROM vault_rotation") == 1);
  }
  CHECK(steps >= 5);
}

TEST_CASE("a key that was changed before it was recorded is not changed again") {
  TestVault test;
  auto kept = put_many(test, 3);
  auto request = test.request();
  REQUIRE(request);
  // As a kill between the two would leave it.
  KeyFolder folder(test.settings.directory);
  auto made = folder.replace(*folder.load()->current, {});
  REQUIRE(made);
  REQUIRE(test.restart());
  must_be_readable(test, kept);
  test.finish();
  CHECK(test.masters().at(0).id == (*made)->id());
  CHECK(test.masters().size() == 2);
  CHECK(test.latest()->finished_at);
  CHECK(test.prove().complete);
}

TEST_CASE("whichever statement of a change fails, it goes on and ends well") {
  Watch watch;
  bool failed = true;
  for (int n = 1; failed; n++) {
    CAPTURE(n);
    REQUIRE(n < 200);
    watch.arm(0);
    TestVault test({.wrap = [&](std::unique_ptr<Store> store) -> std::unique_ptr<Store> {
      return std::make_unique<WatchedStore>(std::move(store), watch);
    }});
    auto kept = put_many(test, 3);
    REQUIRE(test.request());
    REQUIRE(rotate_data_key(test, 1));
    watch.arm(n);
    failed = !work_until_failure(test);
    failed = failed || watch.calls >= n;
    watch.arm(0);
    must_be_readable(test, kept);
    test.finish();
    must_be_readable(test, kept);
    CHECK(test.masters().size() == 2);
    CHECK(test.latest()->finished_at);
    CHECK(test.prove().complete);
    CHECK(test.prove().opened == 3);
  }
}

TEST_CASE("a data key that is stored under the old master after its page was read is not missed") {
  TestVault test;
  auto kept = put_many(test, 3);
  std::string old = test.masters().at(0).id;
  const Blob wrapped = test.one<Blob>("SELECT wrapped FROM vault_key WHERE account_id = 2");
  REQUIRE(test.request());
  do {
    REQUIRE(*test.vault->rotation().work());
  } while (test.one<std::int64_t>("SELECT count(DISTINCT master) FROM vault_key") != 1 ||
           test.masters().at(0).keys != 3);
  CHECK_FALSE(test.latest()->finished_at);
  REQUIRE(test.sql("UPDATE vault_key SET master = $1, wrapped = $2 WHERE account_id = 2",
                   {old, wrapped}));
  test.finish();
  CHECK(test.latest()->finished_at);
  CHECK(test.prove().complete);
  must_be_readable(test, kept);
}

TEST_CASE("calls go on while the background changes keys") {
  TestVault test;
  auto kept = put_many(test, 250);
  test.vault->rotation().start();
  std::atomic<bool> ending = false;
  std::atomic<int> reads = 0;
  std::atomic<int> failures = 0;
  std::jthread reader([&] {
    while (!ending) {
      const Kept& one = kept[static_cast<std::size_t>(reads++) % kept.size()];
      if (test.get(one.account, one.uuid) != one.secret) failures++;
    }
  });
  std::vector<Kept> later;
  for (int round = 0; round < 3; round++) {
    auto request = test.request();
    REQUIRE(request);
    REQUIRE(rotate_data_key(test, 1 + round));
    auto begun = std::chrono::steady_clock::now();
    do {
      std::int64_t account = 1000 + static_cast<std::int64_t>(later.size());
      later.push_back({account, test.put(account, "mail", "meanwhile"), "meanwhile"});
      REQUIRE(std::chrono::steady_clock::now() - begun < std::chrono::seconds(60));
    } while (!test.latest()->finished_at || test.latest()->uuid != request->uuid);
  }
  ending = true;
  reader.join();
  test.vault->rotation().stop();
  test.finish();
  CHECK(failures == 0);
  CHECK(reads > 0);
  CHECK(test.masters().size() == 4);
  CHECK(test.prove().complete);
  must_be_readable(test, kept);
  must_be_readable(test, later);
}

TEST_CASE("a data key that cannot be opened keeps its place and stops no other") {
  TestVault test;
  auto kept = put_many(test, 3);
  REQUIRE(test.sql("UPDATE vault_key SET wrapped = $1 WHERE account_id = 2", {Bytes{"damaged"}}));
  REQUIRE(test.request());
  test.finish();
  CHECK_FALSE(test.latest()->finished_at);
  CHECK(test.prove().left == 1);
  CHECK_FALSE(test.prove().complete);
  CHECK(test.get(1, kept[0].uuid) == kept[0].secret);
  CHECK_FALSE(test.get(2, kept[1].uuid));
  CHECK(test.get(3, kept[2].uuid) == kept[2].secret);
}

TEST_CASE("a proof tells of a key that names the master but is not wrapped by it") {
  TestVault test;
  put_many(test, 3);
  REQUIRE(test.sql("UPDATE vault_key SET wrapped = $1 WHERE account_id = 2", {Bytes{"damaged"}}));
  RotationProof proof = test.prove();
  CHECK(proof.opened == 2);
  CHECK(proof.refused == 1);
  CHECK_FALSE(proof.complete);
}

TEST_CASE("a key of the environment takes the place of the file's at a start") {
  TestVault test;
  auto kept = put_many(test, 3);
  SecretBytes key = SecretBytes::random(32);
  std::string text(text_of_key(key).view());
  {
    TestVariable variable(test.settings.variable, text);
    REQUIRE(test.restart());
    test.finish();
    CHECK(test.masters().at(0).kind == MasterKeyKind::environment);
    CHECK(test.masters().at(0).keys == 3);
    CHECK(test.prove().complete);
    must_be_readable(test, kept);
    CHECK(test.request().error().code == ErrorCode::conflict);
  }
  // Gone from the environment, it is missed.
  CHECK(test.restart().error().code == ErrorCode::conflict);
  // And back to the file, with the other one readable for a while.
  TestVariable old(test.settings.old_variable, text + " " + text);
  REQUIRE(test.restart());
  must_be_readable(test, kept);
  test.finish();
  CHECK(test.masters().at(0).kind == MasterKeyKind::file);
  CHECK(test.prove().complete);
}

TEST_CASE("a key that is handed over is in use at once") {
  TestVault test;
  auto kept = put_many(test, 3);
  auto next = make_master_key(SecretBytes::random(32), MasterKeyKind::environment);
  std::string id = next->id();
  test.vault->rotate_master(std::move(next));
  test.finish();
  CHECK(test.masters().at(0).id == id);
  CHECK(test.prove().complete);
  must_be_readable(test, kept);
}

TEST_CASE("a data key is replaced: secrets are sealed anew, and the key before is erased") {
  TestVault test;
  std::vector<Kept> kept;
  for (int i = 0; i < 120; i++) {
    std::string secret = fmt::format("secret {}", i);
    kept.push_back({1, test.put(1, "slack", secret), secret});
  }
  kept.push_back({2, test.put(2, "slack", "of another"), "of another"});
  std::int64_t before = test.one<std::int64_t>("SELECT id FROM vault_key WHERE account_id = 1");
  std::string count_old =
      fmt::format("SELECT count(*) FROM vault_secret WHERE key_id = {}", before);
  REQUIRE(rotate_data_key(test, 1));
  kept.push_back({1, test.put(1, "mail", "after"), "after"});
  CHECK(test.one<std::int64_t>(count_old) == 120);

  // Killed after each step.
  int steps = 0;
  while (test.one<std::int64_t>("SELECT count(*) FROM vault_key") == 3) {
    while (test.one<std::int64_t>(count_old) == 120) REQUIRE(*test.vault->rotation().work());
    must_be_readable(test, kept);
    REQUIRE(test.restart());
    must_be_readable(test, kept);
    test.finish();
    REQUIRE(++steps < 10);
  }
  CHECK(test.one<std::int64_t>(count_old) == 0);
  CHECK(test.one<std::int64_t>("SELECT count(*) FROM vault_key WHERE account_id = 1") == 1);
  must_be_readable(test, kept);
}

TEST_CASE("a secret that cannot be opened keeps its key, and the others are sealed anew") {
  TestVault test;
  Uuid broken = test.put(1, "slack", "broken");
  Uuid whole = test.put(1, "slack", "whole");
  REQUIRE(
      test.sql("UPDATE vault_secret SET sealed = $1 WHERE uuid = $2", {Bytes{"damaged"}, broken}));
  REQUIRE(rotate_data_key(test, 1));
  REQUIRE(rotate_data_key(test, 1));
  test.finish();
  CHECK(test.get(1, whole) == "whole");
  CHECK_FALSE(test.get(1, broken));
  CHECK(test.one<std::int64_t>("SELECT count(*) FROM vault_key") == 2);
}

}  // namespace piggy
