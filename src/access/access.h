#pragma once

// Accounts (tenants) and the tokens that speak for them. Only hashes of tokens are stored.

#include <atomic>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/error.h"
#include "database/database.h"
#include "operation/operation.h"

namespace piggy {

BOOST_DEFINE_ENUM_CLASS(TokenKind, client, register_, mcp)

struct NewAccount {
  std::string name;
  std::string company;
  std::string time_zone = "Europe/Amsterdam";
  std::string currency = "EUR";
};

struct NewlyMade {
  std::int64_t id = 0;
  Uuid uuid = {};
};

// Makes a tenant. Runs above all tenants. `conflict` when the name is taken.
Result<NewlyMade> make_account(Transaction& transaction, const NewAccount& account);

struct NewToken {
  std::int64_t account_id = 0;
  TokenKind kind = TokenKind::client;
  std::string name = {};
  std::vector<std::string> scopes = {};  // Empty: everything its kind may.
  std::int64_t shop_id = 0;              // Register tokens.
  std::optional<Time> expires_at = {};
  std::int64_t person_id = 0;   // Whose it is, where that is known.
  std::int64_t persona_id = 0;  // Whose it is that acts with it.
  // 0: never. It then ends `rotation_grace_days` after it should have been changed.
  std::int64_t rotate_every_days = 0;
};

struct MadeToken {
  Uuid uuid = {};
  std::string token = {};  // 53 characters, shown this once (piggy-api-v3, section 2.1).
  std::optional<Time> rotate_at = {};
  std::optional<Time> expires_at = {};
};

// For so long after its day a token that should have been changed still works.
inline constexpr std::int64_t rotation_grace_days = 7;

// What is stored of a token.
Hash hash_of_token(std::string_view token);

Result<MadeToken> make_token(Transaction& transaction, const NewToken& token);

// What a token is called, of those of the account.
struct TokenLabel {
  Uuid uuid = {};
  std::string name = {};
};
Result<TokenLabel> label_of_token(Transaction& transaction, std::int64_t token_id);

// The IANA zone of the transaction's account.
Result<std::string> time_zone_of(Transaction& transaction);

// Knows who calls. Answers from memory where it can; a change of accounts or tokens must be told by
// `forget`. Any thread.
class Callers {
 public:
  explicit Callers(Database& database) : database_(database) {}

  // Who an `Authorization` header speaks for (RFC 6750, section 2.1) at a door for tokens of
  // this kind. `unauthenticated` for a token that is missing, unknown, expired, revoked, of no
  // possible form, or of another kind, and then with a word on where it works.
  Result<std::shared_ptr<const Caller>> by_authorization(std::string_view header, TokenKind kind);

  // The owner of the data acting for an account, with all rights. `not_found` for an unknown name.
  Result<std::shared_ptr<const Caller>> owner_of(std::string_view account_name);
  // The owner, above all accounts.
  std::shared_ptr<const Caller> owner();
  // For the program's own work in an account (jobs, public forms).
  Result<std::shared_ptr<const Caller>> by_account(std::int64_t account_id);

  // Who acts by an approval: the persona, for the person it acted for when it asked.
  Result<std::shared_ptr<const Caller>> acting(std::int64_t account_id, std::int64_t person_id,
                                               std::int64_t persona_id, std::int64_t token_id);
  // A person of an account, with the rights of the role; nobody (0) is the owner of the data.
  Result<std::shared_ptr<const Caller>> by_person(std::int64_t account_id, std::int64_t person_id);
  // Whose session a cookie's value is (access/person.h).
  Result<std::shared_ptr<const Caller>> by_session(std::string_view session);

  void forget();
  // Another number than before: who may come in, and for what, may have changed.
  std::uint64_t times_forgotten() const { return forgotten_; }

 private:
  Result<std::shared_ptr<const Caller>> by_token(std::string_view token);
  struct Known {
    std::shared_ptr<const Caller> caller = {};
    // Of a token: what is stored of its last use, or will be.
    std::atomic<std::int64_t> used_at = 0;
  };
  using KnownRef = std::shared_ptr<Known>;

  Result<KnownRef> known(std::string key,
                         const std::function<Result<>(Transaction&, Known&)>& load);
  Result<std::shared_ptr<const Caller>> cached(
      std::string key, const std::function<Result<Caller>(Transaction&)>& load);
  void note_use(Known& known, Time now);

  Database& database_;
  std::shared_mutex mutex_;
  std::unordered_map<std::string, KnownRef> cache_;
  std::atomic<std::uint64_t> forgotten_ = 0;  // How often; what was read before is not kept after.
};

}  // namespace piggy
