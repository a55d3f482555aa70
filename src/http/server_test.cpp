#include "http/server.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "http/raw_client_test.h"

namespace piggy::http {

namespace {

using namespace std::chrono_literals;

// A folder that is gone after the test.
struct Folder {
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "piggy-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string path;
};

}  // namespace

TEST_CASE("a connection serves one request after the other") {
  auto server = serve(echo);
  RawClient client(server->port());
  for (int i = 0; i < 3; i++) {
    client.get("/" + std::to_string(i));
    CHECK(client.read_answer() ==
          "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
          "Content-Length: 3\r\n\r\n/" +
              std::to_string(i) + " ");
  }
  CHECK(server->connections() == 1);
}

TEST_CASE("a response may be made when it is sent, on a thread of the server") {
  std::jthread answering;
  std::atomic<std::thread::id> handled;
  std::atomic<std::thread::id> made;
  auto server = serve([&](Request, Responder responder) {
    handled = std::this_thread::get_id();
    answering = std::jthread([&, responder = std::move(responder)]() mutable {
      responder.respond_by([&] {
        made = std::this_thread::get_id();
        return Response{.body = "made", .fixed_headers = "X-One: 1\r\nX-Two: 2\r\n"};
      });
    });
  });
  RawClient client(server->port());
  client.get("/");
  std::string answer = client.read_answer();
  CHECK(answer.find("\r\nX-One: 1\r\nX-Two: 2\r\n") != answer.npos);
  CHECK(body_of(answer) == "made");
  CHECK(made.load() == handled.load());
}

TEST_CASE("a handler sees all of the request") {
  auto server = serve([](Request request, Responder responder) {
    CHECK(request.method == Method::patch);
    CHECK(request.query == "q=1");
    CHECK(request.header("x-a") == "b");
    CHECK(request.peer == "127.0.0.1");
    CHECK_FALSE(request.local);
    CHECK(request.thread < 2);
    responder.respond({.body = request.body});
  });
  RawClient client(server->port());
  client.send("PATCH /p?q=1 HTTP/1.1\r\nHost: h\r\nX-A: b\r\nContent-Length: 3\r\n\r\nabc");
  CHECK(body_of(client.read_answer()) == "abc");
}

TEST_CASE("pipelined requests are answered in their order, though some are answered later") {
  std::vector<std::thread> threads;
  auto server = serve(
      [&](Request request, Responder responder) {
        if (request.path != "/later") return echo(std::move(request), std::move(responder));
        threads.emplace_back(
            [responder = std::move(responder)] mutable { responder.respond({.body = "later"}); });
      },
      {.threads = 1});
  RawClient client(server->port());
  std::string all;
  for (std::string path : {"/1", "/later", "/2", "/3", "/later", "/4"}) {
    all += "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }
  client.send(all);
  for (std::string body : {"/1 ", "later", "/2 ", "/3 ", "later", "/4 "}) {
    CHECK(body_of(client.read_answer()) == body);
  }
  for (auto& thread : threads) thread.join();
}

TEST_CASE("many pipelined requests in one go are all answered") {
  auto server = serve(echo);
  RawClient client(server->port());
  std::string all;
  for (int i = 0; i < 5000; i++) all += "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";
  std::thread sender([&] { client.send(all); });
  for (int i = 0; i < 5000; i++) {
    if (body_of(client.read_answer()) != "/x ") FAIL("answer " << i << " is missing");
  }
  sender.join();
}

TEST_CASE("answers come from other threads while others come at once") {
  std::mutex mutex;
  std::condition_variable filled;
  std::vector<Responder> waiting;
  bool done = false;
  auto server = serve([&](Request, Responder responder) {
    std::lock_guard lock(mutex);
    waiting.push_back(std::move(responder));
    filled.notify_one();
  });
  std::thread answerer([&] {
    std::unique_lock lock(mutex);
    while (!done) {
      filled.wait(lock, [&] { return done || !waiting.empty(); });
      for (Responder& responder : waiting) responder.respond({.body = "later"});
      waiting.clear();
    }
  });
  std::vector<std::thread> askers;
  std::atomic<int> good = 0;
  for (int i = 0; i < 8; i++) {
    askers.emplace_back([&] {
      RawClient client(server->port());
      for (int k = 0; k < 100; k++) {
        client.get("/");
        good += body_of(client.read_answer()) == "later";
      }
    });
  }
  for (auto& asker : askers) asker.join();
  CHECK(good == 800);
  {
    std::lock_guard lock(mutex);
    done = true;
  }
  filled.notify_one();
  answerer.join();
}

TEST_CASE("an answer larger than every buffer arrives whole, however slowly it is read") {
  std::string large(20'000'000, 'x');
  auto server = serve([&](Request, Responder responder) { responder.respond({.body = large}); });
  RawClient client(server->port());
  client.get("/");
  client.get("/");
  CHECK(body_of(client.read_answer()) == large);
  CHECK(body_of(client.read_answer()) == large);
}

TEST_CASE(
    "a responder that is dropped or overwritten answers 500, and so does a handler that throws") {
  auto server = serve([](Request request, Responder responder) {
    if (request.path == "/throw") throw std::runtime_error("for the test");
    if (request.path == "/overwrite") {
      auto other = std::make_unique<Responder>(nullptr);
      responder = std::move(*other);
    }
  });
  RawClient client(server->port());
  for (std::string_view path : {"/drop", "/throw", "/overwrite"}) {
    client.get(path);
    std::string answer = client.read_answer();
    CHECK(answer.starts_with("HTTP/1.1 500 Internal Server Error\r\n"));
    CHECK(body_of(answer) ==
          R"({"message":"The request was not answered.","code":500,"status_code":500})");
  }
}

TEST_CASE("HEAD gets a head and no body") {
  auto server = serve(echo);
  RawClient client(server->port());
  client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(client.read_until("\r\n\r\n").ends_with("Content-Length: 3\r\n\r\n"));
  client.get("/b");
  CHECK(body_of(client.read_answer()) == "/b ");
}

TEST_CASE("HTTP/1.0 closes unless asked not to") {
  auto server = serve(echo);
  RawClient client(server->port());
  client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(client.read_answer().contains("Connection: keep-alive\r\n"));
  client.send("GET /b HTTP/1.0\r\n\r\n");
  CHECK(client.read_answer().contains("Connection: close\r\n"));
  CHECK(client.at_end());
}

TEST_CASE("a client that holds its body back is told to continue") {
  auto server = serve(echo);
  RawClient client(server->port());
  client.send("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  CHECK(client.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hi");
  CHECK(body_of(client.read_answer()) == "/a hi");
  // Not told, if it did not wait.
  client.send("POST /b HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nho");
  CHECK(body_of(client.read_answer()) == "/b ho");
  // Refused instead, if the body would be too long.
  client.send(
      "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n");
  CHECK(client.read_answer().starts_with("HTTP/1.1 413 "));
}

TEST_CASE("a client that sends no more still gets its answer") {
  std::thread later;
  auto server = serve([&](Request, Responder responder) {
    later = std::thread(
        [responder = std::move(responder)] mutable { responder.respond({.body = "late"}); });
  });
  RawClient client(server->port());
  client.get("/");
  client.finish_sending();
  CHECK(body_of(client.read_answer()) == "late");
  CHECK(client.at_end());
  later.join();
}

TEST_CASE("clients that vanish leave nothing behind") {
  std::mutex mutex;
  std::vector<Responder> waiting;
  std::atomic<int> asked = 0;
  auto server = serve([&](Request, Responder responder) {
    std::lock_guard lock(mutex);
    waiting.push_back(std::move(responder));
    asked++;
  });
  {
    RawClient silent(server->port());
    RawClient partial(server->port());
    partial.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
    RawClient gone(server->port());
    gone.get("/");
    RawClient reset(server->port());
    reset.get("/");
    while (asked < 2) std::this_thread::yield();
    reset.reset();
  }
  {
    std::lock_guard lock(mutex);
    for (Responder& responder : waiting) responder.respond({.body = std::string(100'000, 'x')});
  }
  while (server->connections() > 0) std::this_thread::yield();
}

TEST_CASE("the local socket is for its owner alone, and marks what comes through it") {
  Folder folder;
  std::string path = folder.path + "/piggy.sock";
  auto handler = [](Request request, Responder responder) {
    responder.respond({.body = (request.local ? "local " : "remote ") + request.peer});
  };
  auto server = serve(handler, {.local_socket = path});
  struct stat status = {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);

  RawClient local(path);
  local.get("/");
  CHECK(body_of(local.read_answer()) == "local local");
  RawClient remote(server->port());
  remote.get("/");
  CHECK(body_of(remote.read_answer()) == "remote 127.0.0.1");

  SUBCASE("it is not taken from a server that is there") {
    CHECK_FALSE(Server::start({.local_socket = path}, handler));
    RawClient again(path);
    CHECK(again.connected);
  }
  SUBCASE("it is gone when the server stops") {
    server->stop(1s);
    CHECK_FALSE(std::filesystem::exists(path));
  }
}

TEST_CASE("a local socket that a dead program left is replaced, another file is not") {
  Folder folder;
  std::string path = folder.path + "/piggy.sock";
  {
    int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = {}};
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    REQUIRE(::bind(left, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    ::close(left);
  }
  {
    auto server = serve(echo, {.local_socket = path});
    RawClient client(path);
    client.get("/");
    CHECK(body_of(client.read_answer()) == "/ ");
  }
  CHECK_FALSE(std::filesystem::exists(path));

  std::ofstream(path) << "precious";
  CHECK_FALSE(Server::start({.local_socket = path}, echo));
  CHECK(std::filesystem::file_size(path) == 8);
  CHECK_FALSE(Server::start({.local_socket = std::string(200, 'x')}, echo));
}

TEST_CASE("a port that is taken is an error, and so is a host that does not exist") {
  auto server = serve(echo);
  auto second = Server::start({.port = server->port()}, echo);
  REQUIRE_FALSE(second);
  CHECK(second.error().message.contains(std::to_string(server->port())));
  CHECK_FALSE(Server::start({.host = "no such host"}, echo));
}

TEST_CASE("a server can be started again on the port it just left") {
  std::uint16_t port = 0;
  for (int i = 0; i < 3; i++) {
    auto server = serve(echo, {.port = port});
    port = server->port();
    RawClient client(port);
    client.get("/");
    CHECK(client.read_answer().starts_with("HTTP/1.1 200 "));
  }
}

}  // namespace piggy::http
