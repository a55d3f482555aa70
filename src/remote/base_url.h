#pragma once

// Where another Piggy is.

#include <string>
#include <string_view>

#include "base/error.h"

namespace piggy {

struct BaseUrl {
  std::string host = {};    // With the port where it is not the usual one: what people are shown.
  std::string prefix = {};  // What all addresses begin with: "https://example.com/piggy".
  bool encrypted = true;
};

// Takes https, and http for this machine alone: a key must not cross a network in the clear. A path
// is kept. Refused: a user or password within, a query, a fragment.
Result<BaseUrl> read_base_url(const std::string& text);

}  // namespace piggy
