#include "segment/condition.h"

#include <doctest/doctest.h>

#include "segment/query.h"
#include "segment/test_crowd.h"
#include "shape/json.h"

namespace piggy {
namespace {

// What is wrong with some conditions: "path: message" each.
std::vector<std::string> problems(TestCrowd& crowd, std::string_view text) {
  std::vector<std::string> found;
  auto tree = parse_json(text);
  REQUIRE(tree);
  REQUIRE(crowd.engine.database().read(
      crowd.engine.caller().account_id, [&](Transaction& transaction) -> Result<> {
        ConditionNames names = TRY(condition_names(transaction));
        auto read = read_conditions(transaction, names, *tree, "/conditions");
        if (read) return {};
        CHECK(read.error().code == ErrorCode::invalid);
        for (const FieldError& problem : read.error().fields) {
          CHECK(problem.message.ends_with('.'));
          found.push_back(problem.path);
        }
        return {};
      }));
  return found;
}

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("all that is wrong with conditions is named at once, each where it is") {
  TestCrowd crowd;
  CHECK(problems(crowd, R"({"all":[{"field":"balance","is":"at_least","value":1}]})") == Paths{});
  CHECK(problems(crowd, R"({"all":[
      {"field":"balance","is":"contains","value":"x"},
      {"field":"attribute.nothing","is":"is_set"},
      {"any":[]},
      {"not":{"field":"activity","kind":"dancing","days":0,"source":"x"}},
      {"field":"attribute.colour","is":"in","value":["red","pink"]},
      {"field":"created_at","is":"within_days","value":1.5},
      {"field":"created_at","is":"before","value":"soon"},
      {"field":"email","is":"equals","value":"a","and/or":1},
      {"field":"balance","is":"between","value":[3,2]},
      {"field":"tier","is":"equals","value":"gold"},
      {"field":"subscription","is":"equals","value":"SUBSCRIBED"},
      {"field":"vouchers","state":"burnt","promotion":"6a8c0f9e-0000-4000-8000-000000000000"},
      {"some":[]}, 5]})") ==
        Paths{"/conditions/all/0/is", "/conditions/all/1/field", "/conditions/all/2/any",
              "/conditions/all/3/not/days", "/conditions/all/3/not/source",
              "/conditions/all/3/not/kind", "/conditions/all/4/value", "/conditions/all/5/value",
              "/conditions/all/6/value", "/conditions/all/7/and~1or", "/conditions/all/8/value",
              "/conditions/all/9/value", "/conditions/all/10/subscription_type",
              "/conditions/all/11/state", "/conditions/all/11/promotion", "/conditions/all/12",
              "/conditions/all/13"});
  CHECK(problems(crowd, "null") == Paths{"/conditions"});
  CHECK(problems(crowd, "[]") == Paths{"/conditions"});
}

TEST_CASE("conditions are neither nested without end nor without number") {
  TestCrowd crowd;
  std::string deep = R"({"field":"anonymous","is":"equals","value":true})";
  for (int i = 0; i < 12; i++) deep = R"({"not":)" + deep + "}";
  CHECK(problems(crowd, deep).size() == 1);
  std::string many = R"({"any":[{"field":"anonymous","is":"equals","value":true})";
  for (int i = 0; i < 120; i++) many += R"(,{"field":"anonymous","is":"equals","value":true})";
  CHECK(problems(crowd, many + "]}").size() == 21);
}

TEST_CASE("hostile text is a value like any other") {
  TestCrowd crowd;
  Dialect dialect = dialect_of(crowd.engine.database());
  for (const std::string& text : {std::string("'; DROP TABLE contact; --"), std::string("$1"),
                                  std::string("%_\\"), std::string("\"}]"), std::string("{}{0}"),
                                  std::string("\xF0\x9F\x90\xB7"), std::string(500, 'x')}) {
    for (const char* field : {"email", "email_domain", "attribute.city", "attribute.firstname"}) {
      for (const char* test : {"equals", "contains", "begins_with", "not_in"}) {
        Value value = std::string_view(test) == "not_in" ? Value(Value::List{text}) : Value(text);
        Value tree = Value::object({{"field", field}, {"is", test}, {"value", value}});
        REQUIRE(crowd.engine.database().read(
            crowd.engine.caller().account_id, [&](Transaction& transaction) -> Result<> {
              ConditionNames names = TRY(condition_names(transaction));
              Condition condition = TRY(read_conditions(transaction, names, tree));
              auto found = TRY(
                  ContactQuery(condition, dialect, crowd.now).between(transaction, 0, everyone));
              CHECK(std::ssize(found) == (std::string_view(test) == "not_in" ? 60 : 0));
              return {};
            }));
      }
    }
  }
  CHECK(problems(crowd, R"({"field":"email","is":"equals","value":"a\u0000b"})") ==
        Paths{"/conditions/value"});
  CHECK(problems(crowd, R"({"field":"attribute.city\"') OR 1=1","is":"is_set"})") ==
        Paths{"/conditions/field"});
}

TEST_CASE("only events that can change a condition are followed for it") {
  TestCrowd crowd;
  auto can = [&](std::string_view tree, std::string_view type, std::string_view payload) {
    bool found = false;
    REQUIRE(crowd.engine.database().read(
        crowd.engine.caller().account_id, [&](Transaction& transaction) -> Result<> {
          ConditionNames names = TRY(condition_names(transaction));
          Condition condition = TRY(read_conditions(transaction, names, *parse_json(tree)));
          found =
              can_change(condition, {.type = std::string(type), .payload = *parse_json(payload)});
          return {};
        }));
    return found;
  };
  std::string_view city = R"({"field":"attribute.city","is":"is_set"})";
  std::string_view clicks = R"({"field":"activity","kind":"mail_clicked"})";
  std::string_view balance = R"({"field":"balance","is":"at_least","value":1})";
  CHECK(can(city, "contact_created", "{}"));
  CHECK(can(city, "contact_updated", "{}"));  // As when two become one.
  CHECK(can(city, "contact_updated", R"({"changed_attributes":["city"]})"));
  CHECK(!can(city, "contact_updated", R"({"changed_attributes":["firstname"]})"));
  CHECK(!can(city, "contact_activity", R"({"activity":{"kind":"mail_clicked"}})"));
  CHECK(can(clicks, "contact_activity", R"({"activity":{"kind":"mail_clicked"}})"));
  CHECK(!can(clicks, "contact_activity", R"({"activity":{"kind":"mail_opened"}})"));
  CHECK(can(balance, "credit_reception_created", "{}"));
  CHECK(!can(city, "credit_reception_created", "{}"));
  CHECK(!can(balance, "voucher_created", "{}"));
}

}  // namespace piggy
