#pragma once

// For tests of the server: servers to test, and a blocking socket that sends any bytes whatever and
// tells exactly what came back. Every wait has an end, so that a server that hangs fails its test.

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "http/server.h"

namespace piggy::http {

inline std::unique_ptr<Server> serve(Handler handler, ServerOptions options = {}) {
  auto server = Server::start(std::move(options), std::move(handler));
  REQUIRE_MESSAGE(server, server.error().message);
  return std::move(*server);
}

// Tells what it was asked.
inline void echo(Request request, Responder responder) {
  responder.respond({.body = request.path + " " + request.body, .content_type = "text/plain"});
}

inline std::string body_of(const std::string& answer) {
  std::size_t end = answer.find("\r\n\r\n");
  return end == answer.npos ? answer : answer.substr(end + 4);
}

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  explicit RawClient(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    connected = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawClient() { close(); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected = false;

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void get(std::string_view path) {
    send("GET " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n\r\n");
  }

  // Up to and with `end`, or what came before the other side hung up or ten seconds passed.
  std::string read_until(std::string_view end) {
    while (true) {
      std::size_t at = unread_.find(end);
      if (at != unread_.npos) return take(at + end.size());
      if (!read_more()) return take(unread_.size());
    }
  }
  // One whole answer by its Content-Length.
  std::string read_answer() {
    std::string answer = read_until("\r\n\r\n");
    constexpr std::string_view name = "Content-Length: ";
    std::size_t length = answer.find(name);
    if (length == answer.npos) return answer;
    std::size_t size = std::stoul(answer.substr(length + name.size()));
    while (unread_.size() < size && read_more()) {
    }
    return answer + take(std::min(size, unread_.size()));
  }
  // All that comes until the other side hangs up.
  std::string read_to_end() {
    while (read_more()) {
    }
    return take(unread_.size());
  }
  // Nothing more has come, and the other side has hung up in order (not reset the connection).
  bool at_end() {
    read_to_end();
    return ended_;
  }

  void finish_sending() { ::shutdown(socket_, SHUT_WR); }
  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  // Closes so that the other side is told by a reset.
  void reset() {
    linger hard = {.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close();
  }

 private:
  bool read_more() {
    pollfd waiting = {.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, 10'000) <= 0) return false;
    char buffer[4096];
    ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count == 0) ended_ = true;
    if (count <= 0) return false;
    unread_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }
  std::string take(std::size_t size) {
    std::string taken = unread_.substr(0, size);
    unread_.erase(0, size);
    return taken;
  }

  int socket_;
  std::string unread_ = {};
  bool ended_ = false;
};

}  // namespace piggy::http
