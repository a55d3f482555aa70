#pragma once

// Which operation a method and path mean. Fixed words win over {parameters}, a trailing slash is
// equal to none (piggy-api-v3, section 1).

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "operation/operation.h"

namespace piggy {

struct Route {
  const Operation* operation = nullptr;
  Surface surface = Surface::v3;  // Where it is served; a register sees some of the v3 routes.
  bool by_name = false;  // Answered with the whole Output, not in the wire's envelope of its own.
};

struct Match {
  const Route* route = nullptr;
  // Values of the path's parameters, decoded.
  std::vector<std::pair<std::string_view, std::string>> parameters = {};
  // Other methods the path is known with; for 405.
  std::vector<http::Method> allowed = {};
};

class Router {
 public:
  explicit Router(const Catalogue& catalogue);

  Match match(http::Method method, std::string_view path) const;

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> words;
    std::unique_ptr<Node> parameter;
    // A path can name its parameter differently per method, so the name is with the route.
    std::vector<std::pair<http::Method, Route>> routes;
    std::vector<std::pair<http::Method, std::vector<std::string_view>>> names;
  };

  void add(http::Method method, std::string_view prefix, std::string_view path, Route route);
  const Node* find(const Node& node, std::string_view rest,
                   std::vector<std::string_view>& values) const;

  Node root_;
};

}  // namespace piggy
