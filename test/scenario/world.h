#pragma once

// A whole engine that a story happens in, reached through one door. A door is here what a client
// would send and read: whole requests against the doors' handlers, without sockets. The way
// `remote` is the whole road between two Piggys instead: a connection, over a socket, to a server.

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "app/engine.h"
#include "base/time.h"
#include "database/test_database.h"
#include "door/rest.h"
#include "door/toolbox.h"
#include "http/server.h"
#include "mcp/server.h"
#include "remote/client.h"
#include "shape/value.h"

namespace piggy {

enum class Way { rest_json, rest_form, mcp, command, remote };
inline constexpr std::string_view way_names[] = {"REST JSON", "REST forms", "MCP", "command",
                                                 "another Piggy"};

// What came back, whatever the door: the Output as a value, or the refusal.
struct Heard {
  bool fine = false;
  Value answer = {};
  std::int64_t number = 0;
  std::string text = {};  // Everything the caller could read.
  Value effects = {};
};

class World {
 public:
  explicit World(Way way);
  ~World();

  void tenant(const std::string& name);
  Heard call(const std::string& name, Value input, const std::string& key, bool dry_run);
  // A request of MCP revision 2026-07-28 and what came back: `result` or `error` among its members.
  Value by_mcp(std::string_view method, Value params, std::string_view name);

  // All rows of the account, as `piggy export` writes them.
  std::string rows();

  void jobs();
  void wait(std::int64_t seconds);
  void restart();

 private:
  void open();
  void close();
  http::Response send(http::Request request);
  Heard by_rest(const Operation& operation, Value input, const std::string& key, bool dry_run);
  Heard by_mcp(const Operation& operation, Value input, const std::string& key, bool dry_run);
  Heard by_name(const Operation& operation, const Value& input, const std::string& key,
                bool dry_run);
  Heard by_remote(const Operation& operation, const Value& input, const std::string& key,
                  bool dry_run);
  RemotePiggy& connection();

  Way way_;
  TestDatabase database_;
  ManualClock clock_;
  std::filesystem::path directory_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Rest> rest_;
  std::unique_ptr<Toolbox> toolbox_;
  std::unique_ptr<mcp::Server> mcp_;
  std::unique_ptr<http::Server> server_;
  Breakers breakers_;
  std::map<std::string, std::unique_ptr<RemotePiggy>> connections_;  // By tenant.
  struct Tokens {
    std::string client;
    std::string mcp;
  };
  std::map<std::string, Tokens> tokens_;
  std::string tenant_;
};

}  // namespace piggy
