#include "oauth/fetch.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "http/server.h"

namespace piggy::oauth {
namespace {

bool is_public(const char* text) {
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
  return is_public_address(reinterpret_cast<const sockaddr&>(storage));
}

}  // namespace

TEST_CASE("addresses of the public internet are told from all others") {
  for (const char* address :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.0",
        "192.167.255.255", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::1",
        "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"}) {
    CHECK_MESSAGE(is_public(address), address);
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
    CHECK_MESSAGE(!is_public(address), address);
  }
}

TEST_CASE("no spelling of an address of our own is connected to") {
  auto listening = http::Server::start(
      {.threads = 1}, [](http::Request, http::Responder responder) { responder.respond({}); });
  REQUIRE(listening);
  std::size_t port = (*listening)->port();
  for (const char* host :
       {"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "0",
        "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]", "10.0.0.1",
        "169.254.169.254", "192.168.0.1", "[fe80::1]", "[fd00::1]"}) {
    auto document = fetch_public_document(fmt::format("https://{}:{}/x", host, port));
    REQUIRE(!document);
    CHECK(document.error().code == ErrorCode::unavailable);
    CHECK_MESSAGE(document.error().message.contains("no public address"), host,
                  document.error().message);
  }
  CHECK((*listening)->connections() == 0);
}

TEST_CASE("nothing but https is read") {
  for (const char* url : {"http://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/x", ""}) {
    CHECK_MESSAGE(!fetch_public_document(url), url);
  }
}

}  // namespace piggy::oauth
