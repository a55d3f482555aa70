#include "http/client.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "http/server.h"

namespace piggy::http {

namespace {

using namespace std::chrono_literals;

void echo(Request request, Responder responder) {
  responder.respond({.status = request.path == "/missing" ? 404 : 200,
                     .body = request.path + "?" + request.query + " " + request.body + " " +
                             std::string(request.header("X-A")) + (request.local ? " local" : "")});
}

std::unique_ptr<Server> serve(Handler handler, ServerOptions options = {}) {
  auto server = Server::start(std::move(options), std::move(handler));
  REQUIRE(server);
  return std::move(*server);
}

}  // namespace

TEST_CASE("the client sends a request and reads its answer, over one connection") {
  auto server = serve(echo);
  Client client({.port = server->port()});
  for (int i = 0; i < 3; i++) {
    auto answer = client.request(Method::post, "/a?b=c", {{"X-A", "y"}}, "body");
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->body == "/a?b=c body y");
    CHECK(answer->header("content-type") == "application/json");
  }
  CHECK(client.request(Method::get, "/missing")->status == 404);
  CHECK(client.request(Method::head, "/a")->body == "");
  CHECK(client.request(Method::get, "/a")->body == "/a?  ");
  CHECK(server->connections() == 1);
}

TEST_CASE("the client speaks through the local socket") {
  std::string path = (std::filesystem::temp_directory_path() /
                      ("piggy-client-" + std::to_string(::getpid()) + ".sock"))
                         .string();
  auto server = serve(echo, {.local_socket = path});
  auto answer = request({.local_socket = path}, Method::get, "/a");
  REQUIRE(answer);
  CHECK(answer->body == "/a?   local");
}

TEST_CASE("the client reads chunks and large bodies") {
  std::string large(5'000'000, 'x');
  auto server = serve([&](Request request, Responder responder) {
    if (request.path == "/large") return responder.respond({.body = large});
    auto stream = responder.stream();
    stream->send("one");
    stream->send("two");
  });
  Client client({.port = server->port()});
  CHECK(client.request(Method::get, "/large")->body == large);
  CHECK(client.request(Method::get, "/events")->body == "data: one\n\ndata: two\n\n");
}

TEST_CASE("the client hears why its request was refused") {
  auto server = serve(echo);
  Client client({.port = server->port()});
  auto answer = client.request(Method::post, "/", {}, std::string(8'000'000, 'x'));
  REQUIRE_MESSAGE(answer, answer.error().message);
  CHECK(answer->status == 413);
  CHECK(client.request(Method::get, "/a")->status == 200);
}

TEST_CASE("the client connects again when the server has closed the connection") {
  auto server = serve(echo);
  std::uint16_t port = server->port();
  Client client({.port = port});
  CHECK(client.request(Method::post, "/a"));
  server->stop(1s);
  server.reset();
  server = serve(echo, {.port = port});
  auto answer = client.request(Method::post, "/a");
  REQUIRE_MESSAGE(answer, answer.error().message);
  CHECK(answer->status == 200);
}

TEST_CASE("the client does not wait for ever") {
  std::vector<Responder> waiting;
  auto server =
      serve([&](Request, Responder responder) { waiting.push_back(std::move(responder)); },
            {.threads = 1});
  Client client({.port = server->port()}, {.answer_timeout = 100ms});
  auto answer = client.request(Method::get, "/");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::unavailable);
  server.reset();
}

TEST_CASE("the client says when nobody is there") {
  auto server = serve(echo);
  Endpoint gone{.port = server->port()};
  server.reset();
  auto answer = request(gone, Method::get, "/");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().message.contains(std::to_string(gone.port)));
  CHECK_FALSE(request({.local_socket = "/nowhere/piggy.sock"}, Method::get, "/"));
}

}  // namespace piggy::http
