#include "remote/base_url.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>

namespace piggy {

namespace {

// Asks about an address as it is written.
bool ask(bool (*question)(const sockaddr&), const char* text) {
  sockaddr_in v4 = {};
  v4.sin_family = AF_INET;
  if (::inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
    return question(reinterpret_cast<const sockaddr&>(v4));
  }
  sockaddr_in6 v6 = {};
  v6.sin6_family = AF_INET6;
  REQUIRE(::inet_pton(AF_INET6, text, &v6.sin6_addr) == 1);
  return question(reinterpret_cast<const sockaddr&>(v6));
}

}  // namespace

TEST_CASE("a base address keeps its port and its path") {
  auto plain = read_base_url("https://api.piggy.eu");
  REQUIRE(plain);
  CHECK(plain->host == "api.piggy.eu");
  CHECK(plain->prefix == "https://api.piggy.eu");
  CHECK(plain->encrypted);
  auto deep = read_base_url("https://shop.example:8443/loyalty/piggy//");
  REQUIRE(deep);
  CHECK(deep->host == "shop.example:8443");
  CHECK(deep->prefix == "https://shop.example:8443/loyalty/piggy");
}

TEST_CASE("without TLS only this machine is spoken to") {
  for (const char* url :
       {"http://localhost:8080", "http://127.0.0.1:8080/x", "http://[::1]:8080"}) {
    auto base = read_base_url(url);
    REQUIRE_MESSAGE(base, url);
    CHECK_FALSE(base->encrypted);
  }
  for (const char* url :
       {"http://api.piggy.eu", "http://10.0.0.1", "http://127.0.0.1.example.com", "ftp://localhost",
        "file:///etc/passwd", "http://localhost.example.com"}) {
    CHECK_MESSAGE(!read_base_url(url), url);
  }
}

TEST_CASE("a base address that is none is refused by the name of its field") {
  for (const char* url : {"", "api.piggy.eu", "https://", "https://a b", "https://u:p@a.example",
                          "https://a.example?x=1", "https://a.example/#x", "https://a:99999"}) {
    auto base = read_base_url(url);
    REQUIRE_MESSAGE(!base, url);
    CHECK(base.error().code == ErrorCode::invalid);
    CHECK(base.error().fields[0].path == "/base_url");
  }
}

TEST_CASE("private addresses are known, however they are written") {
  for (const char* text :
       {"127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1",
        "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"}) {
    CHECK_MESSAGE(ask(is_private, text), text);
  }
  for (const char* text : {"8.8.8.8", "172.32.0.1", "172.15.0.1", "100.128.0.1", "11.0.0.1",
                           "2606:4700::1111", "::ffff:8.8.8.8"}) {
    CHECK_MESSAGE(!ask(is_private, text), text);
  }
}

TEST_CASE("this machine's own addresses are known") {
  for (const char* text : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) {
    CHECK_MESSAGE(ask(is_loopback, text), text);
  }
  for (const char* text : {"128.0.0.1", "10.0.0.1", "::2"}) {
    CHECK_MESSAGE(!ask(is_loopback, text), text);
  }
}

}  // namespace piggy
