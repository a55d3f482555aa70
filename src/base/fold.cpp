#include "base/fold.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <utility>

#include "base/lower_case.h"

namespace piggy {
namespace {

struct Free {
  void operator()(utf8proc_uint8_t* text) const { std::free(text); }  // As utf8proc asks for.
};

bool is_of_a_word(utf8proc_int32_t point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string folded(std::string_view text) {
  utf8proc_uint8_t* out = nullptr;
  auto options =
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE |
                                     UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE);
  auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                           static_cast<utf8proc_ssize_t>(text.size()), &out, options);
  std::unique_ptr<utf8proc_uint8_t, Free> owned(out);
  if (size < 0) return lower_case(text);
  return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(size)};
}

std::vector<std::string> folded_words(std::string_view text) {
  std::string all = folded(text);
  std::vector<std::string> words;
  std::string word;
  auto end_word = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  auto* at = reinterpret_cast<const utf8proc_uint8_t*>(all.data());
  auto left = static_cast<utf8proc_ssize_t>(all.size());
  while (left > 0) {
    utf8proc_int32_t point = -1;
    auto length = utf8proc_iterate(at, left, &point);
    if (length <= 0) {  // Not UTF-8.
      length = 1;
      point = -1;
    }
    if (point >= 0 && is_of_a_word(point)) {
      word.append(reinterpret_cast<const char*>(at), static_cast<std::size_t>(length));
    } else {
      end_word();
    }
    at += length;
    left -= length;
  }
  end_word();
  return words;
}

}  // namespace piggy
