#include "http/request_reader.h"

#include <doctest/doctest.h>

#include <optional>

namespace piggy::http {

namespace {

using State = RequestReader::State;

struct Outcome {
  int refused = 0;
  std::optional<Request> request = {};
  std::string rest = {};
  bool keep_alive = false;
};

// Feeds the bytes in pieces of one size, keeping what was not used as the server does.
Outcome read(std::string_view bytes, std::size_t piece = 1 << 20, RequestLimits limits = {}) {
  RequestReader reader(limits);
  std::string buffer;
  while (true) {
    buffer.erase(0, reader.feed(buffer));
    if (reader.state() == State::refused) return {.refused = reader.refusal().status};
    if (reader.state() == State::complete) {
      Outcome outcome{.keep_alive = reader.keep_alive()};
      outcome.request = reader.take();
      outcome.rest = buffer + std::string(bytes);
      return outcome;
    }
    CHECK(buffer.size() < limits.header_bytes_max);
    if (bytes.empty()) return {};
    buffer += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
}

int refusal(std::string_view bytes) {
  int whole = read(bytes).refused;
  CHECK(read(bytes, 1).refused == whole);
  return whole;
}

std::string with_headers(std::string_view headers, std::string_view body = "") {
  return "POST /x HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

}  // namespace

TEST_CASE("a request is the same however its bytes are cut") {
  std::string bytes =
      "POST /a%20b?c=d?e HTTP/1.1\r\nHost: h\r\nX-Two:  two words \r\nContent-Length: 5\r\n\r\n"
      "helloGET";
  for (std::size_t piece : {1, 2, 3, 7, 20, 1000}) {
    CAPTURE(piece);
    Outcome outcome = read(bytes, piece);
    REQUIRE(outcome.request);
    CHECK(outcome.request->method == Method::post);
    CHECK(outcome.request->path == "/a%20b");
    CHECK(outcome.request->query == "c=d?e");
    CHECK(outcome.request->header("x-tWO") == "two words");
    CHECK(outcome.request->header("absent") == "");
    CHECK(outcome.request->body == "hello");
    CHECK(outcome.rest == "GET");
    CHECK(outcome.keep_alive);
  }
}

TEST_CASE("chunks are joined, their extensions and trailers dropped") {
  std::string bytes = with_headers("Transfer-Encoding: Chunked\r\n",
                                   "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Late: 1\r\n\r\nrest");
  for (std::size_t piece : {1, 2, 5, 1000}) {
    CAPTURE(piece);
    Outcome outcome = read(bytes, piece);
    REQUIRE(outcome.request);
    CHECK(outcome.request->body == "abc0123456789");
    CHECK(outcome.request->header("X-Late") == "");
    CHECK(outcome.rest == "rest");
  }
}

TEST_CASE("every form of target is understood") {
  CHECK(read("GET http://h:80/a?b HTTP/1.1\r\nHost: h\r\n\r\n").request->path == "/a");
  CHECK(read("GET http://h:80/a?b HTTP/1.1\r\nHost: h\r\n\r\n").request->query == "b");
  CHECK(read("GET http://h HTTP/1.1\r\nHost: h\r\n\r\n").request->path == "/");
  CHECK(read("GET http://h?b HTTP/1.1\r\nHost: h\r\n\r\n").request->query == "b");
  CHECK(read("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").request->path == "*");
  CHECK(refusal("GET * HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
  CHECK(refusal("GET a HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
  CHECK(refusal("CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
}

TEST_CASE("whether the connection stays open follows version and Connection") {
  CHECK(read("GET / HTTP/1.1\r\nHost: h\r\n\r\n").keep_alive);
  CHECK_FALSE(read("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n").keep_alive);
  CHECK_FALSE(read("GET / HTTP/1.0\r\n\r\n").keep_alive);
  CHECK(read("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

TEST_CASE("one blank line before a request is overlooked") {
  CHECK(read("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n").request);
  CHECK(read("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 1).request);
  CHECK(refusal("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
  CHECK(refusal("\rGET / HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
}

TEST_CASE("what is no HTTP/1.1 is refused") {
  for (std::string_view bytes :
       {"hello\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET /\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", "GET / HTTP/1.1\r\nHost h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : h\r\n\r\n", "GET / HTTP/1.1\r\n: h\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03"}) {
    CAPTURE(bytes);
    CHECK(refusal(bytes) == 400);
  }
}

TEST_CASE("a request whose end can be read in two ways is refused") {
  std::string chunk = "1\r\na\r\n0\r\n\r\n";
  for (std::string headers : {
           "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
           "Content-Length: 5\r\nContent-Length: 6\r\n",
           "Content-Length: 5\r\nContent-Length: 5\r\n",
           "Content-Length: 5, 5\r\n",
           "Content-Length: +5\r\n",
           "Content-Length: -1\r\n",
           "Content-Length: 0x5\r\n",
           "Content-Length: 5 5\r\n",
           "Content-Length: \r\n",
           "Content-Length: 99999999999999999999\r\n",
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked, chunked\r\n",
           "Transfer-Encoding: chunked, identity\r\n",
           "Transfer-Encoding: identity, chunked\r\n",
           "Transfer-Encoding: gzip\r\n",
           "Transfer-Encoding: xchunked\r\n",
           "Transfer-Encoding: \"chunked\"\r\n",
           "Transfer-Encoding: \r\n",
           "Transfer-Encoding : chunked\r\n",
           "Transfer-Encoding: identity\r\nContent-Length: 5\r\n",
           "Content-Length: 5\r\nTransfer-Encoding: identity\r\n",
       }) {
    CAPTURE(headers);
    CHECK(refusal(with_headers(headers, chunk)) == 400);
  }
  CHECK(refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk) == 400);
}

TEST_CASE("a folded line belongs to the header above it and is none itself") {
  Outcome outcome =
      read(with_headers("X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "ab"));
  REQUIRE(outcome.request);
  CHECK(outcome.request->header("X") == "y Transfer-Encoding: chunked");
  CHECK(outcome.request->body == "ab");
}

TEST_CASE("broken chunks are refused") {
  for (std::string_view chunks :
       {"x\r\n", "1\r\nab\r\n0\r\n\r\n", "-1\r\na\r\n0\r\n\r\n", "0x1\r\na\r\n0\r\n\r\n",
        " 1\r\na\r\n0\r\n\r\n", "fffffffffffffffff\r\na\r\n0\r\n\r\n", "1 \r\na\r\n0\r\n\r\n"}) {
    CAPTURE(chunks);
    int status = refusal(with_headers("Transfer-Encoding: chunked\r\n", chunks));
    CHECK(status == 400);
  }
}

TEST_CASE("a line ends with both its characters, or the request never does") {
  CHECK(read("GET / HTTP/1.1\nHost: h\n\n").refused == 400);
  CHECK_FALSE(read("GET / HTTP/1.1\nHost: h\n\n", 1).request);
  CHECK_FALSE(read(with_headers("Transfer-Encoding: chunked\r\n", "1\na\n0\n\n")).request);
  CHECK_FALSE(read(with_headers("Transfer-Encoding: chunked\r\n", "1\na\n0\n\n"), 1).request);
}

TEST_CASE("limits hold, also for what comes in small pieces") {
  RequestLimits limits{.body_bytes_max = 10, .header_bytes_max = 200};
  std::string long_line = "GET /" + std::string(300, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n";
  std::string long_header = with_headers("X: " + std::string(300, 'x') + "\r\n");
  std::string many_headers;
  for (int i = 0; i < 60; i++) many_headers += "X: y\r\n";
  std::string body = with_headers("Content-Length: 11\r\n", "01234567890");
  std::string chunks =
      with_headers("Transfer-Encoding: chunked\r\n", "6\r\n012345\r\n5\r\n01234\r\n0\r\n\r\n");
  std::string extension = with_headers("Transfer-Encoding: chunked\r\n",
                                       "1;x=" + std::string(300, 'x') + "\r\na\r\n0\r\n\r\n");
  std::string trailers = with_headers("Transfer-Encoding: chunked\r\n", "0\r\n" + many_headers);
  for (std::size_t piece : {1, 10, 199, 100000}) {
    CAPTURE(piece);
    CHECK(read(long_line, piece, limits).refused == 431);
    CHECK(read(long_header, piece, limits).refused == 431);
    CHECK(read(with_headers(many_headers), piece, limits).refused == 431);
    CHECK(read(body, piece, limits).refused == 413);
    CHECK(read(chunks, piece, limits).refused == 413);
    // These are held back only by what the server's buffer can take, which pieces stand for here.
    if (piece < 100) CHECK(read(extension, piece, limits).refused == 400);
    if (piece < 100) CHECK(read(trailers, piece, limits).refused == 400);
  }
  CHECK(read(with_headers("Content-Length: 10\r\n", "0123456789"), 1, limits).request);
}

}  // namespace piggy::http
