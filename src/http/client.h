#pragma once

// A small blocking HTTP/1.1 client, for the command line and for tests. No TLS: it speaks to a
// Piggy on this machine, or through its local socket. Outgoing calls to the world go another way.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/message.h"

namespace piggy::http {

struct Endpoint {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string local_socket =
      {};  // The path of a Unix socket; if given, host and port mean nothing.
};

struct ClientOptions {
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds answer_timeout{
      30'000};  // From the first byte sent to the last received.
  std::size_t answer_bytes_max = 64 << 20;
};

// One connection, kept open from call to call and made again when the server has closed it. One
// thread at a time.
class Client {
 public:
  explicit Client(Endpoint endpoint, ClientOptions options = {});
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  // `path` may hold a query. The answer's content type stands among its headers, and its
  // `content_type` is empty. A request is sent a second time only when the connection turned out to
  // be closed before, and only if doing it twice does no harm (not POST and PATCH).
  //
  // Errors: unavailable (nobody listens there, the connection broke, time is up, the answer is no
  // HTTP). After one of those it is unknown whether the server acted.
  Result<Response> request(Method method, std::string_view path,
                           const std::vector<Header>& headers = {}, std::string_view body = {});

 private:
  class Connection;

  Result<Response> exchange(Method method, const std::string& message);

  Endpoint endpoint_;
  ClientOptions options_;
  std::unique_ptr<Connection> connection_;
};

// The same on a connection of its own.
Result<Response> request(const Endpoint& endpoint, Method method, std::string_view path,
                         const std::vector<Header>& headers = {}, std::string_view body = {});

}  // namespace piggy::http
