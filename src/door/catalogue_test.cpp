#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "app/demo.h"
#include "app/engine.h"
#include "database/test_database.h"
#include "door/manual.h"
#include "door/presentation.h"
#include "door/toolbox.h"
#include "shape/json.h"

// What holds for every operation there is: the public contract as golden files, and rules that no
// declaration may break.

namespace piggy {
namespace {

using AllOperations = DescribedOperations;

void check_golden(const std::string& name, const std::string& text) {
  std::string file = fmt::format("{}/test/golden/{}", PIGGY_ROOT, name);
  if (std::getenv("PIGGY_BLESS")) {
    std::ofstream(file) << text;
    return;
  }
  std::ifstream stream(file);
  std::stringstream golden;
  golden << stream.rdbuf();
  CHECK_MESSAGE(golden.str() == text,
                name << " differs from the contract; if that is meant, run ./dev bless and look at "
                        "the diff");
}

Value tools_json(const Catalogue& catalogue) {
  Value list = Value::list();
  for (const mcp::Tool& tool : tools_of(catalogue)) {
    list.push(Value::object({{"name", tool.name},
                             {"title", tool.title},
                             {"description", tool.description},
                             {"readOnly", tool.hints.read_only},
                             {"destructive", tool.hints.destructive},
                             {"idempotent", tool.hints.idempotent},
                             {"inputSchema", tool.input_schema},
                             {"outputSchema", tool.output_schema}}));
  }
  return list;
}

}  // namespace

TEST_CASE("the public contract is what the golden files say") {
  AllOperations all;
  check_golden("openapi.json", pretty_json(*parse_json(openapi_json(all.catalogue))) + "\n");
  check_golden("manual.md", manual_text(all.catalogue));
  check_golden("tools.json", pretty_json(tools_json(all.catalogue)) + "\n");
}

TEST_CASE("the fourteen tools are there, with types in and out") {
  AllOperations all;
  std::set<std::string> names;
  for (const mcp::Tool& tool : tools_of(all.catalogue)) {
    names.insert(tool.name);
    CHECK(tool.name.size() <= 64);
    CHECK(tool.input_schema.text_of("type") == "object");
    CHECK(tool.output_schema.text_of("type") == "object");
    CHECK(tool.description.size() >= 20);
  }
  for (const char* name :
       {"claim_anonymous_contact", "create_contact_attribute", "create_credit_reception",
        "create_vouchers_batch", "find_or_create_products", "find_voucher_by_code",
        "get_contact_auth_token", "get_contact_credit_balance", "list_forms", "list_perks",
        "merge_contacts", "send_contact_verification_email", "update_bookings",
        "update_contact_identifiers"}) {
    CHECK_MESSAGE(names.contains(fmt::format("piggy_{}", name)), name);
  }
}

TEST_CASE("every declaration says what it needs to") {
  AllOperations all;
  for (const auto& operation : all.catalogue.all()) {
    const OperationInfo& info = operation->info;
    INFO(std::string(info.name));
    CHECK(std::all_of(info.name.begin(), info.name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    }));
    CHECK(info.about.ends_with('.'));
    if (info.surface != Surface::open) CHECK(info.scope.find(':') != std::string_view::npos);
    for (const Shape* shape : {operation->input, operation->output}) {
      for (const Field& field : shape->fields) {
        INFO(std::string(field.name));
        CHECK(!field.about.empty());
      }
    }
  }
}

TEST_CASE("what goes on after its answer can be followed") {
  AllOperations all;
  std::set<std::string> followed;
  for (const auto& operation : all.catalogue.all()) {
    if (operation->info.followed_by.empty()) continue;
    followed.insert(std::string(operation->info.name));
    auto is = [](const Shape& shape, std::string_view name, const Shape& wanted) {
      const Field* field = shape.field(name);
      return field && field->shape == &wanted;
    };
    CHECK(is(*operation->output, "uuid", shape_of<Uuid>()));
    const Operation* follow = all.catalogue.find(operation->info.followed_by);
    REQUIRE(follow);
    CHECK(follow->input->fields.size() == 1);
    CHECK(is(*follow->input, "uuid", shape_of<Uuid>()));
    CHECK(is(*follow->output, "status", shape_of<BackgroundStatus>()));
    CHECK(is(*follow->output, "created_at", shape_of<Time>()));
    CHECK(is(*follow->output, "updated_at", shape_of<Time>()));
  }
  CHECK(followed.contains("create_vouchers_batch"));
}

namespace {

// A demo shop, and a second tenant who would like to see it.
class Neighbours {
 public:
  Neighbours() {
    database_.close();
    directory_ = std::filesystem::temp_directory_path() /
                 fmt::format("piggy-neighbours-{}", SecureRandom().next());
    RunConfiguration configuration;
    configuration.data = directory_;
    configuration.database = database_.url();
    engine = *Engine::open(configuration, true, &clock);
    REQUIRE(make_demo(*engine, configuration, clock));
    auto made =
        engine->dispatch().call_and_wait({.operation = engine->catalogue().find("create_account"),
                                          .caller = engine->callers().owner(),
                                          .input = Value::object({{"name", "stranger"}})});
    REQUIRE(made);
    owner = *engine->callers().owner_of("demo");
    bring_a_friend();
    stranger = *engine->callers().owner_of("stranger");
  }
  ~Neighbours() {
    engine.reset();
    std::filesystem::remove_all(directory_);
  }

