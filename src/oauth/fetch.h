#pragma once

// Reads a document that a stranger has named from the public internet, and from nowhere else.

#include <functional>
#include <string>

#include "base/error.h"

namespace piggy::oauth {

using Fetch = std::function<Result<std::string>(const std::string& url)>;

// Blocks for five seconds at most. https alone, no redirects, 64 KiB at most, no proxy, and no
// address of this machine or of any private network (http/address.h). `unavailable` for whatever
// goes wrong.
Result<std::string> fetch_public_document(const std::string& url);

}  // namespace piggy::oauth
