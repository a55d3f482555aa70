#pragma once

// The cookie in which a browser keeps its session (access/person.h).

#include <string>
#include <string_view>

#include "http/message.h"

namespace piggy {

// A cookie that was sent; "" for none.
std::string_view cookie_in(const http::Request& request, std::string_view name);

// The session that was sent; "" for none.
std::string_view session_in(const http::Request& request);

// The value of Set-Cookie; an empty session ends it. No script can read it, and no other site's
// page sends it along with a change.
std::string session_cookie(std::string_view session, bool https);

}  // namespace piggy
