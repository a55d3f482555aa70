#include "door/console.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

namespace piggy {
namespace {

constexpr ConsoleFile files[] = {
    {"/index.html", "text/html; charset=utf-8", "<page>", "packed page"},
    {"/portal.html", "text/html; charset=utf-8", "<portal>", ""},
    {"/assets/index-1f.js", "text/javascript; charset=utf-8", "script", "packed"},
    {"/assets/dot-2a.png", "image/png", "dot", ""},
};

http::Request get(std::string path, std::string accept = "text/html", std::string encoding = "") {
  return {.path = std::move(path),
          .headers = {{"Accept", std::move(accept)}, {"Accept-Encoding", std::move(encoding)}}};
}

}  // namespace

TEST_CASE("every path that a browser opens is the page, under a policy that runs our files alone") {
  Console console(files, std::nullopt);
  for (const char* path : {"/", "/contacts", "/contacts/0190-aa", "/contacts/a.b"}) {
    REQUIRE_MESSAGE(console.serves(get(path)), path);
    http::Response page = console.answer(get(path));
    CHECK(page.status == 200);
    CHECK(page.body == "<page>");
    CHECK(page.fixed_headers.find("default-src 'none'; script-src 'self'") !=
          std::string_view::npos);
    CHECK(page.fixed_headers.find("unsafe") == std::string_view::npos);
    CHECK(page.fixed_headers.find("no-cache") != std::string_view::npos);
  }
}

TEST_CASE("customers get a page of their own") {
  Console console(files, std::nullopt);
  CHECK(console.serves(get("/portal/honey")));
  CHECK(console.answer(get("/portal/honey")).body == "<portal>");
}

TEST_CASE("what programs ask for is not the page") {
  Console console(files, std::nullopt);
  CHECK(!console.serves(get("/contacts", "application/json")));
  for (const char* path : {"/api/v3/nothing", "/platform/nothing", "/oauth/x", "/.well-known/x"}) {
    CHECK_MESSAGE(!console.serves(get(path)), path);
  }
  http::Request post = get("/");
  post.method = http::Method::post;
  CHECK(!console.serves(post));
}

TEST_CASE("files are kept for good, and packed for who takes it") {
  Console console(files, std::nullopt);
  http::Response packed = console.answer(get("/assets/index-1f.js", "*/*", "gzip, br"));
  CHECK(packed.body == "packed");
  CHECK(packed.header("Content-Encoding") == "gzip");
  CHECK(packed.fixed_headers.find("immutable") != std::string_view::npos);
  http::Response plain = console.answer(get("/assets/index-1f.js", "*/*"));
  CHECK(plain.body == "script");
  CHECK(plain.header("Content-Encoding").empty());
  CHECK(console.answer(get("/assets/dot-2a.png", "*/*", "gzip")).body == "dot");
  // A file of an older build is no page: a script that is HTML would only confuse.
  CHECK(console.answer(get("/assets/index-0a.js")).status == 404);
}

TEST_CASE("from a folder, nothing outside of it is served") {
  namespace fs = std::filesystem;
  fs::path folder = fs::temp_directory_path() / "piggy-console-test";
  fs::create_directories(folder / "inner/assets");
  std::ofstream(folder / "secret.html") << "secret";
  std::ofstream(folder / "inner/index.html") << "page";
  std::ofstream(folder / "inner/assets/a.css") << "style";
  Console console({}, (folder / "inner").string());
  CHECK(console.answer(get("/")).body == "page");
  CHECK(console.answer(get("/personas")).body == "page");
  CHECK(console.answer(get("/assets/a.css")).content_type == "text/css; charset=utf-8");
  CHECK(console.answer(get("/../secret.html")).body == "page");
  CHECK(console.answer(get("/assets/../../secret.html")).body != "secret");
  CHECK(console.answer(get("/assets/gone.css")).status == 404);
  fs::remove_all(folder);
}

}  // namespace piggy
