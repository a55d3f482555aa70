#include "access/person.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "access/access.h"

namespace piggy {
namespace {

constexpr std::int64_t failures_free = 5;
constexpr std::int64_t pause_max = 3'600 * microseconds_per_second;
constexpr unsigned long long argon_passes = 2;
constexpr std::size_t argon_memory = std::size_t{19} << 20;

constexpr std::string_view person_columns =
    "account_id, id, uuid, email, name, role, password, failures, next_try_at";

constexpr std::string_view insert_person = R"sql(
  INSERT INTO person (account_id, id, uuid, email, name, role, password, failures, next_try_at,
                      created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8)
)sql";

constexpr std::string_view update_failures = R"sql(
  UPDATE person SET failures = $2, next_try_at = $3 WHERE email = $1
)sql";

constexpr std::string_view update_password = R"sql(
  UPDATE person SET password = $2, failures = 0, next_try_at = 0 WHERE email = $1
)sql";

constexpr std::string_view update_role = R"sql(
  UPDATE person SET role = $3 WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view delete_person = R"sql(
  DELETE FROM person WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view update_tokens_revoked = R"sql(
  UPDATE token SET revoked_at = $3 WHERE account_id = $1 AND person_id = $2 AND revoked_at IS NULL
)sql";

constexpr std::string_view select_session = R"sql(
  SELECT s.id, s.account_id, s.person_id, p.email, p.role, s.expires_at
  FROM session s JOIN person p ON p.account_id = s.account_id AND p.id = s.person_id
  WHERE s.hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2
)sql";

constexpr std::string_view insert_session = R"sql(
  INSERT INTO session (account_id, id, uuid, person_id, hash, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql";

constexpr std::string_view update_ended = R"sql(
  UPDATE session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL
)sql";

constexpr std::string_view update_all_ended = R"sql(
  UPDATE session SET ended_at = $2 WHERE ended_at IS NULL AND EXISTS (
    SELECT 1 FROM person p
    WHERE p.account_id = session.account_id AND p.id = session.person_id AND p.email = $1)
)sql";

// An address may be in several accounts, so that these statements name the account themselves.
Transaction above(Transaction& transaction) { return transaction.of(0); }

}  // namespace

std::vector<std::string> scopes_of(Role role) {
  switch (role) {
    case Role::owner:
      return {"*"};
    case Role::marketer:
      return {"*:read",      "approvals:*",       "attributes:*",     "audiences:*",
              "bookings:*",  "brand:*",           "campaigns:*",      "connections:*",
              "contacts:*",  "credits:*",         "contact_tokens:*", "earning_rules:*",
              "erasures:*",  "flows:*",           "forms:*",          "giftcards:*",
              "leads:*",     "loyalty_program:*", "mail:*",           "orders:*",
              "perks:*",     "personas:*",        "products:*",       "promotions:*",
              "referrals:*", "rewards:*",         "segments:*",       "sequences:*",
              "shops:*",     "tiers:*",           "units:*",          "vouchers:*"};
    case Role::auditor:
      return {"*:read", "audit:payloads"};
    case Role::viewer:
      return {"*:read"};
  }
  return {};
}

std::string hash_password(std::string_view password) {
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  int made = crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), argon_passes,
                                   argon_memory, crypto_pwhash_ALG_ARGON2ID13);
  ASSERT(made == 0);
  hash.resize(std::char_traits<char>::length(hash.c_str()));
  return hash;
}

bool is_password(std::string_view password, const std::string& hash) {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

Result<std::vector<PersonRow>> people_by_email(Transaction& transaction, std::string_view email) {
  static const std::string select =
      fmt::format("SELECT {} FROM person WHERE email = $1 ORDER BY id", person_columns);
  return above(transaction).all<PersonRow>(select, {email});
}

Result<std::vector<PersonRow>> people_of(Transaction& transaction, std::int64_t account_id) {
  static const std::string select =
      fmt::format("SELECT {} FROM person WHERE account_id = $1 ORDER BY id", person_columns);
  return above(transaction).all<PersonRow>(select, {account_id});
}

Result<std::optional<PersonRow>> person_by_id(Transaction& transaction, std::int64_t account_id,
                                              std::int64_t id) {
  static const std::string select =
      fmt::format("SELECT {} FROM person WHERE account_id = $1 AND id = $2", person_columns);
  return above(transaction).first<PersonRow>(select, {account_id, id});
}

Result<PersonRow> make_person(Transaction& transaction, const NewPerson& person) {
  for (const PersonRow& known : TRY(people_by_email(transaction, person.email))) {
    if (known.account_id != person.account_id) continue;
    return fail(ErrorCode::conflict,
                fmt::format("{} is a user of this account already.", person.email));
  }
  PersonRow made{.account_id = person.account_id,
                 .id = transaction.next_id(),
                 .uuid = transaction.next_uuid(),
                 .email = person.email,
                 .name = person.name,
                 .role = person.role,
                 .password = person.password};
  TRY(above(transaction)
          .run(insert_person, {made.account_id, made.id, made.uuid, made.email, made.name,
                               made.role, made.password, transaction.now()}));
  return made;
}

Result<> set_role(Transaction& transaction, const PersonRow& person, Role role) {
  TRY(above(transaction).run(update_role, {person.account_id, person.id, role}));
  return {};
}

Result<> remove_person(Transaction& transaction, const PersonRow& person) {
  // Sessions without a person are none.
  TRY(above(transaction).run(delete_person, {person.account_id, person.id}));
  TRY(above(transaction)
          .run(update_tokens_revoked, {person.account_id, person.id, transaction.now()}));
  return {};
}

Result<> set_password(Transaction& transaction, std::string_view email, std::string_view hash) {
  TRY(above(transaction).run(update_password, {email, hash}));
  return {};
}

Result<> note_failure(Transaction& transaction, const PersonRow& person) {
  std::int64_t failures = person.failures + 1;
  std::int64_t pause = 0;
  if (failures >= failures_free) {
    std::int64_t doublings = std::min<std::int64_t>(failures - failures_free, 20);
    pause = std::min(microseconds_per_second << doublings, pause_max);
  }
  TRY(above(transaction).run(update_failures, {person.email, failures, transaction.now() + pause}));
  return {};
}

Result<> note_success(Transaction& transaction, const PersonRow& person) {
  if (person.failures == 0) return {};
  TRY(above(transaction).run(update_failures, {person.email, 0, 0}));
  return {};
}

Result<std::optional<SessionRow>> session_of(Transaction& transaction, std::string_view session) {
  return above(transaction)
      .first<SessionRow>(select_session, {hash_of_token(session), transaction.now()});
}

std::string proof_of_session(std::string_view session) {
  Hash hash = hash_of_token("proof of " + std::string(session));
  std::string text(sodium_base64_ENCODED_LEN(16, sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(text.data(), text.size(), hash.data(), 16,
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back();  // The zero byte.
  return text;
}

Result<std::string> begin_session(Transaction& transaction, const PersonRow& person) {
  std::string session = transaction.random().text(session_length, alphanumerics);
  TRY(above(transaction)
          .run(insert_session,
               {person.account_id, transaction.next_id(), transaction.next_uuid(), person.id,
                hash_of_token(session), transaction.now(), transaction.now() + session_lifetime}));
  return session;
}

Result<> end_session(Transaction& transaction, std::int64_t session_id) {
  TRY(above(transaction).run(update_ended, {session_id, transaction.now()}));
  return {};
}

Result<> end_sessions(Transaction& transaction, std::string_view email) {
  TRY(above(transaction).run(update_all_ended, {email, transaction.now()}));
  return {};
}

}  // namespace piggy
