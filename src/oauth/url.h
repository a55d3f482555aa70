#pragma once

// The URLs that clients name: where people are sent back to, and where a client's document lies.

#include <optional>
#include <string>
#include <string_view>

namespace piggy::oauth {

// An absolute http or https URL without user, password and fragment, of printable ASCII.
struct Url {
  std::string scheme = {};  // In lower case, as the host.
  std::string host = {};    // IPv6 in its brackets.
  std::string port = {};    // Digits, or "" when none is named.
  std::string target = {};  // The path and the query, as written; "" or beginning with a slash or
                            // a question mark.

  bool operator==(const Url&) const = default;
};

std::optional<Url> parse_url(std::string_view text);

// A program on the person's own machine (RFC 8252, section 7.3).
bool is_loopback(const Url& url);

// https, or http to the person's own machine.
bool is_redirect_uri(std::string_view text);

// To the letter, but for the port of a program on the person's own machine, which takes any that is
// free when it starts (RFC 8252, section 7.3).
bool redirect_fits(std::string_view registered, std::string_view asked);

// An https URL of a named host with a path, which can be a client's id and where its metadata lies
// (draft-ietf-oauth-client-id-metadata-document).
bool is_document_id(std::string_view client_id);

}  // namespace piggy::oauth
