#include "vault/operations.h"

#include <doctest/doctest.h>

#include "app/test_engine.h"
#include "shape/json.h"
#include "vault/test_vault.h"

namespace piggy {
namespace {

struct Office {
  Office() {
    auto opened = Vault::open(engine.database(), {.directory = folder.file("")});
    REQUIRE(opened);
    vault = *std::move(opened);
    REQUIRE(engine.write([&](Transaction& transaction) -> Result<> {
      TRY(vault->put(transaction, "slack", SecretBytes::copy_of("the token of slack")));
      return {};
    }));
  }

  Result<VaultStatus::Output> status(bool prove) {
    return engine.run_as<VaultStatus>(owner, {.prove = prove}, std::as_const(vault));
  }
  Result<RotateMasterKey::Output> rotate(RotateMasterKey::Input input = {}) {
    return engine.run_as<RotateMasterKey>(owner, input, std::as_const(vault));
  }
  void finish() {
    for (bool more = true; more;) {
      auto worked = vault->rotation().work();
      REQUIRE(worked);
      more = *worked;
    }
  }

  TestEngine engine;
  test_rows::Folder folder;
  std::unique_ptr<Vault> vault;
  Caller owner{.kind = "owner", .scopes = {"*"}};
};

}  // namespace

TEST_CASE("the owner sees the master keys and how far a change has come, and no key") {
  Office office;
  auto before = office.status(false);
  REQUIRE(before);
  REQUIRE(before->masters.size() == 1);
  CHECK(before->masters[0].current);
  CHECK(before->done == 1);
  CHECK(before->total == 1);
  CHECK_FALSE(before->rotation);
  CHECK_FALSE(before->proof);

  auto asked = office.rotate();
  REQUIRE(asked);
  CHECK(asked->old_master == before->masters[0].id);
  CHECK(office.rotate().error().code == ErrorCode::conflict);
  office.finish();

  auto after = office.status(true);
  REQUIRE(after);
  CHECK(after->masters.size() == 2);
  CHECK(after->done == 1);
  CHECK(after->total == 1);
  REQUIRE(after->rotation);
  CHECK(after->rotation->uuid == asked->uuid);
  CHECK(after->rotation->finished_at);
  REQUIRE(after->proof);
  CHECK(after->proof->complete);
  std::string shown = to_json(*after);
  std::string key = file_text(office.folder.file("master.key")).substr(0, 43);
  CHECK(key.size() == 43);
  CHECK_FALSE(shown.contains(key));
}

TEST_CASE("the vault is for the owner above all accounts alone") {
  Office office;
  auto seen = office.engine.run<VaultStatus>({}, std::as_const(office.vault));
  REQUIRE_FALSE(seen);
  CHECK(seen.error().code == ErrorCode::forbidden);
  auto changed = office.engine.run<RotateMasterKey>({}, std::as_const(office.vault));
  REQUIRE_FALSE(changed);
  CHECK(changed.error().code == ErrorCode::forbidden);
}

TEST_CASE("a source that is no URI of a token is refused before anything is done") {
  Office office;
  auto refused = office.rotate({.source = "/etc/passwd"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::invalid);
  CHECK(refused.error().fields.at(0).path == "/source");
  CHECK_FALSE(office.status(false)->rotation);
}

TEST_CASE("without a vault its operations are described, but not run") {
  Office office;
  office.vault.reset();
  Catalogue catalogue;
  add_vault_operations(catalogue, office.vault);
  CHECK(catalogue.all().size() == 2);
  CHECK(office.status(false).error().code == ErrorCode::unavailable);
}

}  // namespace piggy
