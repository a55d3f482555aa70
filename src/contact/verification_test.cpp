#include <doctest/doctest.h>

#include "app/test_engine.h"
#include "contact/change_operations.h"
#include "contact/subscription_operations.h"
#include "contact/verification_operations.h"
#include "schedule/job.h"

namespace piggy {
namespace {

Uuid make(TestEngine& engine, const std::string& email) {
  auto made = engine.run<CreateContact>({.email = email});
  REQUIRE(made);
  return made->uuid;
}

std::string error_of(const auto& result) {
  REQUIRE(!result);
  return std::to_string(result.error().number);
}

// The newest e-mail that waits to be sent.
Value newest_email(TestEngine& engine) {
  Value email;
  Result<> read =
      engine.database().read(engine.caller().account_id, [&](Transaction& transaction) -> Result<> {
        email =
            TRY(transaction.one<Value>("SELECT payload FROM job WHERE account_id = $1 AND "
                                       "kind = 'send_email' ORDER BY id DESC LIMIT 1"));
        return {};
      });
  REQUIRE(read);
  return email;
}

std::string newest_code(TestEngine& engine) {
  return std::string(newest_email(engine).text_of("subject").substr(0, 6));
}

std::string wrong_code(const std::string& code) { return code == "000000" ? "000001" : "000000"; }

TEST_CASE("the code of the e-mail verifies the address once") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  auto sent = engine.run<SendContactVerificationEmail>({"Ann@example.com"});
  REQUIRE(sent);
  CHECK(sent->type == "success");
  CHECK(newest_email(engine).text_of("to") == "ann@example.com");
  std::string code = newest_code(engine);

  auto verified = engine.run<VerifyLoginCode>({code, "ANN@example.com"});
  REQUIRE(verified);
  CHECK(verified->uuid == ann);
  CHECK(error_of(engine.run<VerifyLoginCode>({code, "ann@example.com"})) == "13010");
  CHECK(error_of(engine.run<SendContactVerificationEmail>({"eve@example.com"})) == "55031");
}

// As a page in that language asks for it.
Result<> send_from_page(TestEngine& engine, std::string_view email, Language language) {
  return engine.write([&](Transaction& transaction) -> Result<> {
    Call call{.transaction = transaction, .caller = engine.caller(), .settings = engine.settings};
    TRY(SendContactVerificationEmail::run(call, {std::string(email)}, language));
    return {};
  });
}

TEST_CASE("the mail is in the language that the contact chose, else in that of the page") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  REQUIRE(engine.run<SendContactVerificationEmail>({"ann@example.com"}));
  CHECK(newest_email(engine).text_of("text").contains("Or sign in here, within ten minutes: http"));
  REQUIRE(send_from_page(engine, "ann@example.com", Language::nl));
  Value mail = newest_email(engine);
  CHECK(mail.text_of("subject").substr(6).starts_with(" is je code voor "));
  CHECK(mail.text_of("text").contains(" Hij is 15 minuten geldig.\n\nOf log hier in, binnen tien"));
  CHECK(mail.text_of("html").contains(">log hier in</a>, binnen tien minuten.</p>"));

  REQUIRE(engine.run<UpdateContact>({ann, Value::object({{"locale", "en"}})}));
  REQUIRE(send_from_page(engine, "ann@example.com", Language::nl));
  CHECK(newest_email(engine).text_of("text").contains("It is good for 15 minutes."));
  Uuid bea = make(engine, "bea@example.com");
  REQUIRE(engine.run<UpdateContact>({bea, Value::object({{"locale", "nl"}})}));
  REQUIRE(engine.run<SendContactVerificationEmail>({"bea@example.com"}));
  CHECK(newest_email(engine).text_of("html").contains("Doe dan niets.</p>"));
  REQUIRE(engine.run<UpdateContact>({bea, Value::object({{"locale", "de"}})}));  // Not spoken here.
  REQUIRE(send_from_page(engine, "bea@example.com", Language::nl));
  CHECK(newest_email(engine).text_of("subject").contains(" is je code voor "));
}

TEST_CASE("a Dutch mail that asks for a confirmation shows hostile names as text") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  REQUIRE(engine.run<UpdateContact>({ann, Value::object({{"locale", "nl"}})}));
  auto type = engine.run<CreateSubscriptionType>(
      {.name = "<b>News {}</b>", .strategy = SubscriptionStrategy::DOUBLE_OPT_IN});
  REQUIRE(type);
  REQUIRE(engine.run<SubscribeContact>({ann, type->uuid}));
  Value mail = newest_email(engine);
  CHECK(mail.text_of("subject") == "Bevestig even: <b>News {}</b>");
  CHECK(mail.text_of("text").starts_with("Wil je <b>News {}</b> ontvangen van "));
  CHECK(mail.text_of("html").contains("Wil je &lt;b&gt;News {}&lt;/b&gt; ontvangen van "));
  CHECK(mail.text_of("html").contains("\">Ja, graag</a></p>"));
  CHECK(!mail.text_of("html").contains("<b>"));
}

