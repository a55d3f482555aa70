#pragma once

// Text as it is compared by people who look for something: without regard to case, accents and
// width (Unicode's compatibility decomposition, case folding and removal of marks, by utf8proc).
// Never for what decides who somebody is: addresses are compared by `lower_case`.

#include <string>
#include <string_view>
#include <vector>

namespace piggy {

// "José Müller" is "jose muller". Text that is not UTF-8 is taken as ASCII.
std::string folded(std::string_view text);

// The words of a folded text: runs of letters and digits, in order. "Anne-Marie O'Neil" has four.
std::vector<std::string> folded_words(std::string_view text);

}  // namespace piggy
