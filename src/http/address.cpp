#include "http/address.h"

#include <netinet/in.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <span>

namespace piggy::http {
namespace {

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

// Only 2000::/3 is given out, and of that not: 2001::/23 (tunnels and other protocols), 2002::/16
// (tunnels to an IPv4 address), 2001:db8::/32 and 3fff::/20 (examples).
bool is_public_v6(V6 address) {
  if ((address[0] & 0xe0) != 0x20) return false;
  if (begins(address, {0x20, 0x01}) && address[2] < 2) return false;
  if (begins(address, {0x20, 0x02}) || begins(address, {0x20, 0x01, 0x0d, 0xb8})) return false;
  return !(begins(address, {0x3f, 0xff}) && address[2] < 0x10);
}

// An IPv4 address, also one that is written as IPv6.
std::optional<std::uint32_t> v4_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    return ntohl(v4.sin_addr.s_addr);
  }
  if (address.sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6;
  std::memcpy(&v6, &address, sizeof v6);
  V6 bytes(v6.sin6_addr.s6_addr);
  bool mapped = begins(bytes, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff});
  bool behind_nat64 = begins(bytes, {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0});
  if (!mapped && !behind_nat64) return std::nullopt;
  std::uint32_t number = 0;
  for (std::uint8_t byte : bytes.last<4>()) number = number << 8 | byte;
  return number;
}

}  // namespace

bool is_public(const sockaddr& address) {
  if (auto v4 = v4_of(address)) return is_public_v4(*v4);
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 v6;
  std::memcpy(&v6, &address, sizeof v6);
  return is_public_v6(V6(v6.sin6_addr.s6_addr));
}

bool is_loopback(const sockaddr& address) {
  if (auto v4 = v4_of(address)) return *v4 >> 24 == 127;
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 v6;
  std::memcpy(&v6, &address, sizeof v6);
  return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

}  // namespace piggy::http
