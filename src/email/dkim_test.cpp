#include "email/dkim.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <map>
#include <memory>
#include <vector>

namespace piggy {
namespace {

// RFC 8463, appendix A: both keys, their records, and the message they signed.
constexpr std::string_view rsa_key = R"(-----BEGIN RSA PRIVATE KEY-----
MIICXQIBAAKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi
Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqM
KrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB
AoGAH0cxOhFZDgzXWhDhnAJDw5s4roOXN4OhjiXa8W7Y3rhX3FJqmJSPuC8N9vQm
6SVbaLAE4SG5mLMueHlh4KXffEpuLEiNp9Ss3O4YfLiQpbRqE7Tm5SxKjvvQoZZe
zHorimOaChRL2it47iuWxzxSiRMv4c+j70GiWdxXnxe4UoECQQDzJB/0U58W7RZy
6enGVj2kWF732CoWFZWzi1FicudrBFoy63QwcowpoCazKtvZGMNlPWnC7x/6o8Gc
uSe0ga2xAkEA8C7PipPm1/1fTRQvj1o/dDmZp243044ZNyxjg+/OPN0oWCbXIGxy
WvmZbXriOWoSALJTjExEgraHEgnXssuk7QJBALl5ICsYMu6hMxO73gnfNayNgPxd
WFV6Z7ULnKyV7HSVYF0hgYOHjeYe9gaMtiJYoo0zGN+L3AAtNP9huqkWlzECQE1a
licIeVlo1e+qJ6Mgqr0Q7Aa7falZ448ccbSFYEPD6oFxiOl9Y9se9iYHZKKfIcst
o7DUw1/hz2Ck4N5JrgUCQQCyKveNvjzkkd8HjYs0SwM0fPjK16//5qDZ2UiDGnOe
uEzxBDAr518Z8VFbR41in3W4Y3yCDgQlLlcETrS+zYcL
-----END RSA PRIVATE KEY-----
)";
// The RFC gives the 32 bytes alone; before them stands what PKCS #8 says of every such key.
constexpr std::string_view ed25519_key = R"(-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
)";
constexpr std::string_view rsa_record =
    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
    "iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
    "DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3"
    "Ip3G+2kryOTIKT+l/K4w3QIDAQAB";
constexpr std::string_view ed25519_record =
    "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
constexpr std::string_view ed25519_header =
    "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
    " d=football.example.com; i=@football.example.com;\r\n"
    " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
    " subject : date : message-id : from : subject : date;\r\n"
    " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
    " b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n"
    " Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n";
constexpr std::string_view rsa_header =
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
    " d=football.example.com; i=@football.example.com;\r\n"
    " q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n"
    " date : message-id : from : subject : date;\r\n"
    " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
    " b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n"
    " DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n"
    " dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r\n";
constexpr std::string_view message =
    "From: Joe SixPack <joe@football.example.com>\r\n"
    "To: Suzie Q <suzie@shopping.example.net>\r\n"
    "Subject: Is dinner ready?\r\n"
    "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
    "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
    "\r\n"
    "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";
constexpr Time signing_time = {1'528'637'909 * microseconds_per_second};

std::string without_space(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c != ' ' && c != '\r' && c != '\n' && c != '\t') out += c;
  }
  return out;
}

// "v=1; a=…" by name, without any white space.
std::map<std::string, std::string> tags_of(std::string_view text) {
  std::map<std::string, std::string> tags;
  std::string list = without_space(text) + ";";
  for (std::size_t start = 0, end; (end = list.find(';', start)) != std::string::npos;
       start = end + 1) {
    std::string tag = list.substr(start, end - start);
    if (!tag.empty()) tags[tag.substr(0, tag.find('='))] = tag.substr(tag.find('=') + 1);
  }
  return tags;
}

std::string from_base64(std::string_view text) {
  std::string out(text.size(), '\0');
  int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                             reinterpret_cast<const unsigned char*>(text.data()),
                             static_cast<int>(text.size()));
  REQUIRE(size >= 0);
  while (text.ends_with('=')) {
    text.remove_suffix(1);
    size--;
  }
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string sha256(std::string_view text) {
  std::string digest(32, '\0');
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
             EVP_sha256(), nullptr);
  return digest;
}

bool is_signature(std::string_view record, std::string_view signature, std::string_view text) {
  auto tags = tags_of(record);
  std::string raw = from_base64(tags["p"]);
  auto* bytes = reinterpret_cast<const unsigned char*>(raw.data());
  bool ed25519 = tags["k"] == "ed25519";
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      ed25519 ? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes, raw.size())
              : d2i_PUBKEY(nullptr, &bytes, static_cast<long>(raw.size())),
      EVP_PKEY_free);
  REQUIRE(key);
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestVerifyInit(context.get(), nullptr, ed25519 ? nullptr : EVP_sha256(), nullptr,
                       key.get());
  std::string data = ed25519 ? sha256(text) : std::string(text);
  return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(data.data()),
                          data.size()) == 1;
}

