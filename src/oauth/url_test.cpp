#include "oauth/url.h"
#include "http/form.h"

#include <doctest/doctest.h>

namespace piggy::oauth {

TEST_CASE("a URL is taken apart, scheme and host in lower case") {
  auto url = parse_url("HTTPS://App.Example:8443/a/b?c=d");
  REQUIRE(url);
  CHECK(*url ==
        Url{.scheme = "https", .host = "app.example", .port = "8443", .target = "/a/b?c=d"});
  CHECK(parse_url("http://[::1]:80/x")->host == "[::1]");
  CHECK(parse_url("https://app.example")->target == "");
}

TEST_CASE("what readers of URLs could read in two ways is no URL") {
  for (const char* text : {"",
                           "app.example/x",
                           "javascript:alert(1)",
                           "ftp://app.example/",
                           "https://",
                           "https:///x",
                           "https://user@app.example/",
                           "https://app.example@evil.example/",
                           "https://app.example/#x",
                           "https://app.example\\@evil.example/",
                           "https://app.example/ x",
                           "https://app.example/\"",
                           "https://app.example:/x",
                           "https://app.example:x/",
                           "https://app.example:123456/",
                           "https://[::1/",
                           "https://[]/",
                           "https://[::1]x/",
                           "https://\xc3\xa9.example/",
                           "https://app.example/\r\nX: y",
                           "https://app.example/<",
                           "https://app_x.example/"}) {
    CHECK_MESSAGE(!parse_url(text), text);
  }
  CHECK_FALSE(parse_url("https://app.example/" + std::string(1000, 'a')));
}

TEST_CASE("people are sent back over https, or to a program on their own machine") {
  for (const char* uri : {"https://app.example/cb", "http://127.0.0.1/cb", "http://localhost:3000/",
                          "http://[::1]:9/cb"}) {
    CHECK_MESSAGE(is_redirect_uri(uri), uri);
  }
  for (const char* uri : {"http://app.example/cb", "http://127.0.0.1.evil.example/cb",
                          "http://localhost.evil.example/", "http://10.0.0.1/", "cursor://cb",
                          "https://app.example/cb#", "//app.example/cb"}) {
    CHECK_MESSAGE(!is_redirect_uri(uri), uri);
  }
}

TEST_CASE(
    "an address to be sent back to fits to the letter, but for the port of one's own machine") {
  CHECK(redirect_fits("https://a.example/cb", "https://a.example/cb"));
  CHECK(redirect_fits("http://127.0.0.1/cb", "http://127.0.0.1:53211/cb"));
  CHECK(redirect_fits("http://localhost:1/cb", "http://localhost/cb"));
  CHECK(redirect_fits("http://[::1]/cb", "http://[::1]:7/cb"));
  for (const char* asked :
       {"https://a.example/cb/", "https://a.example/cb?x=1", "https://a.example:444/cb",
        "https://A.example/cb", "https://a.example/CB", "http://a.example/cb",
        "https://b.example/cb"}) {
    CHECK_MESSAGE(!redirect_fits("https://a.example/cb", asked), asked);
  }
  for (const char* asked : {"http://127.0.0.1:1/cb2", "http://localhost:1/cb",
                            "https://127.0.0.1:1/cb", "http://127.0.0.1:1@evil.example/cb"}) {
    CHECK_MESSAGE(!redirect_fits("http://127.0.0.1/cb", asked), asked);
  }
  CHECK_FALSE(redirect_fits("https://localhost/cb", "https://localhost:1/cb"));
}

TEST_CASE("a client's id can be the https URL of a document on a named host") {
  for (const char* id :
       {"https://claude.ai/oauth/mcp-oauth-client-metadata",
        "https://vscode.dev/oauth/client-metadata.json", "https://a.example:1/x?y"}) {
    CHECK_MESSAGE(is_document_id(id), id);
  }
  for (const char* id :
       {"http://a.example/x", "https://a.example", "https://a.example/", "https://a.example/?x",
        "https://a.example/../x", "https://a.example/./x", "https://127.0.0.1/x",
        "https://2130706433/x", "https://0177.0.0.1/x", "https://0x7f.1/x", "https://[::1]/x",
        "https://localhost/x", "https://a.example./x", "https://u:p@a.example/x",
        "https://a.example/x#y", "piggy_client_abc"}) {
    CHECK_MESSAGE(!is_document_id(id), id);
  }
}

TEST_CASE("what is put into a URL cannot end its parameter") {
  CHECK(http::percent_encode("a b&c=d#\r\n\xc3\xa9-._~") == "a%20b%26c%3Dd%23%0D%0A%C3%A9-._~");
}

}  // namespace piggy::oauth
