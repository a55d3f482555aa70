#include "access/operations.h"

#include <fmt/format.h>

#include "access/account_token_operations.h"
#include "access/new_token.h"

namespace piggy {
namespace {

constexpr std::string_view select_account_id = R"sql(SELECT id FROM account WHERE name = $1)sql";

constexpr std::string_view select_accounts = R"sql(
  SELECT name, company, uuid, time_zone, created_at FROM account ORDER BY id
)sql";

constexpr std::string_view select_tokens = R"sql(
  SELECT t.uuid, t.kind, t.name, t.scopes, t.rotate_at, t.rotate_every_days,
         t.expires_at, t.revoked_at, t.created_at, t.last_used_at, s.id AS successor_id
  FROM token t LEFT JOIN token s ON s.account_id = t.account_id AND s.predecessor_id = t.id
  WHERE t.account_id = $1 ORDER BY t.id
)sql";

constexpr std::string_view update_revoked = R"sql(
  UPDATE token SET revoked_at = coalesce(revoked_at, $3) WHERE uuid = $1 OR hash = $2
  RETURNING revoked_at
)sql";

struct TokenRow {
  Uuid uuid = {};
  TokenKind kind = TokenKind::client;
  std::string name = {};
  std::string scopes = {};
  std::optional<Time> rotate_at = {};
  std::optional<std::int64_t> rotate_every_days = {};
  std::optional<Time> expires_at = {};
  std::optional<Time> revoked_at = {};
  Time created_at = {};
  std::optional<Time> last_used_at = {};
  std::optional<std::int64_t> successor_id = {};
};

Result<std::int64_t> account_id(Transaction& transaction, std::string_view name) {
  auto id = TRY(transaction.first<std::int64_t>(select_account_id, {name}));
  if (!id) return fail(ErrorCode::not_found, fmt::format("There is no account {}.", name));
  return *id;
}

}  // namespace

Result<> above_tenants(const Call& call) {
  if (call.transaction.account() == 0) return {};
  return fail({.code = ErrorCode::forbidden,
               .message = "This is for the owner of the data alone.",
               .number = 403});
}

Result<> person_or_owner(const Call& call) {
  if (call.caller.kind == "session" || call.caller.kind == "owner") return {};
  return fail({.code = ErrorCode::forbidden,
               .message = "This is for people who are signed in.",
               .number = 403});
}

Result<GetAccount::Output> GetAccount::run(Call& call, const Input&) {
  return Output{.id = call.caller.account_id,
                .uuid = call.caller.account_uuid,
                .company = call.caller.company};
}

void ListAccounts::Item::describe(Fields<Item>& field) {
  field("name", &Item::name, "Its name on the command line.");
  field("company", &Item::company, "The company's name.");
  field("uuid", &Item::uuid, "The account.");
  field("time_zone", &Item::time_zone, "Its IANA time zone.");
  field("created_at", &Item::created_at, "When it was made.");
}

Result<ListAccounts::Output> ListAccounts::run(Call& call, const Input&) {
  TRY(above_tenants(call));
  return Output{.accounts = TRY(call.transaction.all<Item>(select_accounts))};
}

