#pragma once

// Letters (code points) of UTF-8 that was checked where it came in.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace piggy {

// Whether a letter begins with this byte, rather than goes on with it.
constexpr bool begins_letter(char byte) { return (byte & 0xC0) != 0x80; }

constexpr std::size_t letters_in(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, begins_letter));
}

// As many whole letters from its beginning as fit into so many bytes. Borrowed. Of bytes that are
// no UTF-8 at most three fewer, so that whoever takes off piece by piece comes to an end.
constexpr std::string_view beginning_of(std::string_view utf8, std::size_t bytes_max) {
  if (utf8.size() <= bytes_max) return utf8;
  std::size_t size = bytes_max;
  std::size_t least = bytes_max - std::min<std::size_t>(bytes_max, 3);
  while (size > least && !begins_letter(utf8[size])) size--;
  return utf8.substr(0, size);
}

// The same for a person to read: what was cut ends in "…", which comes on top of those bytes.
inline std::string shortened(std::string_view utf8, std::size_t bytes_max) {
  std::string text(beginning_of(utf8, bytes_max));
  if (text.size() < utf8.size()) text += "…";
  return text;
}

// The same of what others said, on one line: a space for each control character.
inline std::string on_one_line(std::string_view utf8, std::size_t bytes_max) {
  std::string text = shortened(utf8, bytes_max);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = ' ';
  }
  return text;
}

}  // namespace piggy
