#include "http/answer.h"

#include <doctest/doctest.h>

namespace piggy::http {

namespace {

std::string answer(const Response& response, AnswerForm form = {}) {
  std::string out;
  append_answer(out, response, form);
  return out;
}

}  // namespace

TEST_CASE("an answer has a status, a type, a length and its own headers") {
  CHECK(answer({.status = 201, .body = "{}", .headers = {{"Location", "/a"}}}) ==
        "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nLocation: /a\r\n"
        "Content-Length: 2\r\n\r\n{}");
}

TEST_CASE("our own errors have one form") {
  CHECK(error_response(413, "Too \"long\".").body ==
        R"({"message":"Too \"long\".","code":413,"status_code":413})");
}

TEST_CASE("an answer to HEAD has the length of the body it does not have") {
  CHECK(answer({.body = "{}"}, {.head = true}) ==
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n");
}

TEST_CASE("204 and 304 have neither body nor length") {
  CHECK(answer({.status = 204, .body = "x"}) == "HTTP/1.1 204 No Content\r\n\r\n");
  CHECK(answer({.status = 304}) == "HTTP/1.1 304 Not Modified\r\n\r\n");
}

TEST_CASE("what becomes of the connection is said where it is not understood") {
  CHECK(answer({}, {.keep_alive = false}).contains("Connection: close\r\n"));
  CHECK(answer({}, {.http_1_1 = false}).contains("Connection: keep-alive\r\n"));
  CHECK_FALSE(answer({}).contains("Connection"));
}

TEST_CASE("no value can end its header, and no header can change the framing") {
  std::string out = answer({.headers = {{"Location", "/a\r\nSet-Cookie: x=y\r\n\r\n<b>"},
                                        {"X-Tab", std::string_view("a\tb\0\x7f"
                                                                   "c",
                                                                   6)
                                                      .data()},
                                        {"Content-Length", "99"},
                                        {"transfer-encoding", "chunked"},
                                        {"CONNECTION", "close"}}});
  CHECK(out ==
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLocation: /aSet-Cookie: x=y<b>\r\n"
        "X-Tab: a\tb\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("a stream's body comes in chunks, and in HTTP/1.0 as it is") {
  std::string out;
  append_stream_head(out, {.headers = {{"X", "y"}}}, {});
  append_piece(out, "0123456789abcdef", {});
  append_piece(out, "", {});
  append_last_piece(out, {});
  CHECK(out ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX: y\r\n"
        "Cache-Control: no-cache\r\nX-Accel-Buffering: no\r\nTransfer-Encoding: chunked\r\n\r\n"
        "10\r\n0123456789abcdef\r\n0\r\n\r\n");

  AnswerForm old{.http_1_1 = false, .keep_alive = false};
  out.clear();
  append_stream_head(out, {}, old);
  append_piece(out, "abc", old);
  append_last_piece(out, old);
  CHECK_FALSE(out.contains("Transfer-Encoding"));
  CHECK(
      out.ends_with("Connection: close\r\nCache-Control: no-cache\r\n"
                    "X-Accel-Buffering: no\r\n\r\nabc"));
}

}  // namespace piggy::http
