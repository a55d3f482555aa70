#pragma once

// What the HTTP server hands to its handler and gets back. Names no Asio and no Beast.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace piggy::http {

enum class Method { get, head, post, put, patch, del, options, other };
std::string_view name_of(Method method);  // As it stands in a request; "other" for any other.

struct Header {
  std::string name;
  std::string value;
};

struct Request {
  Method method = Method::get;
  std::string path = {};   // As sent, percent-encoded, without the query.
  std::string query = {};  // As sent, without the question mark.
  std::vector<Header> headers = {};
  std::string body = {};
  std::string peer = {};  // The other side's address; "local" on the local socket.
  // True on the socket in the data directory, which only the owner of the data can open.
  bool local = false;
  std::size_t thread = 0;  // Which of the server's threads this is; see Server::thread_count.

  // The header of that name, in any case, or "".
  std::string_view header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string body = {};
  // Must outlive the response: a literal. Without one, no Content-Type is sent.
  std::string_view content_type = "application/json";
  // Framing (Content-Length, Transfer-Encoding, Connection) is the server's; such headers are left
  // out. Names are ours and must be tokens; control characters in values are never sent.
  std::vector<Header> headers = {};

  // More of them, as they are sent: "Name: value\r\n" each. A literal.
  std::string_view fixed_headers = {};

  // The header of that name, in any case, or ""; not among the fixed ones.
  std::string_view header(std::string_view name) const;
};

// The answer to what went wrong outside of any operation, in the shape of all our errors:
// {"message":"...","code":413,"status_code":413}.
Response error_response(int status, std::string_view message);

// One half-open answer as server-sent events (WHATWG HTML 9.2). May be used from any thread; calls
// after the other side has gone do nothing. Destroying it closes it. What the other side is too
// slow to take is kept up to a bound (1 MiB); beyond it the connection is cut.
class EventStream {
 public:
  virtual ~EventStream() = default;
  // Line breaks in `data` arrive as such. An empty id or event name is left out, and neither may
  // hold line breaks: those are dropped.
  virtual void send(std::string_view data, std::string_view id = {},
                    std::string_view event = {}) = 0;
  virtual void comment(std::string_view text) = 0;
  // How long the client shall wait before it connects again, should this stream break or end.
  virtual void retry_after(std::chrono::milliseconds pause) = 0;
  virtual void close() = 0;
  // Called once, on a thread of the server, when the other side has gone or `close` took effect; at
  // once, on the caller's thread, if that has already happened.
  virtual void on_end(std::function<void()> call) = 0;
};

// How a request is answered: exactly once, at once or later, from any thread. Destroyed unused, it
// answers 500, so that no request is left hanging. It may outlive the server; it then does nothing.
class Responder {
 public:
  class Target {
   public:
    virtual ~Target() = default;
    virtual void respond(Response response) = 0;
    virtual void respond_by(std::move_only_function<Response()> make) { respond(make()); }
    virtual std::shared_ptr<EventStream> stream(Response head) = 0;
  };

  explicit Responder(std::shared_ptr<Target> target) : target_(std::move(target)) {}
  Responder(Responder&&) = default;
  Responder& operator=(Responder&& other);
  ~Responder();

  void respond(Response response);
  // The same with a response that is made when it is sent, on a thread of the server: for those who
  // answer from a thread that has better things to do.
  void respond_by(std::move_only_function<Response()> make);
  // Starts a stream with the head's status and headers (the content type becomes
  // text/event-stream); the body stays open until the stream is closed.
  std::shared_ptr<EventStream> stream(Response head = {});

 private:
  std::shared_ptr<Target> target_;
};

// Called on a thread of the server for each whole request. It must not block; what takes long is
// handed elsewhere together with the Responder.
using Handler = std::function<void(Request request, Responder responder)>;

}  // namespace piggy::http
