#pragma once

// Lower case for what is compared without regard to case: addresses (piggy-api-v3, section 10.1.9),
// hosts, names of headers, words.

#include <algorithm>
#include <string>
#include <string_view>

namespace piggy {

// ASCII alone: what lies beyond it differs by language, and mail servers compare it as it stands.
inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

}  // namespace piggy
