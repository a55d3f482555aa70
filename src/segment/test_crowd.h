#pragma once

// Sixty contacts of whom everything is known that conditions can ask for, and random conditions
// over them. The rows are put into the tables as they stand, without the operations that would make
// them.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "app/test_engine.h"
#include "contact/attribute.h"
#include "contact/subscription.h"
#include "ledger/ledger.h"
#include "segment/segment.h"

namespace piggy {

constexpr std::int64_t everyone = std::numeric_limits<std::int64_t>::max();

struct TestCrowd {
  struct Activity {
    std::string kind = {};
    Uuid source = {};
    Time at = {};
  };
  struct Voucher {
    bool redeemed = false;
    bool of_promotion = false;
    Time expires = {};
  };
  struct Person {
    std::int64_t id = 0;
    Uuid uuid = {};
    std::string email = {};
    bool anonymous = false;
    std::string channel = {};
    Value attributes = Value::object();
    std::int64_t balance = 0, transactions = 0, received = 0;
    Time created_at = {}, updated_at = {}, first_at = {}, last_at = {};
    int tier = -1;
    std::vector<std::string> shops = {};
    std::vector<std::string> subscriptions = {};  // As `types`.
    std::vector<Activity> activities = {};
    std::vector<Voucher> vouchers = {};
    std::vector<Time> visits = {};
    bool in_segment = false;
    std::int64_t lead_score = -1;  // -1: none.
    std::string temperature = {};
  };

  TestEngine engine;
  Time now = engine.clock().now();
  std::vector<Uuid> tiers = {}, shops = {}, types = {}, sources = {};
  std::vector<std::int64_t> tier_ids = {}, shop_ids = {}, type_ids = {}, promotion_ids = {};
  Uuid promotion = {};
  Uuid segment = {};
  std::vector<Person> people = {};
  SeededRandom chance{7};

  TestCrowd() {
    must([&](Transaction& transaction) { return make_things(transaction); });
    for (int i = 0; i < 60; i++) {
      must([&](Transaction& transaction) { return make_person(transaction, i); });
    }
    for (const Person& person : people) {
      must([&](Transaction& transaction) { return fill(transaction, person); });
    }
  }

  void must(const std::function<Result<>(Transaction&)>& work) {
    Result<> done = engine.write(work);
    REQUIRE_MESSAGE(done, done.error().message);
  }

  bool one_in(std::uint64_t count) { return chance.below(count) == 0; }
  std::int64_t up_to(std::int64_t most) {
    return static_cast<std::int64_t>(chance.below(static_cast<std::uint64_t>(most + 1)));
  }
  template <class T>
  const T& one_of(const std::vector<T>& list) {
    return list[chance.below(list.size())];
  }
  Time past(std::int64_t days) { return now + -up_to(days * microseconds_per_day); }

  Result<> make_things(Transaction& transaction) {
    for (int i = 0; i < 3; i++) {
      tiers.push_back(transaction.next_uuid());
      tier_ids.push_back(transaction.next_id());
      TRY(transaction.run(
          "INSERT INTO tier (account_id, id, uuid, name, position, credits_required, "
          "multiplier, created_at) VALUES ($1, $2, $3, $4, $5, $5, 1.0, 0)",
          {tier_ids.back(), tiers.back(), fmt::format("T{}", i), i}));
      shops.push_back(transaction.next_uuid());
      shop_ids.push_back(transaction.next_id());
      TRY(
          transaction.run("INSERT INTO shop (account_id, id, uuid, name, type, created_at) "
                          "VALUES ($1, $2, $3, 'S', 'web', 0)",
                          {shop_ids.back(), shops.back()}));
      types.push_back(transaction.next_uuid());
      type_ids.push_back(transaction.next_id());
      TRY(transaction.run(
          "INSERT INTO subscription_type (account_id, id, uuid, name, description, "
          "active, strategy) VALUES ($1, $2, $3, 'N', '', 1, $4)",
          {type_ids.back(), types.back(), std::string_view(i == 1 ? "OPT_OUT" : "OPT_IN")}));
      sources.push_back(transaction.next_uuid());
      promotion = transaction.next_uuid();
      promotion_ids.push_back(transaction.next_id());
      TRY(
          transaction.run("INSERT INTO promotion (account_id, id, uuid, name, description, type, "
                          "redemptions_per_voucher, attributes, created_at) "
                          "VALUES ($1, $2, $3, 'P', '', 'SINGLE_USE', 1, '{}', 0)",
                          {promotion_ids.back(), promotion}));
    }
    using enum AttributeType;
    for (auto [name, type] : {std::pair("city", text),
                              {"score", float_},
                              {"vip", boolean},
                              {"joined", date},
                              {"seen", date_time}}) {
      TRY(make_attribute(transaction, {.name = name, .type = type}));
    }
    TRY(make_attribute(transaction, {.name = "colour", .type = select, .options = options()}));
    TRY(make_attribute(transaction, {.name = "likes", .type = multi_select, .options = options()}));
    segment = TRY(make_segment(transaction, {.name = "By hand"})).uuid;
    return {};
  }

