#pragma once

// What we write into the mails of a shop ourselves. See base/language.h.

#include "base/language.h"

namespace piggy::campaign_words {

// Below every mail.
inline constexpr Phrase<1> why_you_get_this("You get this because you subscribed to {}.",
                                            "Je krijgt dit omdat je je hebt aangemeld voor {}.");
inline constexpr Phrase unsubscribe("Unsubscribe", "Afmelden");

// What an attribute that holds a boolean is merged as.
inline constexpr Phrase yes("yes", "ja");
inline constexpr Phrase no("no", "nee");

}  // namespace piggy::campaign_words
