// What personas may, through the dispatch: grants, limits, prices, approvals, undo, and the record
// of all of it.

#include <doctest/doctest.h>

#include <thread>

#include "door/test_office.h"
#include "persona/plan.h"

namespace piggy {
namespace {

constexpr std::string_view fifty = R"({"shop_uuid":"$shop","contact_uuid":"$ann","credits":50})";

std::string approval_of(const Result<Value>& answer) {
  REQUIRE(!answer);
  REQUIRE_MESSAGE(answer.error().code == ErrorCode::needs_approval, answer.error().message);
  return answer.error().approval;
}

std::string decision(std::string_view approval, std::string_view verdict) {
  return fmt::format(R"({{"approval_uuid":"{}","verdict":"{}"}})", approval, verdict);
}

}  // namespace

TEST_CASE("a persona may do what is granted, and nothing else") {
  Office office;
  auto refused = office.call(office.nina(), "create_credit_reception", fifty);
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::forbidden);
  CHECK(refused.error().message == "The persona Nina has no grant for Create Credit Reception.");

  office.grant(R"([{"tool":"piggy_create_credit_reception"}])");
  CHECK(office.call(office.nina(), "create_credit_reception", fifty));
  CHECK(office.balance() == 50);
  CHECK(!office.call(office.nina(), "get_contact", R"({"contact_uuid":"$ann"})"));
  CHECK(!office.call(office.nina(), "list_personas", "{}"));
  CHECK(!office.call(office.nina(), "grant_tools",
                     R"({"persona_uuid":"$persona","grants":[{"tool":"piggy_merge_contacts"}]})"));

  Office::must(office.call(office.boss, "revoke_tools", R"({"persona_uuid":"$persona"})"));
  CHECK(!office.call(office.nina(), "create_credit_reception", fifty));
  CHECK(office.balance() == 50);
  CHECK(office.verified());
}

TEST_CASE("nobody grants a tool that is not theirs to use") {
  Office office;
  Value made = Office::must(office.call(
      office.engine->callers().owner(), "create_token",
      R"({"account":"shop","kind":"client","scopes":["personas:write","contacts:read"]})"));
  auto clerk = office.engine->callers().by_authorization(
      fmt::format("Bearer {}", made.text_of("token")), TokenKind::client);
  REQUIRE(clerk);
  auto refused = office.call(
      *clerk, "grant_tools",
      R"({"persona_uuid":"$persona","grants":[{"tool":"piggy_find_contact"},{"tool":"piggy_create_credit_reception"}]})");
  REQUIRE(!refused);
  REQUIRE(refused.error().fields.size() == 1);
  CHECK(refused.error().fields[0].path == "/grants/1/tool");
  CHECK(!office.call(office.nina(), "find_contact", R"({"email":"ann@example.com"})"));
  Office::must(
      office.call(*clerk, "grant_tools",
                  R"({"persona_uuid":"$persona","grants":[{"tool":"piggy_find_contact"}]})"));
  CHECK(office.call(office.nina(), "find_contact", R"({"email":"ann@example.com"})"));
}

TEST_CASE("the kill switch holds from the next call on") {
  Office office;
  office.grant(R"([{"tool":"piggy_list_perks"}])");
  auto nina = office.nina();
  CHECK(office.call(nina, "list_perks", "{}"));
  Office::must(office.call(office.boss, "set_persona_state", R"({"state":"stopped"})"));
  auto stopped = office.call(nina, "list_perks", "{}");
  REQUIRE(!stopped);
  CHECK(stopped.error().message == "The persona Nina is stopped.");
  Office::must(office.call(office.boss, "set_persona_state",
                           R"({"state":"active","persona_uuid":"$persona"})"));
  CHECK(office.call(nina, "list_perks", "{}"));
}

