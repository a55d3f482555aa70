#include "http/client.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/beast/http/basic_parser.hpp>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/assert.h"

namespace piggy::http {

namespace beast = boost::beast;
using beast::error_code;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t answer_header_bytes_max = 64 << 10;

std::string message_of(const Endpoint& endpoint, Method method, std::string_view path,
                       const std::vector<Header>& headers, std::string_view body) {
  std::string message = fmt::format("{} {} HTTP/1.1\r\n", name_of(method), path);
  message += endpoint.local_socket.empty()
                 ? fmt::format("Host: {}:{}\r\n", endpoint.host, endpoint.port)
                 : std::string("Host: localhost\r\n");
  for (const Header& header : headers) {
    ASSERT((header.name + header.value).find_first_of("\r\n") == std::string::npos);
    message += header.name + ": " + header.value + "\r\n";
  }
  if (!body.empty() || method == Method::post || method == Method::put || method == Method::patch) {
    message += fmt::format("Content-Length: {}\r\n", body.size());
  }
  message += "\r\n";
  message += body;
  return message;
}

std::unexpected<Error> fail_with_errno() {
  return fail(ErrorCode::unavailable, std::string(std::strerror(errno)) + ".");
}

// Beast's parser with our Response as its destination.
class ResponseParser : public beast::http::basic_parser<false> {
 public:
  ResponseParser(Method method, std::size_t body_bytes_max) {
    eager(true);
    header_limit(answer_header_bytes_max);
    body_limit(body_bytes_max);
    skip(method == Method::head);
    response.content_type = {};
  }

  Response response = {};

 private:
  using Text = beast::string_view;

  void on_response_impl(int status, Text, int, error_code&) override { response.status = status; }
  void on_field_impl(beast::http::field, Text name, Text value, error_code&) override {
    response.headers.push_back({{name.data(), name.size()}, {value.data(), value.size()}});
  }
  std::size_t on_body_impl(Text body, error_code&) override {
    response.body.append(body.data(), body.size());
    return body.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, error_code& error) override {
    return on_body_impl(body, error);
  }
  void on_request_impl(beast::http::verb, Text, Text, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  void on_chunk_header_impl(std::uint64_t, Text, error_code&) override {}
  void on_finish_impl(error_code&) override {}
};

}  // namespace

// A non-blocking socket, waited for with a deadline.
class Client::Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const Endpoint& endpoint,
                                                  std::chrono::milliseconds timeout);
  explicit Connection(int family);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // A server that closed an idle connection has already said so.
  bool closed_by_server() const;
  Result<> send(std::string_view bytes, steady_clock::time_point deadline);
  // Appends what came, and tells how much: nothing when the other side sends no more.
  Result<std::size_t> receive(std::string& out, steady_clock::time_point deadline);
  // Did the server say anything at all to the last request?
  bool heard = false;

 private:
  Result<> connect(const sockaddr* address, socklen_t size, steady_clock::time_point deadline);
  Result<> wait(short events, steady_clock::time_point deadline);

  int socket_;
};

Client::Client(Endpoint endpoint, ClientOptions options)
    : endpoint_(std::move(endpoint)), options_(options) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<Response> request(const Endpoint& endpoint, Method method, std::string_view path,
                         const std::vector<Header>& headers, std::string_view body) {
  return Client(endpoint).request(method, path, headers, body);
}

Result<Response> Client::request(Method method, std::string_view path,
                                 const std::vector<Header>& headers, std::string_view body) {
  std::string message = message_of(endpoint_, method, path, headers, body);
  if (connection_ && connection_->closed_by_server()) connection_.reset();
  bool used_before = connection_ != nullptr;
  if (!used_before) connection_ = TRY(Connection::open(endpoint_, options_.connect_timeout));

  auto response = exchange(method, message);
  bool harmless = method != Method::post && method != Method::patch && method != Method::other;
  if (!response && used_before && harmless && !connection_->heard) {
    connection_ = TRY(Connection::open(endpoint_, options_.connect_timeout));
    response = exchange(method, message);
  }
  if (!response) connection_.reset();
  return response;
}

