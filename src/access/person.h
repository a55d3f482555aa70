#pragma once

// People: who signs in, with what password, in which accounts, in which role. Passwords are kept as
// Argon2id hashes; of sessions only hashes are kept.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "operation/operation.h"

namespace piggy {

// owner: everything. marketer: the shop, its personas and connections. auditor: reads everything,
// what was said to personas included. viewer: reads the shop.
BOOST_DEFINE_ENUM_CLASS(Role, owner, marketer, auditor, viewer)

std::vector<std::string> scopes_of(Role role);

inline constexpr std::size_t password_min = 12;
inline constexpr std::size_t session_length = 43;
inline constexpr std::int64_t session_lifetime = 14 * microseconds_per_day;

// Takes tens of milliseconds and 19 MiB (OWASP's first choice of parameters), on purpose.
std::string hash_password(std::string_view password);
bool is_password(std::string_view password, const std::string& hash);

struct PersonRow {
  std::int64_t account_id = 0;
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string email = {};  // Lower case.
  std::string name = {};
  Role role = Role::viewer;
  std::string password = {};  // Its hash.
  std::int64_t failures = 0;
  Time next_try_at = {};
};

// Who belongs to several accounts has a row in each: the address is the person. These run in
// transactions of any account, or of none.

// All rows of an address, the oldest first.
Result<std::vector<PersonRow>> people_by_email(Transaction& transaction, std::string_view email);
// The people of an account, the oldest first.
Result<std::vector<PersonRow>> people_of(Transaction& transaction, std::int64_t account_id);
Result<std::optional<PersonRow>> person_by_id(Transaction& transaction, std::int64_t account_id,
                                              std::int64_t id);

// What ends when a person leaves an account, in the account's transaction. Modules below this one
// bring these to main, which hands the whole list to whoever takes people out.
using PersonDeparture = std::function<Result<>(Transaction&, const PersonRow&)>;
using PersonDepartures = std::vector<PersonDeparture>;

struct NewPerson {
  std::int64_t account_id = 0;
  std::string email;
  std::string name;
  Role role = Role::viewer;
  std::string password;  // Its hash.
};
// `conflict` when the address is in the account already.
Result<PersonRow> make_person(Transaction& transaction, const NewPerson& person);
Result<> set_role(Transaction& transaction, const PersonRow& person, Role role);
// Ends the person's sessions in the account as well, and the tokens that act in that name.
Result<> remove_person(Transaction& transaction, const PersonRow& person);

// In all accounts. After five wrong ones in a row the pause before the next try doubles, from a
// second to an hour.
Result<> set_password(Transaction& transaction, std::string_view email, std::string_view hash);
Result<> note_failure(Transaction& transaction, const PersonRow& person);
Result<> note_success(Transaction& transaction, const PersonRow& person);

struct SessionRow {
  std::int64_t id = 0;
  std::int64_t account_id = 0;
  std::int64_t person_id = 0;
  std::string email = {};
  Role role = Role::viewer;
  Time expires_at = {};
};
// Nothing for a session that is unknown, ended or run out, or whose person left the account.
Result<std::optional<SessionRow>> session_of(Transaction& transaction, std::string_view session);
// What a page must send with each change, so that no other site's page can make one: it knows the
// cookie is sent, but not what is in it.
std::string proof_of_session(std::string_view session);

// Returns the session's value, for the cookie alone.
Result<std::string> begin_session(Transaction& transaction, const PersonRow& person);
Result<> end_session(Transaction& transaction, std::int64_t session_id);
// All of an address, in all accounts.
Result<> end_sessions(Transaction& transaction, std::string_view email);

}  // namespace piggy
