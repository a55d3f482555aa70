#pragma once

// The first run: who opens the console of a Piggy that holds nothing yet makes the account and its
// owner there. That it is them is shown by a code that only those who see the program start know.

#include "access/person_operations.h"
#include "app/setup_code.h"
#include "database/database.h"
#include "operation/operation.h"

namespace piggy {

// Whether there is any account. Above all tenants.
Result<bool> has_begun(Transaction& transaction);

struct GetInstallation {
  static constexpr OperationInfo info = {
      .name = "get_installation",
      .title = "Get Installation",
      .about = "Says whether this Piggy holds an account, or is still to be begun.",
      .verb = Verb::get,
      .path = "/platform/installation",
      .surface = Surface::open};
  using Input = Empty;
  struct Output {
    bool begun = false;
    static void describe(Fields<Output>& field) {
      field("begun", &Output::begun, "Whether there is an account.");
    }
  };
  static Result<std::int64_t> account_of(Transaction&, const Input&) { return 0; }
  static Result<Output> run(Call& call, const Input&);
};

struct BeginInstallation {
  static constexpr OperationInfo info = {
      .name = "begin_installation",
      .title = "Begin Installation",
      .about =
          "Makes the first account of an empty Piggy with its owner, and signs the owner in, by "
          "the code that was shown when the program started. Refused for good once there is an "
          "account.",
      .verb = Verb::post,
      .path = "/platform/installation",
      .effect = Effect::write,
      .surface = Surface::open,
      .wire = {.status = 201, .session = "session"}};
  struct Input {
    std::string code = {};
    std::string company = {};
    std::optional<std::string> time_zone = {};
    std::optional<std::string> currency = {};
    std::string email = {};
    std::optional<std::string> name = {};
    std::string password = {};
    static void describe(Fields<Input>& field);
  };
  struct Prepared {
    std::string password = {};
  };
  using Output = Session;
  static Result<std::int64_t> account_of(Transaction&, const Input&) { return 0; }
  static Result<Prepared> prepare(SetupCode& code, const Preparation& preparation,
                                  const Input& input);
  static Result<Output> run(SetupCode& code, Call& call, const Input& input,
                            const Prepared& prepared);
};

}  // namespace piggy
