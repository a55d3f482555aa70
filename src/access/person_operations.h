#pragma once

#include "access/person.h"
#include "operation/operation.h"

namespace piggy {

struct CreateUser {
  static constexpr OperationInfo info = {
      .name = "create_user",
      .title = "Create User",
      .about =
          "Lets a person sign in to an account, in a role. One person may belong to several "
          "accounts: who is there already keeps the password and needs none here.",
      .verb = Verb::post,
      .path = "/users",
      .scope = "access:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string account = {};
    std::string email = {};
    std::optional<std::string> name = {};
    std::optional<std::string> password = {};
    std::optional<Role> role = {};
    static void describe(Fields<Input>& field);
  };
  struct Prepared {
    std::string password = {};
  };
  struct Output {
    Uuid uuid = {};
    std::string email = {};
    Role role = Role::owner;
    static void describe(Fields<Output>& field);
  };
  static Result<Prepared> prepare(const Preparation&, const Input& input);
  static Result<Output> run(Call& call, const Input& input, const Prepared& prepared);
};

// Who is signed in, where.
struct Session {
  std::string email = {};
  std::string name = {};
  Role role = Role::viewer;
  std::string account = {};
  std::string company = {};
  std::string proof = {};
  Time expires_at = {};
  std::string session = {};  // The cookie's value; written nowhere else.
  static void describe(Fields<Session>& field);
};

// Begins a session of a person; the caller has made sure that it is them.
Result<Session> new_session(Call& call, const PersonRow& person);

struct SignIn {
  static constexpr OperationInfo info = {
      .name = "sign_in",
      .title = "Sign In",
      .about =
          "Begins a session with an e-mail address and a password. The browser keeps it as a "
          "cookie; "
          "each change must send the `proof` in the header X-Piggy-Proof.",
      .verb = Verb::post,
      .path = "/platform/session",
      .effect = Effect::write,
      .surface = Surface::open,
      .wire = {.session = "session"}};
  struct Input {
    std::string email = {};
    std::string password = {};
    std::optional<std::string> account = {};
    static void describe(Fields<Input>& field);
  };
  struct Prepared {
    bool right = false;
  };
  using Output = Session;
  static Result<std::int64_t> account_of(Transaction& transaction, const Input& input);
  static Result<Prepared> prepare(const Preparation& preparation, const Input& input);
  static Result<Output> run(Call& call, const Input& input, const Prepared& prepared);
};

struct GetSession {
  static constexpr OperationInfo info = {.name = "get_session",
                                         .title = "Get Session",
                                         .about = "Shows who is signed in, where and as what.",
                                         .verb = Verb::get,
                                         .path = "/session",
                                         .scope = "account:read",
                                         .surface = Surface::platform};
  using Input = Empty;
  using Output = Session;
  static Result<Output> run(Call& call, const Input&);
};

struct SignOut {
  static constexpr OperationInfo info = {.name = "sign_out",
                                         .title = "Sign Out",
                                         .about = "Ends the session.",
                                         .verb = Verb::del,
                                         .path = "/session",
                                         .scope = "account:read",
                                         .effect = Effect::write,
                                         .surface = Surface::platform,
                                         .wire = {.session = "session"}};
  using Input = Empty;
  struct Output {
    Time ended_at = {};
    std::string session = {};
    static void describe(Fields<Output>& field) {
      field("ended_at", &Output::ended_at, "Since when it is refused.");
      field("session", &Output::session, "Nothing.", {.format = Format::secret, .hidden = true});
    }
  };
  static Result<Output> run(Call& call, const Input&);
};

struct ChangePassword {
  static constexpr OperationInfo info = {
      .name = "change_password",
      .title = "Change Password",
      .about = "Gives whoever is signed in another password and ends all other sessions.",
      .verb = Verb::put,
      .path = "/session/password",
      .scope = "account:read",
      .effect = Effect::write,
      .surface = Surface::platform,
      .wire = {.session = "session"}};
  struct Input {
    std::string password = {};
    std::string new_password = {};
    static void describe(Fields<Input>& field);
  };
  struct Prepared {
    bool right = false;
    std::string new_password = {};
  };
  using Output = Session;
  static Result<Prepared> prepare(const Preparation& preparation, const Input& input);
  static Result<Output> run(Call& call, const Input& input, const Prepared& prepared);
};

struct ListUsers {
  static constexpr OperationInfo info = {.name = "list_users",
                                         .title = "List Users",
                                         .about = "Lists who may sign in to the account, as what.",
                                         .verb = Verb::get,
                                         .path = "/account/users",
                                         .scope = "people:read",
                                         .surface = Surface::platform,
                                         .wire = {.data = "users"}};
  using Input = Empty;
  struct Item {
    Uuid uuid = {};
    std::string email = {};
    std::string name = {};
    Role role = Role::viewer;
    static void describe(Fields<Item>& field);
  };
  struct Output {
    std::vector<Item> users = {};
    static void describe(Fields<Output>& field) {
      field("users", &Output::users, "The people, who came first first.");
    }
  };
  static Result<Output> run(Call& call, const Input&);
};

struct SetUserRole {
  static constexpr OperationInfo info = {
      .name = "set_user_role",
      .title = "Set User Role",
      .about = "Gives a person of the account another role, from the next call on.",
      .verb = Verb::put,
      .path = "/account/users/{email}/role",
      .scope = "people:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    std::string email = {};
    Role role = Role::viewer;
    static void describe(Fields<Input>& field);
  };
  using Output = ListUsers::Item;
  static Result<Output> run(Call& call, const Input& input);
};

struct RemoveUser {
  static constexpr OperationInfo info = {
      .name = "remove_user",
      .title = "Remove User",
      .about =
          "Takes a person out of the account and ends there the sessions, and what the person let "
          "programs do. Other accounts of the person stay.",
      .verb = Verb::del,
      .path = "/account/users/{email}",
      .scope = "people:write",
      .effect = Effect::destructive,
      .surface = Surface::platform};
  struct Input {
    std::string email = {};
    static void describe(Fields<Input>& field) {
      field("email", &Input::email, "Whom.", {.format = Format::email});
    }
  };
  using Output = ListUsers::Item;
  static Result<Output> run(const PersonDepartures& departures, Call& call, const Input& input);
};

void add_person_operations(Catalogue& catalogue, const PersonDepartures& departures);

}  // namespace piggy
