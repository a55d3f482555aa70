#include "vault/key_folder.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "vault/test_vault.h"

namespace piggy {
namespace {

namespace fs = std::filesystem;

struct Keys {
  test_rows::Folder files;
  KeyFolder folder{files.file("")};

  std::string current() {
    auto keys = folder.load();
    REQUIRE_MESSAGE(keys, keys.error().message);
    return keys->current ? keys->current->id() : "none";
  }
  std::vector<std::string> old() {
    std::vector<std::string> ids;
    auto keys = folder.load();
    REQUIRE(keys);
    for (const auto& key : keys->old) ids.push_back(key->id());
    return ids;
  }
};

std::string base64(char c) {
  return std::string(text_of_key(SecretBytes::copy_of(std::string(32, c))).view());
}

std::string id_of(std::string_view text) {
  auto key = read_master_key(SecretBytes::copy_of(text), MasterKeyKind::file, "a test");
  REQUIRE(key);
  return (*key)->id();
}

}  // namespace

TEST_CASE("a key is 32 bytes, in base64 or as they are, and its fingerprint follows from it") {
  std::string bytes(32, 'k');
  CHECK(id_of(bytes) == id_of(base64('k')));
  CHECK(id_of(bytes) == id_of("  " + base64('k') + "\r\n"));
  CHECK(id_of(bytes) != id_of(std::string(32, 'l')));
  CHECK(id_of(bytes).size() == 32);
  CHECK_FALSE(base64('k').contains(id_of(bytes)));
  for (std::string wrong : {std::string(), std::string(31, 'k'), std::string(33, 'k'),
                            base64('k').substr(4), base64('k') + "AAAA", std::string(44, '!')}) {
    auto key = read_master_key(SecretBytes::copy_of(wrong), MasterKeyKind::file, "the place");
    REQUIRE_FALSE(key);
    CHECK(key.error().code == ErrorCode::invalid);
    CHECK(key.error().message.contains("the place"));
    if (!wrong.empty()) CHECK_FALSE(key.error().message.contains(wrong));
  }
}

TEST_CASE("the first key is made for its owner alone, and found again") {
  Keys keys;
  CHECK(keys.current() == "none");
  auto made = keys.folder.make();
  REQUIRE(made);
  struct stat status = {};
  REQUIRE(stat(keys.folder.current_path().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(keys.current() == (*made)->id());
  CHECK_FALSE(fs::exists(keys.folder.new_path()));
}

TEST_CASE("a key that others may read is refused") {
  Keys keys;
  REQUIRE(keys.folder.make());
  fs::permissions(keys.folder.current_path(), fs::perms::group_read, fs::perm_options::add);
  auto loaded = keys.folder.load();
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().message.contains("chmod 600"));
}

TEST_CASE("a new key takes the place of the one in use, which stays readable") {
  Keys keys;
  auto first = keys.folder.make();
  auto second = keys.folder.replace(**first, {});
  REQUIRE(second);
  CHECK(keys.current() == (*second)->id());
  CHECK(keys.old() == std::vector<std::string>{(*first)->id()});
  REQUIRE(keys.folder.replace(**second, {}));
  CHECK(keys.old().size() == 2);
}

TEST_CASE("wherever a change of the key was cut short, both keys that matter are there") {
  std::string before = base64('a');
  std::string after = base64('b');
  std::string old_name = "master.key.old." + id_of(before);
  struct Step {
    const char* what;
    std::vector<std::pair<std::string, std::string>> files;
    std::string current;
  };
  const Step steps[] = {
      {"the new file is empty", {{"master.key", before}, {"master.key.new", ""}}, before},
      {"the new file is half written",
       {{"master.key", before}, {"master.key.new", after.substr(0, 9)}},
       before},
      {"the new file is there", {{"master.key", before}, {"master.key.new", after}}, before},
      {"the old one has its second name",
       {{"master.key", before}, {"master.key.new", after}, {old_name, before}},
       before},
      {"the new one is in its place", {{"master.key", after}, {old_name, before}}, after}};
  for (const Step& step : steps) {
    CAPTURE(step.what);
    Keys keys;
    for (const auto& [name, text] : step.files) write_private_file(keys.files.file(name), text);
    CHECK(keys.current() == id_of(step.current));
    if (step.current == after) CHECK(keys.old() == std::vector<std::string>{id_of(before)});
    // And it can be begun anew.
    auto loaded = keys.folder.load();
    auto next = keys.folder.replace(*loaded->current, {});
    REQUIRE_MESSAGE(next, next.error().message);
    CHECK(keys.current() == (*next)->id());
    std::vector<std::string> old = keys.old();
    CHECK(std::ranges::count(old, id_of(before)) == 1);
    CHECK(std::ranges::count(old, id_of(step.current)) == 1);
  }
}

TEST_CASE("a first key that was cut short is made anew") {
  Keys keys;
  write_private_file(keys.folder.new_path(), base64('a'));
  CHECK(keys.current() == "none");
  auto made = keys.folder.make();
  REQUIRE(made);
  CHECK((*made)->id() != id_of(base64('a')));
  CHECK(keys.current() == (*made)->id());
}

TEST_CASE("a change that cannot be made leaves the key in use") {
  Keys keys;
  auto first = keys.folder.make();
  // A directory where the new file belongs cannot be unlinked, whoever runs the test.
  fs::create_directory(keys.folder.new_path());
  auto failed = keys.folder.replace(**first, {});
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == ErrorCode::unavailable);
  fs::remove(keys.folder.new_path());
  auto no_token = keys.folder.replace(
      **first, "pkcs11:token=a;object=b?module-path=/nonexistent.so&pin-source=env:NONE");
  CHECK_FALSE(no_token);
  CHECK(keys.current() == (*first)->id());
  CHECK(keys.old().empty());
}

TEST_CASE("an old key that cannot be read does not keep the others away") {
  Keys keys;
  REQUIRE(keys.folder.make());
  write_private_file(keys.folder.old_path("1"), "nonsense");
  write_private_file(keys.folder.old_path("2"), base64('b'));
  CHECK(keys.old() == std::vector<std::string>{id_of(base64('b'))});
}

}  // namespace piggy
