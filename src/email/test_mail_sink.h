#pragma once

// A mail server for tests and measurements: a thread for each connection, no queue behind it. What
// it answers, and when it hangs up, is scripted.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/assert.h"

namespace piggy {

class MailSink {
 public:
  // The reply to a command ("RCPT TO:<…>", without CR LF; "." for a message's end); empty: hangs up
  // without one. The number of the connection counts from 1.
  using Script = std::function<std::string(std::string_view command, int connection)>;

  explicit MailSink(Script script = usual_reply, bool keep = true)
      : script_(std::move(script)), keep_(keep) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    ASSERT(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    ASSERT(::listen(listener_, 64) == 0);
    ASSERT(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  MailSink(const MailSink&) = delete;
  ~MailSink() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    {
      std::lock_guard lock(mutex_);
      for (int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
    for (int socket : sockets_) ::close(socket);
  }

  static std::string usual_reply(std::string_view command, int) {
    if (command.starts_with("EHLO")) return "250-sink\r\n250 8BITMIME";
    if (command.starts_with("DATA")) return "354 go on";
    if (command.starts_with("QUIT")) return "221 bye";
    return command == "." ? "250 2.0.0 taken" : "250 ok";
  }

  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }
  int taken() const { return taken_; }
  int most_at_a_time() const { return most_; }
  // Each as it arrived, the dots of lines that begin with one still doubled.
  std::vector<std::string> messages() {
    std::lock_guard lock(mutex_);
    return messages_;
  }

 private:
  void accept_all() {
    for (int socket; (socket = ::accept(listener_, nullptr, nullptr)) >= 0;) {
      int on = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      int number = ++connections_;
      std::lock_guard lock(mutex_);
      sockets_.push_back(socket);
      threads_.emplace_back([this, socket, number] {
        int now = ++open_;
        for (int most = most_; now > most && !most_.compare_exchange_weak(most, now);) {
        }
        serve(socket, number);
        open_--;
        ::shutdown(socket, SHUT_RDWR);
      });
    }
  }

  static bool say(int socket, std::string reply) {
    reply += "\r\n";
    return ::send(socket, reply.data(), reply.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(reply.size());
  }

  void serve(int socket, int number) {
    std::string got;
    bool in_message = false;
    if (!say(socket, "220 sink")) return;
    while (true) {
      std::string_view end = in_message ? "\r\n.\r\n" : "\r\n";
      std::size_t at = got.find(end);
      if (at == std::string::npos) {
        char buffer[16 * 1024];
        ssize_t length = ::recv(socket, buffer, sizeof buffer, 0);
        if (length <= 0) return;
        got.append(buffer, static_cast<std::size_t>(length));
        continue;
      }
      std::string text = got.substr(0, at);
      got.erase(0, at + end.size());
      std::string reply = script_(in_message ? "." : std::string_view(text), number);
      if (in_message && reply.starts_with('2')) {
        taken_++;
        std::lock_guard lock(mutex_);
        if (keep_) messages_.push_back(text + "\r\n");
      }
      in_message = reply.starts_with("354");
      if (reply.empty() || !say(socket, reply) || reply.starts_with("221")) return;
    }
  }

  Script script_;
  bool keep_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0, taken_ = 0, open_ = 0, most_ = 0;
  std::thread acceptor_;
  std::mutex mutex_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::vector<std::string> messages_;
};

}  // namespace piggy
