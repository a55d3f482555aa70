#include "segment/query.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "activity/activity.h"
#include "app/test_engine.h"
#include "base/lower_case.h"
#include "segment/test_crowd.h"

// A tree means the same in plain C++, read from its JSON, as in the SQL of either store.

namespace piggy {
namespace {

using Person = TestCrowd::Person;

Time in_days(Time now, std::int64_t days) { return now + days * microseconds_per_day; }

double number_of(const Value& value) {
  return value.integer() ? static_cast<double>(*value.integer()) : *value.number();
}

Value::List list_of(const Value* value) {
  if (value && value->items()) return *value->items();
  return value ? Value::List{*value} : Value::List{};
}

class PlainEvaluation {
 public:
  PlainEvaluation(const TestCrowd& crowd, Time now) : crowd_(crowd), now_(now) {}

  bool holds(const Value& tree, const Person& person) const {
    if (const Value* parts = tree.find("all")) {
      for (const Value& part : *parts->items()) {
        if (!holds(part, person)) return false;
      }
      return true;
    }
    if (const Value* parts = tree.find("any")) {
      for (const Value& part : *parts->items()) {
        if (holds(part, person)) return true;
      }
      return false;
    }
    if (const Value* part = tree.find("not")) return !holds(*part, person);
    std::string test(tree.text_of("is"));
    bool negated = test.starts_with("not_") || test == "is_not_set";
    if (test == "is_not_set") test = "is_set";
    if (test.starts_with("not_")) test = test.substr(4);
    return leaf(tree, test, person) != negated;
  }

 private:
  bool leaf(const Value& tree, const std::string& test, const Person& person) const {
    std::string_view field = tree.text_of("field");
    const Value* value = tree.find("value");
    if (field == "activity") return number(count_activities(tree, person), test, *value);
    if (field == "vouchers") return number(count_vouchers(tree, person), test, *value);
    if (field == "visits") return number(count_visits(tree, person), test, *value);
    if (field == "random") return number(bucket(tree, person), test, *value);
    if (field == "shop") return several(person.shops, test, value);
    if (field == "segment") {
      std::string mine = person.in_segment ? to_string(crowd_.segment) : "";
      for (const Value& item : list_of(value)) {
        if (*item.text() == mine) return true;
      }
      return false;
    }
    Value known = value_of(tree, person);
    if (test == "is_set") {
      return !known.is_null() && !(known.text() && known.text()->empty());
    }
    if (known.is_null()) return false;
    if (test == "includes") {
      std::vector<std::string> words;
      for (const Value& item : *known.items()) words.push_back(*item.text());
      return several(words, test, value);
    }
    if (known.boolean()) return *known.boolean() == *value->boolean();
    bool in_time = test == "before" || test == "after" || test == "within_days";
    if (in_time) return time(known, test, *value);
    if (known.text()) return text(*known.text(), test, value, exact(field));
    return number(number_of(known), test, *value);
  }

  static bool exact(std::string_view field) {
    return field == "channel" || field == "tier" || field == "subscription" ||
           field == "attribute.locale" || field == "lead_temperature" ||
           field == "attribute.colour";
  }

  Value value_of(const Value& tree, const Person& person) const {
    std::string_view field = tree.text_of("field");
    if (field.starts_with("attribute.")) {
      const Value* found = person.attributes.find(field.substr(10));
      return found ? *found : Value();
    }
    if (field == "email") return person.email;
    if (field == "email_domain") return person.email.substr(person.email.find('@') + 1);
    if (field == "anonymous") return person.anonymous;
    if (field == "channel") return person.channel;
    if (field == "balance") return person.balance;
    if (field == "tier") {
      return person.tier < 0 ? Value() : Value(to_string(crowd_.tiers[person.tier]));
    }
    if (field == "transactions") return person.transactions;
    if (field == "received_credits") return person.received;
    if (field == "lead_score") return person.lead_score < 0 ? Value() : Value(person.lead_score);
    if (field == "lead_temperature") return person.temperature;
    if (field == "created_at") return moment(person.created_at);
    if (field == "updated_at") return moment(person.updated_at);
    if (field == "first_transaction_at") return moment(person.first_at);
    if (field == "last_transaction_at") return moment(person.last_at);
    REQUIRE(field == "subscription");
    for (std::size_t i = 0; i < crowd_.types.size(); i++) {
      if (to_string(crowd_.types[i]) == tree.text_of("subscription_type")) {
        return person.subscriptions[i];
      }
    }
    FAIL("unknown subscription type");
    return {};
  }

  // A moment as microseconds, so that it is not taken for a text.
  static Value moment(Time time) { return time == Time{} ? Value() : Value(time.microseconds); }

  bool time(const Value& known, const std::string& test, const Value& value) const {
    bool day = known.text() && known.text()->size() == 10;
    Time at = known.text() ? *parse_time(*known.text()) : Time{*known.integer()};
    auto cut = [&](Time time) { return day ? *parse_time(to_atom(time).substr(0, 10)) : time; };
    auto seconds = [&](Time time) {
      return known.text() ? *parse_time(to_atom(time)) : time;  // As it is stored.
    };
    if (test == "within_days") {
      Time since = seconds(cut(in_days(now_, -*value.integer())));
      return at >= since && at <= seconds(cut(now_));
    }
    Time bound = cut(*parse_time(*value.text()));
    return test == "before" ? at < bound : at >= bound;
  }

