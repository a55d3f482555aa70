#pragma once

// Names with PHP's brackets, gathered into a Value: `a[b][]` is the next element of the list b in
// a. Shared by the two encodings of forms.

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "shape/value.h"

namespace piggy::http {

constexpr std::size_t form_names_max = 1000;
constexpr std::size_t form_depth_max = 16;

class FormTree {
 public:
  // Refuses text that is not UTF-8, too many names and too deep ones. An empty name is skipped.
  Result<> add(std::string_view name, std::string value);
  Value take();

 private:
  // All nodes stand in one list and are found by parent and name in one map: ordered, for a hash
  // that a form can be made to collide with would let a few kilobytes keep us busy for seconds.
  struct Node {
    std::string name = {};
    std::string text = {};
    bool is_text = false;
    std::int64_t next_index = 0;  // The number that `[]` stands for.
    std::vector<std::size_t> children = {};
  };
  struct Key {
    std::size_t parent = 0;
    std::string name = {};
    auto operator<=>(const Key&) const = default;
  };

  std::size_t child_of(std::size_t parent, std::string_view name);
  Value value_of(std::size_t node, bool may_be_list);

  std::vector<Node> nodes_ = std::vector<Node>(1);  // The first is the root.
  std::map<Key, std::size_t> places_ = {};          // Index into the parent's children.
  std::size_t names_ = 0;
};

}  // namespace piggy::http
