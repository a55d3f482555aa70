#include "http/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <latch>
#include <thread>
#include <vector>

#include "base/assert.h"
#include "http/connection.h"
#include "http/listen.h"

namespace piggy::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

using Executor = asio::io_context::executor_type;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

// A listening socket. Asio's own acceptor would make sockets of one protocol each; we want the
// descriptor, and as many connections as there are per wake-up.
using Acceptable = asio::posix::basic_stream_descriptor<Executor>;

// Above the limit on connections, so many more are told 503 before they are closed; those beyond
// are closed without a word.
constexpr std::size_t refused_connections_max = 128;

// One thread: its event loop, its listening sockets, its connections.
class Loop {
 public:
  Loop(const ServerOptions& options, const Handler& handler, Census& census, std::size_t thread);
  ~Loop();

  // Before `run`.
  void listen_on(const Listening& listening);
  // Returns when `shut_down` is done.
  void run();

  // From any thread; each runs on the loop's.
  void stop(std::latch& done);
  void shut_down();

 private:
  struct Listener {
    Acceptable socket;
    int family = 0;
    bool paused = false;  // The last accept failed, so it waits for the next sweep.
  };

  void sweep();
  void accept_next(Listener& listener);
  void accept_all(Listener& listener);
  void stop_listening();
  void wake_all();

  asio::io_context io_;
  Timer timer_;
  std::vector<std::unique_ptr<Listener>> listeners_ = {};
  ConnectionGroup group_;
  bool down_ = false;
};

class ThreadedServer final : public Server {
 public:
  ThreadedServer(ServerOptions options, Handler handler);
  ~ThreadedServer() override;

  Result<> listen();
  void run();

  std::uint16_t port() const override { return port_; }
  std::size_t connections() const override { return census_.open(); }
  void stop(std::chrono::seconds at_most) override;

 private:
  void unlink_local_socket();

  ServerOptions options_;
  Handler handler_;
  Census census_;
  std::uint16_t port_ = 0;
  bool local_socket_made_ = false;
  std::vector<std::unique_ptr<Loop>> loops_ = {};
  std::vector<std::thread> threads_ = {};
};

ThreadedServer::ThreadedServer(ServerOptions options, Handler handler)
    : options_(std::move(options)), handler_(std::move(handler)) {
  ASSERT(options_.threads > 0);
  for (std::size_t i = 0; i < options_.threads; i++) {
    loops_.push_back(std::make_unique<Loop>(options_, handler_, census_, i));
  }
}

Result<> ThreadedServer::listen() {
  port_ = options_.port;
  if (port_ != 0) TRY(check_port_is_free(options_.host, port_));
  for (auto& loop : loops_) {
    Listening listening = TRY(listen_tcp(options_.host, port_));
    port_ = listening.port;
    loop->listen_on(listening);
  }
  if (options_.local_socket.empty()) return {};
  // One thread serves it: the command line does not need more.
  loops_[0]->listen_on(TRY(listen_local(options_.local_socket)));
  local_socket_made_ = true;
  return {};
}

void ThreadedServer::run() {
  for (auto& loop : loops_) threads_.emplace_back([&loop = *loop] { loop.run(); });
}

void ThreadedServer::stop(std::chrono::seconds at_most) {
  unlink_local_socket();
  // Only when no loop accepts any more can the last connection be known to be the last.
  std::latch done(static_cast<std::ptrdiff_t>(loops_.size()));
  for (auto& loop : loops_) loop->stop(done);
  done.wait();
  census_.wait_until_empty(at_most);
}

