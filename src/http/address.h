#pragma once

// Addresses, looked at when they are about to be connected to: so no spelling of a host and no name
// server gets around a rule.

#include <sys/socket.h>

namespace piggy::http {

// Whether an address (IPv4, IPv6, or one within the other) is one of the public internet: none of
// IANA's special-purpose addresses, multicast, or what is reserved.
bool is_public(const sockaddr& address);

// Of this machine, by which only it can be reached.
bool is_loopback(const sockaddr& address);

}  // namespace piggy::http
