#include "door/router.h"

#include <fmt/format.h>

#include "http/form.h"

namespace piggy {
namespace {

http::Method method_of(Verb verb) {
  switch (verb) {
    case Verb::get:
      return http::Method::get;
    case Verb::post:
      return http::Method::post;
    case Verb::put:
      return http::Method::put;
    case Verb::del:
      return http::Method::del;
  }
  return http::Method::other;
}

// Takes the next segment off a path, without slashes.
std::string_view next_segment(std::string_view& rest) {
  while (rest.starts_with('/')) rest.remove_prefix(1);
  std::string_view segment = rest.substr(0, rest.find('/'));
  rest.remove_prefix(segment.size());
  return segment;
}

}  // namespace

Router::Router(const Catalogue& catalogue) {
  for (const auto& operation : catalogue.all()) {
    const OperationInfo& info = operation->info;
    http::Method method = method_of(info.verb);
    for (std::string_view path : {info.path, info.path_alias}) {
      if (path.empty()) continue;
      add(method, prefix_of(info.surface), path, {operation.get(), info.surface});
      if (info.surface != Surface::v3) continue;
      // What a client makes of the base address ending in /v3 (section 16.2), and what the vendor's
      // own PHP client pings (section 10.0).
      add(method, "/v3/oauth/clients", path, {operation.get(), Surface::v3});
      if (path == "/") add(method, "/api/v2/oauth/clients", path, {operation.get(), Surface::v3});
      if (!info.on_register) continue;
      std::string_view on_register = prefix_of(Surface::register_);
      add(method, on_register, path, {operation.get(), Surface::register_});
      if (info.get_on_register) {
        add(http::Method::get, on_register, path, {operation.get(), Surface::register_});
      }
    }
  }
}

void Router::add(http::Method method, std::string_view prefix, std::string_view path, Route route) {
  Node* node = &root_;
  std::vector<std::string_view> names;
  for (std::string_view part : {prefix, path}) {
    for (std::string_view rest = part; !rest.empty();) {
      std::string_view segment = next_segment(rest);
      if (segment.empty()) continue;
      bool parameter = segment.starts_with('{');
      if (parameter) names.push_back(segment.substr(1, segment.size() - 2));
      auto& next = parameter ? node->parameter : node->words[std::string(segment)];
      if (!next) next = std::make_unique<Node>();
      node = next.get();
    }
  }
  for (const auto& [other, taken] : node->routes) {
    if (other != method) continue;
    fmt::print(stderr, "piggy: {} and {} share a route\n", taken.operation->info.name,
               route.operation->info.name);
    ASSERT(other != method);
  }
  node->routes.emplace_back(method, route);
  node->names.emplace_back(method, std::move(names));
}

Match Router::match(http::Method method, std::string_view path) const {
  Match match;
  std::vector<std::string_view> values;
  if (method == http::Method::head) method = http::Method::get;
  const Node* node = find(root_, path, values);
  if (!node) return match;
  for (std::size_t i = 0; i < node->routes.size(); i++) {
    if (node->routes[i].first != method) {
      match.allowed.push_back(node->routes[i].first);
      continue;
    }
    match.route = &node->routes[i].second;
    const auto& names = node->names[i].second;
    for (std::size_t k = 0; k < names.size(); k++) {
      auto value = http::percent_decode(values[k], false);
      match.parameters.emplace_back(names[k], value.value_or(std::string(values[k])));
    }
  }
  return match;
}

const Router::Node* Router::find(const Node& node, std::string_view rest,
                                 std::vector<std::string_view>& values) const {
  std::string_view segment = next_segment(rest);
  if (segment.empty()) return node.routes.empty() ? nullptr : &node;
  auto word = node.words.find(segment);
  if (word != node.words.end()) {
    if (const Node* found = find(*word->second, rest, values)) return found;
  }
  if (!node.parameter) return nullptr;
  values.push_back(segment);
  if (const Node* found = find(*node.parameter, rest, values)) return found;
  values.pop_back();
  return nullptr;
}

}  // namespace piggy
