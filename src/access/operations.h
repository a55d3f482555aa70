#pragma once

#include "access/access.h"
#include "access/rotation_operations.h"
#include "operation/operation.h"

namespace piggy {

struct Account {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string company = {};

  static void describe(Fields<Account>& field) {
    field("id", &Account::id, "The account's number.");
    field("uuid", &Account::uuid, "The account.");
    field("company", &Account::company, "The company's name.");
  }
};

// The v3 wire's health check, which plugins use to test their connection (piggy-api-v3, 10.0).
struct GetAccount {
  static constexpr OperationInfo info = {
      .name = "get_account",
      .title = "Get Account",
      .about = "Shows whose account this connection acts for. Use it to check that a token works.",
      .verb = Verb::get,
      .path = "/",
      .scope = "account:read",
      .tool = true,
      .ungranted = true,
      .wire = {.meta = Meta::list}};
  using Input = Empty;
  using Output = Account;
  static Result<Output> run(Call& call, const Input&);
};

struct ListAccounts {
  static constexpr OperationInfo info = {
      .name = "list_accounts",
      .title = "List Accounts",
      .about = "Lists the accounts (tenants) of this installation.",
      .verb = Verb::get,
      .path = "/accounts",
      .scope = "access:read",
      .surface = Surface::platform,
      .wire = {.data = "accounts"}};
  using Input = Empty;
  struct Item {
    std::string name = {};
    std::string company = {};
    Uuid uuid = {};
    std::string time_zone = {};
    Time created_at = {};
    static void describe(Fields<Item>& field);
  };
  struct Output {
    std::vector<Item> accounts = {};
    static void describe(Fields<Output>& field) {
      field("accounts", &Output::accounts, "All accounts, oldest first.");
    }
  };
  static Result<Output> run(Call& call, const Input&);
};

struct CreateToken {
  static constexpr OperationInfo info = {
      .name = "create_token",
      .title = "Create Token",
      .about = "Makes an access token and shows it this once; only its hash is kept.",
      .verb = Verb::post,
      .path = "/tokens",
      .scope = "access:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string account = {};
    TokenKind kind = TokenKind::client;
    std::optional<std::string> name = {};
    std::optional<std::vector<std::string>> scopes = {};
    std::optional<std::string> expires = {};
    std::optional<Uuid> shop_uuid = {};
    std::optional<std::int64_t> rotate_every_days = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    Uuid uuid = {};
    std::string token = {};
    std::optional<Time> rotate_at = {};
    std::optional<Time> expires_at = {};
    static void describe(Fields<Output>& field);
  };
  // A scope is one that an operation of the catalogue asks for, or `contacts:*`, or `*`.
  static Result<Output> run(const Catalogue& catalogue, Call& call, const Input& input);
};

struct ListTokens {
  static constexpr OperationInfo info = {
      .name = "list_tokens",
      .title = "List Tokens",
      .about =
          "Lists the tokens of an account, without the tokens themselves: what each is for, and "
          "when it is to be changed and ends. For people who are signed in, and the owner of the "
          "data.",
      .verb = Verb::get,
      .path = "/tokens",
      .scope = "access:read",
      .surface = Surface::platform,
      .wire = {.data = "tokens"}};
  struct Input {
    std::optional<std::string> account = {};
    static void describe(Fields<Input>& field) {
      field("account", &Input::account,
            "The account's name; the own one when left out by who is signed in.", {.min = 1});
    }
  };
  struct Item {
    Uuid uuid = {};
    TokenKind kind = TokenKind::client;
    std::string name = {};
    std::string scopes = {};
    TokenState state = TokenState::current;
    std::optional<Time> rotate_at = {};
    std::optional<std::int64_t> rotate_every_days = {};
    std::optional<Time> expires_at = {};
    std::optional<Time> revoked_at = {};
    Time created_at = {};
    std::optional<Time> last_used_at = {};
    static void describe(Fields<Item>& field);
  };
  struct Output {
    std::vector<Item> tokens = {};
    static void describe(Fields<Output>& field) {
      field("tokens", &Output::tokens, "All tokens, newest last.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct RevokeToken {
  static constexpr OperationInfo info = {.name = "revoke_token",
                                         .title = "Revoke Token",
                                         .about = "Ends a token at once, for good.",
                                         .verb = Verb::post,
                                         .path = "/tokens/revoke",
                                         .scope = "access:write",
                                         .effect = Effect::destructive,
                                         .idempotent = true,
                                         .surface = Surface::platform};
  struct Input {
    std::string token = {};
    static void describe(Fields<Input>& field) {
      field("token", &Input::token, "The token itself, or its uuid.",
            {.min = 1, .format = Format::secret});
    }
  };
  struct Output {
    Time revoked_at = {};
    static void describe(Fields<Output>& field) {
      field("revoked_at", &Output::revoked_at, "Since when it is refused.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

// Refused to all but the owner of the data: of operations about all accounts.
Result<> above_tenants(const Call& call);
// Refused to programs: of operations on tokens that are not the caller's own. A token must not get
// hold of one that may more than itself.
Result<> person_or_owner(const Call& call);

void add_access_operations(Catalogue& catalogue);

}  // namespace piggy
