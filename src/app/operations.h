#pragma once

// Operations about the whole installation: they need modules that do not know each other.

#include "access/access.h"
#include "access/person.h"
#include "app/setup_code.h"
#include "loyalty/programme.h"
#include "operation/operation.h"
#include "persona/approval_operations.h"

namespace piggy {

class SandboxClock;

// What operations about the installation work on.
struct Installation {
  Database* database = nullptr;
  SandboxClock* sandbox = nullptr;  // Nothing where the time is the real one.
  InnerCalls* inner = nullptr;
  Configurations programmes = {};
  PersonDepartures departures = {};
  SetupCode setup_code = {};
};

// Makes an account with its loyalty programme. Above all tenants. Refused when there is no such
// time zone or currency.
Result<NewlyMade> open_account(Transaction& transaction, const NewAccount& account);

Result<> must_be_time_zone(std::string_view name);
Result<> must_be_currency(std::string_view name);

struct CreateAccount {
  static constexpr OperationInfo info = {
      .name = "create_account",
      .title = "Create Account",
      .about = "Makes an account (tenant) with its loyalty programme, a default unit and a rule.",
      .verb = Verb::post,
      .path = "/accounts",
      .scope = "access:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string name = {};
    std::optional<std::string> company = {};
    std::optional<std::string> time_zone = {};
    std::optional<std::string> currency = {};
    static void describe(Fields<Input>& field) {
      field("name", &Input::name, "Its name on the command line.", {.min = 1, .max = 64});
      field("company", &Input::company, "The company's name.", {.max = 200});
      field("time_zone", &Input::time_zone, "An IANA time zone.", {.max = 64});
      field("currency", &Input::currency, "ISO 4217.", {.min = 3, .max = 3});
    }
  };
  struct Output {
    Uuid uuid = {};
    std::string name = {};
    static void describe(Fields<Output>& field) {
      field("uuid", &Output::uuid, "The account.");
      field("name", &Output::name, "Its name.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct Verify {
  static constexpr OperationInfo info = {
      .name = "verify",
      .title = "Verify",
      .about =
          "Re-derives every balance and every hash of every account from the entries alone, and "
          "the "
          "chain of its calls on record, and names the first of each that does not fit.",
      .verb = Verb::get,
      .path = "/verify",
      .scope = "access:read",
      .surface = Surface::platform,
      .slow = true};
  using Input = Empty;
  struct Account {
    std::string name = {};
    std::int64_t accounts = 0;
    std::int64_t entries = 0;
    std::int64_t issued = 0;
    std::int64_t held = 0;
    std::int64_t calls = 0;
    std::vector<std::string> problems = {};
    static void describe(Fields<Account>& field);
  };
  struct Output {
    bool clean = true;
    std::vector<Account> accounts = {};
    static void describe(Fields<Output>& field) {
      field("clean", &Output::clean, "Whether nothing was found.");
      field("accounts", &Output::accounts, "What was checked, by account.");
    }
  };
  static Result<Output> run(Installation& installation, Call& call, const Input&);
};

struct Backup {
  static constexpr OperationInfo info = {
      .name = "backup",
      .title = "Backup",
      .about =
          "Writes a consistent copy of the whole database into a file on the server, while it "
          "goes on working.",
      .verb = Verb::post,
      .path = "/backup",
      .scope = "access:write",
      .surface = Surface::platform,
      .slow = true};
  struct Input {
    std::string file = {};
    static void describe(Fields<Input>& field) {
      field("file", &Input::file, "Where to; must not exist yet.", {.min = 1});
    }
  };
  struct Output {
    std::string file = {};
    std::int64_t bytes = 0;
    static void describe(Fields<Output>& field) {
      field("file", &Output::file, "The copy.");
      field("bytes", &Output::bytes, "Its size.");
    }
  };
  static Result<Output> run(Installation& installation, Call& call, const Input& input);
};

struct AdvanceClock {
  static constexpr OperationInfo info = {
      .name = "advance_clock",
      .title = "Advance Clock",
      .about =
          "Moves the clock of a sandbox on to a moment, for everybody on it, so that what is due "
          "by then happens at once: flows at their hour, letters after their wait. A clock that is "
          "later already stays as it is; it is never moved back. Refused by a server whose time is "
          "the real one, which is each that was not started with --sandbox-clock.",
      .verb = Verb::post,
      .path = "/clock",
      .scope = "access:write",
      .effect = Effect::write,
      .idempotent = true,
      .surface = Surface::platform};
  struct Input {
    Time to = {};
    static void describe(Fields<Input>& field) {
      field("to", &Input::to, "The moment, no more than 400 days ahead.");
    }
  };
  struct Output {
    Time now = {};
    static void describe(Fields<Output>& field) {
      field("now", &Output::now, "What the clock shows.");
    }
  };
  static Result<Output> run(Installation& installation, Call& call, const Input& input);
};

}  // namespace piggy
