#include "oauth/page.h"

#include <doctest/doctest.h>

namespace piggy::oauth {
namespace {

ConsentPage plain_page() {
  return {.product = "Piggy",
          .person = "Ann",
          .client_name = "App",
          .redirect_host = "app.example",
          .scopes = {"contacts:read"},
          .choices = {{.id = 41, .name = "Marketing", .lines = {"List perks"}}},
          .request = "client_id=x&state=y",
          .seal = "1.ab"};
}

}  // namespace

TEST_CASE("what has a meaning in HTML is escaped") {
  CHECK(html_escape("<a href=\"x\" id='y'>&amp;</a>") ==
        "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
}

TEST_CASE("the page says who asks, for what, as whom, and where one is sent next") {
  http::Response response = consent_page(plain_page());
  CHECK(response.status == 200);
  CHECK(response.content_type == "text/html; charset=utf-8");
  for (const char* text :
       {"Let <bdi>App</bdi> use Piggy?", "<bdi>Ann</bdi>", "app.example", "<bdi>Marketing</bdi>",
        "<li>List perks</li>", "<li>contacts:read</li>", "value=\"41\" required checked",
        "nobody has checked it", "value=\"client_id=x&amp;state=y\"", "value=\"1.ab\"",
        "value=\"allow\"", "value=\"deny\""}) {
    CHECK_MESSAGE(response.body.contains(text), text);
  }
  CHECK_FALSE(response.body.contains("your own computer"));
}

TEST_CASE("the page asks in Dutch whoever reads Dutch, and shows hostile names as text") {
  ConsentPage page = plain_page();
  page.language = Language::nl;
  page.client_name = "<b>{}</b>";
  page.loopback = true;
  std::string body = consent_page(page).body;
  for (const char* text :
       {"<html lang=\"nl\">", "<title>&lt;b&gt;{}&lt;/b&gt; toelaten?</title>",
        "Mag <bdi>&lt;b&gt;{}&lt;/b&gt;</bdi> gebruikmaken van Piggy?",
        "Je bent aangemeld als <bdi>Ann</bdi>.", "hierna ga je naar <strong>app.example</strong>.",
        "programma op je eigen computer", "value=\"allow\">Toelaten</button>"}) {
    CHECK_MESSAGE(body.contains(text), text);
  }
  CHECK_FALSE(body.contains("<b>"));
}

TEST_CASE("one is warned of a program on one's own machine, and told who vouches for a name") {
  ConsentPage page = plain_page();
  page.loopback = true;
  page.client_host = "app.example";
  std::string body = consent_page(page).body;
  CHECK(body.contains("your own computer"));
  CHECK(body.contains("<strong>app.example</strong> vouches for it"));
  CHECK_FALSE(body.contains("nobody has checked it"));
}

TEST_CASE("no text from outside becomes markup, wherever it stands") {
  const std::string hostile = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
  ConsentPage page{.product = hostile,
                   .person = hostile,
                   .client_name = hostile,
                   .client_host = hostile,
                   .redirect_host = hostile,
                   .scopes = {hostile},
                   .choices = {{.id = 1, .name = hostile, .lines = {hostile}}},
                   .request = hostile};
  for (const std::string& body :
       {consent_page(page).body, message_page(400, hostile, hostile, Language::en).body}) {
    CHECK_FALSE(body.contains("<script"));
    CHECK_FALSE(body.contains("<img"));
    CHECK_FALSE(body.contains("\"'"));
    CHECK(body.contains("&lt;script&gt;"));
  }
}

TEST_CASE("a page says which language it is in, and that browsers choose it") {
  http::Response dutch = message_page(404, "Nee", "<b>", Language::nl);
  CHECK(dutch.body.contains("<html lang=\"nl\">"));
  CHECK(dutch.body.contains("<p>&lt;b&gt;</p>"));
  CHECK(dutch.fixed_headers.contains("Vary: Accept-Language\r\n"));
  CHECK(message_page(404, "No", "No", Language::en).body.contains("<html lang=\"en\">"));
}

TEST_CASE("the pages run no script, load nothing, and stand in no frame") {
  for (const http::Response& response :
       {consent_page(plain_page()), message_page(400, "No", "Not so.", Language::en)}) {
    std::string_view policy = response.header("content-security-policy");
    CHECK(policy.contains("default-src 'none'"));
    CHECK(policy.contains("style-src 'sha256-"));
    CHECK(policy.contains("frame-ancestors 'none'"));
    CHECK_FALSE(policy.contains("unsafe"));
    CHECK(response.fixed_headers.contains("X-Frame-Options: DENY\r\n"));
    CHECK(response.fixed_headers.contains("Cache-Control: no-store\r\n"));
    CHECK_FALSE(response.fixed_headers.contains("Access-Control"));
  }
}

}  // namespace piggy::oauth
