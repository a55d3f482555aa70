#include "mcp/outlet.h"

namespace piggy::mcp {

Accepts read_accept(std::string_view header) {
  if (header.empty() || header.contains("*/*")) return {};
  return {.json = header.contains("application/json") || header.contains("application/*"),
          .stream = header.contains("text/event-stream") || header.contains("text/*")};
}

http::Response json_response(int status, std::string body) {
  return {.status = status, .body = std::move(body)};
}

http::Response stream_head() {
  return {.headers = {{"X-Accel-Buffering", "no"}, {"Cache-Control", "no-cache, no-transform"}}};
}

void HttpOutlet::send(std::string message) {
  if (start()) stream_->send(message);
}

void HttpOutlet::finish(int status, std::string message) {
  bool only_stream = accepts_.stream && !accepts_.json && status == 200;
  if (!stream_ && !only_stream) {
    http::Response response = json_response(status, std::move(message));
    response.headers = std::move(headers_);
    return responder_.respond(std::move(response));
  }
  start();
  stream_->send(message);
  stream_->close();
}

void HttpOutlet::abandon() {
  if (!stream_) return responder_.respond(json_response(202, {}));
  stream_->close();
}

void HttpOutlet::header(std::string_view name, std::string_view value) {
  headers_.push_back({std::string(name), std::string(value)});
}

void HttpOutlet::keep_alive() {
  if (start()) stream_->comment("still here");
}

bool HttpOutlet::start() {
  if (stream_) return true;
  if (!accepts_.stream) return false;
  http::Response head = stream_head();
  for (http::Header& header : headers_) head.headers.push_back(std::move(header));
  stream_ = responder_.stream(std::move(head));
  if (gone_) stream_->on_end(std::move(gone_));
  return true;
}

}  // namespace piggy::mcp