Result<Response> Client::exchange(Method method, const std::string& message) {
  auto deadline = steady_clock::now() + options_.answer_timeout;
  connection_->heard = false;
  // A server that refuses a long body answers before it has read all of it and then hangs up, so an
  // answer is looked for also when sending failed.
  auto sent = connection_->send(message, deadline);

  std::optional<ResponseParser> parser(std::in_place, method, options_.answer_bytes_max);
  std::string unread;
  while (true) {
    error_code error;
    if (!unread.empty()) {
      unread.erase(0, parser->put({unread.data(), unread.size()}, error));
      if (parser->is_done() && parser->response.status / 100 == 1) {
        parser.emplace(method, options_.answer_bytes_max);  // "100 Continue" and the like.
        continue;
      }
      if (parser->is_done()) break;
      if (error && error != beast::http::error::need_more) {
        return fail(ErrorCode::unavailable, "The answer cannot be read: " + error.message() + ".");
      }
    }
    auto count = connection_->receive(unread, deadline);
    if (!count) return std::unexpected(sent ? count.error() : sent.error());
    connection_->heard |= *count > 0;
    if (*count > 0) continue;
    if (!parser->got_some()) return fail(ErrorCode::unavailable, "The server hung up.");
    parser->put_eof(error);
    if (error) return fail(ErrorCode::unavailable, "The server hung up within its answer.");
    break;
  }
  if (!parser->keep_alive() || !unread.empty() || !sent) connection_.reset();
  return std::move(parser->response);
}

Result<std::unique_ptr<Client::Connection>> Client::Connection::open(
    const Endpoint& endpoint, std::chrono::milliseconds timeout) {
  auto deadline = steady_clock::now() + timeout;
  if (!endpoint.local_socket.empty()) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (endpoint.local_socket.size() >= sizeof address.sun_path) {
      return fail(ErrorCode::unavailable, "The path of the local socket is too long.");
    }
    std::memcpy(address.sun_path, endpoint.local_socket.data(), endpoint.local_socket.size());
    auto connection = std::make_unique<Connection>(AF_UNIX);
    auto connected =
        connection->connect(reinterpret_cast<const sockaddr*>(&address), sizeof address, deadline);
    if (connected) return connection;
    return fail(ErrorCode::unavailable, fmt::format("Nobody serves {}: {}", endpoint.local_socket,
                                                    connected.error().message));
  }

  addrinfo wanted = {};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  int status =
      ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &wanted, &found);
  if (status != 0) {
    return fail(ErrorCode::unavailable, fmt::format("There is no address for the host {}: {}.",
                                                    endpoint.host, gai_strerror(status)));
  }
  std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
  std::string why;
  for (addrinfo* address = found; address; address = address->ai_next) {
    auto connection = std::make_unique<Connection>(address->ai_family);
    auto connected = connection->connect(address->ai_addr, address->ai_addrlen, deadline);
    if (connected) return connection;
    why = connected.error().message;
  }
  return fail(ErrorCode::unavailable,
              fmt::format("Cannot connect to {} port {}: {}", endpoint.host, endpoint.port, why));
}

Client::Connection::Connection(int family)
    : socket_(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  int on = 1;
  if (family != AF_UNIX) ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Client::Connection::~Connection() {
  if (socket_ >= 0) ::close(socket_);
}

Result<> Client::Connection::connect(const sockaddr* address, socklen_t size,
                                     steady_clock::time_point deadline) {
  if (::connect(socket_, address, size) == 0) return {};
  if (errno != EINPROGRESS) return fail_with_errno();
  TRY(wait(POLLOUT, deadline));
  int number = 0;
  socklen_t number_size = sizeof number;
  ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &number, &number_size);
  errno = number;
  return number == 0 ? Result<>() : fail_with_errno();
}

bool Client::Connection::closed_by_server() const {
  char byte = 0;
  ssize_t count = ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  // Bytes that nobody asked for make it as useless as its end does.
  return count >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

Result<> Client::Connection::send(std::string_view bytes, steady_clock::time_point deadline) {
  while (!bytes.empty()) {
    ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      TRY(wait(POLLOUT, deadline));
    } else if (errno != EINTR) {
      return fail_with_errno();
    }
  }
  return {};
}

Result<std::size_t> Client::Connection::receive(std::string& out,
                                                steady_clock::time_point deadline) {
  char piece[16 << 10];
  while (true) {
    ssize_t count = ::recv(socket_, piece, sizeof piece, 0);
    if (count >= 0) {
      out.append(piece, static_cast<std::size_t>(count));
      return static_cast<std::size_t>(count);
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      TRY(wait(POLLIN, deadline));
    } else if (errno != EINTR) {
      return fail_with_errno();
    }
  }
}

Result<> Client::Connection::wait(short events, steady_clock::time_point deadline) {
  while (true) {
    auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0) return fail(ErrorCode::unavailable, "It took too long.");
    pollfd waiting = {.fd = socket_, .events = events, .revents = 0};
    int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return fail_with_errno();
  }
}

}  // namespace piggy::http
