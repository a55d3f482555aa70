#include "access/access.h"

#include "access/person.h"
#include "access/token_due.h"

#include <fmt/format.h>
#include <sodium.h>
#include <boost/algorithm/string/predicate.hpp>

#include <mutex>

namespace piggy {
namespace {

constexpr std::size_t token_length = 53;
constexpr std::size_t cache_max = 100'000;
constexpr std::int64_t use_noted_every = 3'600 * microseconds_per_second;

constexpr std::string_view insert_account = R"sql(
  INSERT INTO account (id, uuid, name, company, time_zone, currency, secret, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql";

constexpr std::string_view insert_token = R"sql(
  INSERT INTO token (account_id, id, uuid, kind, name, hash, scopes, shop_id, expires_at,
                     created_at, person_id, persona_id, rotate_at, rotate_every_days)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
)sql";

constexpr std::string_view select_by_hash = R"sql(
  SELECT t.account_id, t.id, t.kind, t.scopes, t.shop_id, s.uuid, t.expires_at, t.revoked_at,
         t.person_id, p.email, t.persona_id, t.last_used_at
  FROM token t LEFT JOIN shop s ON s.account_id = t.account_id AND s.id = t.shop_id
  LEFT JOIN person p ON p.account_id = t.account_id AND p.id = t.person_id
  WHERE t.hash = $1
)sql";

constexpr std::string_view update_used = R"sql(
  UPDATE token SET used_at = coalesce(used_at, $3), last_used_at = $3
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_label = R"sql(
  SELECT uuid, name FROM token WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view select_account = R"sql(
  SELECT id, uuid, name, company, time_zone, currency, secret FROM account WHERE id = $1
)sql";

constexpr std::string_view select_account_by_name = R"sql(
  SELECT id FROM account WHERE name = $1
)sql";

struct TokenRow {
  std::int64_t account_id = 0;
  std::int64_t id = 0;
  TokenKind kind = {};
  std::string scopes = {};
  std::optional<std::int64_t> shop_id = {};
  std::optional<Uuid> shop_uuid = {};
  std::optional<Time> expires_at = {};
  std::optional<Time> revoked_at = {};
  std::optional<std::int64_t> person_id = {};
  std::optional<std::string> person = {};
  std::optional<std::int64_t> persona_id = {};
  std::optional<Time> last_used_at = {};
};

struct AccountRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  std::string company = {};
  std::string time_zone = {};
  std::string currency = {};
  Hash secret = {};
};

std::unexpected<Error> unauthenticated() {
  return fail({.code = ErrorCode::unauthenticated, .message = "Unauthenticated.", .number = 401});
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

Result<Caller> caller_of(Transaction& transaction, std::int64_t account_id) {
  auto row = TRY(transaction.first<AccountRow>(select_account, {account_id}));
  if (!row) return fail(ErrorCode::not_found, "There is no such account.");
  return Caller{.account_id = row->id,
                .account_name = row->name,
                .company = row->company,
                .account_uuid = row->uuid,
                .time_zone = row->time_zone,
                .currency = row->currency,
                .secret = {reinterpret_cast<const char*>(row->secret.data()), row->secret.size()},
                .kind = "owner",
                .scopes = {"*"}};
}

bool expired(const Caller& caller, Time now) {
  return caller.expires_at && caller.expires_at <= now.microseconds;
}

}  // namespace

Hash hash_of_token(std::string_view token) {
  Hash hash;
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(token.data()),
                     token.size(), nullptr, 0);
  return hash;
}

Result<NewlyMade> make_account(Transaction& transaction, const NewAccount& account) {
  ASSERT(transaction.account() == 0);
  if (TRY(transaction.first<std::int64_t>(select_account_by_name, {account.name}))) {
    return fail(ErrorCode::conflict, fmt::format("There is an account {} already.", account.name));
  }
  NewlyMade made{.id = transaction.next_id(), .uuid = transaction.next_uuid()};
  Hash secret;
  transaction.random().fill(secret);
  TRY(transaction.run(insert_account,
                      {made.id, made.uuid, account.name, account.company, account.time_zone,
                       account.currency, secret, transaction.now()}));
  return made;
}

