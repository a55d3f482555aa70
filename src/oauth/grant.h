#pragma once

// What people have allowed clients: grants, with their codes and tokens. All tokens are opaque, and
// only their hashes are stored.
//
// A code and a refresh token are spent by their first use. Should one come a second time, someone
// has stolen it, and there is no telling who of the two: the whole grant ends.

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "database/database.h"

namespace piggy::oauth {

constexpr std::int64_t code_seconds = 60;
constexpr std::int64_t access_token_seconds = 3600;
constexpr std::int64_t refresh_token_seconds = 30 * 86'400;

// Scopes are words with single spaces between them.
struct NewGrant {
  std::int64_t account_id = 0;
  std::int64_t user_id = 0;
  std::int64_t subject_id = 0;  // Whom the client acts as: the person's choice (people.h).
  std::string client_id = {};
  std::string client_name = {};
  std::string scopes = {};
  std::string resource = {};      // The only URL that its tokens are for (RFC 8707).
  std::string redirect_uri = {};  // Where its code is sent.
  std::string challenge = {};  // base64url of the SHA-256 of what the client must know (RFC 7636).
};

// What a client shows of what it alone knows: base64url of the SHA-256 (RFC 7636, section 4.2).
std::string challenge_of(std::string_view verifier);

// Makes a grant and its code. Runs above all tenants, as all but the revocations.
Result<std::string> make_grant(Transaction& transaction, const NewGrant& grant);

// A client of which it is known that it is itself.
struct CodeUse {
  std::string client_id = {};
  std::string code = {};
  std::string redirect_uri = {};  // May be left out (OAuth 2.1, section 4.1.3).
  std::string verifier = {};
  std::string resource = {};  // May be left out.
};

struct RefreshUse {
  std::string client_id = {};
  std::string token = {};
  std::string scopes = {};    // May be left out, else some of those of the grant.
  std::string resource = {};  // May be left out.
};

struct Tokens {
  std::string access = {};
  std::string refresh = {};
  std::string scopes = {};  // Of the access token.
};

// Why there are none, as the protocol puts it (RFC 6749, section 5.2).
struct Refusal {
  std::string_view error = {};
  std::string_view description = {};
};

// A refusal may have changed something, so it is an answer and no Error: that would undo it.
using Issue = std::expected<Tokens, Refusal>;

Result<Issue> use_code(Transaction& transaction, const CodeUse& use);
Result<Issue> use_refresh_token(Transaction& transaction, const RefreshUse& use);

// What an access token stands for.
struct Grant {
  std::int64_t account_id = 0;
  std::int64_t id = 0;
  std::int64_t user_id = 0;
  std::int64_t subject_id = 0;
  std::string client_id = {};
  std::string client_name = {};
  std::vector<std::string> scopes = {};
  std::string resource = {};  // Whoever serves another URL must refuse the token.
  Time expires_at = {};
};

// Nothing for a token that is unknown, expired or revoked. Reads each time, so that a revocation
// counts at once.
Result<std::optional<Grant>> grant_of(Transaction& transaction, std::string_view access_token);
Result<std::optional<Grant>> grant_of(Database& database, std::string_view access_token);

// Ends the grant of an access or refresh token of this client; nothing happens for any other text.
Result<> revoke_token(Transaction& transaction, std::string_view client_id, std::string_view token);

// One that a client can still use.
struct LiveGrant {
  std::int64_t id = 0;
  std::string client_name = {};
  std::int64_t user_id = 0;
  std::int64_t subject_id = 0;
  std::string resource = {};
  std::string redirect_uri = {};
  Time created_at = {};
  Time ends_at = {};  // Of its last token; a use of the refresh token moves it.
};

// Those of the account, the newest first. Runs in the account's transaction, as the next.
Result<std::vector<LiveGrant>> live_grants(Transaction& transaction);
// False when there is none, or it has ended.
Result<bool> revoke_grant(Transaction& transaction, std::int64_t id);

// End all grants of one account for a subject, or by a user. Run in the account's transaction and
// return how many have ended.
Result<std::int64_t> revoke_subject(Transaction& transaction, std::int64_t subject_id);
Result<std::int64_t> revoke_user(Transaction& transaction, std::int64_t user_id);

// Removes tokens that have expired a day ago, grants without tokens, and clients that registered
// themselves three months ago or more and have no grant. To be called now and then. Returns how
// many tokens have gone.
Result<std::int64_t> forget_expired(Database& database);

}  // namespace piggy::oauth
