#include "door/dispatch.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/engine.h"
#include "database/test_database.h"
#include "door/presentation.h"
#include "shape/json.h"

namespace piggy {
namespace {

// The engine as `piggy serve` opens it, without a network.
class Whole {
 public:
  Whole() {
    database_.close();
    directory_ = std::filesystem::temp_directory_path() /
                 fmt::format("piggy-dispatch-{}", SecureRandom().next());
    RunConfiguration configuration;
    configuration.data = directory_;
    configuration.database = database_.url();
    auto engine = Engine::open(configuration, true);
    REQUIRE_MESSAGE(engine, engine.error().message);
    engine_ = *std::move(engine);
  }
  ~Whole() {
    engine_.reset();
    std::filesystem::remove_all(directory_);
  }

  Result<Value> call(std::string_view operation, Value input, std::string key = {}) {
    Answer answer =
        TRY(engine_->dispatch().call_and_wait({.operation = engine_->catalogue().find(operation),
                                               .caller = engine_->callers().owner(),
                                               .input = std::move(input),
                                               .idempotency_key = std::move(key)}));
    std::string json;
    write_answer(json, answer);
    return parse_json(json);
  }

  std::string remembered_answers() {
    std::string all;
    Result<> read = engine_->database().read(0, [&](Transaction& transaction) -> Result<> {
      for (const std::string& answer :
           TRY(transaction.all<std::string>("SELECT answer FROM idempotency"))) {
        all += answer + "\n";
      }
      return {};
    });
    REQUIRE(read);
    return all;
  }

 private:
  TestDatabase database_;
  std::filesystem::path directory_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace

TEST_CASE("an answer with a secret is not kept, and so not repeated") {
  Whole whole;
  REQUIRE(whole.call("create_account", Value::object({{"name", "honey"}}), "account-1"));
  Value input = Value::object({{"account", "honey"}, {"kind", "client"}});
  auto made = whole.call("create_token", input, "token-1");
  REQUIRE(made);
  CHECK(made->text_of("token").size() == 53);

  auto again = whole.call("create_token", input, "token-1");
  REQUIRE(!again);
  CHECK(again.error().message.contains("shown once"));
  auto tokens = whole.call("list_tokens", Value::object({{"account", "honey"}}));
  REQUIRE(tokens);
  CHECK(tokens->find("tokens")->items()->size() == 1);
  std::string kept = whole.remembered_answers();
  CHECK(kept.contains("uuid"));  // Of the account, which is no secret.
  CHECK(!kept.contains(made->text_of("token")));
}

}  // namespace piggy
