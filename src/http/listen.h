#pragma once

// Sockets that wait for connections, as plain descriptors: made here, accepted from in server.cpp.

#include <cstdint>
#include <string>

#include "base/error.h"

namespace piggy::http {

struct Listening {
  int descriptor = -1;  // Non-blocking, closed on exec.
  int family = 0;
  std::uint16_t port = 0;
};

// Listens on a host's address; `port` 0 takes any free one. Several may listen on the same port
// within one program, and the kernel spreads the connections over them.
Result<Listening> listen_tcp(const std::string& host, std::uint16_t port);

// Fails when someone listens on that port already. To be asked before `listen_tcp`, which alone
// would share the port with another program of the same user without a word.
Result<> check_port_is_free(const std::string& host, std::uint16_t port);

// Listens on a Unix socket that only its owner can open. Replaces one that a dead program left
// behind, but neither one that is served nor a file that is no socket.
Result<Listening> listen_local(const std::string& path);

}  // namespace piggy::http