  static bool text(const std::string& known, const std::string& test, const Value* value,
                   bool exact) {
    if (known.empty()) return false;
    auto lower = [&](const std::string& word) { return exact ? word : lower_case(word); };
    for (const Value& item : list_of(value)) {
      std::string word = lower(*item.text());
      if (test == "contains" && lower(known).contains(word)) return true;
      if (test == "begins_with" && lower(known).starts_with(word)) return true;
      if ((test == "equals" || test == "in") && lower(known) == word) return true;
    }
    return false;
  }

  static bool several(const std::vector<std::string>& known, const std::string& test,
                      const Value* value) {
    if (test == "is_set") return !known.empty();
    for (const Value& item : list_of(value)) {
      for (const std::string& word : known) {
        if (word == *item.text()) return true;
      }
    }
    return false;
  }

  static bool number(double known, const std::string& test, const Value& value) {
    if (test == "between") {
      return number_of((*value.items())[0]) <= known && known <= number_of((*value.items())[1]);
    }
    double other = number_of(value);
    if (test == "more_than") return known > other;
    if (test == "at_least") return known >= other;
    if (test == "less_than") return known < other;
    if (test == "at_most") return known <= other;
    return known == other;
  }

  bool recent(const Value& tree, Time at) const {
    const Value* days = tree.find("days");
    return !days || at >= in_days(now_, -*days->integer());
  }

  double count_activities(const Value& tree, const Person& person) const {
    double count = 0;
    for (const auto& activity : person.activities) {
      bool kind = false;
      for (const Value& item : list_of(tree.find("kind"))) kind |= *item.text() == activity.kind;
      bool source = !tree.find("source") || tree.text_of("source") == to_string(activity.source);
      count += kind && source && recent(tree, activity.at);
    }
    return count;
  }

  double count_vouchers(const Value& tree, const Person& person) const {
    double count = 0;
    for (const auto& voucher : person.vouchers) {
      std::string_view state = tree.text_of("state");
      bool there = state == "redeemed" ? voucher.redeemed : true;
      if (state == "redeemable") there = !voucher.redeemed && voucher.expires > now_;
      if (tree.find("promotion")) there = there && voucher.of_promotion;
      count += there;
    }
    return count;
  }

  double count_visits(const Value& tree, const Person& person) const {
    double count = 0;
    for (Time at : person.visits) count += recent(tree, at);
    return count;
  }

  double bucket(const Value& tree, const Person& person) const {
    std::uint64_t hash = 14'695'981'039'346'656'037u;
    for (char c : tree.text_of("salt")) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u;
    }
    std::uint64_t p = 999'983;
    std::uint64_t x =
        (static_cast<std::uint64_t>(person.id) % p * (1 + hash % (p - 1)) + hash / p % p) % p;
    return static_cast<double>(x * x % p * x % p * 100 / p);
  }

  const TestCrowd& crowd_;
  Time now_;
};

}  // namespace

TEST_CASE("a thousand random trees mean the same in SQL as in plain C++") {
  TestCrowd crowd;
  SeededRandom random(20);
  Time now = crowd.now;
  PlainEvaluation plain(crowd, now);
  Dialect dialect = dialect_of(crowd.engine.database());
  int trees = 0, members = 0, some = 0;
  REQUIRE(crowd.engine.database().read(
      crowd.engine.caller().account_id, [&](Transaction& transaction) -> Result<> {
        ConditionNames names = TRY(condition_names(transaction));
        for (; trees < 1'000; trees++) {
          Value tree = crowd.random_tree(random, 3);
          CAPTURE(to_json(tree));
          auto condition = read_conditions(transaction, names, tree);
          REQUIRE_MESSAGE(condition, condition.error().fields[0].path, " ",
                          condition.error().fields[0].message);
          std::vector<std::int64_t> expected;
          for (const Person& person : crowd.people) {
            if (plain.holds(tree, person)) expected.push_back(person.id);
          }
          ContactQuery query(*condition, dialect, now);
          auto found = TRY(query.between(transaction, 0, everyone));
          REQUIRE(found == expected);
          const Person& one = crowd.people[random.below(crowd.people.size())];
          bool holds = std::ranges::find(expected, one.id) != expected.end();
          CHECK(TRY(query.holds(transaction, one.id)) == holds);
          members += static_cast<int>(expected.size());
          some += !expected.empty() && expected.size() < crowd.people.size();
        }
        return {};
      }));
  CHECK(trees == 1'000);
  CHECK(some > 400);  // Trees that are true of all or of nobody would prove little.
  CHECK(members > 5'000);
}

TEST_CASE("a random bucket has about as many contacts as any other") {
  ConditionLeaf leaf;
  std::vector<int> buckets(10);
  std::int64_t p = random_modulus;
  for (std::int64_t id = 1'000; id < 1'000 + 7 * 10'000; id += 7) {
    std::int64_t x = (id % p * 31'337 + 4'242) % p;
    buckets[static_cast<std::size_t>(x * x % p * x % p * 100 / p / 10)]++;
  }
  for (int count : buckets) {
    CHECK(count > 900);
    CHECK(count < 1'100);
  }
}

}  // namespace piggy
