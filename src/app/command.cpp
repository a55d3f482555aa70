#include "app/command.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <termios.h>
#include <unistd.h>

#include <charconv>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "app/backend.h"
#include "app/bounce.h"
#include "app/engine.h"
#include "app/import.h"
#include "app/mail_key.h"
#include "app/migrate.h"
#include "app/serve.h"
#include "app/typed_input.h"
#include "app/version.h"
#include "door/manual.h"
#include "door/toolbox.h"
#include "door/typescript.h"
#include "shape/json.h"

namespace piggy {
namespace {

constexpr int refused = 1;
constexpr int used_wrongly = 2;
constexpr int found_wrong = 3;

int tell(const Error& error) {
  fmt::print(stderr, "piggy: {}\n", error.message);
  for (const FieldError& field : error.fields) {
    std::string_view name = std::string_view(field.path).substr(field.path.empty() ? 0 : 1);
    fmt::print(stderr, "  {}{}{}\n", name, name.empty() ? "" : ": ", field.message);
  }
  return error.code == ErrorCode::invalid ? used_wrongly : refused;
}

std::string dashed(std::string_view name) {
  std::string flag(name);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

// The flags every command takes, made from the fields of RunConfiguration. Only `serve` shows those
// that are about serving.
class Flags {
 public:
  void add_to(CLI::App& app, bool serves = false) {
    app.add_option("--config", file_, "A TOML file with settings.");
    const auto& fields = shape_of<RunConfiguration>().fields;
    if (values_.empty()) values_.resize(fields.size());
    for (std::size_t i = 0; i < fields.size(); i++) {
      std::string flag = "--" + dashed(fields[i].name);
      std::string about(fields[i].about);
      CLI::Option* option = fields[i].shape->kind == Kind::boolean
                                ? app.add_flag_callback(
                                      flag, [this, i] { values_[i] = "true"; }, about)
                                : app.add_option(flag, values_[i], about);
      bool of_all = fields[i].name == "data" || fields[i].name == "database";
      if (!serves && !of_all) option->group("");
    }
  }

  Result<RunConfiguration> read() const {
    std::vector<Setting> settings;
    const auto& fields = shape_of<RunConfiguration>().fields;
    for (std::size_t i = 0; i < values_.size(); i++) {
      if (!values_[i].empty()) settings.push_back({std::string(fields[i].name), values_[i]});
    }
    const char* file = std::getenv("PIGGY_CONFIG");
    return configure(file_.empty() && file ? file : file_, settings);
  }

 private:
  std::string file_;
  std::vector<std::string> values_;
};

// Indented, for people; one line when the output goes to another program.
void print_value(const Value& value) {
  fmt::print("{}\n", isatty(STDOUT_FILENO) ? pretty_json(value) : to_json(value));
}

int show_value(const Value& value) {
  print_value(value);
  return 0;
}

// A part of an answer for shell scripts: `shops.0.uuid`. Text comes without quotes.
Result<> print_part(const Value& answer, std::string_view path) {
  const Value* part = &answer;
  for (std::string_view rest = path; part && !rest.empty();) {
    std::string_view step = rest.substr(0, rest.find('.'));
    rest.remove_prefix(std::min(rest.size(), step.size() + 1));
    if (const Value::List* items = part->items()) {
      std::size_t index = items->size();
      std::from_chars(step.data(), step.data() + step.size(), index);
      part = index < items->size() ? &(*items)[index] : nullptr;
    } else {
      part = part->find(step);
    }
  }
  if (!part)
    return fail(ErrorCode::invalid, fmt::format("The answer has no {}: {}", path, to_json(answer)));
  fmt::print("{}\n", part->text() ? *part->text() : to_json(*part));
  return {};
}

int print_operation_help(const std::string& name) {
  DescribedOperations described;
  const Catalogue& catalogue = described.catalogue;
  const Operation* operation = catalogue.find(name);
  if (!operation) {
    fmt::print("The operations:\n\n");
    for (const auto& each : catalogue.all()) {
      fmt::print("  {:34} {}\n", each->info.name,
                 each->info.about.substr(0, each->info.about.find('.')));
    }
    return name.empty() ? 0 : used_wrongly;
  }
  fmt::print("{}\n\nusage: piggy call {}", operation->info.about, name);
  for (const Field& field : operation->input->fields) {
    if (field.required()) fmt::print(" --{} …", dashed(field.name));
  }
  fmt::print("\n\n");
  for (const Field& field : operation->input->fields) {
    if (!field.options.hidden) fmt::print("  --{:28} {}\n", dashed(field.name), field.about);
  }
  if (operation->writes()) {
    fmt::print("  --{:28} Shows the effect and changes nothing.\n", "dry-run");
    fmt::print("  --{:28} The same key and input act only once.\n", "idempotency-key");
  }
  fmt::print("  --{:28} Prints this part of the answer alone, such as uuid or shops.0.uuid.\n",
             "print");
  return 0;
}

struct Commands {
  std::span<const ConsoleFile> console;
  Flags flags;
  std::string account;
  int status = 0;

  template <class Work>
  void with_backend(Work work) {
    auto configuration = flags.read();
    if (!configuration) {
      status = tell(configuration.error());
      return;
    }
    auto backend = open_backend(*configuration);
    if (!backend) {
      status = tell(backend.error());
      return;
    }
    Result<int> done = work(**backend, *configuration);
    status = done ? *done : tell(done.error());
  }
};

void add_serve(CLI::App& app, Commands& commands) {
  auto* command = app.add_subcommand("serve", "Serves REST and MCP.");
  commands.flags.add_to(*command, true);
  auto print = std::make_shared<bool>(false);
  command->add_flag("--print-config", *print, "Shows the effective settings and ends.");
  command->callback([&commands, print] {
    auto configuration = commands.flags.read();
    if (!configuration) {
      commands.status = tell(configuration.error());
    } else if (*print) {
      fmt::print("{}", shown(*configuration));
    } else if (auto served = serve(*configuration, commands.console); !served) {
      commands.status = tell(served.error());
    }
  });
}

void add_call(CLI::App& app, Commands& commands) {
  auto* command = app.add_subcommand("call", "Calls an operation: piggy call NAME --field value …");
  commands.flags.add_to(*command);
  command->set_help_flag();
  command->allow_extras();
  auto name = std::make_shared<std::string>();
  command->add_option("name", *name, "The operation; none lists them.");
  command->add_option("--account", commands.account, "The account to act for.");
  auto print = std::make_shared<std::string>();
  command->add_option("--print", *print, "Prints this part of the answer alone.");
  command->callback([&commands, command, name, print] {
    std::vector<std::string> words = command->remaining();
    *name = std::string(operation_name(*name));
    bool help = std::find(words.begin(), words.end(), "--help") != words.end();
    if (name->empty() || help) {
      commands.status = print_operation_help(*name);
      return;
    }
    commands.with_backend([&](Backend& backend, const RunConfiguration&) -> Result<int> {
      Value input = TRY(input_of(words));
      CallOptions options{.account = commands.account};
      TRY(take_options(input, options));
      Value answer = TRY(backend.call(*name, input, options));
      if (print->empty()) return show_value(answer);
      TRY(print_part(answer, *print));
      return 0;
    });
  });
}

// A command that is one operation with flags of its own.
CLI::App* add_operation(CLI::App& app, Commands& commands, const std::string& word,
                        const std::string& about, const std::string& operation,
                        std::function<void(CLI::App&, Value&)> flags,
                        std::function<int(const Value&)> show) {
  auto* command = app.add_subcommand(word, about);
  commands.flags.add_to(*command);
  auto input = std::make_shared<Value>(Value::object());
  flags(*command, *input);
  command->callback([&commands, input, operation, show] {
    commands.with_backend([&](Backend& backend, const RunConfiguration&) -> Result<int> {
      return show(TRY(backend.call(operation, *input, {})));
    });
  });
  return command;
}

void text_flag(CLI::App& command, Value& input, const std::string& name, const std::string& about,
               bool required = false) {
  auto* option = command.add_option_function<std::string>(
      "--" + dashed(name), [&input, name](const std::string& text) { input.set(name, text); },
      about);
  option->required(required);
}

void add_tokens(CLI::App& app, Commands& commands) {
  auto* token = app.add_subcommand("token", "Makes, lists and revokes access tokens.");
  token->require_subcommand(1);
  add_operation(
      *token, commands, "create", "Makes a token and prints it, this once.", "create_token",
      [](CLI::App& command, Value& input) {
        text_flag(command, input, "account", "The account's name.", true);
        text_flag(command, input, "kind", "client, register or mcp.", true);
        text_flag(command, input, "name", "What it is for.");
        text_flag(command, input, "expires", "How long it lasts: 90d, 12h, or a date.");
        text_flag(command, input, "shop_uuid", "The shop of a register.");
        text_flag(command, input, "rotate_every_days", "After how many days it must be changed.");
        command.add_option_function<std::vector<std::string>>(
            "--scope",
            [&input](const std::vector<std::string>& scopes) {
              Value list = Value::list();
              for (const std::string& scope : scopes) list.push(scope);
              input.set("scopes", std::move(list));
            },
            "What it may do, such as contacts:read; may be given more than once.");
      },
      [](const Value& made) {
        fmt::print("{}\n", made.text_of("token"));
        return 0;
      });
  add_operation(
      *token, commands, "list", "Lists the tokens of an account.", "list_tokens",
      [](CLI::App& command, Value& input) {
        text_flag(command, input, "account", "The account's name.", true);
      },
      show_value);
  add_operation(
      *token, commands, "revoke", "Ends a token.", "revoke_token",
      [](CLI::App& command, Value& input) {
        command
            .add_option_function<std::string>(
                "token", [&input](const std::string& text) { input.set("token", text); },
                "The token itself, or its uuid as `token list` shows it.")
            ->required();
      },
      show_value);
}

void add_accounts(CLI::App& app, Commands& commands) {
  auto* account = app.add_subcommand("account", "Makes and lists accounts.");
  account->require_subcommand(1);
  add_operation(
      *account, commands, "create", "Makes an account.", "create_account",
      [](CLI::App& command, Value& input) {
        text_flag(command, input, "name", "Its name.", true);
        text_flag(command, input, "company", "The company's name.");
        text_flag(command, input, "time_zone", "An IANA time zone.");
        text_flag(command, input, "currency", "ISO 4217.");
      },
      show_value);
  add_operation(
      *account, commands, "list", "Lists the accounts.", "list_accounts", [](CLI::App&, Value&) {},
      show_value);
}

int show_verification(const Value& found) {
  for (const Value& account : *found.find("accounts")->items()) {
    const auto* problems = account.find("problems")->items();
    fmt::print(
        "{}: {} ledger accounts, {} entries, {} credits issued, {} held, {} calls on record{}\n",
        account.text_of("name"), *account.find("accounts")->integer(),
        *account.find("entries")->integer(), *account.find("issued")->integer(),
        *account.find("held")->integer(), *account.find("calls")->integer(),
        problems->empty() ? ": all fits" : "");
    for (const Value& problem : *problems) fmt::print("  {}\n", *problem.text());
  }
  return *found.find("clean")->boolean() ? 0 : found_wrong;
}

void add_bounce(CLI::App& app, Commands& commands) {
  auto* command = app.add_subcommand(
      "bounce", "Records reports of mails that came back: one from a pipe, or a mailbox of them.");
  commands.flags.add_to(*command);
  auto options = std::make_shared<BounceCommand>();
  command->add_option("--account", options->account, "The account whose mails they are about.")
      ->required();
  command->add_option("--mailbox", options->mailbox, "An mbox file, which is not changed.");
  command->add_option("--maildir", options->maildir, "A Maildir; what is dealt with is seen.");
  command->callback([&commands, options] {
    commands.with_backend([&](Backend& backend, const RunConfiguration&) -> Result<int> {
      return record_bounce_mail(backend, *options);
    });
    // No data, or a store that does not open now: the mail server shall keep the message.
    bool piped = options->mailbox.empty() && options->maildir.empty();
    if (piped && commands.status != 0) commands.status = EX_TEMPFAIL;
  });
}

void add_upkeep(CLI::App& app, Commands& commands) {
  add_operation(
      app, commands, "verify", "Re-derives every balance and hash from the entries.", "verify",
      [](CLI::App&, Value&) {}, show_verification);
  auto* backup = app.add_subcommand("backup", "Writes a copy of the database while it works.");
  commands.flags.add_to(*backup);
  auto file = std::make_shared<std::string>();
  backup->add_option("file", *file, "The copy to make.")->required();
  backup->callback([&commands, file] {
    commands.with_backend([&](Backend& backend, const RunConfiguration&) -> Result<int> {
      std::string whole = std::filesystem::absolute(*file).string();
      return show_value(TRY(backend.call("backup", Value::object({{"file", whole}}), {})));
    });
  });
}

// From the terminal without showing it, or the first line of what is piped in.
std::string read_password() {
  std::string password;
  termios shown{};
  bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
  if (terminal) {
    fmt::print(stderr, "Password: ");
    termios hidden = shown;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  std::getline(std::cin, password);
  if (terminal) {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    fmt::print(stderr, "\n");
  }
  return password;
}

void add_users(CLI::App& app, Commands& commands) {
  auto* user = app.add_subcommand("user", "Lets people sign in.");
  user->require_subcommand(1);
  auto* create = user->add_subcommand(
      "create", "Makes a user of an account; asks for the password, or reads it from a pipe.");
  commands.flags.add_to(*create);
  auto input = std::make_shared<Value>(Value::object());
  text_flag(*create, *input, "account", "The account's name.", true);
  text_flag(*create, *input, "email", "What the person signs in with.", true);
  text_flag(*create, *input, "name", "The person's name.");
  text_flag(*create, *input, "role", "owner (unless said otherwise), marketer, auditor or viewer.");
  auto known = std::make_shared<bool>(false);
  create->add_flag("--known", *known, "The person has a password already, of another account.");
  create->callback([&commands, input, known] {
    commands.with_backend([&](Backend& backend, const RunConfiguration&) -> Result<int> {
      if (!*known) input->set("password", read_password());
      return show_value(TRY(backend.call("create_user", *input, {})));
    });
  });
}

void add_vault(CLI::App& app, Commands& commands) {
  auto* vault = app.add_subcommand("vault", "The master key that seals all secrets.");
  vault->require_subcommand(1);
  add_operation(
      *vault, commands, "status",
      "Shows the master keys, what is under each, and how far a change is.", "vault_status",
      [](CLI::App& command, Value& input) {
        command.add_flag_callback(
            "--prove", [&input] { input.set("prove", true); },
            "Unwraps every data key by the current master key.");
      },
      show_value);
  add_operation(
      *vault, commands, "rotate-master", "Puts a new master key in place while work goes on.",
      "rotate_master_key",
      [](CLI::App& command, Value& input) {
        text_flag(command, input, "source", "A pkcs11: URI; left out, a new file.");
      },
      show_value);
}

void add_import(CLI::App& app, Commands& commands) {
  auto* import = app.add_subcommand("import", "Brings data in.");
  import->require_subcommand(1);
  auto* orders = import->add_subcommand("orders", "Imports orders in the Online Retail columns.");
  commands.flags.add_to(*orders);
  auto options = std::make_shared<ImportCommand>();
  orders->add_option("file", options->file, "A CSV file, or one packed with xz.")->required();
  orders->add_option("--account", options->account, "The account.")->required();
  orders->add_flag("--dry-run", options->dry_run, "Checks and counts, and changes nothing.");
  orders->callback([&commands, options] {
    commands.with_backend([&](Backend& backend, const RunConfiguration&) -> Result<int> {
      return import_orders_file(backend, *options);
    });
  });
  auto* contacts = import->add_subcommand("contacts", "Imports contacts: email and attributes.");
  commands.flags.add_to(*contacts);
  contacts->add_option("file", options->file, "A CSV file, or one packed with xz.")->required();
  contacts->add_option("--account", options->account, "The account.")->required();
  contacts->add_flag("--dry-run", options->dry_run, "Checks the contacts, and changes nothing.");
  contacts->callback([&commands, options] {
    commands.with_backend([&](Backend& backend, const RunConfiguration&) -> Result<int> {
      return import_contacts_file(backend, *options);
    });
  });
}

void add_moving(CLI::App& app, Commands& commands) {
  auto* migrate = app.add_subcommand("migrate", "Copies everything from one database to another.");
  auto options = std::make_shared<MigrateOptions>();
  migrate->add_option("--from", options->from, "sqlite:FILE or postgresql://…")->required();
  migrate->add_option("--to", options->to, "sqlite:FILE or postgresql://…; must be empty.")
      ->required();
  migrate->add_option("--account", options->account, "This account alone.");
  migrate->callback([&commands, options] {
    Result<> done = migrate_database(*options);
    if (!done) commands.status = tell(done.error());
  });
  auto* dump = app.add_subcommand("export", "Writes an account's data as JSON Lines.");
  commands.flags.add_to(*dump);
  auto account = std::make_shared<std::string>();
  dump->add_option("--account", *account, "The account.")->required();
  dump->callback([&commands, account] {
    auto configuration = commands.flags.read();
    Result<> done = configuration ? export_account(*configuration, *account)
                                  : Result<>(std::unexpected(configuration.error()));
    if (!done) commands.status = tell(done.error());
  });
}

void add_descriptions(CLI::App& app, Commands& commands) {
  auto* mcp = app.add_subcommand("mcp", "Speaks MCP over standard input and output.");
  commands.flags.add_to(*mcp);
  mcp->add_option("--account", commands.account, "The account.")->required();
  mcp->callback([&commands] {
    auto configuration = commands.flags.read();
    Result<> done = configuration ? serve_stdio(*configuration, commands.account)
                                  : Result<>(std::unexpected(configuration.error()));
    if (!done) commands.status = tell(done.error());
  });
  auto described = [](std::string (*describe)(const Catalogue&)) {
    return [describe] { fmt::print("{}\n", describe(DescribedOperations().catalogue)); };
  };
  app.add_subcommand("openapi", "Prints the API as OpenAPI 3.1.")
      ->callback(described(openapi_json));
  app.add_subcommand("typescript", "Prints a typed client for TypeScript.")
      ->callback(described(typescript_client));
  app.add_subcommand("manual", "Prints all operations as Markdown.")
      ->callback(described(manual_text));
  auto* dkim = app.add_subcommand("dkim", "Signatures on mails.");
  dkim->require_subcommand(1);
  auto* make = dkim->add_subcommand(
      "make", "Makes a key that signs mails, and prints the DNS record that must be published.");
  auto wanted = std::make_shared<NewDkimKey>();
  make->add_option("--domain", wanted->domain, "The domain of mails' senders.")->required();
  make->add_option("--selector", wanted->selector, "Names the key below the domain.")
      ->capture_default_str();
  make->add_option("file", wanted->file, "Where the private key is put; must not exist.")
      ->required();
  make->add_flag("--ed25519", wanted->ed25519, "Ed25519; left out, RSA, which all receivers know.");
  make->callback([&commands, wanted] {
    auto record = make_dkim_key_file(*wanted);
    if (record) {
      fmt::print("{}", *record);
    } else {
      commands.status = tell(record.error());
    }
  });
  app.add_subcommand("version", "Prints the version.")->callback([] {
    fmt::print("{}\n", version);
  });
}

}  // namespace

int run_command(int argc, char** argv, std::span<const ConsoleFile> console) {
  umask(S_IRWXG | S_IRWXO);  // What is written is about people: the owner's alone.
  CLI::App app("Piggy: loyalty for online stores, run by the shop's software and its AI personas.",
               "piggy");
  app.require_subcommand(1);
  Commands commands{.console = console};
  add_serve(app, commands);
  add_call(app, commands);
  add_tokens(app, commands);
  add_accounts(app, commands);
  add_users(app, commands);
  add_vault(app, commands);
  add_import(app, commands);
  add_bounce(app, commands);
  add_upkeep(app, commands);
  add_moving(app, commands);
  add_descriptions(app, commands);
  auto* help = app.add_subcommand("help", "Prints this, or the help of a command.");
  std::vector<std::string> about;
  help->add_option("command", about, "The command.");
  bool asked = false;
  help->callback([&asked] { asked = true; });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    int status = app.exit(problem);
    return status == 0 ? 0 : used_wrongly;
  }
  if (asked) {  // What `piggy COMMAND --help` says.
    auto is_it = [&](CLI::App* one) { return one->get_name() == about.front(); };
    if (!about.empty() && app.get_subcommands(is_it).empty()) {
      return tell({.code = ErrorCode::invalid,
                   .message = fmt::format("There is no command {}.", about.front())});
    }
    about.insert(about.begin(), "piggy");
    about.emplace_back("--help");
    std::vector<char*> words;
    for (std::string& word : about) words.push_back(word.data());
    return run_command(static_cast<int>(words.size()), words.data(), console);
  }
  return commands.status;
}

}  // namespace piggy
