#include "segment/query.h"

#include <fmt/format.h>

#include <algorithm>

// Every leaf is true or false and never NULL, so that `not` means what it says. Where the stores
// differ (JSON, places in a text, the order of texts) the two words stand beside each other.

namespace piggy {

Dialect dialect_of(const Database& database) {
  return database.kind() == "sqlite" ? Dialect::sqlite : Dialect::postgres;
}

class QueryWriter {
 public:
  QueryWriter(ContactQuery& query, Time now) : query_(query), now_(now) {}

  std::string write(const Condition& condition);
  std::string joins() const;

 private:
  using enum ConditionTest;
  using Family = ConditionFamily;
  using Field = ConditionField;

  // One text for each store.
  std::string_view either(std::string_view sqlite, std::string_view postgres) const {
    return query_.dialect_ == Dialect::sqlite ? sqlite : postgres;
  }
  template <class T>
  std::string put(T value) {
    query_.values_.emplace_back(std::move(value));
    return fmt::format("${}", query_.values_.size() + 1);  // $1 is the account.
  }
  template <class T>
  std::string put_list(const std::vector<T>& values) {
    std::string list;
    for (const T& value : values) list += (list.empty() ? "" : ", ") + put(value);
    return list;
  }
  Time days_ago(std::int64_t days) const { return now_ + -days * microseconds_per_day; }

  std::string leaf(const ConditionLeaf& leaf);
  std::string text_test(const ConditionLeaf& leaf, const std::string& text);
  std::string number_test(const ConditionLeaf& leaf, const std::string& number);
  std::string moment_test(const ConditionLeaf& leaf, const std::string& moment);
  std::string day_test(const ConditionLeaf& leaf, const std::string& text);
  std::string count_test(const ConditionLeaf& leaf, const std::string& rows);
  std::string attribute(const ConditionLeaf& leaf);
  std::string attribute_test(const ConditionLeaf& leaf, const std::string& name);
  std::string activities(const ConditionLeaf& leaf);
  std::string vouchers(const ConditionLeaf& leaf);
  std::string visits(const ConditionLeaf& leaf);
  std::string bucket(const ConditionLeaf& leaf);
  std::string member(std::string_view column) {
    needs_member_ = true;
    return fmt::format("m.{}", column);
  }