TEST_CASE("every call of a persona is on record, with who, why, what and how it ended") {
  Office office;
  office.grant(R"([{"tool":"piggy_create_credit_reception"}])");
  office.prompt = "give Ann fifty points";
  Office::must(office.call(office.nina(), "create_credit_reception", fifty));
  CHECK(!office.call(office.nina(), "create_credit_reception",
                     R"({"shop_uuid":"$shop","contact_uuid":"$ann","credits":"many"})"));
  Office::must(office.call(office.nina(), "create_credit_reception", fifty, "", true));

  auto calls = office.calls("create_credit_reception");
  REQUIRE(calls.size() == 3);
  CHECK(calls[0].text_of("outcome") == "rehearsed");
  CHECK(calls[1].text_of("outcome") == "refused");
  CHECK(to_json(*calls[1].find("response")).find("/credits") != std::string::npos);
  CHECK(calls[2].text_of("outcome") == "done");
  CHECK(calls[2].text_of("persona") == "Nina");
  CHECK(calls[2].text_of("person") == "boss@shop.example");
  CHECK(calls[2].text_of("prompt") == "give Ann fifty points");
  CHECK(calls[2].text_of("contact_uuid") == office.ann);
  CHECK(*calls[2].find("arguments") == *parse_json(office.filled(fifty)));
  CHECK(calls[2].find("response")->find("credits")->integer());
  CHECK(*calls[2].find("price")->integer() == 2);
  CHECK(*calls[1].find("price")->integer() == 0);

  Value about_ann = Office::must(office.call(office.owner(), "list_audit_calls",
                                             R"({"contact_uuid":"$ann","outcome":"done"})"));
  CHECK(about_ann.find("calls")->items()->size() == 1);
  Value of_nina = Office::must(
      office.call(office.owner(), "list_audit_calls", R"({"persona_uuid":"$persona"})"));
  CHECK(of_nina.find("calls")->items()->size() == 3);
  CHECK(office.verified());
}

TEST_CASE("payloads are for those with the right to them") {
  Office office;
  office.hire("mark@shop.example", "marketer");
  office.hire("audrey@shop.example", "auditor");
  Value seen =
      Office::must(office.call(office.sign_in("mark@shop.example"), "list_audit_calls", "{}"));
  CHECK(seen.find("calls")->items()->front().find("arguments")->is_null());
  seen = Office::must(office.call(office.sign_in("audrey@shop.example"), "list_audit_calls", "{}"));
  CHECK(!seen.find("calls")->items()->front().find("arguments")->is_null());
}

TEST_CASE("a call costs its price once, and nothing when it fails, is rehearsed or repeated") {
  Office office;
  office.grant(R"([{"tool":"piggy_create_credit_reception"},{"tool":"piggy_list_perks"}])");
  Office::must(office.call(office.nina(), "create_credit_reception", fifty, "key-1"));
  CHECK(office.used() == 2);
  Office::must(office.call(office.nina(), "create_credit_reception", fifty, "key-1"));
  Office::must(office.call(office.nina(), "create_credit_reception", fifty, "", true));
  CHECK(!office.call(office.nina(), "create_credit_reception",
                     R"({"shop_uuid":"$ann","contact_uuid":"$ann","credits":1})"));
  CHECK(office.used() == 2);
  Office::must(office.call(office.nina(), "list_perks", "{}"));
  CHECK(office.used() == 3);
  CHECK(office.balance() == 50);
  auto calls = office.calls("create_credit_reception");
  CHECK(calls[2].text_of("outcome") == "replayed");

  // What shops' own programs and people do is not metered.
  Office::must(office.call(office.boss, "create_credit_reception", fifty));
  CHECK(office.used() == 3);
  Value usage = Office::must(office.call(office.boss, "get_plan_usage", "{}"));
  REQUIRE(usage.find("usage")->items()->size() == 2);
  const Value& receptions = usage.find("usage")->items()->front();
  CHECK(receptions.text_of("tool") == "piggy_create_credit_reception");
  CHECK(*receptions.find("points")->integer() == 50);
  CHECK(*receptions.find("calls")->integer() == 1);
}

