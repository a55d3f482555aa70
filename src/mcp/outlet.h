#pragma once

// Where the messages that belong to one request leave. Most requests are answered with one JSON
// document; the ones that say something before their answer become a stream of events, at the
// moment they first do. The exchange above serialises all calls.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace piggy::mcp {

class Outlet {
 public:
  virtual ~Outlet() = default;

  // A notification, or a request of ours. Dropped where there is no way to send it.
  virtual void send(std::string message) = 0;
  // The answer; nothing is sent after it. `status` matters only while nothing has been.
  virtual void finish(int status, std::string message) = 0;
  // There will be no answer: the client gave up.
  virtual void abandon() = 0;
  // Whether `send` reaches the client.
  virtual bool can_send() const = 0;
  // A header of the answer, where answers have headers.
  virtual void header(std::string_view, std::string_view) {}
  // See Context::release_stream.
  virtual void release() {}
  virtual void keep_alive() {}
};

// What the client can read, by its Accept header. No header means anything.
struct Accepts {
  bool json = true;
  bool stream = true;
};
Accepts read_accept(std::string_view header);

// One POST that stands for itself: of the modern revision, or of a legacy client without a session.
class HttpOutlet final : public Outlet {
 public:
  // `gone` is called once when the client closes the stream before the answer.
  HttpOutlet(http::Responder responder, Accepts accepts)
      : responder_(std::move(responder)), accepts_(accepts) {}

  void on_gone(std::function<void()> call) { gone_ = std::move(call); }

  void send(std::string message) override;
  void finish(int status, std::string message) override;
  void abandon() override;
  bool can_send() const override { return accepts_.stream; }
  void header(std::string_view name, std::string_view value) override;
  void keep_alive() override;

 private:
  bool start();

  http::Responder responder_;
  Accepts accepts_;
  std::vector<http::Header> headers_;
  std::shared_ptr<http::EventStream> stream_;
  std::function<void()> gone_;
};

http::Response json_response(int status, std::string body);
// The head of a stream: proxies must not hold its events back.
http::Response stream_head();

}  // namespace piggy::mcp
