#include "oauth/grant.h"

#include <sodium.h>

#include <algorithm>

#include "access/access.h"
#include "oauth/scopes.h"

namespace piggy::oauth {

BOOST_DEFINE_ENUM_CLASS(TokenUse, code, access, refresh)

namespace {

constexpr std::size_t token_letters = 43;  // 256 bits.
constexpr std::int64_t unused_client_days = 90;
// A code that comes again is known as such for that long.
constexpr std::int64_t kept_after_expiry = microseconds_per_day;

constexpr std::string_view insert_grant = R"sql(
  INSERT INTO oauth_grant (account_id, id, client_id, client_name, user_id, subject_id, scopes,
                           resource, redirect_uri, challenge, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql";

constexpr std::string_view insert_token = R"sql(
  INSERT INTO oauth_token (account_id, id, grant_id, kind, hash, scopes, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql";

constexpr std::string_view select_token = R"sql(
  SELECT t.account_id, t.id, t.grant_id, t.kind, t.scopes, t.expires_at, t.spent_at, g.client_id,
         g.client_name, g.user_id, g.subject_id, g.resource, g.redirect_uri, g.challenge,
         g.revoked_at
  FROM oauth_token t JOIN oauth_grant g ON g.account_id = t.account_id AND g.id = t.grant_id
  WHERE t.hash = $1
)sql";

constexpr std::string_view update_spent = R"sql(
  UPDATE oauth_token SET spent_at = $3 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view update_revoked = R"sql(
  UPDATE oauth_grant SET revoked_at = $3
  WHERE account_id = $1 AND id = $2 AND revoked_at IS NULL
)sql";

constexpr std::string_view select_live = R"sql(
  SELECT g.id, g.client_name, g.user_id, g.subject_id, g.resource, g.redirect_uri, g.created_at,
         max(t.expires_at)
  FROM oauth_grant g JOIN oauth_token t ON t.account_id = g.account_id AND t.grant_id = g.id
  WHERE g.account_id = $1 AND g.revoked_at IS NULL AND t.spent_at IS NULL AND t.expires_at > $2
    AND t.kind <> 'code'
  GROUP BY g.id, g.client_name, g.user_id, g.subject_id, g.resource, g.redirect_uri, g.created_at
  ORDER BY g.id DESC
)sql";

constexpr std::string_view update_revoked_grant = R"sql(
  UPDATE oauth_grant SET revoked_at = $3 WHERE account_id = $1 AND id = $2 AND revoked_at IS NULL
)sql";

constexpr std::string_view update_revoked_subject = R"sql(
  UPDATE oauth_grant SET revoked_at = $3
  WHERE account_id = $1 AND subject_id = $2 AND revoked_at IS NULL
)sql";

constexpr std::string_view update_revoked_user = R"sql(
  UPDATE oauth_grant SET revoked_at = $3
  WHERE account_id = $1 AND user_id = $2 AND revoked_at IS NULL
)sql";

constexpr std::string_view delete_expired = "DELETE FROM oauth_token WHERE expires_at <= $1";

constexpr std::string_view delete_empty_grants = R"sql(
  DELETE FROM oauth_grant WHERE NOT EXISTS (
    SELECT 1 FROM oauth_token t
    WHERE t.account_id = oauth_grant.account_id AND t.grant_id = oauth_grant.id)
)sql";

constexpr std::string_view delete_unused_clients = R"sql(
  DELETE FROM oauth_client
  WHERE created_at <= $1 AND client_id LIKE 'piggy_client_%' AND NOT EXISTS (
    SELECT 1 FROM oauth_grant g WHERE g.client_id = oauth_client.client_id)
)sql";

struct TokenRow {
  std::int64_t account_id = 0;
  std::int64_t id = 0;
  std::int64_t grant_id = 0;
  TokenUse kind = {};
  std::string scopes = {};
  Time expires_at = {};
  std::optional<Time> spent_at = {};
  std::string client_id = {};
  std::string client_name = {};
  std::int64_t user_id = 0;
  std::int64_t subject_id = 0;
  std::string resource = {};
  std::string redirect_uri = {};
  std::string challenge = {};
  std::optional<Time> revoked_at = {};

  bool alive(Time now) const { return !revoked_at && !spent_at && expires_at > now; }
};

std::unexpected<Refusal> refuse(std::string_view error, std::string_view description) {
  return std::unexpected(Refusal{error, description});
}

