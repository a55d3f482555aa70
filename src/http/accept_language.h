#pragma once

// What a browser says about the languages of its reader.

#include <optional>
#include <string_view>

#include "base/language.h"
#include "http/message.h"

namespace piggy::http {

// The language that an Accept-Language header prefers among those we speak (RFC 9110, section
// 12.5.4); of two that are wanted alike the one it names first. A region asks for its language:
// nl-BE is answered in Dutch. None when it wants none of ours. What is not well formed counts as
// not said. The time it takes grows with the header's length, and it keeps nothing.
std::optional<Language> language_asked_for(std::string_view accept_language);
// The same of a request, else English.
Language language_of(const Request& request);

}  // namespace piggy::http
