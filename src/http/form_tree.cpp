#include "http/form_tree.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace piggy::http {

namespace {

std::optional<std::int64_t> index_of(std::string_view name);

// `a[b][]` is "a", "b", "". A name whose brackets do not pair up is taken as it stands.
Result<std::vector<std::string_view>> split_name(std::string_view name) {
  std::vector<std::string_view> parts = {name};
  std::size_t open = name.find('[');
  if (open == 0 || open == name.npos) return parts;
  parts[0] = name.substr(0, open);
  while (open < name.size()) {
    std::size_t close = name.find(']', open);
    bool pairs = name[open] == '[' && close != name.npos &&
                 name.substr(open + 1, close - open - 1).find('[') == name.npos;
    if (!pairs) return std::vector<std::string_view>{name};
    if (parts.size() > form_depth_max) {
      return fail(ErrorCode::invalid,
                  fmt::format("The form's names are nested deeper than {}.", form_depth_max));
    }
    parts.push_back(name.substr(open + 1, close - open - 1));
    open = close + 1;
  }
  return parts;
}

}  // namespace

Result<> FormTree::add(std::string_view name, std::string value) {
  if (name.empty()) return {};
  if (++names_ > form_names_max) {
    return fail(ErrorCode::invalid,
                fmt::format("The form has more than {} names.", form_names_max));
  }
  if (!simdjson::validate_utf8(name.data(), name.size()) ||
      !simdjson::validate_utf8(value.data(), value.size())) {
    return fail(ErrorCode::invalid, "The form is not UTF-8.");
  }
  std::size_t node = 0;
  for (std::string_view part : TRY(split_name(name))) node = child_of(node, part);
  // A text in the place of a list or an object replaces all of it, as in PHP.
  nodes_[node].children.clear();
  nodes_[node].next_index = 0;
  nodes_[node].text = std::move(value);
  nodes_[node].is_text = true;
  return {};
}

Value FormTree::take() { return value_of(0, false); }

// The child of that name, made if need be. The parent is no text from now on.
std::size_t FormTree::child_of(std::size_t parent, std::string_view name) {
  // A node that was a text, or became one, starts over; its old children are never seen again,
  // because places are checked against the list of children.
  nodes_[parent].is_text = false;
  std::string key =
      name.empty() && parent != 0 ? std::to_string(nodes_[parent].next_index) : std::string(name);
  auto [place, is_new] = places_.try_emplace(Key{parent, key}, nodes_[parent].children.size());
  if (!is_new) {
    const auto& children = nodes_[parent].children;
    if (place->second < children.size() && nodes_[children[place->second]].name == key) {
      return children[place->second];
    }
    place->second = children.size();
  }
  if (auto index = index_of(key)) {
    nodes_[parent].next_index = std::max(nodes_[parent].next_index, *index + 1);
  }
  nodes_.push_back(Node{.name = std::move(key)});
  nodes_[parent].children.push_back(nodes_.size() - 1);
  return nodes_.size() - 1;
}

// Not deeper than names may be, so recursion is safe.
Value FormTree::value_of(std::size_t index, bool may_be_list) {
  Node& node = nodes_[index];
  if (node.is_text) return Value(std::move(node.text));

  bool is_list = may_be_list && std::ranges::all_of(node.children, [this](std::size_t child) {
                   return index_of(nodes_[child].name).has_value();
                 });
  if (is_list) {
    std::ranges::sort(node.children, {},
                      [this](std::size_t child) { return *index_of(nodes_[child].name); });
    Value::List list;
    for (std::size_t child : node.children) list.push_back(value_of(child, true));
    return Value(std::move(list));
  }
  Value::Object object;
  for (std::size_t child : node.children) {
    Value value = value_of(child, true);
    object.push_back({std::move(nodes_[child].name), std::move(value)});
  }
  return Value(std::move(object));
}

namespace {

// Numbers as PHP counts them: decimal, without leading zeros, and here of at most 18 digits, so
// that there is always a next one. "007" is a name.
std::optional<std::int64_t> index_of(std::string_view name) {
  if (name.empty() || name.size() > 18 || (name[0] == '0' && name.size() > 1)) return {};
  std::int64_t index = 0;
  auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (error != std::errc() || end != name.data() + name.size() || index < 0) return {};
  return index;
}

}  // namespace

}  // namespace piggy::http
