#pragma once

// The mail that brings a gift card. See base/language.h.

#include "base/language.h"

namespace piggy::giftcard_words {

inline constexpr Phrase<1> subject("Your gift card of {}", "Je cadeaubon van {}");
inline constexpr Phrase<2> for_you("A gift card of {} for you, worth {}.",
                                   "Een cadeaubon van {} voor jou, ter waarde van {}.");
inline constexpr Phrase<1> code("Its code is {}. Show it, or type it in, when you pay.",
                                "De code is {}. Laat hem zien of vul hem in als je betaalt.");
inline constexpr Phrase<1> good_until("It is good until {}.", "De bon is geldig tot {}.");

}  // namespace piggy::giftcard_words
