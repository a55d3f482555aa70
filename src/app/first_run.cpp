#include "app/first_run.h"

#include <algorithm>

#include "access/access.h"
#include "app/operations.h"
#include "base/lower_case.h"

namespace piggy {
namespace {

constexpr std::size_t account_name_max = 40;

constexpr std::string_view count_accounts = "SELECT count(*) FROM account";

std::unexpected<Error> begun_already() {
  return fail(ErrorCode::conflict, "This Piggy has an account already. Sign in.");
}

// What the account is called on the command line: the company's name as one word.
std::string account_name(std::string_view company) {
  std::string name;
  for (char c : lower_case(company)) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) name += c;
    if (!plain && !name.empty() && name.back() != '-') name += '-';
  }
  name.resize(std::min(name.size(), account_name_max));
  while (name.ends_with('-')) name.pop_back();
  return name.empty() ? "main" : name;
}

}  // namespace

Result<bool> has_begun(Transaction& transaction) {
  return TRY(transaction.one<std::int64_t>(count_accounts)) > 0;
}

Result<GetInstallation::Output> GetInstallation::run(Call& call, const Input&) {
  Transaction above = call.transaction.of(0);
  return Output{.begun = TRY(has_begun(above))};
}

void BeginInstallation::Input::describe(Fields<Input>& field) {
  field("code", &Input::code, "The code that was shown when the program started.",
        {.min = 1, .max = 100, .format = Format::secret});
  field("company", &Input::company, "The company's name.", {.min = 1, .max = 200});
  field("time_zone", &Input::time_zone,
        "An IANA time zone; Europe/Amsterdam unless said otherwise.", {.max = 64});
  field("currency", &Input::currency, "ISO 4217; EUR unless said otherwise.", {.min = 3, .max = 3});
  field("email", &Input::email, "What the owner signs in with.", {.format = Format::email});
  field("name", &Input::name, "The owner's name.", {.max = 200});
  field("password", &Input::password, "At least 12 characters; any will do.",
        {.min = password_min, .max = 1'024, .format = Format::secret});
}

// The code is asked here, where each call comes by once: a write may be run again from the start.
Result<BeginInstallation::Prepared> BeginInstallation::prepare(SetupCode& code,
                                                               const Preparation& preparation,
                                                               const Input& input) {
  bool begun = false;
  TRY(preparation.database.read(0, [&](Transaction& transaction) -> Result<> {
    begun = TRY(has_begun(transaction));
    return {};
  }));
  if (begun) return begun_already();
  if (!TRY(code.is_right(input.code, preparation.database.clock().now()))) {
    return fail_field("/code", "The code is not the one that was shown when the program started.");
  }
  return Prepared{.password = hash_password(input.password)};
}

Result<Session> BeginInstallation::run(SetupCode&, Call& call, const Input& input,
                                       const Prepared& prepared) {
  Transaction above = call.transaction.of(0);
  // Of two who begin at once one was first.
  if (TRY(has_begun(above))) return begun_already();
  NewAccount account{.name = account_name(input.company), .company = input.company};
  if (input.time_zone) account.time_zone = *input.time_zone;
  if (input.currency) account.currency = *input.currency;
  NewlyMade made = TRY(open_account(above, account));
  std::string email = lower_case(input.email);
  PersonRow owner = TRY(make_person(above, {.account_id = made.id,
                                            .email = email,
                                            .name = input.name.value_or(email),
                                            .role = Role::owner,
                                            .password = prepared.password}));
  call.changes("account " + account.name, nullptr, "created");
  return new_session(call, owner);
}

}  // namespace piggy
