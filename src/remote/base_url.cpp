#include "remote/base_url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <cstring>
#include <memory>
#include <optional>

namespace piggy {
namespace {

std::optional<std::string> part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return std::nullopt;
  std::string copy = text;
  curl_free(text);
  return copy;
}

bool names_this_machine(const std::string& host) {
  if (host == "localhost" || host == "[::1]") return true;
  in_addr address = {};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

std::unexpected<Error> refuse_url(std::string_view why) {
  return fail_field("/base_url", fmt::format("The base_url {}.", why));
}

// The IPv4 address, also of one that is written as IPv6 (::ffff:10.0.0.1, 64:ff9b::10.0.0.1).
std::optional<std::uint32_t> v4_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    return ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr);
  }
  if (address.sa_family != AF_INET6) return std::nullopt;
  const std::uint8_t* bytes = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr.s6_addr;
  constexpr std::uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr std::uint8_t translated[12] = {0, 0x64, 0xff, 0x9b};
  if (std::memcmp(bytes, mapped, 12) != 0 && std::memcmp(bytes, translated, 12) != 0) {
    return std::nullopt;
  }
  std::uint32_t v4 = 0;
  std::memcpy(&v4, bytes + 12, 4);
  return ntohl(v4);
}

struct Network {
  std::uint32_t address;
  int bits;
};
constexpr Network private_networks[] = {
    {0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},  {0xa9fe0000, 16},
    {0xac100000, 12}, {0xc0000000, 24}, {0xc0a80000, 16}, {0xc6120000, 15}, {0xe0000000, 3}};

}  // namespace

Result<BaseUrl> read_base_url(const std::string& text) {
  std::unique_ptr<CURLU, void (*)(CURLU*)> url(curl_url(), curl_url_cleanup);
  ASSERT(url != nullptr);
  bool readable = curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) == CURLUE_OK;
  auto host = part_of(url.get(), CURLUPART_HOST);
  if (!readable || !host || host->empty()) {
    return refuse_url("must be an address such as https://api.piggy.eu");
  }
  auto has = [&](CURLUPart part) { return part_of(url.get(), part).has_value(); };
  if (has(CURLUPART_USER) || has(CURLUPART_PASSWORD)) {
    return refuse_url("must not hold a user or a password");
  }
  if (has(CURLUPART_QUERY) || has(CURLUPART_FRAGMENT)) {
    return refuse_url("must end before any ? or #");
  }
  std::string scheme = part_of(url.get(), CURLUPART_SCHEME).value_or("");
  BaseUrl base{.host = *host, .encrypted = scheme == "https"};
  if (!base.encrypted && (scheme != "http" || !names_this_machine(*host))) {
    return refuse_url("must begin with https://");
  }
  if (auto port = part_of(url.get(), CURLUPART_PORT)) base.host += ":" + *port;
  std::string path = part_of(url.get(), CURLUPART_PATH).value_or("");
  while (path.ends_with('/')) path.pop_back();
  base.prefix = fmt::format("{}://{}{}", scheme, base.host, path);
  return base;
}

bool is_loopback(const sockaddr& address) {
  if (auto v4 = v4_of(address)) return *v4 >> 24 == 127;
  return address.sa_family == AF_INET6 &&
         IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
}

bool is_private(const sockaddr& address) {
  if (auto v4 = v4_of(address)) {
    for (const Network& network : private_networks) {
      if (*v4 >> (32 - network.bits) == network.address >> (32 - network.bits)) return true;
    }
    return false;
  }
  if (address.sa_family != AF_INET6) return true;
  // Of IPv6 only 2000::/3 is the world's, and 2002::/16 leads to whatever IPv4 address it names.
  const std::uint8_t* bytes = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr.s6_addr;
  return bytes[0] >> 5 != 1 || (bytes[0] == 0x20 && bytes[1] == 0x02);
}

}  // namespace piggy
