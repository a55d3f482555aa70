#pragma once

// HTTP exchanges with others, over libcurl. It keeps to what a program that carries keys
// must: certificates are checked, no redirect is followed, no more than a bound is read, and the
// address that is really connected to is looked at, whatever the name resolved to.

#include <chrono>
#include <cstddef>
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/message.h"

namespace piggy::http {

enum class Fault {
  not_connected,    // Nothing was sent.
  refused_address,  // Nothing was sent: its address is not allowed.
  no_trust,         // Nothing was sent: its certificate is not trusted.
  timed_out,        // It may have received all of it.
  cut,              // The connection broke; it may have received all of it.
  too_long,         // It answered more than is read.
};

struct Sending {
  std::string method = "GET";
  std::string url = {};
  std::vector<std::string> headers = {};  // "Name: value".
  std::string body = {};
  std::chrono::milliseconds timeout{};
  // On a connection of its own: an old one that turns out to be dead is otherwise replaced, and the
  // request sent again, by libcurl itself.
  bool once = false;
};

class Transfers {
 public:
  struct Options {
    std::chrono::milliseconds connect_timeout{};
    std::size_t answer_bytes_max = 0;
    bool allow_private_addresses = true;
    bool encrypted = true;  // Otherwise only this machine is connected to.
  };

  explicit Transfers(const Options& options);
  ~Transfers();
  Transfers(const Transfers&) = delete;

  // Blocks. Thread-safe: each call has a handle of its own, kept with its connection for later
  // ones.
  std::expected<Response, Fault> send(const Sending& sending);

 private:
  struct Handle;

  std::unique_ptr<Handle> take();
  void give_back(std::unique_ptr<Handle> handle);

  Options options_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Handle>> idle_;
};

}  // namespace piggy::http