// A verifier as RFC 6376, section 6.1, has it: whether a message keeps a signature.
bool verifies(std::string_view header, std::string_view signed_message, std::string_view record) {
  header.remove_suffix(2);
  auto tags = tags_of(header.substr(header.find(':') + 1));
  std::size_t end = signed_message.find("\r\n\r\n");
  if (from_base64(tags["bh"]) != sha256(relaxed_body(signed_message.substr(end + 4)))) return false;

  std::vector<std::string> left;
  std::string_view headers = signed_message.substr(0, end + 2);
  for (std::size_t start = 0; start < headers.size();) {
    std::size_t stop = headers.find("\r\n", start);
    while (stop + 2 < headers.size() && headers[stop + 2] == ' ') {
      stop = headers.find("\r\n", stop + 2);
    }
    left.push_back(relaxed_header(headers.substr(start, stop - start)));
    start = stop + 2;
  }
  std::string text, names = tags["h"] + ":";
  for (std::size_t start = 0, stop; (stop = names.find(':', start)) != std::string::npos;
       start = stop + 1) {
    std::string name = names.substr(start, stop - start + 1);
    for (std::size_t i = left.size(); i-- > 0;) {
      if (!left[i].starts_with(name)) continue;
      text += left[i] + "\r\n";
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
  }
  text += relaxed_header(header.substr(0, header.rfind("b=") + 2));
  return is_signature(record, from_base64(tags["b"]), text);
}

TEST_CASE("the verifier of these tests accepts what RFC 8463 publishes, and nothing else") {
  CHECK(verifies(ed25519_header, message, ed25519_record));
  CHECK(verifies(rsa_header, message, rsa_record));
  std::string other(message);
  other.replace(other.find("hungry"), 6, "thirsty");
  CHECK(!verifies(ed25519_header, other, ed25519_record));
  CHECK(!verifies(rsa_header, other, rsa_record));
}

TEST_CASE("what is signed with the keys of RFC 8463 verifies by their records") {
  for (auto [key, record] :
       {std::pair{ed25519_key, ed25519_record}, std::pair{rsa_key, rsa_record}}) {
    auto signer = DkimSigner::from_pem("football.example.com", "test", key);
    REQUIRE(signer);
    CHECK(signer->record() == record);
    CHECK(signer->record_name() == "test._domainkey.football.example.com");
    auto header = signer->signature(message, signing_time);
    REQUIRE(header);
    CHECK(tags_of(header->substr(16))["bh"] == "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
    CHECK(tags_of(header->substr(16))["t"] == "1528637909");
    CHECK(verifies(*header, message, record));
  }
}

TEST_CASE("what mail servers do to white space breaks no signature, what changes the mail does") {
  auto signer = DkimSigner::from_pem("example.com", "piggy", ed25519_key);
  REQUIRE(signer);
  std::string sent =
      "From: Shop <shop@example.com>\r\nTo: ann@example.com\r\nSubject: Your  points\r\n"
      "List-Unsubscribe: <https://example.com/m/u/1>\r\n"
      "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nHello  Ann \r\n\r\n";
  auto header = signer->signature(sent, signing_time);
  REQUIRE(header);
  auto with = [&](std::string_view from, std::string_view to) {
    std::string changed = sent;
    changed.replace(changed.find(from), from.size(), to);
    return verifies(*header, changed, signer->record());
  };
  CHECK(with("From", "From"));
  CHECK(with("Subject: Your  points", "subject:\tYour\r\n points "));
  CHECK(with("Ann \r\n\r\n", "Ann\r\n"));
  CHECK(!with("Hello", "Hallo"));
  CHECK(!with("/m/u/1", "/m/u/2"));
  CHECK(!with("One-Click", "Two-Click"));
  CHECK(!with("To: ann", "From: Eve <eve@example.com>\r\nTo: ann"));
  CHECK(!with("To: ann", "Reply-To: eve@example.com\r\nTo: ann"));
  CHECK(!with("From: Shop", "Subject: Other\r\nFrom: Shop"));
}

TEST_CASE("a signature is folded into short lines") {
  auto signer = DkimSigner::from_pem("example.com", "piggy", rsa_key);
  REQUIRE(signer);
  auto header = signer->signature(message, signing_time);
  REQUIRE(header);
  CHECK(header->ends_with("\r\n"));
  std::string_view rest = *header;
  for (bool first = true; !rest.empty(); first = false) {
    std::size_t end = rest.find("\r\n");
    CHECK(end <= 78);
    CHECK((first || rest.starts_with(' ')));
    rest.remove_prefix(end + 2);
  }
}

TEST_CASE("a body without anything is as empty as one of empty lines") {
  CHECK(relaxed_body("") == "");
  CHECK(relaxed_body("\r\n \r\n\t\r\n") == "");
  CHECK(relaxed_body("a \t b\r\n\r\n") == "a b\r\n");
  CHECK(relaxed_body("a") == "a\r\n");
}

TEST_CASE("keys we make can sign, and their records verify") {
  for (auto kind : {DkimKeyKind::ed25519, DkimKeyKind::rsa}) {
    auto signer = DkimSigner::from_pem("example.com", "new", make_dkim_key(kind));
    REQUIRE(signer);
    auto header = signer->signature(message, signing_time);
    REQUIRE(header);
    CHECK(verifies(*header, message, signer->record()));
    CHECK(!verifies(*header, message, kind == DkimKeyKind::rsa ? rsa_record : ed25519_record));
  }
}

TEST_CASE("settings of DKIM that cannot work are all named") {
  auto signer = DkimSigner::from_pem("example", "a; b", "no key");
  REQUIRE(!signer);
  CHECK(signer.error().code == ErrorCode::invalid);
  for (std::string_view word : {"domain", "selector", "private key"}) {
    CHECK(signer.error().message.contains(word));
  }
  CHECK(!DkimSigner::open({"example.com", "piggy", "/nowhere/key.pem"}));
}

}  // namespace
}  // namespace piggy