  static std::vector<AttributeOption> options() {
    return {{.value = "red", .label = "R"},
            {.value = "Green", .label = "G"},
            {.value = "blue", .label = "B"}};
  }

  Result<> make_person(Transaction& transaction, int number) {
    Person person;
    static const std::vector<std::string> domains = {"example.com", "shop.example", "x.nl"};
    person.email = fmt::format("p{}@{}", number, one_of(domains));
    ContactRow made = TRY(make_contact(transaction, {.email = person.email}));
    person.id = made.id;
    person.uuid = made.uuid;
    person.anonymous = one_in(5);
    person.channel = one_of<std::string>({"API", "FORMS", "IMPORT"});
    person.created_at = past(30);
    person.updated_at = past(10);
    person.balance = up_to(5) * 10;
    person.transactions = up_to(4);
    if (person.transactions) {
      person.received = person.balance + up_to(100);
      person.first_at = past(30);
      person.last_at = past(20);
      person.tier = static_cast<int>(up_to(2));
      for (const Uuid& shop : shops) {
        if (one_in(2)) person.shops.push_back(to_string(shop));
      }
    }
    give_attributes(person);
    for (std::size_t i = 0; i < types.size(); i++) {
      person.subscriptions.push_back(
          one_in(3) ? std::string(i == 1 ? "SUBSCRIBED" : "UNSUBSCRIBED")
                    : one_of<std::string>({"SUBSCRIBED", "UNSUBSCRIBED", "PENDING_CONFIRMATION"}));
    }
    for (std::int64_t i = up_to(4); i > 0; i--) {
      person.activities.push_back(
          {one_of<std::string>({"mail_opened", "mail_clicked", "voucher_redeemed"}),
           one_of(sources), past(20)});
    }
    for (std::int64_t i = up_to(2); i > 0; i--) {
      person.vouchers.push_back({one_in(2), one_in(2), past(5) + 3 * microseconds_per_day});
    }
    for (std::int64_t i = one_in(3) ? up_to(2) : 0; i > 0; i--) person.visits.push_back(past(20));
    person.in_segment = one_in(3);
    if (!one_in(3)) {
      person.lead_score = up_to(9) * 10;
      person.temperature = one_of<std::string>({"nurture", "warm", "hot"});
    }
    people.push_back(std::move(person));
    return {};
  }

  void give_attributes(Person& person) {
    Value& of = person.attributes;
    if (one_in(2)) of.set("firstname", one_of<std::string>({"Ann", "ÖZ", "o'Neill \"%_", ""}));
    if (one_in(2)) of.set("city", one_of<std::string>({"Utrecht", "utrecht", "Delft"}));
    if (!one_in(3)) of.set("score", one_in(2) ? Value(up_to(9)) : Value(up_to(9) + 0.5));
    if (!one_in(3)) of.set("vip", one_in(2));
    if (!one_in(3)) of.set("joined", to_atom(past(30)).substr(0, 10));
    if (!one_in(3)) of.set("seen", to_atom(past(30)));
    if (!one_in(3)) of.set("colour", one_of<std::string>({"red", "Green", "blue"}));
    if (!one_in(3)) of.set("locale", one_of<std::string>({"nl", "en"}));
    Value likes = Value::list();
    for (const char* word : {"red", "Green", "blue"}) {
      if (one_in(3)) likes.push(word);
    }
    if (!likes.items()->empty()) of.set("likes", std::move(likes));
  }

