#pragma once

// From bytes to Requests, without a socket: the part of the server that hostile bytes reach first,
// so that tests and the fuzzer can drive it alone.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "http/message.h"

namespace piggy::http {

struct RequestLimits {
  std::size_t body_bytes_max = 1 << 20;
  std::size_t header_bytes_max = 16 << 10;  // Request line and all headers; also a chunk's header.
};

class RequestReader {
 public:
  enum class State {
    nothing,  // Not one byte of a request yet.
    header,
    body,
    complete,  // `take` it.
    refused,   // Answer with `refusal` and close: what follows cannot be trusted.
  };

  explicit RequestReader(RequestLimits limits);
  ~RequestReader();

  // Reads from `bytes` what belongs to the current request and tells how much that was. The rest is
  // to be given again: with more bytes behind it, or for the next request. While more is needed,
  // the rest never reaches `header_bytes_max`, so a buffer of that size is enough.
  std::size_t feed(std::string_view bytes);
  State state() const { return state_; }

  // Of a complete request.
  Request take();  // Starts over for the next one.

  // The other side holds the body back until it hears "100 Continue".
  bool waits_for_continue() const;

  // From the whole header on, until the next request begins.
  bool keep_alive() const { return keep_alive_; }
  bool http_1_1() const { return http_1_1_; }

  const Response& refusal() const { return refusal_; }

 private:
  struct Parser;

  void start_over();
  void refuse(int status, std::string message);

  RequestLimits limits_;
  std::unique_ptr<Parser> parser_;
  State state_ = State::nothing;
  bool blank_line_skipped_ = false;
  bool keep_alive_ = false;
  bool http_1_1_ = true;
  Response refusal_ = {};
};

}  // namespace piggy::http
