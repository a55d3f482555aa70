#pragma once

// For tests: the scripted model server (test/model/scripted_server.py) as a child process.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>

#include "http/client.h"
#include "shape/json.h"

namespace piggy::model {

class ScriptedServer {
 public:
  // The turns as JSON, see the server's own description.
  explicit ScriptedServer(std::string_view turns = "[]", bool obedient = false) {
    start(obedient);
    play(turns);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ~ScriptedServer() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  void play(std::string_view turns) {
    std::string script = "{\"turns\":" + std::string(turns) + "}";
    auto answer = http::request({.port = port_}, http::Method::post, "/_script", {}, script);
    REQUIRE(answer);
    REQUIRE(answer->status == 200);
  }

  // What it was asked since: a list of {path, headers, body}.
  Value requests() const {
    auto answer = http::request({.port = port_}, http::Method::get, "/_requests");
    REQUIRE(answer);
    auto value = parse_json(answer->body);
    REQUIRE(value);
    return *std::move(value);
  }
  std::size_t request_count() const { return requests().items()->size(); }

 private:
  void start(bool obedient) {
    std::array<int, 2> ends{};
    REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::string program = "/usr/bin/python3";
    std::string script = PIGGY_ROOT "/test/model/scripted_server.py";
    std::string option = "--obedient";
    char* arguments[] = {program.data(), script.data(), obedient ? option.data() : nullptr,
                         nullptr};
    int problem = posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    REQUIRE(problem == 0);
    std::string line;
    for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
    close(ends[0]);
    REQUIRE(!line.empty());
    port_ = static_cast<std::uint16_t>(std::stoi(line));
  }

  pid_t process_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace piggy::model