  Result<> fill(Transaction& transaction, const Person& of) {
    TRY(transaction.run(
        "UPDATE contact SET is_anonymous = $3, channel = $4, attributes = $5, "
        "created_at = $6, updated_at = $7 WHERE account_id = $1 AND id = $2",
        {of.id, of.anonymous, of.channel, of.attributes, of.created_at, of.updated_at}));
    TRY(transaction.run("UPDATE ledger_account SET balance = $3 WHERE account_id = $1 AND id = $2",
                        {of.id, of.balance}));
    TRY(
        transaction.run("UPDATE member SET transactions = $3, received = $4, first_at = $5, "
                        "last_at = $6, tier_id = $7 WHERE account_id = $1 AND id = $2",
                        {of.id, of.transactions, of.received, of.first_at, of.last_at,
                         of.tier < 0 ? 0 : tier_ids[static_cast<std::size_t>(of.tier)]}));
    for (std::size_t i = 0; i < 3; i++) {
      if (std::ranges::find(of.shops, to_string(shops[i])) != of.shops.end()) {
        TRY(
            transaction.run("INSERT INTO member_shop (account_id, contact_id, shop_id) "
                            "VALUES ($1, $2, $3)",
                            {of.id, shop_ids[i]}));
      }
      // Who is what one is without saying anything says nothing, every other time.
      bool unsaid = of.subscriptions[i] == (i == 1 ? "SUBSCRIBED" : "UNSUBSCRIBED");
      if (unsaid && one_in(2)) continue;
      TRY(
          transaction.run("INSERT INTO subscription (account_id, contact_id, subscription_type_id, "
                          "status, updated_at) VALUES ($1, $2, $3, $4, 0)",
                          {of.id, type_ids[i], of.subscriptions[i]}));
    }
    for (const Activity& activity : of.activities) {
      TRY(transaction.run(
          "INSERT INTO activity (account_id, id, contact_id, kind, source, detail, "
          "created_at) VALUES ($1, $2, $3, $4, $5, '', $6)",
          {transaction.next_id(), of.id, activity.kind, activity.source, activity.at}));
    }
    return fill_rest(transaction, of);
  }

  Result<> fill_rest(Transaction& transaction, const Person& of) {
    for (const Voucher& voucher : of.vouchers) {
      Uuid uuid = transaction.next_uuid();
      TRY(transaction.run(
          "INSERT INTO voucher (account_id, id, uuid, code, promotion_id, contact_id, deactivated, "
          "expiration_date, times_redeemed, total_redemptions_allowed, attributes, created_at) "
          "VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, 1, '{}', 0)",
          {transaction.next_id(), uuid, to_string(uuid),
           promotion_ids[voucher.of_promotion ? 2 : 0], of.id, voucher.expires, voucher.redeemed}));
    }
    for (Time at : of.visits) {
      TRY(transaction.run(
          "INSERT INTO booking (account_id, id, uuid, contact_id, shop_id, "
          "checked_in_at, created_at, updated_at) "
          "VALUES ($1, $2, $3, $4, $5, $6, 0, 0)",
          {transaction.next_id(), transaction.next_uuid(), of.id, shop_ids[0], at}));
    }
    if (of.lead_score >= 0) {
      TRY(transaction.run(
          "INSERT INTO lead_score (account_id, id, score, fit, engagement, cell, "
          "temperature, version, scored_at) VALUES ($1, $2, $3, 0, 0, 'A1', $4, 1, 0)",
          {of.id, of.lead_score, of.temperature}));
    }
    if (!of.in_segment) return {};
    SegmentRow row = TRY(segment_of(transaction, segment));
    TRY(apply_changes(transaction, row, {{of.id, true}}));
    return {};
  }

  // Random conditions -----------------------------------------------------------------------------

  Value random_tree(SeededRandom& random, int depth) {
    std::uint64_t kind = depth ? random.below(5) : 4;
    if (kind >= 3) return random_leaf(random);
    if (kind == 2) return Value::object({{"not", random_tree(random, depth - 1)}});
    Value parts = Value::list();
    for (std::uint64_t i = 0; i <= random.below(3); i++) parts.push(random_tree(random, depth - 1));
    return Value::object({{kind ? "any" : "all", std::move(parts)}});
  }

