#include "loyalty/programme.h"

#include "access/access.h"
#include "operation/numbers.h"
#include "tier/rule_stamp.h"

namespace piggy {
namespace {

constexpr std::int64_t max_amount_default = 1'000'000;

constexpr std::string_view select_programme = R"sql(
  SELECT id, name, max_amount, custom_credit_name, allows_negative FROM program
  WHERE account_id = $1 ORDER BY id LIMIT 1
)sql";

constexpr std::string_view select_units = R"sql(
  SELECT id, name, label, prefix, is_default FROM unit WHERE account_id = $1 ORDER BY id
)sql";

constexpr std::string_view select_rules = R"sql(
  SELECT id, uuid, name, unit_id, shop_id, tier_id, credits_per_unit, minimum_value, rounding,
         starts_at, ends_at, active
  FROM earning_rule WHERE account_id = $1 ORDER BY id
)sql";

constexpr std::string_view select_attributes = R"sql(
  SELECT name FROM attribute WHERE account_id = $1 AND entity = 'loyalty_transaction'
  ORDER BY position, id
)sql";

constexpr std::string_view update_programme_sql = R"sql(
  UPDATE program SET name = $3, max_amount = $4, custom_credit_name = $5, allows_negative = $6
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view clear_default_unit = R"sql(
  UPDATE unit SET is_default = 0, updated_at = $2 WHERE account_id = $1 AND is_default = 1
)sql";

constexpr std::string_view update_rule_sql = R"sql(
  UPDATE earning_rule
  SET name = $3, unit_id = $4, shop_id = $5, tier_id = $6, credits_per_unit = $7,
      minimum_value = $8, rounding = $9, starts_at = $10, ends_at = $11, active = $12
  WHERE account_id = $1 AND id = $2
)sql";

constexpr AppendTable programme_table = {
    "program",
    "account_id bigint, id bigint, name text, max_amount bigint, custom_credit_name text, "
    "allows_negative bigint"};

constexpr AppendTable unit_table = {
    "unit",
    "account_id bigint, id bigint, name text, label text, prefix text, is_default bigint, "
    "created_at bigint, updated_at bigint"};

constexpr AppendTable rule_table = {
    "earning_rule",
    "account_id bigint, id bigint, uuid bytea, name text, unit_id bigint, shop_id bigint, "
    "tier_id bigint, credits_per_unit double precision, minimum_value double precision, "
    "rounding text, starts_at bigint, ends_at bigint, active bigint, created_at bigint"};

}  // namespace

const UnitRow* Configuration::unit_by_id(std::int64_t id) const {
  for (const UnitRow& unit : units) {
    if (unit.id == id) return &unit;
  }
  return nullptr;
}

const TierRow* Configuration::tier_by_id(std::int64_t id) const {
  for (const TierRow& tier : tiers) {
    if (tier.id == id) return &tier;
  }
  return nullptr;
}

Result<const UnitRow*> unit_of(const Configuration& configuration,
                               const std::optional<std::string>& name) {
  for (const UnitRow& unit : configuration.units) {
    if (name ? unit.name == *name : unit.is_default) return &unit;
  }
  if (!name) return refuse(ErrorCode::conflict, 55046, "No default unit found.");
  return refuse(ErrorCode::not_found, 60007, "Unit not found.");
}

Result<Configuration> load_configuration(Transaction& transaction) {
  auto programme = TRY(transaction.first<ProgrammeRow>(select_programme));
  if (!programme) return refuse(ErrorCode::not_found, 1103, "Loyalty Program not found.");
  return Configuration{.programme = *std::move(programme),
                       .units = TRY(transaction.all<UnitRow>(select_units)),
                       .rules = TRY(transaction.all<EarningRuleRow>(select_rules)),
                       .tiers = TRY(all_tiers(transaction)),
                       .attributes = TRY(transaction.all<std::string>(select_attributes)),
                       .time_zone = TRY(time_zone_of(transaction))};
}

Result<std::shared_ptr<const Configuration>> Configurations::of(Transaction& transaction) {
  if (!transaction.writes())
    return std::make_shared<const Configuration>(TRY(load_configuration(transaction)));
  std::int64_t stamp = TRY(rule_stamp(transaction));
  {
    std::lock_guard lock(mutex_);
    auto found = kept_.find(transaction.account());
    if (found != kept_.end() && found->second.stamp == stamp) return found->second.configuration;
  }
  auto configuration = std::make_shared<const Configuration>(TRY(load_configuration(transaction)));
  std::lock_guard lock(mutex_);
  if (kept_.size() >= kept_max) kept_.clear();
  kept_[transaction.account()] = {.stamp = stamp, .configuration = configuration};
  return configuration;
}

Result<> open_programme(Transaction& transaction, std::string_view name) {
  TRY(transaction.append(programme_table,
                         {transaction.next_id(), name, max_amount_default, "", true}));
  UnitRow unit = TRY(add_unit(
      transaction, {.name = "purchase_amount", .label = "Purchase Amount", .is_default = true}));
  TRY(add_rule(transaction,
               {.name = "1 credit for each 1.00", .unit_id = unit.id, .credits_per_unit = 1}));
  return {};
}

Result<> update_programme(Transaction& transaction, const ProgrammeRow& programme) {
  TRY(transaction.run(update_programme_sql,
                      {programme.id, programme.name, programme.max_amount,
                       programme.custom_credit_name, programme.allows_negative}));
  return stamp_rules(transaction);
}

Result<UnitRow> add_unit(Transaction& transaction, UnitRow unit) {
  if (unit.is_default) TRY(transaction.run(clear_default_unit, {transaction.now()}));
  unit.id = transaction.next_id();
  TRY(transaction.append(unit_table, {unit.id, unit.name, unit.label, unit.prefix, unit.is_default,
                                      transaction.now(), transaction.now()}));
  TRY(stamp_rules(transaction));
  return unit;
}

Result<EarningRuleRow> add_rule(Transaction& transaction, EarningRuleRow rule) {
  rule.id = transaction.next_id();
  rule.uuid = transaction.next_uuid();
  TRY(transaction.append(rule_table,
                         {rule.id, rule.uuid, rule.name, rule.unit_id, rule.shop_id, rule.tier_id,
                          rule.credits_per_unit, rule.minimum_value, rule.rounding, rule.starts_at,
                          rule.ends_at, rule.active, transaction.now()}));
  TRY(stamp_rules(transaction));
  return rule;
}

Result<> update_rule(Transaction& transaction, const EarningRuleRow& rule) {
  TRY(transaction.run(update_rule_sql, {rule.id, rule.name, rule.unit_id, rule.shop_id,
                                        rule.tier_id, rule.credits_per_unit, rule.minimum_value,
                                        rule.rounding, rule.starts_at, rule.ends_at, rule.active}));
  return stamp_rules(transaction);
}

}  // namespace piggy
