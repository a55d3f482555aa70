#pragma once

#include <string_view>

namespace piggy {

// Without white space around it, as PHP's trim() has it: any other control character at an end is
// part of the text. Borrowed.
inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view spaces = " \t\n\r\v";
  std::size_t begin = text.find_first_not_of(spaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(spaces) + 1 - begin);
}

}  // namespace piggy
