#pragma once

// Reads a document that a stranger has named from the public internet, and from nowhere else.

#include <functional>
#include <string>

#include "base/error.h"

struct sockaddr;

namespace piggy::oauth {

using Fetch = std::function<Result<std::string>(const std::string& url)>;

// Blocks for five seconds at most. https alone, no redirects, 64 KiB at most, no proxy, and no
// address of this machine or of any private network: that is checked of the address itself, when it
// is about to be connected to, so that no spelling and no name server can get around it.
// `unavailable` for whatever goes wrong.
Result<std::string> fetch_public_document(const std::string& url);

// Whether an address (IPv4 or IPv6) is one of the public internet.
bool is_public_address(const sockaddr& address);

}  // namespace piggy::oauth
