#pragma once

// Whose request it is. Behind a proxy every connection is the proxy's, which tells in a header for
// whom it speaks; anybody can send such a header, so that it is believed of nobody but those that
// the operator names.

#include <sys/socket.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/message.h"

namespace piggy::http {

class TrustedProxies {
 public:
  // Addresses and networks, by commas: "127.0.0.1, 10.0.0.0/8, 2001:db8::/32". `invalid` names the
  // first that is neither.
  static Result<TrustedProxies> parse(std::string_view list);

  // The address from which a request comes: that of the connection or, if it is a trusted proxy's,
  // the last one in X-Forwarded-For that is not. In its usual form; "local" on the local socket.
  std::string client_of(const Request& request) const;

 private:
  using Address = std::array<unsigned char, 16>;  // IPv4 within IPv6.
  struct Network {
    Address address = {};
    unsigned bits = 128;
    bool holds(const Address& other) const;
  };
  static std::optional<Address> address_in(std::string_view text);
  static std::string text_of(const Address& address);
  bool trusts(const Address& address) const;

  std::vector<Network> networks_;
};

}  // namespace piggy::http