  ContactQuery& query_;
  Time now_;
  bool needs_member_ = false;
  bool needs_balance_ = false;
};

namespace {

// What is cheap is asked first: what stands in the contact's row, in a row of its own, in JSON,
// what must be counted.
constexpr std::string_view lead_score_of =
    "(SELECT s.score FROM lead_score s WHERE s.account_id = $1 AND s.id = c.id)";
constexpr std::string_view lead_temperature_of =
    "(SELECT s.temperature FROM lead_score s WHERE s.account_id = $1 AND s.id = c.id)";

constexpr int cost_max = 4;

int cost_of(const Condition& condition) {
  using enum ConditionField;
  if (condition.kind != Condition::Kind::leaf) {
    int cost = 0;
    for (const Condition& part : condition.parts) cost = std::max(cost, cost_of(part));
    return cost;
  }
  switch (condition.leaf.field) {
    case email:
    case email_domain:
    case created_at:
    case updated_at:
    case anonymous:
    case channel:
    case random:
      return 0;
    case balance:
    case tier:
    case transactions:
    case received_credits:
    case first_transaction_at:
    case last_transaction_at:
      return 1;
    case attribute:
      return 2;
    case subscription:
    case segment:
    case shop:
    case lead_score:
    case lead_temperature:
      return 3;
    default:
      return cost_max;
  }
}

}  // namespace

std::string QueryWriter::joins() const {
  std::string text;
  if (needs_member_) text += " LEFT JOIN member m ON m.account_id = $1 AND m.id = c.id";
  if (needs_balance_) text += " LEFT JOIN ledger_account l ON l.account_id = $1 AND l.id = c.id";
  return text;
}

std::string QueryWriter::write(const Condition& condition) {
  if (condition.kind == Condition::Kind::leaf) {
    return fmt::format("{}coalesce({}, FALSE)", condition.leaf.negated ? "NOT " : "",
                       leaf(condition.leaf));
  }
  if (condition.kind == Condition::Kind::negation) {
    return fmt::format("NOT ({})", write(condition.parts.front()));
  }
  std::vector<const Condition*> parts;
  for (const Condition& part : condition.parts) parts.push_back(&part);
  std::vector<const Condition*> sorted;
  for (int cost = 0; cost <= cost_max; cost++) {
    for (const Condition* part : parts) {
      if (cost_of(*part) == cost) sorted.push_back(part);
    }
  }
  std::string text;
  for (const Condition* part : sorted) {
    if (!text.empty()) text += condition.kind == Condition::Kind::all ? " AND " : " OR ";
    text += fmt::format("({})", write(*part));
  }
  return text;
}

std::string QueryWriter::leaf(const ConditionLeaf& leaf) {
  switch (leaf.field) {
    case Field::email:
      return text_test(leaf, "c.email");
    case Field::email_domain:
      return text_test(leaf, std::string(either("substr(c.email, instr(c.email, '@') + 1)",
                                                "substr(c.email, strpos(c.email, '@') + 1)")));
    case Field::created_at:
      return moment_test(leaf, "c.created_at");
    case Field::updated_at:
      return moment_test(leaf, "c.updated_at");
    case Field::first_transaction_at:
      return moment_test(leaf, fmt::format("nullif({}, 0)", member("first_at")));
    case Field::last_transaction_at:
      return moment_test(leaf, fmt::format("nullif({}, 0)", member("last_at")));
    case Field::anonymous:
      if (leaf.test == is_set) return "TRUE";
      return fmt::format("c.is_anonymous = {}", leaf.flag ? 1 : 0);
    case Field::channel:
      return text_test(leaf, "c.channel");
    case Field::balance:
      needs_balance_ = true;
      return number_test(leaf, "l.balance");
    case Field::transactions:
      return number_test(leaf, member("transactions"));
    case Field::received_credits:
      return number_test(leaf, member("received"));
    case Field::tier: {
      std::string tier = member("tier_id");
      if (leaf.test == is_set) return fmt::format("{} <> 0", tier);
      return fmt::format("{} IN ({})", tier, put_list(leaf.ids));
    }
    case Field::subscription: {
      std::string type = put(leaf.subscription_type_id);
      std::string unsaid = put(std::string(word_of(leaf.unsaid)));
      return text_test(leaf, fmt::format("coalesce((SELECT s.status FROM subscription s WHERE "
                                         "s.account_id = $1 AND s.contact_id = c.id AND "
                                         "s.subscription_type_id = {}), {})",
                                         type, unsaid));
    }
    case Field::segment:
      return fmt::format(
          "EXISTS (SELECT 1 FROM segment_member g WHERE g.account_id = $1 AND g.segment_id IN ({}) "
          "AND g.contact_id = c.id)",
          put_list(leaf.ids));
    case Field::shop: {
      std::string which =
          leaf.test == is_set ? "" : fmt::format(" AND s.shop_id IN ({})", put_list(leaf.ids));
      return fmt::format(
          "EXISTS (SELECT 1 FROM member_shop s WHERE s.account_id = $1 AND "
          "s.contact_id = c.id{})",
          which);
    }
    case Field::activity:
      return count_test(leaf, activities(leaf));
    case Field::vouchers:
      return count_test(leaf, vouchers(leaf));
    case Field::visits:
      return count_test(leaf, visits(leaf));
    case Field::random:
      return number_test(leaf, bucket(leaf));
    case Field::lead_score:
      return number_test(leaf, std::string(lead_score_of));
    case Field::lead_temperature:
      return text_test(leaf, std::string(lead_temperature_of));
    case Field::attribute:
      return attribute(leaf);
  }
  return "FALSE";
}

// Lower case of ASCII alone, whatever the store's language.
std::string QueryWriter::text_test(const ConditionLeaf& leaf, const std::string& text) {
  if (leaf.test == is_set) return fmt::format("{} <> ''", text);
  if (leaf.family == Family::choice) {
    return fmt::format("{} IN ({})", text, put_list(leaf.texts));
  }
  std::string lower =
      fmt::format(fmt::runtime(either("lower({})", "lower({} COLLATE \"C\")")), text);
  if (leaf.test == contains) {
    return fmt::format("{}({}, {}) > 0", either("instr", "strpos"), lower, put(leaf.texts[0]));
  }
  if (leaf.test == begins_with) {
    std::string begin = put(leaf.texts[0]);
    return fmt::format("substr({}, 1, length({})) = {}", lower, begin, begin);
  }
  return fmt::format("{} IN ({})", lower, put_list(leaf.texts));
}

std::string QueryWriter::number_test(const ConditionLeaf& leaf, const std::string& number) {
  if (leaf.test == is_set) return fmt::format("{} IS NOT NULL", number);
  std::string first = put(leaf.numbers[0]);
  if (leaf.test == between) {
    return fmt::format("{} BETWEEN {} AND {}", number, first, put(leaf.numbers[1]));
  }
  std::string_view sign = leaf.test == more_than   ? ">"
                          : leaf.test == at_least  ? ">="
                          : leaf.test == less_than ? "<"
                          : leaf.test == at_most   ? "<="
                                                   : "=";
  return fmt::format("{} {} {}", number, sign, first);
}

std::string QueryWriter::moment_test(const ConditionLeaf& leaf, const std::string& moment) {
  if (leaf.test == is_set) return fmt::format("{} IS NOT NULL", moment);
  if (leaf.test == within_days) {
    std::string since = put(days_ago(*leaf.days).microseconds);
    return fmt::format("{} BETWEEN {} AND {}", moment, since, put(now_.microseconds));
  }
  return fmt::format("{} {} {}", moment,
                     leaf.test == before ? "<" : ">=", put(leaf.time->microseconds));
}

// Dates are stored as text that is in the order of time.
std::string QueryWriter::day_test(const ConditionLeaf& leaf, const std::string& text) {
  if (leaf.test == is_set) return fmt::format("{} <> ''", text);
  auto day = [&](Time time) {
    return put(to_atom(time).substr(0, leaf.family == Family::day ? 10 : std::string::npos));
  };
  std::string ordered =
      fmt::format(fmt::runtime(either("nullif({}, '')", "nullif({}, '') COLLATE \"C\"")), text);
  if (leaf.test == within_days) {
    std::string since = day(days_ago(*leaf.days));
    return fmt::format("{} BETWEEN {} AND {}", ordered, since, day(now_));
  }
  return fmt::format("{} {} {}", ordered, leaf.test == before ? "<" : ">=", day(*leaf.time));
}

// Whether there is one at all is known without counting.
std::string QueryWriter::count_test(const ConditionLeaf& leaf, const std::string& rows) {
  double number = leaf.numbers[0];
  bool any = (leaf.test == at_least && number == 1) || (leaf.test == more_than && number == 0);
  bool none = (leaf.test == equals || leaf.test == at_most) && number == 0;
  if (any || none) return fmt::format("{}EXISTS (SELECT 1 {})", none ? "NOT " : "", rows);
  return number_test(leaf, fmt::format("(SELECT count(*) {})", rows));
}

std::string QueryWriter::activities(const ConditionLeaf& leaf) {
  std::string rows = fmt::format(
      "FROM activity a WHERE a.account_id = $1 AND a.contact_id = c.id AND a.kind IN ({})",
      put_list(leaf.kinds));
  if (leaf.days) {
    rows += fmt::format(" AND a.created_at >= {}", put(days_ago(*leaf.days).microseconds));
  }
  if (leaf.source) rows += fmt::format(" AND a.source = {}", put(*leaf.source));
  return rows;
}

std::string QueryWriter::vouchers(const ConditionLeaf& leaf) {
  std::string rows = "FROM voucher v WHERE v.account_id = $1 AND v.contact_id = c.id";
  if (leaf.promotion_id) rows += fmt::format(" AND v.promotion_id = {}", put(*leaf.promotion_id));
  if (leaf.vouchers == VoucherCondition::redeemed) rows += " AND v.times_redeemed > 0";
  if (leaf.vouchers == VoucherCondition::redeemable) {
    std::string now = put(now_.microseconds);
    rows += fmt::format(
        " AND v.deactivated = 0 AND v.times_redeemed < v.total_redemptions_allowed"
        " AND coalesce(v.activation_date, {0}) <= {0}"
        " AND (v.expiration_date IS NULL OR v.expiration_date > {0})",
        now);
  }
  return rows;
}

std::string QueryWriter::visits(const ConditionLeaf& leaf) {
  std::string rows =
      "FROM booking b WHERE b.account_id = $1 AND b.contact_id = c.id AND b.checked_in_at IS NOT "
      "NULL";
  if (leaf.days) {
    rows += fmt::format(" AND b.checked_in_at >= {}", put(days_ago(*leaf.days).microseconds));
  }
  return rows;
}

// The cube of a line through the ids. See random_modulus.
std::string QueryWriter::bucket(const ConditionLeaf& leaf) {
  std::string line = fmt::format("((c.id % {0} * {1} + {2}) % {0})", random_modulus,
                                 put(leaf.factor), put(leaf.addend));
  return fmt::format("({1} * {1} % {0} * {1} % {0} * 100 / {0})", random_modulus, line);
}

std::string QueryWriter::attribute(const ConditionLeaf& leaf) {
  // A name is letters, digits, _ and -, so that nothing in it means anything in a path.
  bool sqlite = query_.dialect_ == Dialect::sqlite;
  return attribute_test(leaf,
                        put(sqlite ? fmt::format("$.\"{}\"", leaf.attribute) : leaf.attribute));
}

std::string QueryWriter::attribute_test(const ConditionLeaf& leaf, const std::string& name) {
  auto filled = [&](std::string_view sqlite, std::string_view postgres) {
    return fmt::format(fmt::runtime(either(sqlite, postgres)), name);
  };
  std::string text =
      filled("json_extract(c.attributes, {})", "(CAST(c.attributes AS jsonb) ->> {})");
  std::string type =
      filled("json_type(c.attributes, {})", "jsonb_typeof(CAST(c.attributes AS jsonb) -> {})");
  switch (leaf.family) {
    case Family::number:
      return number_test(
          leaf, fmt::format(fmt::runtime(either(
                                "CASE WHEN {} IN ('integer', 'real') THEN {} END",
                                "CASE WHEN {} = 'number' THEN CAST({} AS double precision) END")),
                            type, text));
    case Family::flag:
      if (leaf.test == is_set) {
        return fmt::format("{} {}", type, either("IN ('true', 'false')", "= 'boolean'"));
      }
      if (query_.dialect_ == Dialect::sqlite) {
        return fmt::format("{} = '{}'", type, leaf.flag ? "true" : "false");
      }
      return fmt::format("{} = 'boolean' AND {} = '{}'", type, text, leaf.flag ? "true" : "false");
    case Family::several: {
      if (leaf.test == is_set) return fmt::format("{} = 'array'", type);
      std::string list = put_list(leaf.texts);
      if (query_.dialect_ == Dialect::postgres) {
        return fmt::format("jsonb_exists_any(CAST(c.attributes AS jsonb) -> {}, ARRAY[{}])", name,
                           list);
      }
      return fmt::format(
          "EXISTS (SELECT 1 FROM json_each(c.attributes, {}) e WHERE e.value IN ({}))", name, list);
    }
    case Family::day:
    case Family::instant:
      return day_test(leaf, text);
    default:
      return text_test(leaf, text);
  }
}

ContactQuery::ContactQuery(const Condition& condition, Dialect dialect, Time now)
    : dialect_(dialect) {
  QueryWriter writer(*this, now);
  where_ = writer.write(condition);
  joins_ = writer.joins();
}

// SQLite would look for the account in an index of all contacts and find each of them there; the
// sign in front of its name keeps it to the table, which is in the order of the ids.
std::string ContactQuery::text() const {
  return fmt::format(
      "SELECT c.id FROM contact c{} WHERE {}c.account_id = $1 AND c.status <> 'DELETED' AND ({})",
      joins_, dialect_ == Dialect::sqlite ? "+" : "", where_);
}

std::vector<Parameter> ContactQuery::parameters() const {
  std::vector<Parameter> parameters;
  for (const auto& value : values_) {
    std::visit([&](const auto& typed) { parameters.emplace_back(typed); }, value);
  }
  return parameters;
}

Result<std::vector<std::int64_t>> ContactQuery::between(Transaction& transaction,
                                                        std::int64_t after,
                                                        std::int64_t until) const {
  std::vector<Parameter> values = parameters();
  values.insert(values.end(), {after, until});
  return transaction.all<std::int64_t>(
      fmt::format("{} AND c.id > ${} AND c.id <= ${} ORDER BY c.id", text(), values.size(),
                  values.size() + 1),
      values);
}

Result<bool> ContactQuery::holds(Transaction& transaction, std::int64_t contact_id) const {
  std::vector<Parameter> values = parameters();
  values.emplace_back(contact_id);
  std::string sql = fmt::format("{} AND c.id = ${}", text(), values.size() + 1);
  return !TRY(transaction.all<std::int64_t>(sql, values)).empty();
}

}  // namespace piggy
