#pragma once

// An HTTP/1.1 server: one event loop per thread, each accepting for itself (SO_REUSEPORT), the
// grammar left to Boost.Beast's parser. It knows nothing of what is served.
//
// It defends itself: header and body limits (431, 413), a time limit to receive a request, an idle
// limit between requests, a limit on connections (503), no pipelined requests beyond the buffer.
// Time limits are kept to within half a second.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"
#include "http/message.h"

namespace piggy::http {

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;         // 0: any free one; see Server::port.
  std::string local_socket = {};  // Path of a Unix socket to serve as well; "" for none. Mode 0600.
  std::size_t threads = 2;
  std::size_t connections_max = 4096;
  std::size_t body_bytes_max = 1 << 20;
  std::size_t local_body_bytes_max = 64 << 20;  // On the local socket.
  std::size_t header_bytes_max = 16 << 10;
  std::chrono::seconds receive_timeout{15};  // From a request's first byte to its last.
  // Between requests, for the first byte of one, and for the other side to take some of an answer.
  std::chrono::seconds idle_timeout{75};
};

class Server {
 public:
  // Binds and listens; serves from the moment `start` returns. Errors: the address is taken, the
  // socket cannot be made. What the handler refers to must outlive the server, and the Responders
  // it kept may be used after that.
  static Result<std::unique_ptr<Server>> start(ServerOptions options, Handler handler);

  virtual ~Server() = default;  // Stops hard what `stop` did not end.
  virtual std::uint16_t port() const = 0;
  // Open connections now.
  virtual std::size_t connections() const = 0;
  // Stops accepting, answers what was already received with `Connection: close`, closes idle
  // connections at once, ends event streams, and returns when all are closed or time is up. Not to
  // be called on a thread of the server, which would wait for itself.
  virtual void stop(std::chrono::seconds at_most) = 0;
};

}  // namespace piggy::http