Result<MadeToken> make_token(Transaction& transaction, const NewToken& token) {
  Transaction tenant = transaction.of(token.account_id);
  std::int64_t id = transaction.next_id();
  // The form that existing clients expect: four digits, a bar, 48 letters and digits. The digits
  // tell tokens apart in a list; the secret is in the rest (285 bits).
  std::string text =
      fmt::format("{:04}|{}", 1000 + id % 9000, transaction.random().text(48, alphanumerics));
  ASSERT(text.size() == token_length);
  std::string scopes = token.scopes.empty() ? "*" : fmt::format("{}", fmt::join(token.scopes, " "));
  MadeToken made{.uuid = transaction.next_uuid(), .token = text, .expires_at = token.expires_at};
  std::optional<std::int64_t> every;
  if (token.rotate_every_days) {
    every = token.rotate_every_days;
    made.rotate_at = transaction.now() + *every * microseconds_per_day;
    Time ends = *made.rotate_at + rotation_grace_days * microseconds_per_day;
    made.expires_at = std::min(token.expires_at.value_or(ends), ends);
  }
  auto if_any = [](std::int64_t id) { return id ? std::optional(id) : std::nullopt; };
  TRY(tenant.run(insert_token,
                 {id, made.uuid, token.kind, token.name, hash_of_token(text), scopes,
                  if_any(token.shop_id), made.expires_at, transaction.now(),
                  if_any(token.person_id), if_any(token.persona_id), made.rotate_at, every}));
  TRY(plan_token_due(tenant, made));
  return made;
}

Result<TokenLabel> label_of_token(Transaction& transaction, std::int64_t token_id) {
  auto label = TRY(transaction.first<TokenLabel>(select_label, {token_id}));
  if (!label) return fail(ErrorCode::not_found, "There is no such token.");
  return *std::move(label);
}

Result<std::shared_ptr<const Caller>> Callers::by_authorization(std::string_view header,
                                                                TokenKind kind) {
  constexpr std::string_view scheme = "bearer ";
  bool bearer = boost::algorithm::istarts_with(header, scheme);
  auto caller = TRY(by_token(bearer ? header.substr(scheme.size()) : ""));
  if (caller->kind == word_of(kind)) return caller;
  std::string_view place = caller->kind == word_of(TokenKind::client)
                               ? "/api/v3/oauth/clients and /platform"
                           : caller->kind == word_of(TokenKind::mcp) ? "/mcp"
                                                                     : "/api/v3/register";
  return fail({.code = ErrorCode::unauthenticated,
               .message = fmt::format("This is a token of kind {}: it works on {} alone.",
                                      caller->kind, place),
               .number = 401});
}

Result<std::shared_ptr<const Caller>> Callers::by_token(std::string_view token) {
  if (token.size() != token_length || token[4] != '|') return unauthenticated();
  auto load = [&](Transaction& transaction, Known& known) -> Result<> {
    auto row = TRY(transaction.first<TokenRow>(select_by_hash, {hash_of_token(token)}));
    if (!row || row->revoked_at) return unauthenticated();
    // Whoever it acted for is no longer of the account.
    if (row->person_id && !row->person) return unauthenticated();
    Caller caller = TRY(caller_of(transaction, row->account_id));
    caller.token_id = row->id;
    caller.kind = word_of(row->kind);
    caller.scopes = words(row->scopes);
    caller.shop_id = row->shop_id.value_or(0);
    caller.shop_uuid = row->shop_uuid.value_or(Uuid{});
    caller.expires_at = row->expires_at ? row->expires_at->microseconds : 0;
    caller.person_id = row->person_id.value_or(0);
    caller.person = row->person.value_or("");
    caller.persona_id = row->persona_id.value_or(0);
    known.caller = std::make_shared<const Caller>(std::move(caller));
    if (row->last_used_at) known.used_at = row->last_used_at->microseconds;
    return {};
  };
  KnownRef here = TRY(known(std::string(token), load));
  Time now = database_.clock().now();
  if (expired(*here->caller, now)) return unauthenticated();
  note_use(*here, now);
  return here->caller;
}

// To the hour, so that reads stay reads. From the first use on the token before this one can make
// no other. Not waited for: should it be lost, the next use after a start is noted.
void Callers::note_use(Known& known, Time now) {
  std::int64_t before = known.used_at.load(std::memory_order_relaxed);
  if (now.microseconds - before < use_noted_every) return;
  if (!known.used_at.compare_exchange_strong(before, now.microseconds)) return;
  database_.submit(
      known.caller->account_id,
      [token_id = known.caller->token_id](Transaction& transaction) -> Result<> {
        TRY(transaction.run(update_used, {token_id, transaction.now()}));
        return {};
      },
      [](Result<>) {});
}