std::unexpected<Refusal> bad_code() {
  return refuse("invalid_grant", "The code is unknown, used, expired or not for this client.");
}

std::unexpected<Refusal> bad_refresh_token() {
  return refuse("invalid_grant",
                "The refresh token is unknown, used, expired, revoked or not for this client.");
}

std::unexpected<Refusal> bad_resource() {
  return refuse("invalid_target", "The resource is not the one that was authorized.");
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

// RFC 7636, section 4: 43 to 128 characters that need no escape.
bool proves(std::string_view verifier, std::string_view challenge) {
  constexpr auto allowed = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~";
  if (verifier.size() < 43 || verifier.size() > 128) return false;
  if (verifier.find_first_not_of(allowed) != verifier.npos) return false;
  return same(challenge_of(verifier), challenge);
}

struct NewToken {
  std::int64_t account_id = 0;
  std::int64_t grant_id = 0;
  TokenUse kind = {};
  std::string_view scopes = {};
};

// What a token begins with says to its finder, and to programs that look for leaked secrets, what
// it is.
Result<std::string> make_token(Transaction& transaction, const NewToken& token) {
  constexpr std::string_view prefixes[] = {"piggy_code_", "piggy_access_", "piggy_refresh_"};
  constexpr std::int64_t seconds[] = {code_seconds, access_token_seconds, refresh_token_seconds};
  auto kind = static_cast<std::size_t>(token.kind);
  std::string text(prefixes[kind]);
  text += transaction.random().text(token_letters, alphanumerics);
  Time expires_at = transaction.now() + seconds[kind] * microseconds_per_second;
  TRY(transaction.run(insert_token, {token.account_id, transaction.next_id(), token.grant_id,
                                     token.kind, hash_of_token(text), token.scopes, expires_at}));
  return text;
}

Result<std::optional<TokenRow>> find(Transaction& transaction, std::string_view token,
                                     TokenUse kind) {
  ASSERT(transaction.account() == 0);
  auto row = TRY(transaction.first<TokenRow>(select_token, {hash_of_token(token)}));
  if (row && row->kind != kind) row.reset();
  return row;
}

Result<> end_grant(Transaction& transaction, const TokenRow& token) {
  TRY(transaction.run(update_revoked, {token.account_id, token.grant_id, transaction.now()}));
  return {};
}

// False when it cannot be used; a second use ends the grant.
Result<bool> spend(Transaction& transaction, const TokenRow& token) {
  if (token.spent_at) TRY(end_grant(transaction, token));
  if (!token.alive(transaction.now())) return false;
  TRY(transaction.run(update_spent, {token.account_id, token.id, transaction.now()}));
  return true;
}

// The refresh token keeps all that was granted, however few scopes the access token has.
Result<Issue> issue(Transaction& transaction, const TokenRow& from, std::string_view scopes) {
  NewToken token{.account_id = from.account_id,
                 .grant_id = from.grant_id,
                 .kind = TokenUse::access,
                 .scopes = scopes};
  Tokens tokens{.scopes = std::string(scopes)};
  tokens.access = TRY(make_token(transaction, token));
  token.kind = TokenUse::refresh;
  token.scopes = from.scopes;
  tokens.refresh = TRY(make_token(transaction, token));
  return Issue(std::move(tokens));
}

bool are_among(std::string_view some, std::string_view all) {
  std::vector<std::string> known = scopes_in(all);
  for (const std::string& scope : scopes_in(some)) {
    if (std::ranges::find(known, scope) == known.end()) return false;
  }
  return true;
}

}  // namespace

std::string challenge_of(std::string_view verifier) {
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(verifier.data()),
                     verifier.size());
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  char text[sodium_base64_ENCODED_LEN(sizeof digest, variant)];
  sodium_bin2base64(text, sizeof text, digest, sizeof digest, variant);
  return text;
}

Result<std::string> make_grant(Transaction& transaction, const NewGrant& grant) {
  ASSERT(transaction.account() == 0 && grant.account_id != 0);
  std::int64_t id = transaction.next_id();
  TRY(transaction.run(insert_grant, {grant.account_id, id, grant.client_id, grant.client_name,
                                     grant.user_id, grant.subject_id, grant.scopes, grant.resource,
                                     grant.redirect_uri, grant.challenge, transaction.now()}));
  return make_token(transaction, {.account_id = grant.account_id,
                                  .grant_id = id,
                                  .kind = TokenUse::code,
                                  .scopes = grant.scopes});
}

