#include "http/wire.h"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <cstring>

#include "base/assert.h"

namespace piggy::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// Beyond this, memory that one large answer took is given back instead of kept for the next.
constexpr std::size_t out_bytes_kept = 64 << 10;

// The concrete executor: the type-erased default costs more than all the rest of a small answer.
using AsioSocket =
    asio::basic_stream_socket<asio::generic::stream_protocol, asio::io_context::executor_type>;

}  // namespace

struct Wire::Socket : AsioSocket {
  using AsioSocket::AsioSocket;
};

Wire::Wire(asio::io_context& io, int descriptor, int family, std::size_t buffer_size)
    : socket_(std::make_unique<Socket>(io.get_executor())),
      buffer_size_(buffer_size),
      buffer_(std::make_unique_for_overwrite<char[]>(buffer_size)) {
  error_code error;
  socket_->assign({family, 0}, descriptor, error);
  if (!error) return;
  ::close(descriptor);
  peer_done_ = broken_ = true;
}

Wire::~Wire() = default;

bool Wire::start_reading(std::shared_ptr<Wakeable> owner) {
  if (reading_) return true;
  if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_size_) return false;
  reading_ = true;
  // The owner owns this wire, so `this` lives as long as it does.
  socket_->async_read_some(asio::buffer(buffer_.get() + end_, buffer_size_ - end_),
                           [this, owner = std::move(owner)](error_code error, std::size_t count) {
                             reading_ = false;
                             end_ += count;
                             if (error && error != asio::error::operation_aborted)
                               peer_done_ = true;
                             owner->wake();
                           });
  return true;
}

void Wire::cancel_reading() {
  error_code ignored;
  socket_->cancel(ignored);
}

bool Wire::read_now() {
  ASSERT(!reading_);
  ssize_t count =
      ::recv(socket_->native_handle(), buffer_.get() + end_, buffer_size_ - end_, MSG_DONTWAIT);
  if (count <= 0) return false;
  end_ += static_cast<std::size_t>(count);
  return true;
}

bool Wire::flush() {
  if (broken_) return false;
  while (sent_ < out_.size()) {
    ssize_t count = ::send(socket_->native_handle(), out_.data() + sent_, out_.size() - sent_,
                           MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      if (errno != EAGAIN && errno != EWOULDBLOCK) broken_ = true;
      return false;
    }
    sent_ += static_cast<std::size_t>(count);
  }
  sent_ = 0;
  out_.clear();
  if (out_.capacity() > out_bytes_kept) out_ = {};
  return true;
}

void Wire::await_room(std::shared_ptr<Wakeable> owner) {
  if (std::exchange(awaiting_room_, true)) return;
  socket_->async_wait(Socket::wait_write, [this, owner = std::move(owner)](error_code) {
    awaiting_room_ = false;
    owner->wake();
  });
}

bool Wire::anything_unread() const {
  int count = 0;
  ::ioctl(socket_->native_handle(), FIONREAD, &count);
  return count > 0 || begin_ < end_;
}

void Wire::finish_sending() {
  error_code ignored;
  socket_->shutdown(Socket::shutdown_send, ignored);
}

void Wire::close() {
  peer_done_ = broken_ = true;
  socket_.reset();
}

}  // namespace piggy::http
