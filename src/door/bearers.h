#pragma once

// Whom a bearer token speaks for (RFC 6750): a token of ours, or one that a person allowed a
// program by OAuth 2.1. The latter acts as the persona they chose, within its grants and limits.

#include <memory>
#include <string>
#include <string_view>

#include "access/access.h"

namespace piggy {

// What such a token can be for: a path, and the kind of our own tokens that works there, too.
struct Resource {
  std::string_view path;
  TokenKind kind;
};
inline constexpr Resource resources[] = {{"/mcp", TokenKind::mcp}, {"/api/v3", TokenKind::client}};

// Any thread.
class Bearers {
 public:
  // Both are borrowed and outlive it.
  Bearers(Database& database, Callers& callers, std::string public_url);

  // `unauthenticated` as by Callers::by_authorization, also for a token that was allowed for
  // another resource.
  Result<std::shared_ptr<const Caller>> who(std::string_view header, TokenKind kind) const;

 private:
  Database& database_;
  Callers& callers_;
  std::string public_url_;
};

}  // namespace piggy