TEST_CASE("a month's plan credits end, and packs go on") {
  Office office;
  office.grant(R"([{"tool":"piggy_list_perks"}])");
  Result<> spent = office.engine->database().write(
      office.boss->account_id,
      [&](Transaction& transaction) { return charge(transaction, *office.boss, 4'999); });
  REQUIRE(spent);
  CHECK(office.call(office.nina(), "list_perks", "{}"));
  auto out = office.call(office.nina(), "list_perks", "{}");
  REQUIRE(!out);
  CHECK(out.error().message ==
        "This costs 1 plan credits. The Starter plan's 5000 for October are used up; there are new "
        "ones on 1 November. An owner can add a pack or choose a larger plan.");
  CHECK(office.calls("list_perks").front().text_of("outcome") == "refused");

  Office::must(office.call(office.boss, "add_plan_pack", R"({"credits":1})"));
  CHECK(office.call(office.nina(), "list_perks", "{}"));
  CHECK(!office.call(office.nina(), "list_perks", "{}"));
  Office::must(office.call(office.boss, "choose_plan", R"({"plan":"team"})"));
  CHECK(office.call(office.nina(), "list_perks", "{}"));

  office.clock.time = office.clock.time.load() + 30 * microseconds_per_day;
  CHECK(office.used() == 0);
}

TEST_CASE("calls a minute are limited, and the wait is told") {
  Office office;
  office.grant(R"([{"tool":"piggy_list_perks","limits":{"calls_per_minute":2}}])");
  auto nina = office.nina();
  CHECK(office.call(nina, "list_perks", "{}"));
  CHECK(office.call(nina, "list_perks", "{}"));
  auto third = office.call(nina, "list_perks", "{}");
  REQUIRE(!third);
  CHECK(third.error().code == ErrorCode::too_many);
  CHECK(third.error().retry_after_seconds > 0);
  office.clock.time =
      office.clock.time.load() + third.error().retry_after_seconds * microseconds_per_second;
  CHECK(office.call(nina, "list_perks", "{}"));
}

TEST_CASE("a call over a limit waits for a person, who sees its effect, and is then done once") {
  Office office;
  office.grant(R"([{"tool":"piggy_create_credit_reception","limits":{"points_per_day":60}}])");
  auto nina = office.nina();
  Office::must(office.call(nina, "create_credit_reception", fifty));
  std::string approval = approval_of(office.call(nina, "create_credit_reception", fifty));
  CHECK(office.balance() == 50);
  CHECK(office.used() == 2);
  CHECK(approval_of(office.call(nina, "create_credit_reception", fifty)) == approval);

  Value asked = Office::must(office.call(office.boss, "list_approvals", R"({"state":"pending"})"));
  REQUIRE(asked.find("approvals")->items()->size() == 1);
  const Value& question = asked.find("approvals")->items()->front();
  CHECK(question.text_of("reason") ==
        "Nina may give 60 points a day and has given 50; this would give 50.");
  CHECK(question.text_of("requested_by") == "boss@shop.example");
  REQUIRE(!question.find("effects")->items()->empty());
  CHECK(*question.find("effects")->items()->front().find("after")->integer() == 100);

  Value decided =
      Office::must(office.call(office.boss, "decide_approval", decision(approval, "approve")));
  CHECK(decided.text_of("state") == "executed");
  CHECK(office.balance() == 100);
  CHECK(office.used() == 4);
  auto again = office.call(office.boss, "decide_approval", decision(approval, "approve"));
  REQUIRE(!again);
  CHECK(office.balance() == 100);

  // The persona makes the same call to learn how it ended; after that it is a new one.
  Value told = Office::must(office.call(nina, "create_credit_reception", fifty));
  CHECK(*told.find("credits")->integer() == 50);
  CHECK(office.balance() == 100);
  CHECK(approval_of(office.call(nina, "create_credit_reception", fifty)) != approval);
  CHECK(office.balance() == 100);
  CHECK(office.verified());
}

TEST_CASE("what destroys always waits; denied, it is not done, and the persona is told why") {
  Office office;
  office.grant(R"([{"tool":"piggy_merge_contacts"}])");
  Office::must(office.call(office.owner(), "create_contact", R"({"email":"bob@example.com"})"));
  std::string bob = Office::text_in(
      Office::must(office.call(office.owner(), "find_contact", R"({"email":"bob@example.com"})")),
      "uuid");
  const Operation* merge = office.engine->catalogue().find("merge_contacts");
  std::string input = fmt::format(R"({{"{}":"{}","{}":"$ann"}})", merge->input->fields[0].name, bob,
                                  merge->input->fields[1].name);
  std::string approval = approval_of(office.call(office.nina(), "merge_contacts", input));
  CHECK(office.calls("merge_contacts").front().text_of("outcome") == "waiting");
  CHECK(office.calls("merge_contacts").front().text_of("approval_uuid") == approval);
  Office::must(office.call(
      office.boss, "decide_approval",
      fmt::format(R"({{"approval_uuid":"{}","verdict":"deny","note":"not Bob"}})", approval)));
  auto told = office.call(office.nina(), "merge_contacts", input);
  REQUIRE(!told);
  CHECK(told.error().message == "A person denied it: not Bob");
  CHECK(office.call(office.owner(), "get_contact", fmt::format(R"({{"contact_uuid":"{}"}})", bob)));
}

TEST_CASE("an approval covers what was asked and nothing else, for a day") {
  Office office;
  office.grant(R"([{"tool":"piggy_create_credit_reception","ask":"always"}])");
  std::string approval = approval_of(office.call(office.nina(), "create_credit_reception", fifty));
  // Other arguments are another question.
  CHECK(approval_of(office.call(office.nina(), "create_credit_reception",
                                R"({"shop_uuid":"$shop","contact_uuid":"$ann","credits":51})")) !=
        approval);
  // Arguments that are changed where they are kept are not carried out.
  Result<> altered = office.engine->database().write(
      office.boss->account_id, [&](Transaction& transaction) -> Result<> {
        TRY(transaction.run(
            "UPDATE approval SET arguments = $2 WHERE account_id = $1 AND uuid = $3",
            {office.filled(R"({"shop_uuid":"$shop","contact_uuid":"$ann",)"
                           R"("credits":5000})"),
             *parse_uuid(approval)}));
        return {};
      });
  REQUIRE(altered);
  auto decided = office.call(office.boss, "decide_approval", decision(approval, "approve"));
  REQUIRE(!decided);
  CHECK(decided.error().message.find("altered") != std::string::npos);
  CHECK(office.balance() == 0);
  Value shown = Office::must(office.call(office.boss, "get_approval",
                                         fmt::format(R"({{"approval_uuid":"{}"}})", approval)));
  CHECK(shown.text_of("state") == "failed");

  std::string late =
      approval_of(office.call(office.nina(), "create_credit_reception",
                              R"({"shop_uuid":"$shop","contact_uuid":"$ann","credits":52})"));
  office.clock.time = office.clock.time.load() + microseconds_per_day;
  CHECK(!office.call(office.boss, "decide_approval", decision(late, "approve")));
  CHECK(office.balance() == 0);
}

TEST_CASE("nothing is carried out for a persona that lost its grant or was stopped meanwhile") {
  Office office;
  office.grant(R"([{"tool":"piggy_create_credit_reception","ask":"always"}])");
  std::string approval = approval_of(office.call(office.nina(), "create_credit_reception", fifty));
  Office::must(office.call(office.boss, "revoke_tools", R"({"persona_uuid":"$persona"})"));
  CHECK(!office.call(office.boss, "decide_approval", decision(approval, "approve")));
  CHECK(office.balance() == 0);
}

TEST_CASE("only people decide: no persona, no program, nobody of another role or account") {
  Office office;
  office.grant(R"([{"tool":"piggy_create_credit_reception","ask":"always"}])");
  std::string approval = approval_of(office.call(office.nina(), "create_credit_reception", fifty));
  CHECK(!office.call(office.nina(), "decide_approval", decision(approval, "approve")));
  Value made = Office::must(office.call(office.engine->callers().owner(), "create_token",
                                        R"({"account":"shop","kind":"client"})"));
  auto program = office.engine->callers().by_authorization(
      fmt::format("Bearer {}", made.text_of("token")), TokenKind::client);
  REQUIRE(program);
  CHECK(!office.call(*program, "decide_approval", decision(approval, "approve")));
  office.hire("vic@shop.example", "viewer");
  CHECK(!office.call(office.sign_in("vic@shop.example"), "decide_approval",
                     decision(approval, "approve")));
  Office::must(
      office.call(office.engine->callers().owner(), "create_account", R"({"name":"other"})"));
  office.hire("eve@other.example", "owner", "other");
  auto foreign = office.call(office.sign_in("eve@other.example"), "decide_approval",
                             decision(approval, "approve"));
  REQUIRE(!foreign);
  CHECK(foreign.error().code == ErrorCode::not_found);
  CHECK(office.balance() == 0);
}

TEST_CASE("of two who decide at once one does") {
  Office office;
  office.grant(R"([{"tool":"piggy_create_credit_reception","ask":"always"}])");
  std::string approval = approval_of(office.call(office.nina(), "create_credit_reception", fifty));
  std::atomic<int> decided{0};
  {
    std::vector<std::jthread> people;
    for (std::string_view verdict : {"approve", "deny", "approve", "deny"}) {
      people.emplace_back([&, verdict] {
        if (office.call(office.boss, "decide_approval", decision(approval, verdict))) decided++;
      });
    }
  }
  CHECK(decided == 1);
  CHECK((office.balance() == 0 || office.balance() == 50));
  CHECK(office.verified());
}

TEST_CASE("a retried call with its key learns the approved answer, and keeps it") {
  Office office;
  office.grant(R"([{"tool":"piggy_create_credit_reception","ask":"always"}])");
  std::string approval =
      approval_of(office.call(office.nina(), "create_credit_reception", fifty, "key-1"));
  Office::must(office.call(office.boss, "decide_approval", decision(approval, "approve")));
  office.restart();
  for (int i = 0; i < 3; i++) {
    Value told =
        Office::must(office.call(office.nina(), "create_credit_reception", fifty, "key-1"));
    CHECK(*told.find("credits")->integer() == 50);
  }
  CHECK(office.balance() == 50);
  CHECK(office.used() == 2);
}

TEST_CASE("a call is taken back by its counter-entry, once, and what has none is refused") {
  Office office;
  office.grant(R"([{"tool":"piggy_create_credit_reception"},{"tool":"piggy_list_perks"}])");
  Office::must(office.call(office.nina(), "create_credit_reception", fifty));
  std::string done(office.calls("create_credit_reception").front().text_of("uuid"));
  std::string input = fmt::format(R"({{"call_uuid":"{}"}})", done);
  Office::must(office.call(office.boss, "undo_call", input, "", true));
  CHECK(office.balance() == 50);
  Value undone = Office::must(office.call(office.boss, "undo_call", input));
  CHECK(undone.text_of("undone_by") == "reverse_credit_reception");
  CHECK(office.balance() == 0);
  CHECK(!office.call(office.boss, "undo_call", input));
  CHECK(office.balance() == 0);
  CHECK(!office.call(office.nina(), "undo_call", input));

  Office::must(office.call(office.nina(), "list_perks", "{}"));
  std::string read(office.calls("list_perks").front().text_of("uuid"));
  CHECK(!office.call(office.boss, "undo_call", fmt::format(R"({{"call_uuid":"{}"}})", read)));
  CHECK(office.verified());
}

TEST_CASE("vouchers that a persona made are taken back as long as none was used") {
  Office office;
  office.grant(R"([{"tool":"piggy_create_vouchers_batch"}])");
  std::string promotion = Office::text_in(
      Office::must(office.call(office.owner(), "create_promotion",
                               R"({"name":"Summer","description":"A tenth off."})")),
      "uuid");
  auto make = [&] {
    Office::must(office.call(office.nina(), "create_vouchers_batch",
                             fmt::format(R"({{"promotion_uuid":"{}","quantity":3}})", promotion)));
    return fmt::format(R"({{"call_uuid":"{}"}})",
                       office.calls("create_vouchers_batch").front().text_of("uuid"));
  };
  auto code = [&] {
    Value vouchers = Office::must(office.call(office.owner(), "list_vouchers", "{}"));
    return std::string(vouchers.find("vouchers")->items()->front().text_of("code"));
  };
  std::string first = make();
  auto early = office.call(office.boss, "undo_call", first);
  REQUIRE(!early);
  CHECK(early.error().message == "The batch is PENDING: it has no vouchers yet.");
  REQUIRE(office.engine->scheduler().run_all_due());
  Office::must(office.call(office.boss, "undo_call", first));
  auto redeem = [&](const std::string& one) {
    return office.call(
        office.owner(), "redeem_voucher",
        fmt::format(R"({{"code":"{}","contact_uuid":"$ann","shop_uuid":"$shop"}})", one));
  };
  auto gone = redeem(code());
  REQUIRE(!gone);
  CHECK(gone.error().message == "Voucher is deactivated.");

  std::string second = make();
  REQUIRE(office.engine->scheduler().run_all_due());
  Value vouchers = Office::must(office.call(office.owner(), "list_vouchers", "{}"));
  std::string newest(vouchers.find("vouchers")->items()->back().text_of("code"));
  Office::must(redeem(newest));
  auto used = office.call(office.boss, "undo_call", second);
  REQUIRE(!used);
  CHECK(used.error().message == "1 of its 3 vouchers was redeemed or locked.");
}

TEST_CASE("a changed, a missing and an added row of the record are found") {
  for (std::string_view harm :
       {"UPDATE audit_call SET arguments = '{}' WHERE operation = 'create_persona'",
        "UPDATE audit_call SET price = price + 1 WHERE operation = 'create_persona'",
        "DELETE FROM audit_call WHERE operation = 'create_persona'",
        "DELETE FROM audit_call WHERE id = (SELECT max(id) FROM audit_call)"}) {
    CAPTURE(harm);
    Office office;
    CHECK(office.verified());
    Result<> harmed = office.engine->database().write(0, [&](Transaction& transaction) -> Result<> {
      TRY(transaction.run(harm));
      return {};
    });
    REQUIRE(harmed);
    CHECK(!office.verified());
  }
}

TEST_CASE("no secret is on record") {
  Office office;
  office.nina();
  office.grant(R"([{"tool":"piggy_get_contact_auth_token"}])");
  Value answer = Office::must(
      office.call(office.nina(), "get_contact_auth_token", R"({"contact_uuid":"$ann"})"));
  CHECK(!office.call(office.boss, "change_password",
                     fmt::format(R"({{"pasword":"{}"}})", Office::password)));
  std::string record;
  for (std::string_view name :
       {"get_contact_auth_token", "create_persona_token", "sign_in", "change_password"}) {
    auto calls = office.calls(name);
    REQUIRE_MESSAGE(!calls.empty(), name);
    for (const Value& call : calls) record += to_json(call);
  }
  CHECK(record.find(answer.text_of("auth_token")) == std::string::npos);
  CHECK(record.find(office.token()) == std::string::npos);
  CHECK(record.find(Office::password) == std::string::npos);
  CHECK(record.find("(secret)") != std::string::npos);
}

}  // namespace piggy
