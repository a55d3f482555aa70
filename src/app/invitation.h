#pragma once

// How people join an account: somebody who may invites an address, and whoever reads its mail
// chooses the password. Nobody chooses one for somebody else: the address is the person in every
// account.

#include "access/person_operations.h"
#include "operation/operation.h"

namespace piggy {

struct InviteUser {
  static constexpr OperationInfo info = {
      .name = "invite_user",
      .title = "Invite User",
      .about =
          "Invites a person to the account, in a role, by an e-mail with a link that is good once "
          "within seven days. A newer invitation of the same address ends the older ones.",
      .verb = Verb::post,
      .path = "/account/invitations",
      .scope = "people:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string email = {};
    Role role = Role::viewer;
    std::optional<std::string> name = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::string email = {};
    Role role = Role::viewer;
    Time expires_at = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct AcceptInvitation {
  static constexpr OperationInfo info = {
      .name = "accept_invitation",
      .title = "Accept Invitation",
      .about =
          "Joins the account of an invitation and signs in. Who is new chooses a password; who is "
          "in another account already proves it by the password of there.",
      .verb = Verb::post,
      .path = "/platform/invitation",
      .effect = Effect::write,
      .surface = Surface::open,
      .wire = {.session = "session"}};
  struct Input {
    std::string invitation = {};
    std::string password = {};
    std::optional<std::string> name = {};
    static void describe(Fields<Input>& field);
  };
  struct Prepared {
    std::string password = {};  // The hash of what was given.
    bool right = false;         // Whether it is the one that the person has.
  };
  using Output = Session;
  // 0 for an invitation that there is not, or no longer.
  static Result<std::int64_t> account_of(Transaction& transaction, const Input& input);
  static Result<Prepared> prepare(const Preparation& preparation, const Input& input);
  static Result<Output> run(Call& call, const Input& input, const Prepared& prepared);
};

}  // namespace piggy