// The first who comes with a code spends it, whatever comes of it: who has the code but not what
// belongs to it has found or stolen it.
Result<Issue> use_code(Transaction& transaction, const CodeUse& use) {
  auto code = TRY(find(transaction, use.code, TokenUse::code));
  if (!code) return Issue(bad_code());
  if (!TRY(spend(transaction, *code))) return Issue(bad_code());
  if (!same(use.client_id, code->client_id)) return Issue(bad_code());
  if (!use.redirect_uri.empty() && !same(use.redirect_uri, code->redirect_uri)) {
    return Issue(refuse("invalid_grant", "The redirect URI is not the one that was authorized."));
  }
  if (!proves(use.verifier, code->challenge)) {
    return Issue(refuse("invalid_grant", "The code verifier does not fit the code challenge."));
  }
  if (!use.resource.empty() && use.resource != code->resource) return Issue(bad_resource());
  return issue(transaction, *code, code->scopes);
}

Result<Issue> use_refresh_token(Transaction& transaction, const RefreshUse& use) {
  auto token = TRY(find(transaction, use.token, TokenUse::refresh));
  if (!token || !same(use.client_id, token->client_id)) return Issue(bad_refresh_token());
  if (!use.resource.empty() && use.resource != token->resource) return Issue(bad_resource());
  if (!are_among(use.scopes, token->scopes)) {
    return Issue(refuse("invalid_scope", "A scope was never granted."));
  }
  if (!TRY(spend(transaction, *token))) return Issue(bad_refresh_token());
  std::vector<std::string> asked = scopes_in(use.scopes);
  return issue(transaction, *token, asked.empty() ? token->scopes : scopes_text(asked));
}

Result<std::optional<Grant>> grant_of(Transaction& transaction, std::string_view access_token) {
  auto token = TRY(find(transaction, access_token, TokenUse::access));
  if (!token || !token->alive(transaction.now())) return std::nullopt;
  return Grant{.account_id = token->account_id,
               .id = token->grant_id,
               .user_id = token->user_id,
               .subject_id = token->subject_id,
               .client_id = std::move(token->client_id),
               .client_name = std::move(token->client_name),
               .scopes = scopes_in(token->scopes),
               .resource = std::move(token->resource),
               .expires_at = token->expires_at};
}

Result<std::optional<Grant>> grant_of(Database& database, std::string_view access_token) {
  std::optional<Grant> grant;
  TRY(database.read(0, [&](Transaction& transaction) -> Result<> {
    grant = TRY(grant_of(transaction, access_token));
    return {};
  }));
  return grant;
}

Result<> revoke_token(Transaction& transaction, std::string_view client_id,
                      std::string_view token) {
  for (TokenUse kind : {TokenUse::access, TokenUse::refresh}) {
    auto row = TRY(find(transaction, token, kind));
    if (row && same(client_id, row->client_id)) TRY(end_grant(transaction, *row));
  }
  return {};
}

Result<std::vector<LiveGrant>> live_grants(Transaction& transaction) {
  ASSERT(transaction.account() != 0);
  return transaction.all<LiveGrant>(select_live, {transaction.now()});
}

Result<bool> revoke_grant(Transaction& transaction, std::int64_t id) {
  ASSERT(transaction.account() != 0);
  return TRY(transaction.run(update_revoked_grant, {id, transaction.now()})) > 0;
}

Result<std::int64_t> revoke_subject(Transaction& transaction, std::int64_t subject_id) {
  ASSERT(transaction.account() != 0);
  return transaction.run(update_revoked_subject, {subject_id, transaction.now()});
}

Result<std::int64_t> revoke_user(Transaction& transaction, std::int64_t user_id) {
  ASSERT(transaction.account() != 0);
  return transaction.run(update_revoked_user, {user_id, transaction.now()});
}

Result<std::int64_t> forget_expired(Database& database) {
  std::int64_t tokens = 0;
  TRY(database.write(0, [&](Transaction& transaction) -> Result<> {
    Time now = transaction.now();
    Time long_ago = now + -unused_client_days * microseconds_per_day;
    tokens = TRY(transaction.run(delete_expired, {now + -kept_after_expiry}));
    TRY(transaction.run(delete_empty_grants));
    TRY(transaction.run(delete_unused_clients, {long_ago}));
    return {};
  }));
  return tokens;
}

}  // namespace piggy::oauth
