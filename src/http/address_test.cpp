#include "http/address.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>

#include <cstring>
#include <string_view>

namespace piggy::http {
namespace {

bool ask(bool (*question)(const sockaddr&), const char* text) {
  sockaddr_storage storage = {};
  if (std::string_view(text).contains(':')) {
    sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    REQUIRE(inet_pton(AF_INET6, text, &v6.sin6_addr) == 1);
    std::memcpy(&storage, &v6, sizeof v6);
  } else {
    sockaddr_in v4 = {.sin_family = AF_INET};
    REQUIRE(inet_pton(AF_INET, text, &v4.sin_addr) == 1);
    std::memcpy(&storage, &v4, sizeof v4);
  }
  return question(reinterpret_cast<const sockaddr&>(storage));
}

}  // namespace

TEST_CASE("addresses of the public internet are told from all others") {
  for (const char* address :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.0",
        "192.167.255.255", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::1",
        "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"}) {
    CHECK_MESSAGE(ask(is_public, address), address);
  }
  for (const char* address : {"0.0.0.0",
                              "0.1.2.3",
                              "10.0.0.1",
                              "10.255.255.255",
                              "100.64.0.1",
                              "127.0.0.1",
                              "127.255.255.255",
                              "169.254.169.254",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.0.0.1",
                              "192.0.2.1",
                              "192.88.99.1",
                              "192.168.1.1",
                              "198.18.0.1",
                              "198.19.255.255",
                              "198.51.100.1",
                              "203.0.113.1",
                              "224.0.0.1",
                              "239.255.255.255",
                              "240.0.0.1",
                              "255.255.255.255",
                              "::",
                              "::1",
                              "::127.0.0.1",
                              "::ffff:127.0.0.1",
                              "::ffff:10.0.0.1",
                              "::ffff:169.254.169.254",
                              "64:ff9b::10.0.0.1",
                              "64:ff9b:1::1",
                              "100::1",
                              "2001::1",
                              "2001:db8::1",
                              "2002:7f00:1::1",
                              "3fff::1",
                              "fc00::1",
                              "fd12::1",
                              "fe80::1",
                              "fec0::1",
                              "ff02::1"}) {
    CHECK_MESSAGE(!ask(is_public, address), address);
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

}  // namespace piggy::http
