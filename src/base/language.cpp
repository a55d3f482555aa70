#include "base/language.h"

#include <algorithm>

#include "base/lower_case.h"

namespace piggy {

std::optional<Language> language_of_tag(std::string_view tag) {
  std::string primary = lower_case(tag.substr(0, std::min(tag.find_first_of("-_"), tag.size())));
  for (Language language : {Language::en, Language::nl}) {
    if (primary == tag_of(language)) return language;
  }
  return std::nullopt;
}

}  // namespace piggy
