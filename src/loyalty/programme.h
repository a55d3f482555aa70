#pragma once

// The loyalty programme of an account: its limits, its units, its earning rules, its tiers;
// together the configuration that every credit reception is judged by.

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "loyalty/amount.h"
#include "tier/tier.h"

namespace piggy {

struct ProgrammeRow {
  std::int64_t id = 0;
  std::string name = {};
  std::int64_t max_amount = 0;  // The most credits one reception may give or take.
  std::string custom_credit_name = {};
  bool allows_negative = true;  // Whether a balance may fall below zero.
};

// What a value is counted in: purchase_amount, visits, ...
struct UnitRow {
  std::int64_t id = 0;
  std::string name = {};
  std::string label = {};
  std::string prefix = {};
  bool is_default = false;
};

struct EarningRuleRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string name = {};
  std::int64_t unit_id = 0;
  std::optional<std::int64_t> shop_id = {};  // None: every shop.
  std::optional<std::int64_t> tier_id = {};  // None: every contact.
  double credits_per_unit = 0;
  double minimum_value = 0;
  Rounding rounding = Rounding::down;
  std::optional<Time> starts_at = {};
  std::optional<Time> ends_at = {};
  bool active = true;
};

struct Configuration {
  ProgrammeRow programme = {};
  std::vector<UnitRow> units = {};
  std::vector<EarningRuleRow> rules = {};
  std::vector<TierRow> tiers = {};           // Lowest first.
  std::vector<std::string> attributes = {};  // Names of loyalty transaction attributes.
  std::string time_zone = {};                // Of the account: what a day is.

  const UnitRow* unit_by_id(std::int64_t id) const;
  const TierRow* tier_by_id(std::int64_t id) const;
};

// 60007 for an unknown name, 55046 when no name is given and there is no default.
Result<const UnitRow*> unit_of(const Configuration& configuration,
                               const std::optional<std::string>& name);

// Reads it from the store. 1103 when the account has no programme.
Result<Configuration> load_configuration(Transaction& transaction);

// Keeps the configurations of the accounts in play in memory, so that a reception does not read
// five tables. Valid by `rule_stamp`, which every change of a configuration sets anew in its own
// transaction; a reading transaction always reads. Any thread; outlives the operations given it.
class Configurations {
 public:
  Result<std::shared_ptr<const Configuration>> of(Transaction& transaction);

 private:
  struct Kept {
    std::int64_t stamp = 0;
    std::shared_ptr<const Configuration> configuration = {};
  };
  static constexpr std::size_t kept_max = 10'000;

  std::mutex mutex_;
  std::unordered_map<std::int64_t, Kept> kept_;
};

// What a new account gets: the programme, the unit purchase_amount, and a rule that gives one
// credit for each whole 1.00.
Result<> open_programme(Transaction& transaction, std::string_view name);

// Functions over the tables, for the operations of this module.
Result<> update_programme(Transaction& transaction, const ProgrammeRow& programme);
Result<UnitRow> add_unit(Transaction& transaction, UnitRow unit);
Result<EarningRuleRow> add_rule(Transaction& transaction, EarningRuleRow rule);
Result<> update_rule(Transaction& transaction, const EarningRuleRow& rule);

}  // namespace piggy
