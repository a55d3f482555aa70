// How a server ends: what was begun is finished, what is idle is closed, and nothing that outlives
// it can hurt.

#include <doctest/doctest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <optional>
#include <thread>

#include "http/raw_client_test.h"
#include "http/server.h"

namespace piggy::http {

using namespace std::chrono_literals;

TEST_CASE("stopping answers what was asked and closes what is idle") {
  std::latch asked(1);
  std::optional<Responder> waiting;
  auto server = serve([&](Request request, Responder responder) {
    if (request.path == "/now") return responder.respond({.body = "now"});
    waiting = std::move(responder);
    asked.count_down();
  });
  RawClient idle(server->port());
  idle.get("/now");
  idle.read_answer();
  RawClient silent(server->port());
  RawClient busy(server->port());
  busy.get("/later");
  asked.wait();
  while (server->connections() < 3) std::this_thread::yield();

  std::thread stopper([&] { server->stop(30s); });
  CHECK(idle.at_end());
  CHECK(silent.at_end());
  while (RawClient(server->port()).connected) std::this_thread::yield();
  while (server->connections() > 1) std::this_thread::yield();

  waiting->respond({.body = "done"});
  std::string answer = busy.read_answer();
  CHECK(answer.contains("Connection: close\r\n"));
  CHECK(answer.ends_with("done"));
  CHECK(busy.at_end());
  stopper.join();
  CHECK(server->connections() == 0);
}

TEST_CASE("stopping takes in a request that has begun to arrive") {
  auto server = serve(
      [](Request request, Responder responder) { responder.respond({.body = request.body}); });
  RawClient client(server->port());
  // When "100 Continue" is back, the server is in the midst of this request.
  client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  client.read_until("\r\n\r\n");
  std::thread stopper([&] { server->stop(30s); });
  while (RawClient(server->port()).connected) std::this_thread::yield();
  client.send("hi");
  CHECK(client.read_answer().ends_with("hi"));
  CHECK(client.at_end());
  stopper.join();
}

TEST_CASE("no request that was sent before the stop goes unanswered") {
  for (int round = 0; round < 50; round++) {
    auto server = serve([](Request, Responder responder) { responder.respond({.body = "yes"}); });
    RawClient client(server->port());
    client.get("/");
    client.read_answer();
    client.get("/");
    server->stop(10s);
    CHECK(client.read_answer().ends_with("yes"));
    CHECK(client.at_end());
  }
}

TEST_CASE("stopping ends event streams in order") {
  std::shared_ptr<EventStream> stream;
  std::atomic<int> ended = 0;
  std::latch open(1);
  auto server = serve([&](Request, Responder responder) {
    stream = responder.stream();
    stream->on_end([&] { ended++; });
    open.count_down();
  });
  RawClient client(server->port());
  client.get("/");
  open.wait();
  stream->send("last");
  server->stop(10s);
  CHECK(ended == 1);
  CHECK(client.read_to_end().ends_with("data: last\n\n\r\n0\r\n\r\n"));
  stream->send("too late");
}

TEST_CASE("stopping gives up when time is up, and destroying the server closes what is left") {
  std::latch asked(1);
  std::optional<Responder> waiting;
  std::atomic<int> ended = 0;
  auto server = serve([&](Request, Responder responder) {
    waiting = std::move(responder);
    asked.count_down();
  });
  RawClient client(server->port());
  client.get("/");
  asked.wait();
  server->stop(0s);
  CHECK(server->connections() == 1);
  server.reset();
  CHECK(client.read_to_end() == "");
  SUBCASE("an answer that comes after all that goes nowhere") { waiting->respond({}); }
  SUBCASE("nor does a stream") {
    auto stream = waiting->stream();
    stream->on_end([&] { ended++; });
    stream->send("hello?");
    stream->close();
    CHECK(ended == 1);
  }
  SUBCASE("nor does none at all") { waiting.reset(); }
}

TEST_CASE("a server may be destroyed while other threads answer") {
  for (int round = 0; round < 20; round++) {
    std::mutex mutex;
    std::vector<Responder> waiting;
    std::atomic<bool> done = false;
    std::atomic<int> asked = 0;
    auto server = serve([&](Request, Responder responder) {
      std::lock_guard lock(mutex);
      waiting.push_back(std::move(responder));
      asked++;
    });
    std::thread answerer([&] {
      while (!done) {
        std::vector<Responder> taken;
        {
          std::lock_guard lock(mutex);
          taken.swap(waiting);
        }
        for (Responder& responder : taken) {
          if (asked % 3 == 0) {
            responder.stream()->send("x");
          } else {
            responder.respond({.body = "x"});
          }
        }
      }
    });
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 10; i++) {
      clients.push_back(std::make_unique<RawClient>(server->port()));
      for (int k = 0; k < 20; k++) clients.back()->get("/");
    }
    while (asked < 10) std::this_thread::yield();
    server.reset();
    done = true;
    answerer.join();
  }
}

TEST_CASE("a server that is stopped twice, or never served, ends in peace") {
  auto server = serve([](Request, Responder responder) { responder.respond({}); });
  server->stop(1s);
  server->stop(1s);
}

}  // namespace piggy::http
