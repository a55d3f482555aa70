#include "http/trusted_proxies.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/trimmed.h"

namespace piggy::http {
namespace {

constexpr unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

std::optional<TrustedProxies::Address> TrustedProxies::address_in(std::string_view text) {
  std::string zero_ended(text);
  Address address;
  in_addr four;
  if (::inet_pton(AF_INET, zero_ended.c_str(), &four) == 1) {
    std::memcpy(address.data(), mapped, sizeof mapped);
    std::memcpy(address.data() + sizeof mapped, &four, sizeof four);
    return address;
  }
  if (::inet_pton(AF_INET6, zero_ended.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

std::string TrustedProxies::text_of(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (std::memcmp(address.data(), mapped, sizeof mapped) == 0) {
    ::inet_ntop(AF_INET, address.data() + sizeof mapped, text, sizeof text);
  } else {
    ::inet_ntop(AF_INET6, address.data(), text, sizeof text);
  }
  return text;
}

bool TrustedProxies::Network::holds(const Address& other) const {
  for (unsigned bit = 0; bit < bits; bit++) {
    unsigned char mask = static_cast<unsigned char>(0x80 >> bit % 8);
    if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) return false;
  }
  return true;
}

bool TrustedProxies::trusts(const Address& address) const {
  return std::ranges::any_of(networks_,
                             [&](const Network& network) { return network.holds(address); });
}

Result<TrustedProxies> TrustedProxies::parse(std::string_view list) {
  TrustedProxies proxies;
  while (!list.empty()) {
    std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), item.size() + 1));
    item = trimmed(item);
    if (item.empty()) continue;
    std::string_view host = item.substr(0, item.find('/'));
    auto address = address_in(host);
    unsigned most = host.find(':') == std::string_view::npos ? 32 : 128;
    unsigned bits = most;
    bool right = address.has_value();
    if (host.size() < item.size()) {
      std::string_view digits = item.substr(host.size() + 1);
      auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
      right = right && error == std::errc() && end == digits.data() + digits.size() && bits <= most;
    }
    if (!right) {
      return fail(ErrorCode::invalid,
                  fmt::format("trusted_proxies: {} is neither an address nor a network.", item));
    }
    proxies.networks_.push_back({.address = *address, .bits = bits + 128 - most});
  }
  return proxies;
}

// From the right, where each proxy adds the address it saw: what stands left of the first stranger
// is that stranger's own word.
std::string TrustedProxies::client_of(const Request& request) const {
  auto client = address_in(request.peer);
  if (!client) return request.peer;
  std::string all;  // The header may come more than once; together they are one list.
  for (const Header& header : request.headers) {
    bool forwarded = header.name.size() == 15 &&
                     std::ranges::equal(header.name, std::string_view("x-forwarded-for"),
                                        [](char a, char b) { return (a | 0x20) == b || a == b; });
    if (forwarded) all += (all.empty() ? "" : ",") + header.value;
  }
  std::string_view rest = all;
  while (trusts(*client) && !rest.empty()) {
    std::size_t comma = rest.rfind(',');
    std::string_view item = comma == std::string_view::npos ? rest : rest.substr(comma + 1);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
    auto before = address_in(trimmed(item));
    if (!before) break;
    client = before;
  }
  return text_of(*client);
}

}  // namespace piggy::http
