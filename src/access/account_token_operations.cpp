#include "access/account_token_operations.h"

#include <fmt/format.h>

#include "access/new_token.h"

namespace piggy {
namespace {

constexpr std::string_view update_revoked = R"sql(
  UPDATE token SET revoked_at = coalesce(revoked_at, $3) WHERE account_id = $1 AND uuid = $2
  RETURNING revoked_at
)sql";

// What is not said is everything, which not everybody may give.
Result<std::vector<std::string>> given_scopes(const Catalogue& catalogue, const Caller& caller,
                                              const std::optional<std::vector<std::string>>& said) {
  std::vector<std::string> scopes = said.value_or(std::vector<std::string>{"*"});
  TRY(check_scopes(catalogue, scopes));
  std::vector<FieldError> problems;
  for (std::size_t i = 0; i < scopes.size(); i++) {
    if (caller.may(scopes[i])) continue;
    problems.push_back({said ? fmt::format("/scopes/{}", i) : "/scopes",
                        fmt::format("You may not give {}, which you do not have.", scopes[i])});
  }
  if (!problems.empty()) return fail_fields(std::move(problems));
  return scopes;
}

}  // namespace

void CreateAccountToken::Input::describe(Fields<Input>& field) {
  field("kind", &Input::kind, "client (REST), register (one shop's cash register) or mcp.");
  field("name", &Input::name, "What it is for.", {.max = 200});
  field("scopes", &Input::scopes,
        "What it may do, such as contacts:read; all when left out, to who may all.",
        {.min = 1, .max = 100, .alias = "scope"});
  field("expires", &Input::expires, "How long it lasts (90d, 12h), or until when.");
  field("shop_uuid", &Input::shop_uuid, "The shop of a register; the first one when left out.");
  field("rotate_every_days", &Input::rotate_every_days,
        "After how many days its holder must change it (rotate_own_token). A week later it ends.",
        {.min = 1, .max = 3'650});
}

Result<CreateAccountToken::Output> CreateAccountToken::run(const Catalogue& catalogue, Call& call,
                                                           const Input& input) {
  TRY(person_or_owner(call));
  NewToken token{.account_id = call.caller.account_id,
                 .kind = input.kind,
                 .name = input.name.value_or(""),
                 .scopes = TRY(given_scopes(catalogue, call.caller, input.scopes)),
                 .rotate_every_days = input.rotate_every_days.value_or(0)};
  if (input.expires) token.expires_at = TRY(expiry(*input.expires, call.now()));
  if (input.kind == TokenKind::register_) {
    token.shop_id = TRY(shop_of_register(call.transaction, token.account_id, input.shop_uuid));
  }
  MadeToken made = TRY(make_token(call.transaction, token));
  call.changes("tokens of " + call.caller.account_name, nullptr, word_of(input.kind));
  return Output{.uuid = made.uuid,
                .token = made.token,
                .rotate_at = made.rotate_at,
                .expires_at = made.expires_at};
}

void RevokeAccountToken::Input::describe(Fields<Input>& field) {
  field("token_uuid", &Input::token_uuid, "The token: see list_tokens.");
}

void RevokeAccountToken::Output::describe(Fields<Output>& field) {
  field("revoked_at", &Output::revoked_at, "Since when it is refused.");
}

Result<RevokeAccountToken::Output> RevokeAccountToken::run(Call& call, const Input& input) {
  TRY(person_or_owner(call));
  auto revoked = TRY(call.transaction.first<Time>(update_revoked, {input.token_uuid, call.now()}));
  if (!revoked) return fail(ErrorCode::not_found, "There is no such token.");
  call.changes("token " + to_string(input.token_uuid), "valid", "revoked");
  return Output{.revoked_at = *revoked};
}

}  // namespace piggy
