#include <doctest/doctest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "http/event_stream.h"
#include "http/raw_client_test.h"
#include "http/server.h"

namespace piggy::http {

namespace {

using namespace std::chrono_literals;

// A server whose every answer to /stream is a stream that the test then holds.
struct StreamServer {
  explicit StreamServer(ServerOptions options = {}) {
    auto started = Server::start(options, [this](Request request, Responder responder) {
      if (request.path != "/stream") return responder.respond({.body = "plain"});
      auto opened = responder.stream({.headers = {{"X-Own", "1"}}});
      opened->on_end([this] { ended++; });
      stream = std::move(opened);
      open.count_down();
    });
    REQUIRE(started);
    server = std::move(*started);
  }

  void wait_for_end() {
    while (ended == 0) std::this_thread::yield();
  }

  std::atomic<int> ended = 0;
  std::shared_ptr<EventStream> stream = {};
  std::latch open{1};
  std::unique_ptr<Server> server = {};
};

}  // namespace

TEST_CASE("events arrive as they are sent, and the connection lives on after them") {
  StreamServer test;
  RawClient client(test.server->port());
  client.get("/stream");
  CHECK(client.read_until("\r\n\r\n") ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Own: 1\r\n"
        "Cache-Control: no-cache\r\nX-Accel-Buffering: no\r\nTransfer-Encoding: chunked\r\n\r\n");
  test.open.wait();
  test.stream->send("one", "7", "greeting");
  CHECK(client.read_until("\n\n\r\n") == "21\r\nid: 7\nevent: greeting\ndata: one\n\n\r\n");
  test.stream->send("two\r\nlines\n");
  CHECK(client.read_until("\n\n\r\n") == "1e\r\ndata: two\ndata: lines\ndata: \n\n\r\n");
  test.stream->send("", "a\nb", "c\rd");
  CHECK(client.read_until("\n\n\r\n") == "19\r\nid: ab\nevent: cd\ndata: \n\n\r\n");
  test.stream->comment("still here\n");
  CHECK(client.read_until("\n\n\r\n") == "e\r\n: still here\n\n\r\n");
  test.stream->retry_after(1500ms);
  test.stream->send("", "8");
  std::string primed = client.read_until("data: \n\n\r\n");
  CHECK(primed.contains("\nretry: 1500\n"));
  CHECK(primed.ends_with("id: 8\ndata: \n\n\r\n"));
  CHECK(test.ended == 0);
  test.stream->close();
  CHECK(client.read_until("0\r\n\r\n") == "0\r\n\r\n");
  test.wait_for_end();
  test.stream->send("too late");

  client.get("/plain");
  CHECK(client.read_answer().ends_with("plain"));
  CHECK(test.ended == 1);
}

TEST_CASE("a request sent during a stream is answered behind it") {
  StreamServer test;
  RawClient client(test.server->port());
  client.get("/stream");
  test.open.wait();
  client.get("/plain");
  test.stream->send("one");
  client.read_until("data: one\n\n\r\n");
  test.stream->close();
  CHECK(client.read_until("0\r\n\r\n") == "0\r\n\r\n");
  CHECK(client.read_answer().ends_with("plain"));
}

TEST_CASE("a client that goes away ends its stream, though nothing is sent") {
  StreamServer test;
  RawClient client(test.server->port());
  client.get("/stream");
  client.read_until("\r\n\r\n");
  test.open.wait();
  SUBCASE("in order") { client.close(); }
  SUBCASE("by a reset") { client.reset(); }
  test.wait_for_end();
  test.stream->send("into the void");
  test.stream->close();
  int late = 0;
  test.stream->on_end([&] { late++; });
  CHECK(late == 1);
  while (test.server->connections() > 0) std::this_thread::yield();
  CHECK(test.ended == 1);
}

TEST_CASE("a stream that nobody holds any more is closed") {
  StreamServer test;
  RawClient client(test.server->port());
  client.get("/stream");
  test.open.wait();
  test.stream.reset();
  CHECK(client.read_until("0\r\n\r\n").ends_with("0\r\n\r\n"));
  test.wait_for_end();
}

TEST_CASE("many threads may send to one stream, and no event is lost or torn") {
  StreamServer test;
  RawClient client(test.server->port());
  client.get("/stream");
  client.read_until("\r\n\r\n");
  test.open.wait();
  constexpr int each = 2000;
  std::vector<std::thread> senders;
  for (int i = 0; i < 4; i++) {
    senders.emplace_back([&] {
      for (int k = 0; k < each; k++) test.stream->send("event");
    });
  }
  int events = 0;
  while (events < 4 * each) {
    std::size_t size = std::stoul(client.read_until("\r\n"), nullptr, 16);
    std::string chunk = client.read_until("\n\r\n");
    REQUIRE(chunk.size() == size + 2);
    for (std::size_t at = 0; at < size; at += 13, events++) {
      if (chunk.substr(at, 13) != "data: event\n\n") FAIL("torn: " << chunk.substr(at, 13));
    }
  }
  for (auto& sender : senders) sender.join();
}

TEST_CASE("a client that does not read its events is cut off, and memory stays bounded") {
  StreamServer test;
  RawClient client(test.server->port());
  client.get("/stream");
  test.open.wait();
  std::string large(100'000, 'x');
  auto start = std::chrono::steady_clock::now();
  while (test.ended == 0) test.stream->send(large);
  // At once, that is, and not only when the idle timeout of 75 seconds is over.
  CHECK(std::chrono::steady_clock::now() - start < 30s);
  CHECK_FALSE(client.read_to_end().ends_with("0\r\n\r\n"));
}

TEST_CASE("a stream to HTTP/1.0 ends with its connection, one to HEAD at once") {
  StreamServer test;
  RawClient client(test.server->port());
  SUBCASE("HTTP/1.0") {
    client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(client.read_until("\r\n\r\n").contains("Connection: close\r\n"));
    test.open.wait();
    test.stream->send("one");
    test.stream->close();
    CHECK(client.read_to_end() == "data: one\n\n");
  }
  SUBCASE("HEAD") {
    client.send("HEAD /stream HTTP/1.1\r\nHost: h\r\n\r\n");
    client.read_until("\r\n\r\n");
    test.wait_for_end();
    client.get("/plain");
    CHECK(client.read_answer().starts_with("HTTP/1.1 200 "));
  }
}

TEST_CASE("a stream may be opened later, from another thread") {
  std::thread later;
  std::atomic<bool> ended = false;
  auto server = *Server::start({}, [&](Request, Responder responder) {
    later = std::thread([&, responder = std::move(responder)] mutable {
      auto stream = responder.stream();
      stream->on_end([&] { ended = true; });
      stream->send("late");
      stream->close();
    });
  });
  RawClient client(server->port());
  client.get("/");
  CHECK(client.read_until("0\r\n\r\n").ends_with("c\r\ndata: late\n\n\r\n0\r\n\r\n"));
  later.join();
  while (!ended) std::this_thread::yield();
}

}  // namespace piggy::http
