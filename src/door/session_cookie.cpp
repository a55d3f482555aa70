#include "door/session_cookie.h"

#include <fmt/format.h>

#include <algorithm>

#include "access/person.h"

namespace piggy {
namespace {

constexpr std::string_view cookie_name = "piggy_session";

}  // namespace

// RFC 6265, section 5.4.
std::string_view cookie_in(const http::Request& request, std::string_view name) {
  std::string_view header = request.header("cookie");
  while (!header.empty()) {
    std::string_view pair = header.substr(0, header.find(';'));
    header.remove_prefix(std::min(header.size(), pair.size() + 1));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (!pair.starts_with(name)) continue;
    std::string_view value = pair.substr(name.size());
    if (value.starts_with('=')) return value.substr(1);
  }
  return {};
}

std::string_view session_in(const http::Request& request) {
  return cookie_in(request, cookie_name);
}

// Lax, so that whoever follows a client's link to the page of consent is still signed in.
std::string session_cookie(std::string_view session, bool https) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax{}; Max-Age={}", cookie_name, session,
                     https ? "; Secure" : "",
                     session.empty() ? 0 : session_lifetime / microseconds_per_second);
}

}  // namespace piggy
