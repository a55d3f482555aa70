// How the server defends itself: against too much, too slow and too many.

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "http/raw_client_test.h"
#include "http/server.h"

namespace piggy::http {

using namespace std::chrono_literals;

TEST_CASE("too long bodies and headers, and what is no HTTP, are refused with a JSON error") {
  auto server = serve(echo, {.body_bytes_max = 1000, .header_bytes_max = 2000});
  struct Case {
    std::string bytes;
    std::string start;
    std::string body;
  };
  std::string long_body(3'000'000, 'x');
  for (
      const Case& c :
      {Case{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n" + long_body,
            "HTTP/1.1 413 ",
            R"({"message":"The body is longer than 1000 bytes.","code":413,"status_code":413})"},
       Case{
           "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2dc6c0\r\n" + long_body,
           "HTTP/1.1 413 ", ""},
       Case{
           "GET / HTTP/1.1\r\nHost: h\r\nX: " + long_body, "HTTP/1.1 431 ",
           R"({"message":"The headers are longer than 2000 bytes.","code":431,"status_code":431})"},
       Case{"GET /" + long_body, "HTTP/1.1 431 ", ""},
       Case{"nonsense\r\n\r\n" + long_body, "HTTP/1.1 400 ", ""},
       Case{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;" + long_body,
            "HTTP/1.1 400 ", ""},
       Case{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
            "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n",
            "HTTP/1.1 400 ", ""}}) {
    CAPTURE(c.bytes.substr(0, 60));
    RawClient client(server->port());
    client.send(c.bytes);
    std::string answer = client.read_answer();
    CHECK(answer.starts_with(c.start));
    CHECK(answer.contains("Connection: close\r\n"));
    CHECK(body_of(answer).starts_with("{\"message\":"));
    if (!c.body.empty()) CHECK(body_of(answer) == c.body);
    CHECK(client.read_to_end() == "");
  }
}

TEST_CASE("a request that arrives too slowly is refused, a silent connection is closed") {
  auto server = serve(echo, {.receive_timeout = 1s, .idle_timeout = 1s});
  RawClient slow(server->port());
  slow.send("GET / HTTP/1.1\r\nHo");
  RawClient slow_body(server->port());
  slow_body.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
  RawClient silent(server->port());
  RawClient answered(server->port());
  answered.get("/");
  CHECK(body_of(answered.read_answer()) == "/ ");
  for (RawClient* client : {&slow, &slow_body}) {
    std::string answer = client->read_answer();
    CHECK(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"));
    CHECK(body_of(answer) == R"({"message":"The request took too long to arrive.",)"
                             R"("code":408,"status_code":408})");
    CHECK(client->at_end());
  }
  CHECK(silent.at_end());
  CHECK(answered.at_end());
}

TEST_CASE("a client that drips its request is not given more time for it") {
  auto server = serve(echo, {.receive_timeout = 1s});
  RawClient client(server->port());
  std::atomic<bool> done = false;
  std::thread dripper([&] {
    client.send("GET / HTTP/1.1\r\nHost: h\r\n");
    while (!done) {
      client.send("X: y\r\n");
      std::this_thread::sleep_for(50ms);  // The pace of the client, nothing is waited for.
    }
  });
  CHECK(client.read_answer().starts_with("HTTP/1.1 408 "));
  done = true;
  dripper.join();
}

TEST_CASE("a client that does not read its answer is given up") {
  auto server =
      serve([](Request,
               Responder responder) { responder.respond({.body = std::string(50'000'000, 'x')}); },
            {.idle_timeout = 1s});
  RawClient client(server->port());
  client.get("/");
  while (server->connections() == 0) std::this_thread::yield();
  while (server->connections() > 0) std::this_thread::yield();
}

TEST_CASE("one connection too many is told so") {
  auto server = serve(echo, {.connections_max = 2});
  RawClient first(server->port());
  RawClient second(server->port());
  for (RawClient* client : {&first, &second}) {
    client->get("/");
    CHECK(client->read_answer().starts_with("HTTP/1.1 200 "));
  }
  {
    RawClient third(server->port());
    third.get("/");
    std::string answer = third.read_answer();
    CHECK(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
    CHECK(answer.contains("Retry-After: 1\r\n"));
    CHECK(answer.contains("Connection: close\r\n"));
    CHECK(body_of(answer).contains(R"("code":503,"status_code":503})"));
    CHECK(third.read_to_end() == "");
  }
  first.close();
  while (server->connections() > 1) std::this_thread::yield();
  RawClient fourth(server->port());
  fourth.get("/");
  CHECK(fourth.read_answer().starts_with("HTTP/1.1 200 "));
}

}  // namespace piggy::http
