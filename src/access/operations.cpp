#include "access/operations.h"

#include <fmt/format.h>

#include <charconv>
#include <set>

namespace piggy {
namespace {

constexpr std::string_view select_account_id = R"sql(SELECT id FROM account WHERE name = $1)sql";

constexpr std::string_view select_accounts = R"sql(
  SELECT name, company, uuid, time_zone, created_at FROM account ORDER BY id
)sql";

constexpr std::string_view select_tokens = R"sql(
  SELECT t.uuid, t.kind, t.name, t.scopes, t.rotate_at, t.rotate_every_days,
         t.expires_at, t.revoked_at, t.created_at, s.id AS successor_id
  FROM token t LEFT JOIN token s ON s.account_id = t.account_id AND s.predecessor_id = t.id
  WHERE t.account_id = $1 ORDER BY t.id
)sql";

constexpr std::string_view select_shop = R"sql(
  SELECT id FROM shop WHERE account_id = $1 AND uuid = $2
)sql";

constexpr std::string_view select_first_shop = R"sql(
  SELECT id FROM shop WHERE account_id = $1 ORDER BY id LIMIT 1
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
  std::optional<std::int64_t> successor_id = {};
};

Result<std::int64_t> account_id(Transaction& transaction, std::string_view name) {
  auto id = TRY(transaction.first<std::int64_t>(select_account_id, {name}));
  if (!id) return fail(ErrorCode::not_found, fmt::format("There is no account {}.", name));
  return *id;
}

// "90d", "12h", "30m", or a moment.
Result<Time> expiry(std::string_view text, Time now) {
  if (auto time = parse_time(text)) {
    if (*time <= now) return fail_field("/expires", "The expires must lie in the future.");
    return *time;
  }
  std::int64_t amount = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  std::int64_t seconds = unit == "d"   ? 86'400
                         : unit == "h" ? 3'600
                         : unit == "m" ? 60
                         : unit == "s" ? 1
                                       : 0;
  if (error != std::errc() || seconds == 0 || amount <= 0 || amount > 36'500) {
    return fail_field("/expires", "The expires must be like 90d, 12h, 30m, or a date.");
  }
  return now + amount * seconds * microseconds_per_second;
}

Result<std::int64_t> shop_of_register(Transaction& transaction, std::int64_t account,
                                      const std::optional<Uuid>& shop) {
  auto id = shop ? TRY(transaction.first<std::int64_t>(select_shop, {account, *shop}))
                 : TRY(transaction.first<std::int64_t>(select_first_shop, {account}));
  if (!id) return fail_field("/shop_uuid", "A register token needs a shop of the account.");
  return *id;
}

// A scope that nothing asks for is a slip of the hand, and a token with it alone could do nothing.
Result<> check_scopes(const Catalogue& catalogue, const std::vector<std::string>& scopes) {
  std::set<std::string, std::less<>> known = {"*"};
  for (const auto& operation : catalogue.all()) {
    std::string_view scope = operation->info.scope;
    if (scope.empty()) continue;
    known.emplace(scope);
    known.insert(fmt::format("{}:*", scope.substr(0, scope.find(':'))));
  }
  std::vector<FieldError> problems;
  for (std::size_t i = 0; i < scopes.size(); i++) {
    if (known.contains(scopes[i])) continue;
    problems.push_back(
        {fmt::format("/scopes/{}", i),
         fmt::format("There is no scope {}. There are {}.", scopes[i], fmt::join(known, ", "))});
  }
  if (!problems.empty()) return fail_fields(std::move(problems));
  return {};
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
                             .created_at = row.created_at});
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
}

}  // namespace piggy
