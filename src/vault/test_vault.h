#pragma once

// A vault in a test: a fresh database, a directory for its keys, and accounts that are numbers.

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "database/test_database.h"
#include "database/test_rows.h"
#include "vault/vault.h"

namespace piggy {

inline std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_private_file(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

class TestVault {
 public:
  explicit TestVault(TestDatabase::Options options = {}) : database(options) {
    auto opened = open();
    ASSERT(opened.has_value());
  }

  // As a start of the program would. The database is opened anew with `restart`.
  Result<> open() {
    vault.reset();
    auto opened = Vault::open(*database, settings);
    if (!opened) return std::unexpected(std::move(opened).error());
    vault = *std::move(opened);
    return {};
  }
  Result<> restart() {
    vault.reset();
    database.reopen();
    return open();
  }

  Uuid put(std::int64_t account, std::string_view name, std::string_view secret) {
    Uuid uuid;
    Result<> done = database->write(account, [&](Transaction& transaction) -> Result<> {
      uuid = TRY(vault->put(transaction, name, SecretBytes::copy_of(secret)));
      return {};
    });
    ASSERT(done.has_value());
    return uuid;
  }
  Result<std::string> get(std::int64_t account, const Uuid& uuid) {
    std::string secret;
    TRY(database->read(account, [&](Transaction& transaction) -> Result<> {
      secret = TRY(vault->get(transaction, uuid)).view();
      return {};
    }));
    return secret;
  }
  // Above all tenants.
  Result<> sql(std::string_view text, std::vector<Parameter> parameters = {}) {
    return database->write(0, [&](Transaction& transaction) -> Result<> {
      TRY(transaction.run(text, parameters));
      return {};
    });
  }
  template <class T>
  T one(std::string_view text) {
    T value;
    Result<> done = database->read(0, [&](Transaction& transaction) -> Result<> {
      value = TRY(transaction.one<T>(text));
      return {};
    });
    ASSERT(done.has_value());
    return value;
  }
  Result<RotationRequest> request(std::optional<std::string> source = {}) {
    RotationRequest request;
    TRY(database->write(0, [&](Transaction& transaction) -> Result<> {
      request = TRY(vault->rotation().request(transaction, source));
      return {};
    }));
    return request;
  }
  RotationProof prove() {
    RotationProof proof;
    Result<> done = database->read(0, [&](Transaction& transaction) -> Result<> {
      proof = TRY(vault->rotation().prove(transaction));
      return {};
    });
    ASSERT(done.has_value());
    return proof;
  }
  std::vector<MasterStatus> masters() {
    std::vector<MasterStatus> masters;
    Result<> done = database->read(0, [&](Transaction& transaction) -> Result<> {
      masters = TRY(vault->rotation().masters(transaction));
      return {};
    });
    ASSERT(done.has_value());
    return masters;
  }
  std::optional<RotationStatus> latest() {
    std::optional<RotationStatus> latest;
    Result<> done = database->read(0, [&](Transaction& transaction) -> Result<> {
      latest = TRY(vault->rotation().latest(transaction));
      return {};
    });
    ASSERT(done.has_value());
    return latest;
  }
  // All that is to be done. Returns in how many steps.
  int finish() {
    for (int steps = 0;; steps++) {
      Result<bool> more = vault->rotation().work();
      ASSERT(more.has_value() && steps < 1000);
      if (!*more) return steps;
    }
  }

  std::string key_path() const { return folder.file("master.key"); }

  TestDatabase database;
  test_rows::Folder folder;
  MasterSettings settings{.directory = folder.file(""),
                          .variable = "PIGGY_TEST_MASTER_KEY",
                          .old_variable = "PIGGY_TEST_MASTER_KEY_OLD"};
  std::unique_ptr<Vault> vault;
};

// Sets a variable of the environment for as long as it lives.
class TestVariable {
 public:
  TestVariable(std::string name, const std::string& value) : name_(std::move(name)) {
    setenv(name_.c_str(), value.c_str(), 1);
  }
  ~TestVariable() { unsetenv(name_.c_str()); }
  TestVariable(const TestVariable&) = delete;

 private:
  std::string name_;
};

}  // namespace piggy
