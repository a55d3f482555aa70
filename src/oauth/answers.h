#pragma once

// How the endpoints that programs call answer.

#include <string_view>

#include "base/error.h"
#include "http/message.h"
#include "shape/value.h"

namespace piggy::oauth {

// Any page may read these: they hold nothing but for whoever holds a secret.
http::Response json_answer(int status, const Value& body);
http::Response error_answer(int status, std::string_view error, std::string_view description);
// What went wrong outside of the protocol.
http::Response failure_answer(const Error& error);
http::Response wrong_method(std::string_view allowed);
// To a browser.
http::Response redirect_to(std::string_view url);

// A form that is not one, or is too large, is refused.
Result<> must_be_form(const http::Request& request);

}  // namespace piggy::oauth