  // Of what a demo begins with nobody brought anybody.
  void bring_a_friend() {
    auto call = [&](std::string_view name, Value input) {
      auto answer = engine->dispatch().call_and_wait({.operation = engine->catalogue().find(name),
                                                      .caller = owner,
                                                      .input = std::move(input)});
      REQUIRE(answer);
      return value_of(answer->output.shape(), answer->output.data());
    };
    REQUIRE(engine->followers().catch_up());
    Value ann = call("find_contact", Value::object({{"email", "ann@example.com"}}));
    call("create_contact",
         Value::object({{"email", "friend@example.com"},
                        {"referral_code", ann.find("current_values")->text_of("referral_code")}}));
    REQUIRE(engine->followers().catch_up());
  }

  // Everything of the demo shop that could give it away: one row of each kind of thing.
  std::vector<std::string> secrets() {
    std::vector<std::string> found;
    Result<> read =
        engine->database().read(owner->account_id, [&](Transaction& transaction) -> Result<> {
          for (const char* table :
               {"shop", "contact", "tier", "perk", "earning_rule", "credit_reception", "promotion",
                "voucher", "voucher_batch", "product", "product_category", "booking", "form",
                "reward", "giftcard_program", "giftcard", "giftcard_transaction", "referral"}) {
            auto uuid = TRY(transaction.first<Uuid>(fmt::format(
                "SELECT uuid FROM {} WHERE account_id = $1 ORDER BY id LIMIT 1", table)));
            REQUIRE_MESSAGE(uuid, table);
            found.push_back(to_string(*uuid));
          }
          return {};
        });
    REQUIRE(read);
    found.insert(found.end(), {"ann@example.com", "CARD-1001", "WELCOME10", "H-001"});
    return found;
  }

  // All numbers of the demo shop, to see that nothing moved.
  std::string state() {
    std::string json;
    auto verified = engine->dispatch().call_and_wait(
        {.operation = engine->catalogue().find("verify"), .caller = engine->callers().owner()});
    REQUIRE(verified);
    for (const auto& account :
         static_cast<const Verify::Output*>(verified->output.data())->accounts) {
      if (account.name == "demo") json = to_json(account);
    }
    Result<> read =
        engine->database().read(owner->account_id, [&](Transaction& transaction) -> Result<> {
          for (const char* table :
               {"contact", "contact_identifier", "voucher", "product", "booking", "form_submission",
                "subscription", "perk", "token"}) {
            json += fmt::format(" {}: {}", table,
                                TRY(transaction.one<std::int64_t>(fmt::format(
                                    "SELECT count(*) FROM {} WHERE account_id = $1", table))));
          }
          return {};
        });
    REQUIRE(read);
    return json;
  }

  DemoClock clock;
  std::unique_ptr<Engine> engine;
  std::shared_ptr<const Caller> owner;
  std::shared_ptr<const Caller> stranger;

 private:
  TestDatabase database_;
  std::filesystem::path directory_;
};

// An input in which every text that could name a thing names this one.
Value pointing_at(const Shape& shape, const std::string& secret) {
  Value input = Value::object();
  for (const Field& field : shape.fields) {
    const Shape* kind = field.shape->kind == Kind::optional ? field.shape->element : field.shape;
    if (field.options.flat || field.options.hidden) continue;
    bool required = field.required();
    switch (kind->kind) {
      case Kind::uuid:
        input.set(field.name, secret);
        break;
      case Kind::text:
        input.set(field.name,
                  field.options.format == Format::email && secret.find('@') == std::string::npos
                      ? "stranger@example.com"
                      : secret);
        break;
      case Kind::boolean:
        if (required) input.set(field.name, true);
        break;
      case Kind::integer:
      case Kind::number:
        input.set(field.name, 1);
        break;
      case Kind::choice:
        if (required) input.set(field.name, kind->choices[0]);
        break;
      case Kind::time:
        if (required) input.set(field.name, "2026-01-01T00:00:00+00:00");
        break;
      case Kind::list:
        if (required) input.set(field.name, Value::list());
        break;
      case Kind::any:
        if (field.name == "attributes") input.set(field.name, Value::object());
        break;
      default:
        break;
    }
  }
  return input;
}

}  // namespace

TEST_CASE("no operation shows or changes anything of another tenant") {
  Neighbours neighbours;
  Engine& engine = *neighbours.engine;
  std::vector<std::string> secrets = neighbours.secrets();
  std::string before = neighbours.state();
  int answered = 0;
  // First as dry runs, so that what the stranger says is not kept and shown again; then for good.
  for (bool dry_run : {true, false}) {
    for (const auto& operation : engine.catalogue().all()) {
      if (operation->info.surface == Surface::open) continue;
      for (const std::string& secret : secrets) {
        auto answer =
            engine.dispatch().call_and_wait({.operation = operation.get(),
                                             .caller = neighbours.stranger,
                                             .input = pointing_at(*operation->input, secret),
                                             .reading = Reading::lenient,
                                             .dry_run = dry_run && operation->writes()});
        INFO(std::string(operation->info.name) << " with " << secret);
        if (!answer) CHECK(answer.error().code != ErrorCode::internal);
        if (!dry_run || !answer) continue;
        answered++;
        std::string text;
        write_answer(text, *answer);
        for (const std::string& other : secrets) {
          // What was said may come back.
          if (other != secret) CHECK_MESSAGE(text.find(other) == std::string::npos, text);
        }
      }
    }
  }
  CHECK(answered > 0);
  REQUIRE(engine.scheduler().run_all_due());
  CHECK(neighbours.state() == before);
}

}  // namespace piggy