TEST_CASE("a code is guessed at five times and no more") {
  TestEngine engine;
  make(engine, "ann@example.com");
  REQUIRE(engine.run<SendContactVerificationEmail>({"ann@example.com"}));
  std::string code = newest_code(engine);
  for (int i = 0; i < 5; i++) {
    CHECK(error_of(engine.run<VerifyLoginCode>({wrong_code(code), "ann@example.com"})) == "13010");
  }
  CHECK(error_of(engine.run<VerifyLoginCode>({code, "ann@example.com"})) == "13010");
}

TEST_CASE("a code is good for fifteen minutes") {
  TestEngine engine;
  make(engine, "ann@example.com");
  REQUIRE(engine.run<SendContactVerificationEmail>({"ann@example.com"}));
  std::string code = newest_code(engine);
  engine.clock().time = engine.clock().time + 900 * microseconds_per_second;
  CHECK(error_of(engine.run<VerifyLoginCode>({code, "ann@example.com"})) == "13010");
}

TEST_CASE("an address gets three e-mails in ten minutes") {
  TestEngine engine;
  make(engine, "ann@example.com");
  make(engine, "bob@example.com");
  for (int i = 0; i < 3; i++) {
    REQUIRE(engine.run<SendContactVerificationEmail>({"ann@example.com"}));
    engine.clock().time = engine.clock().time + 60 * microseconds_per_second;
  }

  auto fourth = engine.run<SendContactVerificationEmail>({"ann@example.com"});
  REQUIRE(!fourth);
  CHECK(fourth.error().code == ErrorCode::too_many);
  CHECK(fourth.error().retry_after_seconds == 421);
  CHECK(engine.run<SendContactVerificationEmail>({"bob@example.com"}));
  engine.clock().time = engine.clock().time + 421 * microseconds_per_second;
  CHECK(engine.run<SendContactVerificationEmail>({"ann@example.com"}));
}

TEST_CASE("the e-mail shows the company's name as text") {
  TestEngine engine;
  make(engine, "ann@example.com");
  Caller hostile = engine.caller();
  hostile.company = "<img src=x>\r\nBcc: eve@example.com";
  REQUIRE(engine.run_as<SendContactVerificationEmail>(hostile, {"ann@example.com"}));
  Value email = newest_email(engine);
  CHECK(email.text_of("html").contains("&lt;img src=x&gt;"));
  CHECK(email.text_of("html").contains("?token=pgt1_"));
}

TEST_CASE("an auth token signs its contact in once, within ten minutes") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  auto token = engine.run<GetContactAuthToken>({ann});
  REQUIRE(token);
  CHECK(token->auth_token.starts_with("pgt1_"));

  auto in = engine.run<SignInWithAuthToken>({token->auth_token});
  REQUIRE(in);
  CHECK(in->uuid == ann);
  auto again = engine.run<SignInWithAuthToken>({token->auth_token});
  REQUIRE(!again);
  CHECK(again.error().code == ErrorCode::conflict);
  auto late = engine.run<GetContactAuthToken>({ann});
  engine.clock().time = engine.clock().time + 600 * microseconds_per_second;
  CHECK(error_of(engine.run<SignInWithAuthToken>({late->auth_token})) == "3000");
}

TEST_CASE("a token that was touched, or is another tenant's, signs nobody in") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  std::string token = engine.run<GetContactAuthToken>({ann})->auth_token;
  auto other = engine.other_tenant();
  CHECK(error_of(engine.run_as<SignInWithAuthToken>(*other, {token})) == "1003");
  CHECK(error_of(engine.run_as<GetContactAuthToken>(*other, {ann})) == "55031");
  for (std::size_t i : {std::size_t{0}, std::size_t{7}, token.size() - 2}) {
    std::string touched = token;
    touched[i] = touched[i] == 'A' ? 'B' : 'A';
    CHECK(error_of(engine.run<SignInWithAuthToken>({touched})) == "1003");
  }
  CHECK(error_of(engine.run<SignInWithAuthToken>({token + "A"})) == "1003");
  CHECK(engine.run<SignInWithAuthToken>({token}));
}

TEST_CASE("the token of a dry run is worth nothing") {
  TestEngine engine;
  Uuid ann = make(engine, "ann@example.com");
  std::string token;
  Result<> done = engine.write([&](Transaction& transaction) -> Result<> {
    Call call{.transaction = transaction,
              .caller = engine.caller(),
              .settings = engine.settings,
              .dry_run = true};
    token = TRY(GetContactAuthToken::run(call, {ann})).auth_token;
    return {};
  });
  REQUIRE(done);
  CHECK(error_of(engine.run<SignInWithAuthToken>({token})) == "3000");
}

}  // namespace
}  // namespace piggy
