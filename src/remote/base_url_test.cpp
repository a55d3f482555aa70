#include "remote/base_url.h"

#include <doctest/doctest.h>

namespace piggy {

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

}  // namespace piggy
