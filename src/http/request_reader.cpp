// The grammar is left to Beast's parser, fed by hand. It is stricter than its documentation in most
// places and laxer in a few, and those few are where requests are smuggled: a server behind a proxy
// must see the same end of a request as the proxy does. So what can be read in two ways is refused
// here: any transfer coding but one "chunked", any in HTTP/1.0, a Content-Length given twice, more
// than one Host. Trailers are read and dropped, since no header may be set after the fact.

#include "http/request_reader.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>

#include "base/assert.h"

namespace piggy::http {

namespace beast = boost::beast;
using beast::error_code;
using beast::http::field;
using beast::http::verb;

namespace {

// What a client may make us set aside by a mere Content-Length, before it sent the body.
constexpr std::size_t body_bytes_reserved_max = 64 << 10;

std::string_view std_view(beast::string_view text) { return {text.data(), text.size()}; }

Method method_of(verb v) {
  switch (v) {
    case verb::get:
      return Method::get;
    case verb::head:
      return Method::head;
    case verb::post:
      return Method::post;
    case verb::put:
      return Method::put;
    case verb::patch:
      return Method::patch;
    case verb::delete_:
      return Method::del;
    case verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

// Fills path and query from a request target (RFC 9112, 3.2); false when it is none.
bool read_target(Request& request, std::string_view target) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    std::size_t path = target.find_first_of("/?", scheme.size());
    target.remove_prefix(std::min(path, target.size()));
    if (!target.starts_with('/')) request.path = "/";
  }
  if (target == "*") {
    request.path = "*";
    return request.method == Method::options;
  }
  if (request.path.empty() && !target.starts_with('/')) return false;
  std::size_t question = target.find('?');
  request.path += target.substr(0, question);
  if (question != target.npos) request.query = target.substr(question + 1);
  return true;
}

// Beast's parser with our Request as its destination: a container of Beast's in between would cost
// an allocation per header, and a copy of each.
class RequestParser : public beast::http::basic_parser<true> {
 public:
  explicit RequestParser(const RequestLimits& limits) : header_bytes_max_(limits.header_bytes_max) {
    eager(true);
    body_limit(limits.body_bytes_max);
    header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
  }

  Request request = {};
  int version = 0;
  bool expects_continue = false;
  // Beast limits the header only when all of it arrives at once, so we count.
  std::size_t header_bytes = 0;

 private:
  using Text = beast::string_view;

  void on_request_impl(verb v, Text, Text target, int number, error_code& error) override {
    version = number;
    header_bytes = target.size();
    request.method = method_of(v);
    if (!read_target(request, std_view(target))) error = beast::http::error::bad_target;
    request.headers.reserve(8);
  }

  void on_field_impl(field f, Text name, Text value, error_code& error) override {
    if (header_done_) return;  // A trailer.
    header_bytes += name.size() + value.size() + 4;
    if (header_bytes > header_bytes_max_) {
      error = beast::http::error::header_limit;
    } else if (f == field::content_length && lengths_++ > 0) {
      error = beast::http::error::multiple_content_length;
    } else if (f == field::content_length && value.find(',') != Text::npos) {
      error = beast::http::error::bad_content_length;
    } else if (f == field::transfer_encoding &&
               (version < 11 || !beast::iequals(value, "chunked"))) {
      error = beast::http::error::bad_transfer_encoding;
    } else if (f == field::host && hosts_++ > 0) {
      error = beast::http::error::bad_field;
    } else if (f == field::expect && version >= 11 && beast::iequals(value, "100-continue")) {
      expects_continue = true;
    }
    request.headers.push_back({std::string(std_view(name)), std::string(std_view(value))});
  }

  void on_header_impl(error_code& error) override {
    header_done_ = true;
    if (version >= 11 && hosts_ == 0) error = beast::http::error::bad_field;
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) request.body.reserve(std::min<std::uint64_t>(*length, body_bytes_reserved_max));
  }

  std::size_t on_body_impl(Text body, error_code&) override {
    request.body += std_view(body);
    return body.size();
  }

  std::size_t on_chunk_body_impl(std::uint64_t, Text body, error_code&) override {
    request.body += std_view(body);
    return body.size();
  }

  void on_response_impl(int, Text, int, error_code&) override {}
  void on_chunk_header_impl(std::uint64_t, Text, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  std::size_t header_bytes_max_;
  int lengths_ = 0;
  int hosts_ = 0;
  bool header_done_ = false;
};

}  // namespace

struct RequestReader::Parser {
  std::optional<RequestParser> beast;
};

RequestReader::RequestReader(RequestLimits limits)
    : limits_(limits), parser_(std::make_unique<Parser>()) {
  parser_->beast.emplace(limits_);
}

RequestReader::~RequestReader() = default;

std::size_t RequestReader::feed(std::string_view bytes) {
  ASSERT(state_ != State::complete && state_ != State::refused);
  std::size_t used = 0;
  if (state_ == State::nothing) {
    if (bytes.empty()) return 0;
    // An old habit of clients is a blank line behind a body; RFC 9112 (2.2) asks to overlook one.
    if (!blank_line_skipped_ && bytes[0] == '\r') {
      if (bytes.size() < 2) return 0;
      if (bytes[1] == '\n') used = 2;
      blank_line_skipped_ = true;
      if (bytes.size() == used) return used;
    }
    state_ = State::header;
  }

  RequestParser& parser = *parser_->beast;
  error_code error;
  used += parser.put({bytes.data() + used, bytes.size() - used}, error);
  if (parser.is_header_done() && state_ == State::header) {
    state_ = State::body;
    http_1_1_ = parser.version >= 11;
    keep_alive_ = parser.keep_alive();
  }

  std::size_t rest = bytes.size() - used;
  if (error == beast::http::error::body_limit) {
    refuse(413, "The body is longer than " + std::to_string(limits_.body_bytes_max) + " bytes.");
  } else if (error == beast::http::error::header_limit ||
             error == beast::http::error::buffer_overflow ||
             (!parser.is_header_done() && parser.header_bytes + rest >= limits_.header_bytes_max)) {
    refuse(431,
           "The headers are longer than " + std::to_string(limits_.header_bytes_max) + " bytes.");
  } else if (error && error != beast::http::error::need_more) {
    refuse(400, "This is not a well-formed HTTP/1.1 request: " + error.message() + ".");
  } else if (parser.is_done()) {
    state_ = State::complete;
  } else if (rest >= limits_.header_bytes_max) {
    refuse(400, "A chunk's header or the trailers are too long.");
  }
  return used;
}

bool RequestReader::waits_for_continue() const {
  const RequestParser& parser = *parser_->beast;
  return state_ == State::body && parser.expects_continue && parser.request.body.empty();
}

Request RequestReader::take() {
  ASSERT(state_ == State::complete);
  Request request = std::move(parser_->beast->request);
  start_over();
  return request;
}

void RequestReader::start_over() {
  parser_->beast.emplace(limits_);
  state_ = State::nothing;
  blank_line_skipped_ = false;
}

void RequestReader::refuse(int status, std::string message) {
  state_ = State::refused;
  keep_alive_ = false;
  refusal_ = error_response(status, message);
}

}  // namespace piggy::http