void CreateToken::Input::describe(Fields<Input>& field) {
  field("account", &Input::account, "The account's name.", {.min = 1});
  field("kind", &Input::kind, "client (REST), register (one shop's cash register) or mcp.");
  field("name", &Input::name, "What it is for.", {.max = 200});
  field("scopes", &Input::scopes, "What it may do, such as contacts:read; all when left out.",
        {.alias = "scope"});
  field("expires", &Input::expires, "How long it lasts (90d, 12h), or until when.");
  field("shop_uuid", &Input::shop_uuid, "The shop of a register; the first one when left out.");
  field("rotate_every_days", &Input::rotate_every_days,
        "After how many days its holder must change it (rotate_own_token). A week later it ends.",
        {.min = 1, .max = 3'650});
}

void CreateToken::Output::describe(Fields<Output>& field) {
  field("uuid", &Output::uuid, "Names the token in lists and when it is revoked.");
  field("token", &Output::token, "The token itself. It is not shown again.",
        {.format = Format::secret});
  field("rotate_at", &Output::rotate_at, "When it is to be changed.");
  field("expires_at", &Output::expires_at, "When it ends.");
}

Result<CreateToken::Output> CreateToken::run(const Catalogue& catalogue, Call& call,
                                             const Input& input) {
  TRY(above_tenants(call));
  NewToken token{.kind = input.kind, .name = input.name.value_or("")};
  token.account_id = TRY(account_id(call.transaction, input.account));
  if (input.scopes) token.scopes = *input.scopes;
  TRY(check_scopes(catalogue, token.scopes));
  if (input.expires) token.expires_at = TRY(expiry(*input.expires, call.now()));
  if (input.kind == TokenKind::register_) {
    token.shop_id = TRY(shop_of_register(call.transaction, token.account_id, input.shop_uuid));
  }
  token.rotate_every_days = input.rotate_every_days.value_or(0);
  MadeToken made = TRY(make_token(call.transaction, token));
  call.changes("tokens of " + input.account, nullptr, word_of(input.kind));
  return Output{.uuid = made.uuid,
                .token = made.token,
                .rotate_at = made.rotate_at,
                .expires_at = made.expires_at};
}

void ListTokens::Item::describe(Fields<Item>& field) {
  field("uuid", &Item::uuid, "The token.");
  field("kind", &Item::kind, "Where it works.");
  field("name", &Item::name, "What it is for.");
  field("scopes", &Item::scopes, "What it may do.");
  field("state", &Item::state,
        "current; due: it should be changed now; succeeded: another one has taken its place and it "
        "ends with the overlap; expired; revoked.");
  field("rotate_at", &Item::rotate_at, "When it is to be changed.");
  field("rotate_every_days", &Item::rotate_every_days, "After how many days each time.");
  field("expires_at", &Item::expires_at, "When it ends.");
  field("revoked_at", &Item::revoked_at, "When it was revoked.");
  field("created_at", &Item::created_at, "When it was made.");
  field("last_used_at", &Item::last_used_at, "When it was last used, to the hour.");
}

namespace {

// Of another account nobody is told that it is there.
Result<std::int64_t> account_of_tokens(Call& call, const std::optional<std::string>& name) {
  if (call.transaction.account() == 0) {
    if (!name) return fail_field("/account", "The account is required.");
    return account_id(call.transaction, *name);
  }
  TRY(person_or_owner(call));
  if (name && *name != call.caller.account_name) {
    return fail(ErrorCode::not_found, fmt::format("There is no account {}.", *name));
  }
  return call.caller.account_id;
}

}  // namespace

Result<ListTokens::Output> ListTokens::run(Call& call, const Input& input) {
  std::int64_t account = TRY(account_of_tokens(call, input.account));
  Output output;
  for (TokenRow& row : TRY(call.transaction.of(account).all<TokenRow>(select_tokens))) {
    output.tokens.push_back({.uuid = row.uuid,
                             .kind = row.kind,
                             .name = std::move(row.name),
                             .scopes = std::move(row.scopes),
                             .state = state_of_token({.rotate_at = row.rotate_at,
                                                      .expires_at = row.expires_at,
                                                      .revoked_at = row.revoked_at,
                                                      .succeeded = row.successor_id.has_value()},
                                                     call.now()),
                             .rotate_at = row.rotate_at,
                             .rotate_every_days = row.rotate_every_days,
                             .expires_at = row.expires_at,
                             .revoked_at = row.revoked_at,
                             .created_at = row.created_at,
                             .last_used_at = row.last_used_at});
  }
  return output;
}

Result<RevokeToken::Output> RevokeToken::run(Call& call, const Input& input) {
  TRY(above_tenants(call));
  auto revoked =
      TRY(call.transaction.first<Time>(update_revoked, {parse_uuid(input.token).value_or(Uuid{}),
                                                        hash_of_token(input.token), call.now()}));
  if (!revoked) return fail(ErrorCode::not_found, "There is no such token.");
  call.changes("the token", "valid", "revoked");
  return Output{.revoked_at = *revoked};
}

void add_access_operations(Catalogue& catalogue) {
  catalogue.add<GetAccount>();
  catalogue.add<ListAccounts>();
  catalogue.add<CreateToken>(std::as_const(catalogue));
  catalogue.add<ListTokens>();
  catalogue.add<RevokeToken>();
  catalogue.add<GetOwnToken>();
  catalogue.add<RotateOwnToken>();
  catalogue.add<RevokeOwnToken>();
  catalogue.add<RotateToken>();
  catalogue.add<CreateAccountToken>(std::as_const(catalogue));
  catalogue.add<RevokeAccountToken>();
}

}  // namespace piggy
