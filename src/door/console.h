#pragma once

// The web app: files that the build made of console/. One page for every path that asks for HTML
// and that no other door knows, since what it shows is decided in the browser.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "http/message.h"

namespace piggy {

struct ConsoleFile {
  std::string_view
      path;  // "/assets/index-3f9a.js"; the pages are "/index.html" and "/portal.html".
  std::string_view content_type;
  std::string_view body;
  std::string_view gzip;  // The same, compressed (RFC 1952).
};

class Console {
 public:
  // `files` outlive it. With a `folder`, its files are read anew for each request instead: for
  // those who work on the app.
  Console(std::span<const ConsoleFile> files, std::optional<std::string> folder)
      : files_(files), folder_(std::move(folder)) {}

  // Whether it answers this request, should nobody else know the path.
  bool serves(const http::Request& request) const;
  // 404 where a file is wanted that there is not.
  http::Response answer(const http::Request& request) const;

 private:
  std::span<const ConsoleFile> files_;
  std::optional<std::string> folder_;
};

// What the build made of console/. Only the program itself has it.
std::span<const ConsoleFile> console_files();

}  // namespace piggy
