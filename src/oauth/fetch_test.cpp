#include "oauth/fetch.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "http/server.h"

namespace piggy::oauth {
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
