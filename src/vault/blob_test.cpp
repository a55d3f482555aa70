#include "vault/blob.h"

#include <doctest/doctest.h>

#include <string>

namespace piggy {

TEST_CASE("a blob is opened by its key, under its name, for its binding") {
  SecretBytes key = SecretBytes::random(seal_key_bytes);
  std::string blob = seal(key, "k1", "attack at dawn", "here");
  CHECK_FALSE(blob.contains("attack"));
  auto opened = open_blob(key, "k1", blob, "here");
  REQUIRE(opened);
  CHECK(opened->view() == "attack at dawn");
  CHECK(key_name_in(BlobVersion::xchacha20_poly1305, blob) == "k1");
}

TEST_CASE("another key, name or binding never opens a blob") {
  SecretBytes key = SecretBytes::random(seal_key_bytes);
  std::string blob = seal(key, "k1", "attack at dawn", "here");
  CHECK_FALSE(open_blob(SecretBytes::random(seal_key_bytes), "k1", blob, "here"));
  CHECK_FALSE(open_blob(key, "k2", blob, "here"));
  CHECK_FALSE(open_blob(key, "k", blob, "here"));
  CHECK_FALSE(open_blob(key, "k1", blob, "there"));
  CHECK_FALSE(open_blob(key, "k1", blob, ""));
}

TEST_CASE("a blob with any bit changed, or any byte too few or too many, is refused") {
  SecretBytes key = SecretBytes::random(seal_key_bytes);
  const std::string blob = seal(key, "k1", "attack", "here");
  for (std::size_t at = 0; at < blob.size(); at++) {
    for (int bit = 0; bit < 8; bit++) {
      std::string changed = blob;
      changed[at] = static_cast<char>(changed[at] ^ 1 << bit);
      auto opened = open_blob(key, "k1", changed, "here");
      REQUIRE_FALSE(opened);
      REQUIRE(opened.error().code == ErrorCode::internal);
    }
  }
  for (std::size_t size = 0; size < blob.size(); size++) {
    REQUIRE_FALSE(open_blob(key, "k1", blob.substr(0, size), "here"));
    REQUIRE_FALSE(open_blob(key, "k1", blob.substr(blob.size() - size), "here"));
  }
  CHECK_FALSE(open_blob(key, "k1", blob + '\0', "here"));
}

TEST_CASE("the same secret is never sealed to the same blob") {
  SecretBytes key = SecretBytes::random(seal_key_bytes);
  CHECK(seal(key, "k1", "attack", "here") != seal(key, "k1", "attack", "here"));
}

TEST_CASE("what a blob is bound to cannot be cut in another place") {
  CHECK(Binding("a").add("bc").add("d").bytes() != Binding("a").add("b").add("cd").bytes());
  CHECK(Binding("a").add("").add("b").bytes() != Binding("a").add("b").add("").bytes());
  CHECK(Binding("a").add(1).add(2).bytes() != Binding("a").add(2).add(1).bytes());
  CHECK(Binding("a").add(1).bytes() != Binding("a").add(-1).bytes());
  CHECK(Binding("a").add(1).add("x").bytes() == Binding("a").add(1).add("x").bytes());
}

}  // namespace piggy
