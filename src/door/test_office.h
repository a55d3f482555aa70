#pragma once

// An account with people and personas, for tests of what they may: calls go through the dispatch,
// as every door's do.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>

#include "app/engine.h"
#include "database/test_database.h"
#include "door/presentation.h"
#include "shape/json.h"

namespace piggy {

class Office {
 public:
  // With a language-model server, for personas that name a model.
  explicit Office(std::string model_url = {}) : model_url_(std::move(model_url)) {
    database_.close();
    directory_ = std::filesystem::temp_directory_path() /
                 fmt::format("piggy-office-{}", SecureRandom().next());
    clock.time = Time{1'760'000'000 * microseconds_per_second};
    open();
    must(call(engine->callers().owner(), "create_account", R"({"name":"shop"})"));
    must(call(owner(), "create_shop", R"({"name":"Krusty Krab"})"));
    shop = text_in(must(call(owner(), "list_shops", "{}")), "uuid");
    must(call(owner(), "create_contact", R"({"email":"ann@example.com"})"));
    ann = text_in(must(call(owner(), "find_contact", R"({"email":"ann@example.com"})")), "uuid");
    hire("boss@shop.example", "owner");
    boss = sign_in("boss@shop.example");
    persona = text_in(must(call(boss, "create_persona", R"({"name":"Nina"})")), "uuid");
  }
  ~Office() {
    engine.reset();
    std::filesystem::remove_all(directory_);
  }

  void open() {
    RunConfiguration configuration;
    configuration.data = directory_;
    configuration.database = database_.url();
    configuration.allow_private_connections = true;
    if (!model_url_.empty()) configuration.model_url = model_url_;
    auto opened = Engine::open(configuration, true, &clock);
    REQUIRE_MESSAGE(opened, opened.error().message);
    engine = *std::move(opened);
  }
  void restart() {
    engine.reset();
    open();
  }

  using Who = std::shared_ptr<const Caller>;

  Result<Value> call(Who who, std::string_view operation, std::string_view input,
                     std::string key = {}, bool dry_run = false) {
    auto value = parse_json(filled(input));
    REQUIRE_MESSAGE(value, input);
    const Operation* found = engine->catalogue().find(operation);
    REQUIRE_MESSAGE(found, operation);
    Answer answer = TRY(engine->dispatch().call_and_wait({.operation = found,
                                                          .caller = std::move(who),
                                                          .input = *std::move(value),
                                                          .idempotency_key = std::move(key),
                                                          .dry_run = dry_run,
                                                          .door = Door::mcp,
                                                          .prompt = prompt}));
    std::string json;
    write_answer(json, answer);
    return parse_json(json);
  }
  static Value must(Result<Value> answer) {
    REQUIRE_MESSAGE(answer, answer.error().message);
    return *std::move(answer);
  }

  Who owner() { return *engine->callers().owner_of("shop"); }
  void hire(std::string email, std::string role, std::string account = "shop") {
    must(call(engine->callers().owner(), "create_user",
              fmt::format(R"({{"account":"{}","email":"{}","password":"{}","role":"{}"}})", account,
                          email, password, role)));
  }
  // As the REST door does with the cookie that it gives.
  Result<std::string> session(std::string_view email, std::string_view said = password) {
    Answer answer = TRY(engine->dispatch().call_and_wait(
        {.operation = engine->catalogue().find("sign_in"),
         .caller = engine->callers().owner(),
         .input = Value::object({{"email", email}, {"password", said}})}));
    const Field* field = answer.output.shape().field("session");
    return *static_cast<const std::string*>(field->in(answer.output.data()));
  }
  Who sign_in(std::string_view email) {
    auto cookie = session(email);
    REQUIRE_MESSAGE(cookie, cookie.error().message);
    auto who = engine->callers().by_session(*cookie);
    REQUIRE(who);
    return *who;
  }
  void grant(std::string_view grants) {
    must(call(boss, "grant_tools",
              fmt::format(R"({{"persona_uuid":"$persona","grants":{}}})", grants)));
  }
  // A token's caller, made anew: what a client would be after the newest change.
  Who nina() {
    if (token_.empty()) {
      token_ = text_in(must(call(boss, "create_persona_token", R"({"persona_uuid":"$persona"})")),
                       "token");
    }
    auto who = engine->callers().by_authorization("Bearer " + token_, TokenKind::mcp);
    REQUIRE(who);
    return *who;
  }
  const std::string& token() const { return token_; }

  std::int64_t balance() {
    Value contact = must(call(owner(), "get_contact_credit_balance", R"({"contact_uuid":"$ann"})"));
    return *contact.find("balance")->integer();
  }
  std::int64_t used() { return *must(call(owner(), "get_plan", "{}")).find("used")->integer(); }
  // The calls on record of an operation, the newest first.
  std::vector<Value> calls(std::string_view operation) {
    Value list =
        must(call(owner(), "list_audit_calls", fmt::format(R"({{"operation":"{}"}})", operation)));
    return *list.find("calls")->items();
  }
  bool verified() {
    return *must(call(engine->callers().owner(), "verify", "{}")).find("clean")->boolean();
  }

  static std::string text_in(const Value& value, std::string_view name) {
    const Value* here = &value;
    if (const auto* members = value.members(); members && !value.find(name) && members->size()) {
      here = &(*members)[0].value;  // A list under a name.
      if (here->items() && !here->items()->empty()) here = &(*here->items())[0];
    }
    return std::string(here->text_of(name));
  }
  // $shop, $ann, $persona in a text.
  std::string filled(std::string_view text) const {
    std::string out(text);
    for (auto [name, value] : {std::pair{"$shop", &shop}, {"$ann", &ann}, {"$persona", &persona}}) {
      for (std::size_t at; (at = out.find(name)) != std::string::npos;) {
        out.replace(at, std::string_view(name).size(), *value);
      }
    }
    return out;
  }

  static constexpr std::string_view password = "correct horse battery";

  ManualClock clock;
  std::unique_ptr<Engine> engine;
  std::string shop, ann, persona;
  std::string prompt;
  Who boss;

 private:
  std::string model_url_;
  TestDatabase database_;
  std::filesystem::path directory_;
  std::string token_;
};

}  // namespace piggy
