#include "app/invitation.h"

#include <fmt/format.h>

#include "access/access.h"
#include "base/lower_case.h"
#include "email/email.h"

namespace piggy {
namespace {

constexpr std::int64_t lifetime = 7 * microseconds_per_day;

constexpr std::string_view end_older = R"sql(
  UPDATE invitation SET expires_at = $3 WHERE account_id = $1 AND email = $2 AND expires_at > $3
)sql";

constexpr std::string_view insert_invitation = R"sql(
  INSERT INTO invitation (account_id, id, email, name, role, hash, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql";

constexpr std::string_view select_open = R"sql(
  SELECT account_id, id, email, name, role FROM invitation
  WHERE hash = $1 AND accepted_at IS NULL AND expires_at > $2
)sql";

constexpr std::string_view mark_accepted = R"sql(
  UPDATE invitation SET accepted_at = $3 WHERE account_id = $1 AND id = $2
)sql";

struct InvitationRow {
  std::int64_t account_id = 0;
  std::int64_t id = 0;
  std::string email = {};
  std::string name = {};
  Role role = Role::viewer;
};

// Whoever has it is of no account yet.
Result<std::optional<InvitationRow>> invitation_of(Transaction& transaction,
                                                   std::string_view invitation) {
  return transaction.of(0).first<InvitationRow>(select_open,
                                                {hash_of_token(invitation), transaction.now()});
}

std::unexpected<Error> no_invitation() {
  return fail(
      ErrorCode::not_found,
      "This invitation was used already, has ended, or was replaced by a newer one. Ask for "
      "another.");
}

Email invitation_mail(const Call& call, const InviteUser::Input& input, std::string_view code) {
  std::string link = fmt::format("{}/?invitation={}", call.settings.public_url, code);
  std::string by = call.caller.person.empty() ? call.caller.company : call.caller.person;
  const std::string& company = call.caller.company;
  return {.from = call.settings.mail_from,
          .to = lower_case(input.email),
          .subject = fmt::format("You are invited to {}", company),
          .text = fmt::format("{} invites you to {} on Piggy, as {}.\n\nJoin here, within seven "
                              "days: {}\n\nIf you did not expect this, do nothing.\n",
                              by, company, word_of(input.role), link),
          .html = fmt::format("<p>{} invites you to {} on Piggy, as {}.</p><p><a "
                              "href=\"{}\">Join here</a>, within seven days.</p><p>If you did not "
                              "expect this, do nothing.</p>",
                              escape_html(by), escape_html(company), word_of(input.role),
                              escape_html(link))};
}

}  // namespace

Result<InviteUser::Output> InviteUser::run(Call& call, const Input& input) {
  std::string email = lower_case(input.email);
  for (const PersonRow& person : TRY(people_of(call.transaction, call.caller.account_id))) {
    if (person.email == email) {
      return fail(ErrorCode::conflict, fmt::format("{} is a user of this account already.", email));
    }
  }
  std::string code = call.transaction.random().text(session_length, alphanumerics);
  Output output{.email = email, .role = input.role, .expires_at = call.now() + lifetime};
  TRY(call.transaction.run(end_older, {email, call.now()}));
  TRY(call.transaction.run(
      insert_invitation,
      {call.transaction.next_id(), email, input.name.value_or(""), word_of(input.role),
       hash_of_token(code), call.now(), output.expires_at}));
  TRY(queue_email(call.transaction, invitation_mail(call, input, code)));
  call.changes("invitation of " + email, nullptr, word_of(input.role));
  return output;
}

Result<std::int64_t> AcceptInvitation::account_of(Transaction& transaction, const Input& input) {
  auto invitation = TRY(invitation_of(transaction, input.invitation));
  return invitation ? invitation->account_id : 0;
}

// What nobody was invited by costs no hash.
Result<AcceptInvitation::Prepared> AcceptInvitation::prepare(const Preparation& preparation,
                                                             const Input& input) {
  std::vector<PersonRow> known;
  TRY(preparation.database.read(0, [&](Transaction& transaction) -> Result<> {
    auto invitation = TRY(invitation_of(transaction, input.invitation));
    if (!invitation) return no_invitation();
    known = TRY(people_by_email(transaction, invitation->email));
    return {};
  }));
  if (known.empty()) return Prepared{.password = hash_password(input.password)};
  if (known[0].next_try_at > preparation.database.clock().now()) return Prepared{};
  return Prepared{.right = is_password(input.password, known[0].password)};
}

Result<Session> AcceptInvitation::run(Call& call, const Input& input, const Prepared& prepared) {
  auto invitation = TRY(invitation_of(call.transaction, input.invitation));
  if (!invitation) return no_invitation();
  auto known = TRY(people_by_email(call.transaction, invitation->email));
  if (!known.empty() && !prepared.right) {
    call.transaction.if_undone([person = known[0]](Transaction& transaction) {
      return note_failure(transaction, person);
    });
    return fail_field("/password",
                      "You are a user of another account here: the password must be that one.");
  }
  if (known.empty() && prepared.password.empty()) return no_invitation();
  std::string name = input.name.value_or(known.empty() ? invitation->name : known[0].name);
  PersonRow person = TRY(make_person(
      call.transaction, {.account_id = invitation->account_id,
                         .email = invitation->email,
                         .name = name.empty() ? invitation->email : name,
                         .role = invitation->role,
                         .password = known.empty() ? prepared.password : known[0].password}));
  TRY(call.transaction.run(mark_accepted, {invitation->id, call.now()}));
  call.changes("role of " + invitation->email, nullptr, word_of(person.role));
  return new_session(call, person);
}

// Descriptions ------------------------------------------------------------------------------------

void InviteUser::Input::describe(Fields<Input>& field) {
  field("email", &Input::email, "Whom.", {.max = 254, .format = Format::email});
  field("role", &Input::role, "What they may: owner, marketer, auditor or viewer.");
  field("name", &Input::name, "The person's name; they can choose another.", {.max = 200});
}

void InviteUser::Output::describe(Fields<Output>& field) {
  field("email", &Output::email, "Where the invitation went.");
  field("role", &Output::role, "The role that is waiting.");
  field("expires_at", &Output::expires_at, "Until when it is good.");
}

void AcceptInvitation::Input::describe(Fields<Input>& field) {
  field("invitation", &Input::invitation, "What stands in the mail's link.",
        {.min = 1, .max = 100, .format = Format::secret});
  field("password", &Input::password, "At least 12 characters; any will do.",
        {.min = password_min, .max = 1'024, .format = Format::secret});
  field("name", &Input::name, "Your name.", {.max = 200});
}

}  // namespace piggy
