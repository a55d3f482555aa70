// People, sessions and roles, through the dispatch.

#include "access/person.h"

#include <doctest/doctest.h>

#include "door/test_office.h"
#include "oauth/grant.h"

namespace piggy {
namespace {

// In each account that the person belongs to, the first one first.
std::vector<PersonRow> rows_of(Office& office, std::string_view email) {
  std::vector<PersonRow> rows;
  REQUIRE(office.engine->database().read(0, [&](Transaction& transaction) -> Result<> {
    rows = TRY(people_by_email(transaction, email));
    return {};
  }));
  return rows;
}

// A program that a person has allowed to act for a persona, as the authorization server keeps it.
class Allowed {
 public:
  Allowed(Office& office, const PersonRow& person, bool exchanged = true) : office_(office) {
    write([&](Transaction& transaction) -> Result<> {
      code_ = TRY(oauth::make_grant(transaction, {.account_id = person.account_id,
                                                  .user_id = person.id,
                                                  .subject_id = 1,
                                                  .client_id = "app",
                                                  .client_name = "App",
                                                  .resource = "https://piggy.example/mcp",
                                                  .redirect_uri = "https://app.example/callback",
                                                  .challenge = std::string(challenge)}));
      return {};
    });
    if (exchanged) REQUIRE(exchange() == "");
  }

  // Why there are no tokens; empty if there are.
  std::string exchange() {
    return keep([&](Transaction& transaction) {
      return oauth::use_code(
          transaction, {.client_id = "app", .code = code_, .verifier = std::string(verifier)});
    });
  }
  std::string refresh() {
    return keep([&](Transaction& transaction) {
      return oauth::use_refresh_token(transaction, {.client_id = "app", .token = tokens_.refresh});
    });
  }
  bool lets_in() {
    auto grant = oauth::grant_of(office_.engine->database(), tokens_.access);
    REQUIRE(grant);
    return grant->has_value();
  }

 private:
  // The example of RFC 7636, appendix B.
  static constexpr std::string_view verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  static constexpr std::string_view challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

  void write(const Database::Work& work) {
    Result<> written = office_.engine->database().write(0, work);
    REQUIRE_MESSAGE(written, written.error().message);
  }
  template <class Use>
  std::string keep(const Use& use) {
    std::string refused;
    write([&](Transaction& transaction) -> Result<> {
      oauth::Issue issue = TRY(use(transaction));
      refused = issue ? "" : issue.error().error;
      if (issue) tokens_ = *issue;
      return {};
    });
    return refused;
  }

