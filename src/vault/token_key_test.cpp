#include "vault/token_key.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "vault/test_vault.h"

namespace piggy {
namespace {

constexpr const char* module_path = "/usr/lib/softhsm/libsofthsm2.so";

// A SoftHSM of our own with the token `piggy` and the PIN 1234, made and filled by the tools that
// an operator would use.
class TestToken {
 public:
  TestToken() {
    REQUIRE_MESSAGE(std::filesystem::exists(module_path), "softhsm2 is not installed");
    std::filesystem::create_directory(folder_.file("tokens"));
    write_private_file(folder_.file("conf"),
                       fmt::format("directories.tokendir = {}\nobjectstore.backend = file\n"
                                   "log.level = ERROR\n",
                                   folder_.file("tokens")));
    run("softhsm2-util --init-token --free --label piggy --so-pin 87654321 --pin 1234");
    write_private_file(folder_.file("pin"), "1234\n");
  }

  void make_key(const std::string& label, int bytes = 32) {
    run(
        fmt::format("pkcs11-tool --module {} --token-label piggy --login --pin 1234 --keygen "
                    "--key-type AES:{} --label {} --sensitive",
                    module_path, bytes, label));
  }

  void delete_key(const std::string& label) {
    run(
        fmt::format("pkcs11-tool --module {} --token-label piggy --login --pin 1234 "
                    "--delete-object --type secrkey --label {}",
                    module_path, label));
  }

  std::string uri(const std::string& object, const std::string& token = "piggy") const {
    return fmt::format("pkcs11:token={};object={}?module-path={}&pin-source=file:{}", token, object,
                       module_path, folder_.file("pin"));
  }
  void set_pin(const std::string& pin) { write_private_file(folder_.file("pin"), pin); }

  std::unique_ptr<MasterKey> open(const std::string& object) const {
    auto key = open_token_key(uri(object));
    REQUIRE_MESSAGE(key, key.error().message);
    return *std::move(key);
  }

 private:
  void run(const std::string& command) {
    REQUIRE_MESSAGE(std::system((command + " >/dev/null 2>&1").c_str()) == 0, command);
  }

  test_rows::Folder folder_;
  TestVariable configuration_{"SOFTHSM2_CONF", folder_.file("conf")};
};

ErrorCode code_of(const std::string& uri) {
  auto key = open_token_key(uri);
  REQUIRE_FALSE(key);
  CHECK_FALSE(key.error().message.contains("1234"));
  return key.error().code;
}

}  // namespace

TEST_CASE("the URI of a key in a token names all that is needed, and no PIN") {
  auto address = parse_token_address(
      "pkcs11:token=My%20token;object=k%3b1?module-path=/lib/p11.so&pin-source=env:PIN");
  REQUIRE(address);
  CHECK(address->token == "My token");
  CHECK(address->object == "k;1");
  CHECK(address->module_path == "/lib/p11.so");
  CHECK(address->pin_source == "env:PIN");
  for (const char* wrong : {"", "pkcs11:", "http://x", "pkcs11:token=a;object=b?module-path=/c",
                            "pkcs11:token=a;object=b?pin-source=env:P",
                            "pkcs11:token=a?module-path=/c&pin-source=env:P",
                            "pkcs11:token=a;object=b?module-path=/c&pin-source=env:",
                            "pkcs11:token=a;object=b?module-path=/c&pin-source=|cat",
                            "pkcs11:token=a;token=a;object=b?module-path=/c&pin-source=env:P",
                            "pkcs11:token=a%2;object=b?module-path=/c&pin-source=env:P",
                            "pkcs11:token=a%00;object=b?module-path=/c&pin-source=env:P",
                            "pkcs11:token;object=b?module-path=/c&pin-source=env:P",
                            "pkcs11:token=a;object=b;colour=red?module-path=/c&pin-source=env:P"}) {
    auto refused = parse_token_address(wrong);
    REQUIRE_MESSAGE(!refused, wrong);
    CHECK(refused.error().code == ErrorCode::invalid);
  }
  auto pin = parse_token_address("pkcs11:token=a;object=b?module-path=/c&pin-value=4711");
  REQUIRE_FALSE(pin);
  CHECK(pin.error().message.contains("pin-source"));
  CHECK_FALSE(pin.error().message.contains("4711"));
}

TEST_CASE("a key in a token wraps and unwraps, and is the same after a restart") {
  TestToken token;
  token.make_key("master");
  SecretBytes secret = SecretBytes::random(32);
  std::string id;
  std::string wrapped;
  {
    auto key = token.open("master");
    CHECK(key->kind() == MasterKeyKind::token);
    id = key->id();
    auto made = key->wrap(secret, "here");
    REQUIRE_MESSAGE(made, made.error().message);
    wrapped = *made;
    CHECK_FALSE(wrapped.contains(secret.view()));
    CHECK(*key->wrap(secret, "here") != wrapped);
  }
  auto key = token.open("master");
  CHECK(key->id() == id);
  auto back = key->unwrap(wrapped, "here");
  REQUIRE_MESSAGE(back, back.error().message);
  CHECK(back->view() == secret.view());
}

TEST_CASE("a token unwraps nothing that was changed, bound elsewhere, or made by another key") {
  TestToken token;
  token.make_key("master");
  token.make_key("other");
  auto key = token.open("master");
  auto other = token.open("other");
  CHECK(key->id() != other->id());
  std::string wrapped = *key->wrap(SecretBytes::random(32), "here");
  auto is_damage = [](const Result<SecretBytes>& got) {
    return !got && got.error().code == ErrorCode::internal;
  };
  CHECK(is_damage(key->unwrap(wrapped, "there")));
  CHECK(is_damage(other->unwrap(wrapped, "here")));
  CHECK(is_damage(key->unwrap(wrapped.substr(0, 30), "here")));
  CHECK(is_damage(key->unwrap("", "here")));
  for (std::size_t at = 0; at < wrapped.size(); at++) {
    std::string changed = wrapped;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    REQUIRE_MESSAGE(is_damage(key->unwrap(changed, "here")), at);
  }
  CHECK(key->unwrap(wrapped, "here"));
}

TEST_CASE("a key that has taken another's place in the token is not used for it") {
  TestToken token;
  token.make_key("master");
  auto key = token.open("master");
  std::string wrapped = *key->wrap(SecretBytes::random(32), "here");
  token.delete_key("master");
  token.make_key("master");
  auto got = key->unwrap(wrapped, "here");
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ErrorCode::unavailable);
  auto made = key->wrap(SecretBytes::random(32), "here");
  REQUIRE_FALSE(made);
  CHECK(made.error().message.contains(key->id()));
}

