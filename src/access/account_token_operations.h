#pragma once

// Tokens of an account's programs, made and ended by who is signed in to it. They are listed by
// list_tokens and changed by rotate_token.

#include "access/access.h"
#include "access/operations.h"
#include "operation/operation.h"

namespace piggy {

struct CreateAccountToken {
  static constexpr OperationInfo info = {
      .name = "create_account_token",
      .title = "Create Account Token",
      .about =
          "Makes a token with which a program of the shop signs in to the own account, and shows "
          "it this once; only its hash is kept. It may not do more than whoever makes it. For "
          "people who are signed in.",
      .verb = Verb::post,
      .path = "/account/tokens",
      .scope = "people:write",
      .effect = Effect::write,
      .surface = Surface::platform,
      .wire = {.status = 201}};
  struct Input {
    TokenKind kind = TokenKind::client;
    std::optional<std::string> name = {};
    std::optional<std::vector<std::string>> scopes = {};
    std::optional<std::string> expires = {};
    std::optional<Uuid> shop_uuid = {};
    std::optional<std::int64_t> rotate_every_days = {};
    static void describe(Fields<Input>& field);
  };
  using Output = CreateToken::Output;
  static Result<Output> run(const Catalogue& catalogue, Call& call, const Input& input);
};

struct RevokeAccountToken {
  static constexpr OperationInfo info = {
      .name = "revoke_account_token",
      .title = "Revoke Account Token",
      .about =
          "Ends a token of the own account at once, for good: whatever uses it is refused. For "
          "people who are signed in.",
      .verb = Verb::post,
      .path = "/account/tokens/{token_uuid}/revoke",
      .scope = "people:write",
      .effect = Effect::destructive,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Uuid token_uuid = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    Time revoked_at = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

}  // namespace piggy
