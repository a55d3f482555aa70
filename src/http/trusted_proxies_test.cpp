#include "http/trusted_proxies.h"

#include <doctest/doctest.h>

namespace piggy::http {
namespace {

std::string client(std::string_view trusted, std::string peer, std::vector<Header> headers) {
  auto proxies = TrustedProxies::parse(trusted);
  REQUIRE(proxies);
  return proxies->client_of({.headers = std::move(headers), .peer = std::move(peer)});
}

}  // namespace

TEST_CASE("nobody's word is taken on whom they speak for, unless the operator names them") {
  std::vector<Header> said = {{"X-Forwarded-For", "203.0.113.5"}};
  CHECK(client("", "127.0.0.1", said) == "127.0.0.1");
  CHECK(client("127.0.0.1", "127.0.0.1", said) == "203.0.113.5");
  CHECK(client("10.0.0.0/8", "10.9.8.7", said) == "203.0.113.5");
  CHECK(client("10.0.0.0/8", "11.0.0.1", said) == "11.0.0.1");
  CHECK(client("2001:db8::/32", "2001:db8:1::2", said) == "203.0.113.5");
  CHECK(client("127.0.0.1", "local", said) == "local");
}

TEST_CASE("what stands left of the first stranger is the stranger's own word") {
  std::vector<Header> list = {{"x-forwarded-for", "6.6.6.6, 203.0.113.5, 10.0.0.2"}};
  CHECK(client("127.0.0.1, 10.0.0.0/8", "127.0.0.1", list) == "203.0.113.5");
  std::vector<Header> twice = {{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-For", "203.0.113.5"}};
  CHECK(client("127.0.0.1", "127.0.0.1", twice) == "203.0.113.5");
  std::vector<Header> all_ours = {{"X-Forwarded-For", "10.0.0.1"}};
  CHECK(client("10.0.0.0/8", "10.0.0.9", all_ours) == "10.0.0.1");
}

TEST_CASE("what is no address is not taken for one") {
  for (const char* text :
       {"", ",", "unknown", "<script>", "1.2.3.4:80", "::1%eth0", "1.2.3.4\t5"}) {
    CHECK(client("127.0.0.1", "127.0.0.1", {{"X-Forwarded-For", text}}) == "127.0.0.1");
  }
  CHECK(client("127.0.0.1", "127.0.0.1", {{"X-Forwarded-For", " ::ffff:203.0.113.5 "}}) ==
        "203.0.113.5");
}

TEST_CASE("a list with what is neither address nor network is refused") {
  for (const char* list : {"10.0.0.0/33", "proxy.example", "1.2.3.4/", "::/129", "1.2.3.4/-1"}) {
    CHECK_MESSAGE(!TrustedProxies::parse(list), list);
  }
  CHECK(TrustedProxies::parse(" 1.2.3.4 , ::1/128,,"));
}

}  // namespace piggy::http