  Office& office_;
  std::string code_;
  oauth::Tokens tokens_;
};

std::string change(std::string_view from, std::string_view to) {
  return fmt::format(R"({{"password":"{}","new_password":"{}"}})", from, to);
}

}  // namespace

TEST_CASE("a password is kept as an Argon2id hash that fits it alone") {
  std::string hash = hash_password("correct horse battery");
  CHECK(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  CHECK(is_password("correct horse battery", hash));
  CHECK(!is_password("correct horse batterz", hash));
  CHECK(!is_password("", hash));
  CHECK(!is_password("correct horse battery", ""));
}

TEST_CASE("a session begins with the right password and ends when it is signed out") {
  Office office;
  auto wrong = office.session("boss@shop.example", "not the password");
  REQUIRE(!wrong);
  CHECK(wrong.error().message == "The e-mail address or the password is wrong.");
  auto unknown = office.session("nobody@shop.example");
  REQUIRE(!unknown);
  CHECK(unknown.error().message == wrong.error().message);

  auto cookie = office.session("Boss@Shop.example");
  REQUIRE(cookie);
  CHECK(cookie->size() == session_length);
  auto boss = office.engine->callers().by_session(*cookie);
  REQUIRE(boss);
  Value shown = Office::must(office.call(*boss, "get_session", "{}"));
  CHECK(shown.text_of("role") == "owner");
  CHECK(shown.text_of("account") == "shop");
  CHECK(!shown.find("session"));
  Office::must(office.call(*boss, "sign_out", "{}"));
  CHECK(!office.engine->callers().by_session(*cookie));
  CHECK(!office.engine->callers().by_session(cookie->substr(1)));
}

TEST_CASE("a session ends by itself") {
  Office office;
  auto cookie = office.session("boss@shop.example");
  REQUIRE(cookie);
  office.clock.time = office.clock.time.load() + session_lifetime;
  CHECK(!office.engine->callers().by_session(*cookie));
}

TEST_CASE("wrong passwords are throttled, and a right one has to wait as well") {
  Office office;
  for (int i = 0; i < 5; i++) CHECK(!office.session("boss@shop.example", "wrong"));
  auto throttled = office.session("boss@shop.example");
  REQUIRE(!throttled);
  CHECK(throttled.error().code == ErrorCode::too_many);
  CHECK(throttled.error().retry_after_seconds >= 1);
  office.clock.time = office.clock.time.load() + 2 * microseconds_per_second;
  CHECK(office.session("boss@shop.example"));
  CHECK(office.session("boss@shop.example"));
}

TEST_CASE("a change of password ends all other sessions") {
  Office office;
  auto cookie = office.session("boss@shop.example");
  REQUIRE(cookie);
  CHECK(!office.call(office.boss, "change_password", change("wrong", "another long password")));
  CHECK(!office.call(office.boss, "change_password", change(Office::password, "short")));
  CHECK(office.engine->callers().by_session(*cookie));
  Office::must(office.call(office.boss, "change_password",
                           change(Office::password, "another long password")));
  CHECK(!office.engine->callers().by_session(*cookie));
  CHECK(!office.session("boss@shop.example"));
  CHECK(office.session("boss@shop.example", "another long password"));
}

TEST_CASE("a role holds from the next call on, and an account keeps an owner") {
  Office office;
  office.hire("mark@shop.example", "marketer");
  auto mark = office.session("mark@shop.example");
  REQUIRE(mark);
  auto as_mark = [&] { return *office.engine->callers().by_session(*mark); };
  CHECK(office.call(as_mark(), "create_persona", R"({"name":"Otto"})"));
  CHECK(
      !office.call(as_mark(), "set_user_role", R"({"email":"mark@shop.example","role":"owner"})"));
  CHECK(!office.call(as_mark(), "add_plan_pack", R"({"credits":1})"));
  Office::must(office.call(office.boss, "set_user_role",
                           R"({"email":"mark@shop.example","role":"viewer"})"));
  CHECK(!office.call(as_mark(), "create_persona", R"({"name":"Paul"})"));
  CHECK(office.call(as_mark(), "list_personas", "{}"));
  Office::must(office.call(office.boss, "remove_user", R"({"email":"mark@shop.example"})"));
  CHECK(!office.engine->callers().by_session(*mark));
  auto last = office.call(office.boss, "remove_user", R"({"email":"boss@shop.example"})");
  REQUIRE(!last);
  CHECK(last.error().message == "An account keeps at least one owner.");
}

TEST_CASE("what a person let programs do ends when the person is taken out of the account") {
  Office office;
  office.hire("mark@shop.example", "owner");
  Office::must(
      office.call(office.engine->callers().owner(), "create_account", R"({"name":"bakery"})"));
  Office::must(office.call(office.engine->callers().owner(), "create_user",
                           R"({"account":"bakery","email":"mark@shop.example"})"));
  auto mark = rows_of(office, "mark@shop.example");
  REQUIRE(mark.size() == 2);
  Allowed marks(office, mark[0]);
  Allowed unspent(office, mark[0], false);
  Allowed elsewhere(office, mark[1]);
  Allowed boss(office, rows_of(office, "boss@shop.example").at(0));
  CHECK(marks.lets_in());

  Office::must(office.call(office.boss, "remove_user", R"({"email":"mark@shop.example"})"));
  CHECK_FALSE(marks.lets_in());
  CHECK(marks.refresh() == "invalid_grant");
  CHECK(unspent.exchange() == "invalid_grant");
  CHECK(boss.lets_in());
  CHECK(boss.refresh().empty());
  CHECK(elsewhere.lets_in());
  CHECK(elsewhere.refresh().empty());
  // Who comes back begins anew.
  Office::must(office.call(office.engine->callers().owner(), "create_user",
                           R"({"account":"shop","email":"mark@shop.example"})"));
  CHECK_FALSE(marks.lets_in());
  CHECK(marks.refresh() == "invalid_grant");
}

TEST_CASE("nothing ends for a person who stays after all") {
  Office office;
  Allowed boss(office, rows_of(office, "boss@shop.example").at(0));
  CHECK_FALSE(office.call(office.boss, "remove_user", R"({"email":"boss@shop.example"})"));
  office.hire("mark@shop.example", "owner");
  auto rehearsed =
      office.call(office.boss, "remove_user", R"({"email":"boss@shop.example"})", {}, true);
  REQUIRE_MESSAGE(rehearsed, rehearsed.error().message);
  CHECK(boss.lets_in());
  CHECK(boss.refresh().empty());
}

TEST_CASE("an account has a time zone and a currency that there are") {
  Office office;
  auto make = [&](const char* input) {
    return office.call(office.engine->callers().owner(), "create_account", input);
  };
  auto zone = make(R"({"name":"moon","time_zone":"Moon/Far_Side"})");
  REQUIRE(!zone);
  CHECK(zone.error().fields.at(0).path == "/time_zone");
  auto currency = make(R"({"name":"moon","currency":"<b>"})");
  REQUIRE(!currency);
  CHECK(currency.error().fields.at(0).path == "/currency");
  CHECK(make(R"({"name":"moon","time_zone":"Asia/Tokyo","currency":"JPY"})"));
}

TEST_CASE("a person of several accounts has one password, and a role in each") {
  Office office;
  Office::must(
      office.call(office.engine->callers().owner(), "create_account", R"({"name":"other"})"));
  Office::must(office.call(office.engine->callers().owner(), "create_user",
                           R"({"account":"other","email":"boss@shop.example","role":"viewer"})"));
  auto in_other = office.engine->dispatch().call_and_wait(
      {.operation = office.engine->catalogue().find("sign_in"),
       .caller = office.engine->callers().owner(),
       .input = Value::object({{"email", "boss@shop.example"},
                               {"password", Office::password},
                               {"account", "other"}})});
  REQUIRE(in_other);
  std::string json;
  write_answer(json, *in_other);
  CHECK(json.find(R"("role":"viewer")") != std::string::npos);
  Office::must(office.call(office.boss, "change_password",
                           change(Office::password, "another long password")));
  CHECK(office.session("boss@shop.example", "another long password"));
}

TEST_CASE(
    "a marketer may all of the shop, but not who is in it, what it is called, or who is told of "
    "it") {
  DescribedOperations all;
  Caller marketer{.scopes = scopes_of(Role::marketer)};
  for (const auto& operation : all.catalogue.all()) {
    std::string_view scope = operation->info.scope;
    if (scope.empty() || scope.starts_with("access:")) continue;
    bool others = scope == "people:write" || scope == "account:write" || scope == "plan:write" ||
                  scope == "webhooks:write" || scope == "audit:payloads";
    CHECK_MESSAGE(marketer.may(scope) == !others, operation->info.name);
  }
}

}  // namespace piggy
