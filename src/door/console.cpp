#include "door/console.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace piggy {
namespace {

constexpr std::string_view assets = "/assets/";
// Customers of a shop get a page of their own.
constexpr std::string_view portal = "/portal/";

// Names in it hold a digest of what is in the file, so that a name never means anything else.
constexpr std::string_view kept_for_good =
    "Cache-Control: public, max-age=31536000, immutable\r\nVary: Accept-Encoding\r\n"
    "X-Content-Type-Options: nosniff\r\n";

// No script and no style but our files. Styles that scripts set go through the CSSOM, which the
// policy lets be (CSP 3, section 8.6). Shown mails are framed from a page with a policy of its own.
constexpr std::string_view page_headers =
    "Cache-Control: no-cache\r\nVary: Accept-Encoding\r\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src "
    "'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n"
    "X-Frame-Options: DENY\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n";

// Paths of programs: what is wrong with them is said in JSON, whoever asks.
constexpr std::string_view not_pages[] = {"/api/", "/platform/", "/oauth/", "/.well-known/"};

std::string_view page_of(std::string_view path) {
  return path.starts_with(portal) ? "/portal.html" : "/index.html";
}

bool takes(const http::Request& request, std::string_view header, std::string_view word) {
  return request.header(header).find(word) != std::string_view::npos;
}

std::string_view type_of(std::string_view path) {
  constexpr std::pair<std::string_view, std::string_view> types[] = {
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".woff2", "font/woff2"},
      {".png", "image/png"},
      {".webmanifest", "application/manifest+json"}};
  for (auto [end, type] : types) {
    if (path.ends_with(end)) return type;
  }
  return "text/html; charset=utf-8";
}

}  // namespace

bool Console::serves(const http::Request& request) const {
  if (request.method != http::Method::get && request.method != http::Method::head) return false;
  std::string_view path = request.path;
  if (path == "/" || path.starts_with(assets)) return true;
  if (std::ranges::any_of(not_pages,
                          [&](std::string_view begin) { return path.starts_with(begin); })) {
    return false;
  }
  if (std::ranges::any_of(files_, [&](const ConsoleFile& file) { return file.path == path; })) {
    return true;
  }
  return takes(request, "accept", "text/html");
}

http::Response Console::answer(const http::Request& request) const {
  std::string_view path = request.path;
  bool asset = path.starts_with(assets);
  if (folder_) {
    std::filesystem::path file = *folder_;
    bool safe = path.find("..") == std::string_view::npos;
    file /= safe && path.size() > 1 ? path.substr(1) : std::string_view("index.html");
    if (!asset && !std::filesystem::is_regular_file(file)) {
      file = std::filesystem::path(*folder_) / page_of(path).substr(1);
    }
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return http::error_response(404, "There is no such file.");
    return {.body = {std::istreambuf_iterator<char>(stream), {}},
            .content_type = type_of(file.native()),
            .fixed_headers = asset ? kept_for_good : page_headers};
  }
  auto found = std::ranges::find(files_, path, &ConsoleFile::path);
  if (found == files_.end() && !asset) {
    found = std::ranges::find(files_, page_of(path), &ConsoleFile::path);
  }
  if (found == files_.end()) return http::error_response(404, "There is no such file.");
  bool compressed = !found->gzip.empty() && takes(request, "accept-encoding", "gzip");
  http::Response response{.body = std::string(compressed ? found->gzip : found->body),
                          .content_type = found->content_type,
                          .fixed_headers = asset ? kept_for_good : page_headers};
  if (compressed) response.headers.push_back({"Content-Encoding", "gzip"});
  return response;
}

}  // namespace piggy
