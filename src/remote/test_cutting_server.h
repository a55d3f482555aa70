#pragma once

// For tests: a server that reads each request whole and then gives the next of its answers, or cuts
// the connection where that is empty. What our own server would never do.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace piggy {

class CuttingServer {
 public:
  explicit CuttingServer(std::vector<std::string> answers, std::string headers = {})
      : answers_(std::move(answers)),
        headers_(std::move(headers)),
        socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(socket_, plain, size) == 0);
    REQUIRE(::listen(socket_, 16) == 0);
    REQUIRE(::getsockname(socket_, plain, &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this] { serve(); });
  }

  ~CuttingServer() {
    ::shutdown(socket_, SHUT_RDWR);  // Ends the wait for a connection.
    thread_.join();
    ::close(socket_);
  }

  std::uint16_t port() const { return port_; }
  std::vector<std::string> heard() {
    std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  void serve() {
    for (const std::string& answer : answers_) {
      int connection = ::accept(socket_, nullptr, nullptr);
      if (connection < 0) return;
      std::string request = read_request(connection);
      {
        std::lock_guard lock(mutex_);
        heard_.push_back(std::move(request));
      }
      if (!answer.empty()) {
        std::string message = fmt::format(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n{}"
            "Content-Length: {}\r\n\r\n{}",
            headers_, answer.size(), answer);
        (void)!::write(connection, message.data(), message.size());
      }
      ::close(connection);
    }
  }

  static std::string read_request(int connection) {
    std::string request;
    char piece[4096];
    while (!is_whole(request)) {
      ssize_t count = ::read(connection, piece, sizeof piece);
      if (count <= 0) break;
      request.append(piece, static_cast<std::size_t>(count));
    }
    return request;
  }

  static bool is_whole(const std::string& request) {
    std::size_t end = request.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    constexpr std::string_view name = "Content-Length: ";
    std::size_t at = request.find(name);
    std::size_t length = at < end ? std::stoul(request.substr(at + name.size())) : 0;
    return request.size() >= end + 4 + length;
  }

  std::vector<std::string> answers_;
  std::string headers_;
  int socket_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::vector<std::string> heard_;
  std::jthread thread_;
};

}  // namespace piggy