TEST_CASE("a token that lacks the key, or refuses the PIN, is refused in clear words") {
  TestToken token;
  token.make_key("master");
  token.make_key("short", 16);
  token.make_key("twin");
  token.make_key("twin");
  CHECK(code_of(token.uri("nothing")) == ErrorCode::unavailable);
  CHECK(code_of(token.uri("short")) == ErrorCode::unavailable);
  CHECK(code_of(token.uri("twin")) == ErrorCode::unavailable);
  CHECK(code_of(token.uri("master", "stranger")) == ErrorCode::unavailable);
  token.set_pin("4321");
  CHECK(code_of(token.uri("master")) == ErrorCode::unavailable);
  token.set_pin("1234");
  token.open("master");
}

TEST_CASE("the master key moves from a file into a token and back, while secrets stay readable") {
  TestToken token;
  token.make_key("master");
  TestVault test;
  Uuid uuid = test.put(1, "slack", "the token of slack");
  REQUIRE(test.request(token.uri("master")));
  test.finish();
  CHECK(test.masters().at(0).kind == MasterKeyKind::token);
  CHECK(test.prove().complete);
  CHECK(test.get(1, uuid) == "the token of slack");
  Uuid second = test.put(2, "slack", "another token");

  REQUIRE(test.restart());
  CHECK(test.masters().at(0).kind == MasterKeyKind::token);
  CHECK(test.get(1, uuid) == "the token of slack");
  CHECK(test.get(2, second) == "another token");

  REQUIRE(test.request());
  test.finish();
  CHECK(test.masters().at(0).kind == MasterKeyKind::file);
  CHECK(test.prove().opened == 2);
  CHECK(test.prove().complete);
  REQUIRE(test.restart());
  CHECK(test.get(2, second) == "another token");
}

TEST_CASE("a change to a token that is not there is given up, and says why") {
  TestToken token;
  TestVault test;
  Uuid uuid = test.put(1, "slack", "the token of slack");
  REQUIRE(test.request(token.uri("nothing")));
  test.finish();
  REQUIRE(test.latest());
  CHECK(test.latest()->problem.value_or("").contains("nothing"));
  CHECK_FALSE(test.latest()->switched_at);
  CHECK(test.masters().size() == 1);
  CHECK(test.get(1, uuid) == "the token of slack");
  REQUIRE(test.request());  // The next one may be asked for.
}

}  // namespace piggy