Result<std::shared_ptr<const Caller>> Callers::owner_of(std::string_view account_name) {
  return cached(
      "name " + std::string(account_name), [&](Transaction& transaction) -> Result<Caller> {
        auto id = TRY(transaction.first<std::int64_t>(select_account_by_name, {account_name}));
        if (!id) {
          return fail(ErrorCode::not_found, fmt::format("There is no account {}.", account_name));
        }
        return caller_of(transaction, *id);
      });
}

std::shared_ptr<const Caller> Callers::owner() {
  return std::make_shared<const Caller>(Caller{.kind = "owner", .scopes = {"*"}});
}

Result<std::string> time_zone_of(Transaction& transaction) {
  return transaction.one<std::string>("SELECT time_zone FROM account WHERE id = $1");
}

Result<std::shared_ptr<const Caller>> Callers::by_account(std::int64_t account_id) {
  return cached("id " + std::to_string(account_id),
                [&](Transaction& transaction) { return caller_of(transaction, account_id); });
}

Result<std::shared_ptr<const Caller>> Callers::acting(std::int64_t account_id,
                                                      std::int64_t person_id,
                                                      std::int64_t persona_id,
                                                      std::int64_t token_id) {
  std::string key = fmt::format("acting {} {} {} {}", account_id, person_id, persona_id, token_id);
  return cached(std::move(key), [&](Transaction& transaction) -> Result<Caller> {
    Caller caller = TRY(caller_of(transaction, account_id));
    caller.kind = "persona";
    caller.scopes.clear();  // A persona may what it is granted.
    caller.person_id = person_id;
    auto person = TRY(person_by_id(transaction, account_id, person_id));
    if (person) caller.person = person->email;
    caller.persona_id = persona_id;
    caller.token_id = token_id;
    return caller;
  });
}

Result<std::shared_ptr<const Caller>> Callers::by_person(std::int64_t account_id,
                                                         std::int64_t person_id) {
  if (person_id == 0) return by_account(account_id);
  std::string key = fmt::format("person {} {}", account_id, person_id);
  return cached(std::move(key), [&](Transaction& transaction) -> Result<Caller> {
    auto person = TRY(person_by_id(transaction, account_id, person_id));
    if (!person) return unauthenticated();
    Caller caller = TRY(caller_of(transaction, account_id));
    caller.kind = "person";
    caller.scopes = scopes_of(person->role);
    caller.person_id = person_id;
    caller.person = person->email;
    return caller;
  });
}

Result<std::shared_ptr<const Caller>> Callers::by_session(std::string_view session) {
  if (session.size() != session_length) return unauthenticated();
  auto caller =
      cached(fmt::format("session {}", session), [&](Transaction& transaction) -> Result<Caller> {
        auto row = TRY(session_of(transaction, session));
        if (!row) return unauthenticated();
        Caller caller = TRY(caller_of(transaction, row->account_id));
        caller.kind = "session";
        caller.token_id = row->id;
        caller.scopes = scopes_of(row->role);
        caller.person_id = row->person_id;
        caller.person = row->email;
        caller.expires_at = row->expires_at.microseconds;
        caller.session_proof = proof_of_session(session);
        return caller;
      });
  if (!caller) return caller;
  if (expired(**caller, database_.clock().now())) return unauthenticated();
  return caller;
}

void Callers::forget() {
  std::unique_lock lock(mutex_);
  cache_.clear();
  forgotten_++;
}

Result<std::shared_ptr<const Caller>> Callers::cached(
    std::string key, const std::function<Result<Caller>(Transaction&)>& load) {
  auto fill = [&](Transaction& transaction, Known& known) -> Result<> {
    known.caller = std::make_shared<const Caller>(TRY(load(transaction)));
    return {};
  };
  return TRY(known(std::move(key), fill))->caller;
}

Result<Callers::KnownRef> Callers::known(
    std::string key, const std::function<Result<>(Transaction&, Known&)>& load) {
  std::uint64_t forgotten_before = 0;
  {
    std::shared_lock lock(mutex_);
    auto found = cache_.find(key);
    if (found != cache_.end()) return found->second;
    forgotten_before = forgotten_;
  }
  KnownRef fresh;
  TRY(database_.read(0, [&](Transaction& transaction) -> Result<> {
    fresh = std::make_shared<Known>();
    return load(transaction, *fresh);
  }));
  std::unique_lock lock(mutex_);
  if (forgotten_ != forgotten_before) return fresh;  // It may have been revoked meanwhile.
  if (cache_.size() >= cache_max) cache_.clear();
  cache_.emplace(std::move(key), fresh);
  return fresh;
}

}  // namespace piggy
