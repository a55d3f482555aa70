#pragma once

// The conditions of a segment: a tree of {"all": [...]}, {"any": [...]}, {"not": {...}} and leaves
// {"field", "is", "value", ...}, as README.md tells it. Here it is read, with every problem named
// by its path, and what it names is looked up. What it means in SQL is in query.h.

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "contact/contact_view.h"
#include "event/follow.h"
#include "segment/segment.h"
#include "shape/value.h"

namespace piggy {

// What a leaf looks at.
BOOST_DEFINE_ENUM_CLASS(ConditionField, email, email_domain, created_at, updated_at, anonymous,
                        channel, balance, tier, transactions, received_credits,
                        first_transaction_at, last_transaction_at, subscription, activity, vouchers,
                        visits, shop, segment, random, lead_score, lead_temperature, attribute)

// What a leaf asks. Each that begins with `not_`, and `is_not_set`, is true exactly when its other
// half is not: also of what is unset.
BOOST_DEFINE_ENUM_CLASS(ConditionTest, equals, not_equals, in, not_in, contains, not_contains,
                        begins_with, more_than, at_least, less_than, at_most, between, before,
                        after, within_days, not_within_days, includes, not_includes, is_set,
                        is_not_set)

// What kind of value a field has, and with it which tests.
enum class ConditionFamily {
  text,     // Compared without regard to the case of A to Z.
  choice,   // One of some words, exactly.
  several,  // A set of words.
  number,
  flag,
  moment,   // Microseconds.
  day,      // Text: 2024-01-31.
  instant,  // Text: 2024-01-31T09:30:00+00:00.
};

BOOST_DEFINE_ENUM_CLASS(VoucherCondition, any, redeemable, redeemed)

struct ConditionLeaf {
  ConditionField field = ConditionField::email;
  ConditionFamily family = ConditionFamily::text;
  ConditionTest test = ConditionTest::equals;  // Never one of the negated ones.
  bool negated = false;
  std::string attribute = {};
  std::vector<std::string> texts = {};  // Of text in lower case.
  std::vector<double> numbers = {};
  std::vector<std::int64_t> ids = {};  // What was named by a uuid: tiers, shops, segments.
  std::optional<Time> time = {};
  bool flag = false;
  std::optional<std::int64_t> days = {};  // Within so many.
  std::vector<std::string> kinds = {};    // Of activities.
  std::optional<Uuid> source = {};        // Of activities.
  std::optional<std::int64_t> promotion_id = {};
  VoucherCondition vouchers = VoucherCondition::any;
  std::int64_t subscription_type_id = 0;
  SubscriptionStatus unsaid = SubscriptionStatus::UNSUBSCRIBED;  // Who has not said anything.
  std::int64_t factor = 1, addend = 0;  // Of the random bucket: made from its salt.
};

struct Condition {
  enum class Kind { all, any, negation, leaf };
  Kind kind = Kind::all;
  std::vector<Condition> parts = {};
  ConditionLeaf leaf = {};
  std::string path = {};  // Where it stands in the tree, such as "/all/0".
  Value text = {};        // Of a leaf: as it was written.
};

// What an account has that conditions name.
struct ConditionNames {
  ContactSheet sheet = {};
  std::vector<SegmentRow> segments = {};
  std::int64_t self = 0;  // The segment whose conditions they are: it must not lead back to itself.
};
Result<ConditionNames> condition_names(Transaction& transaction, std::int64_t self = 0);

// Every problem becomes one of `problems`, at `path` and the place in the tree.
Result<Condition> read_conditions(Transaction& transaction, const ConditionNames& names,
                                  const Value& tree, std::string_view path = "");

template <class List, class T>
bool is_among(const List& list, const T& value) {
  return std::ranges::find(list, value) != list.end();
}

// Every leaf, from the first to the last.
void each_leaf(const Condition& condition, const std::function<void(const Condition&)>& visit);

// Whether time alone can change who meets them.
bool moves_with_time(const Condition& condition);
// Whether what an event tells of can change it.
bool can_change(const Condition& condition, const EventRow& event);
// The segments that a tree, stored and so known to be right, asks for.
std::set<std::string> segments_named_in(const Value& tree);

// The buckets of `random` are 0 to 99. A product of two numbers below this fits 64 bits many times,
// and as it is 2 modulo 3 every number has one cube root: the same in C++ and in both stores.
constexpr std::int64_t random_modulus = 999'983;

}  // namespace piggy
