#pragma once

// Clients of revision 2026-07-28 that listen for changes (`subscriptions/listen`): a request that
// stays open and is told what it asked for, and nothing else.

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "mcp/exchange.h"
#include "mcp/server.h"

namespace piggy::mcp {

// What a client asked for, as far as we offer it.
struct Filter {
  bool tools = false;
  bool prompts = false;
  bool resources = false;
  std::set<std::string, std::less<>> uris = {};
  std::set<std::string, std::less<>> tasks = {};
};

// Thread-safe.
class Listeners : public std::enable_shared_from_this<Listeners> {
 public:
  // Reads the filter, acknowledges and keeps the exchange; or refuses it.
  void add(const std::shared_ptr<Exchange>& exchange, const Message& message,
           const Options& options, Service& service);

  // Tells those of the principal ("" for all) that `wants` says yes to. `members` are what the
  // notification's params hold beside `_meta`, as JSON text without braces.
  void tell(std::string_view principal_key, std::string_view method, std::string_view members,
            const std::function<bool(const Filter&)>& wants);
  // Server::refresh, of all who listen.
  void refresh(Service& service);
  // Answers all of them.
  void stop();

 private:
  struct Listener {
    std::shared_ptr<Exchange> exchange = {};
    Filter filter = {};
    std::shared_ptr<const ToolList> told = {};  // The tools it was last told of.
  };

  bool keep(Listener listener);

  std::mutex mutex_;
  std::unordered_map<const Exchange*, Listener> listeners_;
};

}  // namespace piggy::mcp