ThreadedServer::~ThreadedServer() {
  unlink_local_socket();
  for (auto& loop : loops_) loop->shut_down();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadedServer::unlink_local_socket() {
  if (std::exchange(local_socket_made_, false)) ::unlink(options_.local_socket.c_str());
}

Loop::Loop(const ServerOptions& options, const Handler& handler, Census& census, std::size_t thread)
    : io_(1),
      timer_(io_.get_executor()),
      group_{.io = io_,
             .options = options,
             .handler = handler,
             .thread = thread,
             .census = census,
             .inbox = std::make_shared<Inbox>(
                 [this] { asio::post(io_, [this] { group_.inbox->deliver(); }); })} {}

// The inbox is closed first: answers that come later go nowhere, instead of to a loop that is gone.
Loop::~Loop() {
  group_.inbox->close();
  ASSERT(group_.open.empty());
}

void Loop::listen_on(const Listening& listening) {
  listeners_.push_back(std::make_unique<Listener>(Listener{
      .socket = Acceptable(io_.get_executor(), listening.descriptor), .family = listening.family}));
  accept_next(*listeners_.back());
}

void Loop::run() {
  sweep();
  io_.run();
}

void Loop::stop(std::latch& done) {
  asio::post(io_, [this, &done] {
    stop_listening();
    group_.stopping = true;
    wake_all();
    done.count_down();
  });
}

void Loop::shut_down() {
  asio::post(io_, [this] {
    stop_listening();
    group_.stopping = true;
    // From behind: one that ends takes itself off the list and puts the last in its place.
    for (std::size_t i = group_.open.size(); i-- > 0;) group_.open[i]->abort();
    timer_.cancel();
    down_ = true;  // With no timer, no listener and no connection left, `run` returns.
  });
}

// The one timer of the thread. It looks at every connection instead of each having a timer: a few
// thousand comparisons four times a second cost less than two timer operations per request.
void Loop::sweep() {
  if (down_) return;
  group_.now = std::chrono::steady_clock::now();
  for (std::size_t i = group_.open.size(); i-- > 0;) group_.open[i]->check_time();
  for (auto& listener : listeners_) {
    if (std::exchange(listener->paused, false)) accept_next(*listener);
  }
  timer_.expires_after(sweep_interval);
  timer_.async_wait([this](error_code) { sweep(); });
}

void Loop::accept_next(Listener& listener) {
  listener.socket.async_wait(asio::posix::descriptor_base::wait_read,
                             [this, &listener](error_code error) {
                               if (!error && listener.socket.is_open()) accept_all(listener);
                             });
}

void Loop::accept_all(Listener& listener) {
  while (true) {
    sockaddr_storage address = {};
    socklen_t size = sizeof address;
    int socket = ::accept4(listener.socket.native_handle(), reinterpret_cast<sockaddr*>(&address),
                           &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      // Out of descriptors or memory: asking again at once would only spin.
      listener.paused = errno != EAGAIN && errno != EWOULDBLOCK;
      break;
    }
    std::size_t open = group_.census.open();
    if (open >= group_.options.connections_max + refused_connections_max) {
      ::close(socket);
      continue;
    }
    bool local = listener.family == AF_UNIX;
    char peer[INET6_ADDRSTRLEN] = "local";
    if (!local) {
      int on = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const void* host = &reinterpret_cast<sockaddr_in*>(&address)->sin_addr;
      if (listener.family == AF_INET6) {
        host = &reinterpret_cast<sockaddr_in6*>(&address)->sin6_addr;
      }
      ::inet_ntop(listener.family, host, peer, sizeof peer);
    }
    serve_connection(group_, {.descriptor = socket,
                              .family = listener.family,
                              .peer = peer,
                              .local = local,
                              .refused = open >= group_.options.connections_max});
  }
  if (!listener.paused) accept_next(listener);
}

void Loop::stop_listening() {
  for (auto& listener : listeners_) {
    error_code ignored;
    listener->socket.close(ignored);
    listener->paused = false;
  }
}

void Loop::wake_all() {
  for (std::size_t i = group_.open.size(); i-- > 0;) group_.open[i]->wake();
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Handler handler) {
  auto server = std::make_unique<ThreadedServer>(std::move(options), std::move(handler));
  TRY(server->listen());
  server->run();
  return server;
}

}  // namespace piggy::http
