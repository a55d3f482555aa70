#include "oauth/url.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/lower_case.h"

namespace piggy::oauth {
namespace {

constexpr std::size_t url_bytes_max = 1000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// What RFC 3986 lets stand in a URL. Quotes, blanks, backslashes and the like are where readers of
// URLs disagree.
bool is_url_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view("-._~:/?#[]@!$&'()*+,;=%").contains(c);
  });
}

bool is_host(std::string_view host) {
  if (host.starts_with('[')) {
    return host.size() > 3 && host.ends_with(']') &&
           host.find_first_not_of("0123456789abcdef:.", 1) == host.size() - 1;
  }
  return !host.empty() && host.size() <= 253 &&
         host.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz-.") == host.npos;
}

bool is_port(std::string_view port) {
  return !port.empty() && port.size() <= 5 && std::ranges::all_of(port, is_digit);
}

// A host whose last label is a number may be read as an IPv4 address, in any of its old forms.
bool is_named(std::string_view host) {
  if (host.starts_with('[') || host.ends_with('.') || !host.contains('.')) return false;
  return is_letter(host[host.rfind('.') + 1]);
}

bool has_dots_segment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);  // The slash.
    std::string_view segment = path.substr(0, path.find('/'));
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(segment.size());
  }
  return false;
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  std::size_t colon = text.find("://");
  if (colon == text.npos || text.size() > url_bytes_max || !is_url_text(text)) return std::nullopt;
  Url url{.scheme = lower_case(text.substr(0, colon))};
  if (url.scheme != "https" && url.scheme != "http") return std::nullopt;
  text.remove_prefix(colon + 3);
  std::size_t end = std::min(text.find_first_of("/?#"), text.size());
  std::string_view authority = text.substr(0, end);
  url.target = text.substr(end);
  if (authority.contains('@') || url.target.contains('#')) return std::nullopt;
  std::size_t host_end = authority.starts_with('[') ? authority.find(']') + 1 : authority.find(':');
  url.host = lower_case(authority.substr(0, host_end));
  if (!is_host(url.host)) return std::nullopt;
  authority.remove_prefix(url.host.size());
  if (!authority.empty()) {
    url.port = authority.substr(1);
    if (!authority.starts_with(':') || !is_port(url.port)) return std::nullopt;
  }
  return url;
}

bool is_loopback(const Url& url) {
  return url.host == "127.0.0.1" || url.host == "[::1]" || url.host == "localhost";
}

bool is_redirect_uri(std::string_view text) {
  auto url = parse_url(text);
  return url && (url->scheme == "https" || is_loopback(*url));
}

bool redirect_fits(std::string_view registered, std::string_view asked) {
  if (registered == asked) return is_redirect_uri(asked);
  auto known = parse_url(registered);
  auto url = parse_url(asked);
  if (!known || !url || known->scheme != "http" || !is_loopback(*known)) return false;
  known->port = url->port;
  return *known == *url;
}

bool is_document_id(std::string_view client_id) {
  auto url = parse_url(client_id);
  if (!url || url->scheme != "https" || !is_named(url->host)) return false;
  std::string_view path = std::string_view(url->target).substr(0, url->target.find('?'));
  return path.size() > 1 && !has_dots_segment(path);
}

}  // namespace piggy::oauth