  Value random_leaf(SeededRandom& random) {
    auto pick = [&](std::initializer_list<const char*> words) {
      return std::string(words.begin()[random.below(words.size())]);
    };
    auto number = [&](std::uint64_t most) { return static_cast<int>(random.below(most + 1)); };
    std::string moment = to_atom(now + -number(30) * microseconds_per_day);
    Value leaf = Value::object();
    auto make = [&](std::string_view field, std::string test, Value value) {
      leaf.set("field", std::string(field));
      leaf.set("is", test);
      if (!test.ends_with("set")) leaf.set("value", std::move(value));
    };
    auto make_number = [&](std::string_view field, std::uint64_t most, bool counted) {
      std::string test = pick({"equals", "not_equals", "more_than", "at_least", "less_than",
                               "at_most", "between", "is_set", "is_not_set"});
      if (counted && test.ends_with("set")) test = "at_least";
      Value ends = Value::list();
      ends.push(number(most / 2));
      ends.push(static_cast<std::int64_t>(most / 2) + number(most));
      make(field, test, test == "between" ? ends : Value(number(most)));
    };
    auto make_time = [&](std::string_view field) {
      std::string test =
          pick({"before", "after", "within_days", "not_within_days", "is_set", "is_not_set"});
      make(field, test, test.ends_with("days") ? Value(1 + number(20)) : Value(moment));
    };
    auto make_words = [&](std::string_view field, std::initializer_list<const char*> tests,
                          std::initializer_list<std::string> words) {
      std::string test = tests.begin()[random.below(tests.size())];
      std::string word = words.begin()[random.below(words.size())];
      Value list = Value::list();
      list.push(word);
      list.push(words.begin()[random.below(words.size())]);
      bool many = test == "in" || test == "not_in" || test.ends_with("includes");
      make(field, test, many ? list : Value(word));
    };
    std::initializer_list<const char*> text_tests = {"equals",      "not_equals", "in",
                                                     "not_in",      "contains",   "not_contains",
                                                     "begins_with", "is_set",     "is_not_set"};
    std::initializer_list<const char*> word_tests = {"equals", "not_equals", "in", "not_in"};
    std::initializer_list<const char*> choice_tests = {"equals", "not_equals", "in",
                                                       "not_in", "is_set",     "is_not_set"};
    std::initializer_list<const char*> set_tests = {"includes", "not_includes", "is_set",
                                                    "is_not_set"};
    switch (random.below(24)) {
      case 0:
        make_words("email", text_tests, {"P1", "p2@x.nl", "@"});
        break;
      case 1:
        make_words("email_domain", text_tests, {"x.nl", "EXAMPLE", "shop"});
        break;
      case 2:
        make_words("attribute.firstname", text_tests, {"ann", "ÖZ", "O'NEILL \"%_", "%", "_"});
        break;
      case 3:
        make_words("attribute.city", text_tests, {"UTRECHT", "del", "t"});
        break;
      case 4:
        make_number("attribute.score", 9, false);
        break;
      case 5:
        make("attribute.vip", pick({"equals", "not_equals", "is_set", "is_not_set"}),
             number(1) == 1);
        break;
      case 6:
        make_time(pick({"attribute.joined", "attribute.seen"}));
        break;
      case 7:
        make_words("attribute.colour", choice_tests, {"red", "Green"});
        break;
      case 8:
        make_words("attribute.likes", set_tests, {"red", "Green"});
        break;
      case 9:
        make_time(pick({"created_at", "updated_at"}));
        break;
      case 10:
        make_time(pick({"first_transaction_at", "last_transaction_at"}));
        break;
      case 22:
        make_number("lead_score", 90, false);
        break;
      case 23:
        make_words("lead_temperature", choice_tests, {"nurture", "hot"});
        break;
      case 11:
        make("anonymous", pick({"equals", "not_equals", "is_set"}), number(1) == 1);
        break;
      case 12:
        make_words("channel", choice_tests, {"API", "FORMS"});
        break;
      case 13:
        make_number("balance", 50, false);
        break;
      case 14:
        make_number(pick({"transactions", "received_credits"}), 4, false);
        break;
      case 15:
        make_words("tier", choice_tests, {to_string(tiers[0]), to_string(tiers[1])});
        break;
      case 16:
        make_words("subscription", word_tests,
                   {"SUBSCRIBED", "UNSUBSCRIBED", "PENDING_CONFIRMATION"});
        leaf.set("subscription_type", to_string(types[random.below(3)]));
        break;
      case 17: {
        make_number("activity", 3, true);
        Value kinds = Value::list();
        kinds.push("mail_opened");
        kinds.push("voucher_redeemed");
        leaf.set("kind", number(1) ? Value("mail_clicked") : kinds);
        if (number(1)) leaf.set("days", 1 + number(15));
        if (number(3) == 0) leaf.set("source", to_string(sources[random.below(3)]));
        break;
      }
      case 18:
        make_number("vouchers", 2, true);
        if (number(1)) leaf.set("state", pick({"any", "redeemable", "redeemed"}));
        if (number(1)) leaf.set("promotion", to_string(promotion));
        break;
      case 19:
        make_number("visits", 2, true);
        if (number(1)) leaf.set("days", 1 + number(15));
        break;
      case 20:
        if (number(1)) {
          make_words("shop", set_tests, {to_string(shops[0]), to_string(shops[1])});
        } else {
          make_words("segment", word_tests, {to_string(segment)});
        }
        break;
      default:
        make_number("random", 99, true);
        if (number(1)) leaf.set("salt", pick({"a", "b", "campaign"}));
    }
    return leaf;
  }
};

}  // namespace piggy
