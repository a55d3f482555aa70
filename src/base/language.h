#pragma once

// The languages that we speak to people ourselves, beside the texts of a shop, and what we say in
// them. A phrase is said in all of them or it does not compile. What programs are told, the errors
// of the API above all, is English.
//
// Each module keeps its phrases in its words.h, and has no text for people elsewhere.

#include <fmt/format.h>

#include <boost/describe/enum.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace piggy {

// Named as in HTML and in headers (BCP 47). English, the first, is for whoever asks for none.
BOOST_DEFINE_ENUM_CLASS(Language, en, nl)

// As HTML's `lang` has it.
constexpr std::string_view tag_of(Language language) {
  return language == Language::nl ? "nl" : "en";
}

// Dutch for "nl", "NL-be" and "nl_NL"; none for what we do not speak.
std::optional<Language> language_of_tag(std::string_view tag);

// Something said with its values in it, for whoever does not know yet in which language.
struct Told {
  std::string en = {};
  std::string nl = {};

  const std::string& in(Language language) const { return language == Language::nl ? nl : en; }
};

// A sentence or a part of one, with as many places {} for values, in the same order in every
// language. A phrase is plain text without markup; where it goes into HTML its values must have
// been escaped, or be markup.
template <std::size_t places = 0>
class Phrase {
 public:
  consteval Phrase(std::string_view en, std::string_view nl) : en_(en), nl_(nl) {
    if (!is_whole(en) || !is_whole(nl)) throw "A language is missing, or has other places.";
  }

  std::string in(Language language, const auto&... values) const {
    static_assert(sizeof...(values) == places);
    return fmt::format(fmt::runtime(language == Language::nl ? nl_ : en_), values...);
  }

  Told told(const auto&... values) const {
    return {.en = in(Language::en, values...), .nl = in(Language::nl, values...)};
  }

 private:
  static consteval bool is_whole(std::string_view text) {
    std::size_t found = 0;
    for (std::size_t i = 0; i < text.size(); i++) {
      if (text[i] == '<' || text[i] == '>' || text[i] == '&') return false;
      if (text[i] == '}') return false;
      if (text[i] != '{') continue;
      if (++i == text.size() || text[i] != '}') return false;
      found++;
    }
    return !text.empty() && found == places;
  }

  std::string_view en_;
  std::string_view nl_;
};

}  // namespace piggy
