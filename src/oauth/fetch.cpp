#include "oauth/fetch.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <memory>
#include <span>

#include "base/assert.h"

namespace piggy::oauth {
namespace {

constexpr long timeout_seconds = 5;
constexpr std::size_t document_bytes_max = 64 << 10;

struct Network {
  std::uint32_t address;
  int bits;
};

constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c = 0) {
  return a << 24 | b << 16 | c << 8;
}

// IANA's special-purpose addresses, multicast and what is reserved.
constexpr Network not_public[] = {
    {ip(0, 0), 8},         {ip(10, 0), 8},     {ip(100, 64), 10},   {ip(127, 0), 8},
    {ip(169, 254), 16},    {ip(172, 16), 12},  {ip(192, 0, 0), 24}, {ip(192, 0, 2), 24},
    {ip(192, 88, 99), 24}, {ip(192, 168), 16}, {ip(198, 18), 15},   {ip(198, 51, 100), 24},
    {ip(203, 0, 113), 24}, {ip(224, 0), 4},    {ip(240, 0), 4},
};

bool is_public_v4(std::uint32_t address) {
  for (const Network& network : not_public) {
    if ((address ^ network.address) >> (32 - network.bits) == 0) return false;
  }
  return true;
}

using V6 = std::span<const std::uint8_t, 16>;

bool begins(V6 address, std::initializer_list<std::uint8_t> prefix) {
  return std::equal(prefix.begin(), prefix.end(), address.begin());
}

std::uint32_t last_four(V6 address) {
  std::uint32_t number = 0;
  for (std::uint8_t byte : address.last<4>()) number = number << 8 | byte;
  return number;
}

bool is_public_v6(V6 address) {
  if (begins(address, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}) ||     // An IPv4 address.
      begins(address, {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) {  // One behind NAT64.
    return is_public_v4(last_four(address));
  }
  // Only 2000::/3 is given out, and of that not: 2001::/23 (tunnels and other protocols), 2002::/16
  // (tunnels to an IPv4 address), 2001:db8::/32 and 3fff::/20 (examples).
  if ((address[0] & 0xe0) != 0x20) return false;
  if (begins(address, {0x20, 0x01}) && address[2] < 2) return false;
  if (begins(address, {0x20, 0x02}) || begins(address, {0x20, 0x01, 0x0d, 0xb8})) return false;
  return !(begins(address, {0x3f, 0xff}) && address[2] < 0x10);
}

curl_socket_t open_socket(void* refused, curlsocktype, curl_sockaddr* address) {
  if (!is_public_address(address->addr)) {
    *static_cast<bool*>(refused) = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t take(char* data, std::size_t, std::size_t size, void* target) {
  auto& document = *static_cast<std::string*>(target);
  if (document.size() + size > document_bytes_max) return 0;  // libcurl gives up.
  document.append(data, size);
  return size;
}

}  // namespace

bool is_public_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    return is_public_v4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 v6;
  std::memcpy(&v6, &address, sizeof v6);
  return is_public_v6(V6(v6.sin6_addr.s6_addr));
}

Result<std::string> fetch_public_document(const std::string& url) {
  std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  CURL* handle = curl.get();
  ASSERT(handle);
  std::string document;
  bool refused = false;
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");  // It would connect where we cannot look.
  curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &refused);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &document);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);  // Signals belong to the program.
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, timeout_seconds);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "Piggy");
  CURLcode code = curl_easy_perform(handle);
  if (refused && code != CURLE_OK) {
    return fail(ErrorCode::unavailable, "The client's document lies at no public address.");
  }
  if (code == CURLE_WRITE_ERROR) {
    return fail(ErrorCode::unavailable, "The client's document is larger than 64 KiB.");
  }
  if (code != CURLE_OK) {
    return fail(ErrorCode::unavailable,
                fmt::format("The client's document cannot be read: {}.", curl_easy_strerror(code)));
  }
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (status == 200) return document;
  return fail(ErrorCode::unavailable,
              fmt::format("Where the client's document should be, the answer is {}.", status));
}

}  // namespace piggy::oauth
