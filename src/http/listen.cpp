#include "http/listen.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace piggy::http {

namespace {

constexpr int backlog = 1024;

// Closes what an early return leaves behind.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return value_; }
  int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

struct Address {
  sockaddr_storage bytes = {};
  socklen_t size = 0;
};

std::unexpected<Error> fail_with_errno(const std::string& what) {
  int number = errno;
  return fail(ErrorCode::unavailable, what + ": " + std::strerror(number) + ".");
}

Result<Address> address_of(const std::string& host, std::uint16_t port) {
  addrinfo wanted = {};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  int status = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  if (status != 0) {
    return fail(ErrorCode::invalid, fmt::format("There is no address for the host {}: {}.", host,
                                                gai_strerror(status)));
  }
  Address address;
  std::memcpy(&address.bytes, found->ai_addr, found->ai_addrlen);
  address.size = found->ai_addrlen;
  ::freeaddrinfo(found);
  return address;
}

enum class Share { no, yes };

Result<Listening> listen_at(const std::string& host, std::uint16_t port, Share share) {
  Address address = TRY(address_of(host, port));
  int family = address.bytes.ss_family;
  Descriptor socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return fail_with_errno("Cannot make a socket");
  int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (share == Share::yes) ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address.bytes), address.size) != 0 ||
      ::listen(socket.get(), backlog) != 0) {
    return fail_with_errno(fmt::format("Cannot listen on {} port {}", host, port));
  }
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address.bytes), &address.size);
  // Port and port stand at the same place in both kinds of address.
  std::uint16_t bound = ntohs(reinterpret_cast<sockaddr_in*>(&address.bytes)->sin_port);
  return Listening{.descriptor = socket.release(), .family = family, .port = bound};
}

// True when someone accepts connections there.
bool is_served(const sockaddr_un& address) {
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

Result<Listening> listen_tcp(const std::string& host, std::uint16_t port) {
  return listen_at(host, port, Share::yes);
}

Result<> check_port_is_free(const std::string& host, std::uint16_t port) {
  Listening probe = TRY(listen_at(host, port, Share::no));
  ::close(probe.descriptor);
  return {};
}

Result<Listening> listen_local(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return fail(ErrorCode::invalid,
                fmt::format("The path {} is too long for a local socket: {} bytes are the most.",
                            path, sizeof address.sun_path - 1));
  }
  std::memcpy(address.sun_path, path.data(), path.size());

  struct stat there = {};
  if (::lstat(path.c_str(), &there) == 0) {
    if (!S_ISSOCK(there.st_mode)) {
      return fail(ErrorCode::conflict, path + " is in the way of the local socket.");
    }
    if (is_served(address)) {
      return fail(ErrorCode::conflict, "Another program already serves " + path + ".");
    }
    ::unlink(path.c_str());
  }

  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  // Between bind and listen nobody can connect, so there is no moment at which others could open
  // it.
  if (socket.get() < 0 ||
      ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::chmod(path.c_str(), 0600) != 0 || ::listen(socket.get(), backlog) != 0) {
    return fail_with_errno("Cannot listen on " + path);
  }
  return Listening{.descriptor = socket.release(), .family = AF_UNIX};
}

}  // namespace piggy::http
