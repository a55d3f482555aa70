#include "access/person_operations.h"

#include <fmt/format.h>

#include <algorithm>

#include "access/access.h"
#include "access/operations.h"
#include "base/lower_case.h"

namespace piggy {
namespace {

constexpr std::string_view select_account = R"sql(SELECT id FROM account WHERE name = $1)sql";
constexpr std::string_view select_account_names = R"sql(
  SELECT name, company FROM account WHERE id = $1
)sql";
constexpr std::string_view select_account_name = R"sql(SELECT name FROM account WHERE id = $1)sql";

struct AccountNames {
  std::string name = {};
  std::string company = {};
};

// Long beats odd (NIST SP 800-63B, section 5.1.1): no rules on characters.
constexpr FieldOptions password_options = {
    .min = password_min, .max = 1'024, .format = Format::secret};

std::unexpected<Error> wrong() {
  return fail({.code = ErrorCode::unauthenticated,
               .message = "The e-mail address or the password is wrong.",
               .number = 401});
}

Result<> signed_in(const Call& call) {
  if (call.caller.kind == "session") return {};
  return fail({.code = ErrorCode::forbidden,
               .message = "This is for people who are signed in.",
               .number = 403});
}

Result<Session> session_shown(Call& call, const PersonRow& person, Time expires_at) {
  auto names =
      TRY(call.transaction.of(0).one<AccountNames>(select_account_names, {person.account_id}));
  return Session{.email = person.email,
                 .name = person.name,
                 .role = person.role,
                 .account = std::move(names.name),
                 .company = std::move(names.company),
                 .expires_at = expires_at};
}

// Of an address, the row in the account of that name, or the oldest.
Result<std::optional<PersonRow>> person_to_sign_in(Transaction& transaction, std::string_view email,
                                                   const std::optional<std::string>& account) {
  Transaction above = transaction.of(0);
  for (PersonRow& person : TRY(people_by_email(transaction, lower_case(email)))) {
    if (account &&
        TRY(above.one<std::string>(select_account_name, {person.account_id})) != *account) {
      continue;
    }
    return std::move(person);
  }
  return std::nullopt;
}

ListUsers::Item shown(const PersonRow& person) {
  return {.uuid = person.uuid, .email = person.email, .name = person.name, .role = person.role};
}

// Whom it is about, and that an owner is left whatever becomes of this one.
Result<PersonRow> person_to_change(Call& call, const std::string& email, bool stays_owner) {
  auto people = TRY(people_of(call.transaction, call.caller.account_id));
  auto found = std::ranges::find(people, lower_case(email), &PersonRow::email);
  if (found == people.end()) {
    return fail(ErrorCode::not_found, fmt::format("There is no user {}.", email));
  }
  auto owners = std::ranges::count(people, Role::owner, &PersonRow::role);
  if (found->role == Role::owner && !stays_owner && owners == 1) {
    return fail(ErrorCode::conflict, "An account keeps at least one owner.");
  }
  return std::move(*found);
}

}  // namespace

void CreateUser::Input::describe(Fields<Input>& field) {
  field("account", &Input::account, "The account's name.", {.min = 1});
  field("email", &Input::email, "What the person signs in with.", {.format = Format::email});
  field("name", &Input::name, "The person's name.", {.max = 200});
  field("password", &Input::password, "At least 12 characters; any will do.", password_options);
  field("role", &Input::role, "owner unless said otherwise.");
}

void CreateUser::Output::describe(Fields<Output>& field) {
  field("uuid", &Output::uuid, "The person.");
  field("email", &Output::email, "What the person signs in with.");
  field("role", &Output::role, "The role in the account.");
}

Result<CreateUser::Prepared> CreateUser::prepare(const Preparation&, const Input& input) {
  return Prepared{.password = input.password ? hash_password(*input.password) : ""};
}

Result<CreateUser::Output> CreateUser::run(Call& call, const Input& input,
                                           const Prepared& prepared) {
  TRY(above_tenants(call));
  auto account = TRY(call.transaction.first<std::int64_t>(select_account, {input.account}));
  if (!account) {
    return fail(ErrorCode::not_found, fmt::format("There is no account {}.", input.account));
  }
  std::string email = lower_case(input.email);
  auto known = TRY(people_by_email(call.transaction, email));
  if (!known.empty() && input.password) {
    return fail_field("/password", "This person is known already and keeps the password.");
  }
  if (known.empty() && !input.password) return fail_field("/password", "The password is required.");
  NewPerson person{.account_id = *account,
                   .email = email,
                   .name = input.name.value_or(known.empty() ? email : known[0].name),
                   .role = input.role.value_or(Role::owner),
                   .password = known.empty() ? prepared.password : known[0].password};
  PersonRow made = TRY(make_person(call.transaction, person));
  call.changes(fmt::format("role of {} in {}", email, input.account), nullptr, word_of(made.role));
  return Output{.uuid = made.uuid, .email = email, .role = made.role};
}

void Session::describe(Fields<Session>& field) {
  field("email", &Session::email, "Who is signed in.");
  field("name", &Session::name, "The person's name.");
  field("role", &Session::role, "The role in this account.");
  field("account", &Session::account, "The account's name.");
  field("company", &Session::company, "The company's name.");
  field("proof", &Session::proof, "To be sent with each change, in the header X-Piggy-Proof.",
        {.format = Format::secret});
  field("expires_at", &Session::expires_at, "When the session ends by itself.");
  field("session", &Session::session, "The cookie's value.",
        {.format = Format::secret, .hidden = true});
}

Result<Session> new_session(Call& call, const PersonRow& person) {
  Session session = TRY(session_shown(call, person, call.now() + session_lifetime));
  session.session = TRY(begin_session(call.transaction, person));
  session.proof = proof_of_session(session.session);
  return session;
}

void SignIn::Input::describe(Fields<Input>& field) {
  field("email", &Input::email, "The e-mail address.", {.min = 1, .max = 254});
  field("password", &Input::password, "The password.",
        {.min = 1, .max = 1'024, .format = Format::secret});
  field("account", &Input::account, "The account's name; left out, the first one joined.");
}

Result<std::int64_t> SignIn::account_of(Transaction& transaction, const Input& input) {
  auto person = TRY(person_to_sign_in(transaction, input.email, input.account));
  return person ? person->account_id : 0;
}

Result<SignIn::Prepared> SignIn::prepare(const Preparation& preparation, const Input& input) {
  std::optional<PersonRow> person;
  TRY(preparation.database.read(0, [&](Transaction& transaction) -> Result<> {
    person = TRY(person_to_sign_in(transaction, input.email, input.account));
    return {};
  }));
  // An unknown address takes as long as a wrong password; a throttled one is not looked at.
  static const std::string nobodys = hash_password("nobody has this password");
  if (person && person->next_try_at > preparation.database.clock().now()) return Prepared{};
  bool right = is_password(input.password, person ? person->password : nobodys);
  return Prepared{.right = person && right};
}

Result<Session> SignIn::run(Call& call, const Input& input, const Prepared& prepared) {
  auto person = TRY(person_to_sign_in(call.transaction, input.email, input.account));
  if (!person) return wrong();
  if (person->next_try_at > call.now()) {
    std::int64_t wait = person->next_try_at - call.now();
    return fail({.code = ErrorCode::too_many,
                 .message = "Too many wrong passwords. Try again later.",
                 .number = 429,
                 .retry_after_seconds = static_cast<int>(wait / microseconds_per_second + 1)});
  }
  if (!prepared.right) {
    call.transaction.if_undone(
        [person = *person](Transaction& transaction) { return note_failure(transaction, person); });
    return wrong();
  }
  TRY(note_success(call.transaction, *person));
  return new_session(call, *person);
}

Result<PersonRow> person_signed_in(Call& call) {
  TRY(signed_in(call));
  auto person = TRY(person_by_id(call.transaction, call.caller.account_id, call.caller.person_id));
  if (!person) return wrong();
  return *std::move(person);
}

Result<Session> GetSession::run(Call& call, const Input&) {
  PersonRow person = TRY(person_signed_in(call));
  Session session = TRY(session_shown(call, person, {call.caller.expires_at}));
  session.proof = call.caller.session_proof;
  return session;
}

Result<SignOut::Output> SignOut::run(Call& call, const Input&) {
  TRY(signed_in(call));
  TRY(end_session(call.transaction, call.caller.token_id));
  call.changes("session of " + call.caller.person, "open", "ended");
  return Output{.ended_at = call.now()};
}

void ChangePassword::Input::describe(Fields<Input>& field) {
  field("password", &Input::password, "The password until now.",
        {.min = 1, .max = 1'024, .format = Format::secret});
  field("new_password", &Input::new_password, "At least 12 characters; any will do.",
        password_options);
}

Result<ChangePassword::Prepared> ChangePassword::prepare(const Preparation& preparation,
                                                         const Input& input) {
  std::optional<PersonRow> person;
  TRY(preparation.database.read(0, [&](Transaction& transaction) -> Result<> {
    person =
        TRY(person_by_id(transaction, preparation.caller.account_id, preparation.caller.person_id));
    return {};
  }));
  if (!person || person->next_try_at > preparation.database.clock().now() ||
      !is_password(input.password, person->password)) {
    return Prepared{};
  }
  return Prepared{.right = true, .new_password = hash_password(input.new_password)};
}

Result<Session> ChangePassword::run(Call& call, const Input&, const Prepared& prepared) {
  PersonRow person = TRY(person_signed_in(call));
  if (!prepared.right) {
    call.transaction.if_undone(
        [person](Transaction& transaction) { return note_failure(transaction, person); });
    return fail_field("/password", "The password is wrong.");
  }
  TRY(set_password(call.transaction, person.email, prepared.new_password));
  // Whoever has the old cookie is out as well: this one gets a new one.
  TRY(end_sessions(call.transaction, person.email));
  call.changes("password of " + person.email, "as it was", "changed; all other sessions ended");
  return new_session(call, person);
}

void ListUsers::Item::describe(Fields<Item>& field) {
  field("uuid", &Item::uuid, "The person.");
  field("email", &Item::email, "What the person signs in with.");
  field("name", &Item::name, "The person's name.");
  field("role", &Item::role, "The role in the account.");
}

Result<ListUsers::Output> ListUsers::run(Call& call, const Input&) {
  Output output;
  for (const PersonRow& person : TRY(people_of(call.transaction, call.caller.account_id))) {
    output.users.push_back(shown(person));
  }
  return output;
}

void SetUserRole::Input::describe(Fields<Input>& field) {
  field("email", &Input::email, "Whose.", {.format = Format::email});
  field("role", &Input::role, "The new role.");
}

Result<ListUsers::Item> SetUserRole::run(Call& call, const Input& input) {
  PersonRow person = TRY(person_to_change(call, input.email, input.role == Role::owner));
  TRY(set_role(call.transaction, person, input.role));
  call.changes("role of " + person.email, word_of(person.role), word_of(input.role));
  person.role = input.role;
  return shown(person);
}

Result<ListUsers::Item> RemoveUser::run(const PersonDepartures& departures, Call& call,
                                        const Input& input) {
  PersonRow person = TRY(person_to_change(call, input.email, false));
  Transaction tenant = call.transaction.of(person.account_id);
  for (const PersonDeparture& departure : departures) TRY(departure(tenant, person));
  TRY(remove_person(call.transaction, person));
  call.changes("role of " + person.email, word_of(person.role), nullptr);
  return shown(person);
}

void add_person_operations(Catalogue& catalogue, const PersonDepartures& departures) {
  catalogue.add<CreateUser>();
  catalogue.add<SignIn>();
  catalogue.add<GetSession>();
  catalogue.add<SignOut>();
  catalogue.add<ChangePassword>();
  catalogue.add<ListUsers>();
  catalogue.add<SetUserRole>();
  catalogue.add<RemoveUser>(departures);
}

}  // namespace piggy
