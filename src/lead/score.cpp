#include "lead/score.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "activity/activity.h"
#include "base/lower_case.h"
#include "contact/system_attribute.h"
#include "lead/address.h"
#include "ledger/ledger.h"

namespace piggy {

struct Scorer::Facts {
  const ContactRecord& contact;
  MemberRow member = {};
  std::int64_t balance = 0;
  std::vector<std::int64_t> shops = {};
  std::vector<ActivityRow> activities = {};
};

// Of a score: what was counted, in hundredths, with its reasons.
struct Scorer::Half {
  std::int64_t hundredths = 0;
  std::vector<LeadContribution> contributions = {};

  void add(std::int64_t more, LeadContribution contribution) {
    if (more == 0) return;
    contribution.points = static_cast<double>(more) / 100;
    hundredths += more;
    contributions.push_back(std::move(contribution));
  }
  // Brings it between the two, and says so.
  void limit(std::int64_t least, std::int64_t most, LeadContribution contribution) {
    add(std::clamp(hundredths, least, most) - hundredths, std::move(contribution));
  }
};

namespace {

constexpr std::int64_t half_hundredths = half_max * 100;

bool is_set(const Value& value) {
  if (const auto* text = value.text()) return !text->empty();
  if (const auto* items = value.items()) return !items->empty();
  return !value.is_null();
}

// As text that can be compared; "" for what has none.
std::string text_in(const Value& value) {
  if (const auto* text = value.text()) return lower_case(*text);
  if (const auto* integer = value.integer()) return std::to_string(*integer);
  if (const auto* number = value.number()) return fmt::format("{}", *number);
  if (const auto* boolean = value.boolean()) return *boolean ? "true" : "false";
  return "";
}

std::optional<double> number_in(const Value& value) {
  if (const auto* integer = value.integer()) return static_cast<double>(*integer);
  if (const auto* number = value.number()) return *number;
  const auto* text = value.text();
  if (!text) return std::nullopt;
  double number = 0;
  auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
  bool whole = problem == std::errc() && end == text->data() + text->size();
  return whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

bool is_one_of(const Value& value, const std::vector<std::string>& wanted, FitTest test) {
  if (const auto* items = value.items()) {
    return std::ranges::any_of(
        *items, [&](const Value& item) { return !item.items() && is_one_of(item, wanted, test); });
  }
  std::string text = text_in(value);
  return std::ranges::any_of(wanted, [&](const std::string& one) {
    if (one.empty()) return false;
    std::string lower = lower_case(one);
    return test == FitTest::equals ? text == lower : text.find(lower) != std::string::npos;
  });
}

bool is_of_kind(LeadActivity wanted, ActivityKind kind) { return word_of(wanted) == word_of(kind); }

// What is left of points after a while.
std::int64_t decayed(const EngagementRule& rule, std::int64_t age_microseconds) {
  double half_lives = static_cast<double>(age_microseconds) /
                      (rule.half_life_days * static_cast<double>(microseconds_per_day));
  return std::llround(static_cast<double>(rule.points) * 100 * std::exp2(-half_lives));
}

// The last purchase that was before then, as far as the standing tells.
std::optional<Time> purchase_before(const MemberRow& member, Time at) {
  for (Time purchase : {member.last_at, member.first_at}) {
    if (purchase != Time{} && purchase <= at) return purchase;
  }
  return std::nullopt;
}

char letter_of(std::int64_t hundredths, const LeadThresholds& limits, const char* letters) {
  if (hundredths >= limits.cell_high * 100) return letters[0];
  return hundredths >= limits.cell_middle * 100 ? letters[1] : letters[2];
}

}  // namespace

Result<Scorer> Scorer::of(Transaction& transaction) {
  Scorer scorer;
  scorer.model_ = TRY(lead_model(transaction));
  if (scorer.asks_for("tier")) scorer.sheet_.tiers = TRY(all_tiers(transaction));
  if (scorer.asks_for("loyalty_associated_shops")) {
    scorer.sheet_.shops = TRY(all_shops(transaction));
  }
  return scorer;
}

bool Scorer::asks_for(std::string_view attribute) const {
  return std::ranges::any_of(model_.model.fit_rules,
                             [&](const FitRule& rule) { return rule.attribute == attribute; });
}

Result<Scorer::Facts> Scorer::facts_of(Transaction& transaction, const ContactRecord& contact,
                                       Time at) const {
  Facts facts{.contact = contact};
  if (MemberRow* member = TRY(member_of(transaction, contact.id))) facts.member = *member;
  if (asks_for("loyalty_balance")) facts.balance = TRY(balance_of(transaction, contact.id));
  if (asks_for("loyalty_associated_shops")) {
    facts.shops = TRY(shops_of_member(transaction, contact.id));
  }
  facts.activities = TRY(activities_of(transaction, contact.id, {.until = at}));
  return facts;
}

Value Scorer::attribute_of(const Facts& facts, const std::string& name) const {
  if (name == "tier") {  // By the name that people know, not by its number.
    auto tier = std::ranges::find(sheet_.tiers, facts.member.tier_id, &TierRow::id);
    return tier == sheet_.tiers.end() ? Value() : Value(tier->name);
  }
  const SystemAttribute* system = system_attribute(name);
  if (system && system->compute) {
    return system->compute({.record = facts.contact,
                            .member = facts.member,
                            .balance = facts.balance,
                            .sheet = sheet_,
                            .shops = facts.shops});
  }
  const Value* stored = facts.contact.attributes.find(name);
  return stored ? *stored : Value();
}

bool Scorer::fits(const Facts& facts, const FitRule& rule) const {
  const std::string& address = facts.contact.email;
  static const std::vector<std::string> none;
  const std::vector<std::string>& values = rule.values ? *rule.values : none;
  switch (rule.test) {
    case FitTest::role_account:
      return is_role_address(address);
    case FitTest::disposable:
      return is_disposable_address(address);
    case FitTest::company_address:
      return is_company_address(address);
    case FitTest::domain:
      return std::ranges::any_of(values, [&](const std::string& domain) {
        return is_of_domain(domain_of_address(address), lower_case(domain));
      });
    default:
      break;
  }
  Value value = attribute_of(facts, rule.attribute.value_or(""));
  if (rule.test == FitTest::is_set) return is_set(value);
  if (rule.test == FitTest::equals || rule.test == FitTest::contains) {
    return is_one_of(value, values, rule.test);
  }
  std::optional<double> number = number_in(value);
  if (!number || !rule.number) return false;
  return rule.test == FitTest::at_least ? *number >= *rule.number : *number <= *rule.number;
}

Scorer::Half Scorer::fit_of(const Facts& facts) const {
  Half fit;
  for (const FitRule& rule : model_.model.fit_rules) {
    if (fits(facts, rule)) fit.add(rule.points * 100, {.words = rule.words});
  }
  fit.limit(std::numeric_limits<std::int64_t>::min(), half_hundredths,
            {.words = fmt::format("Fit gives {} at most", half_max)});
  return fit;
}

Scorer::Half Scorer::engagement_of(const Facts& facts, Time at) const {
  Half engagement;
  for (const EngagementGroup& group : model_.model.groups) {
    Half sum;
    for (const EngagementRule& rule : model_.model.engagement_rules) {
      if (rule.group != group.name) continue;
      std::int64_t hundredths = 0;
      LeadContribution counted{.words = rule.words, .group = group.name, .times = 0};
      auto count = [&](Time when) {
        hundredths += decayed(rule, at - when);
        counted.times++;
        if (!counted.last_at || *counted.last_at < when) counted.last_at = when;
      };
      if (rule.activity == LeadActivity::purchase) {
        if (auto purchase = purchase_before(facts.member, at)) count(*purchase);
      }
      for (const ActivityRow& activity : facts.activities) {
        if (!is_of_kind(rule.activity, activity.kind)) continue;
        if (!rule.source || activity.source == rule.source) count(activity.created_at);
      }
      sum.add(hundredths, std::move(counted));
    }
    sum.limit(-group.points_max * 100, group.points_max * 100,
              {.words = fmt::format("The group {} counts {} at most", group.name, group.points_max),
               .group = group.name});
    engagement.hundredths += sum.hundredths;
    std::ranges::move(sum.contributions, std::back_inserter(engagement.contributions));
  }
  return engagement;
}

Result<LeadScore> Scorer::score(Transaction& transaction, const ContactRecord& contact,
                                Time at) const {
  Facts facts = TRY(facts_of(transaction, contact, at));
  Half fit = fit_of(facts);
  Half engagement = engagement_of(facts, at);
  // What speaks against somebody takes from engagement what fit does not have.
  if (fit.hundredths < 0) {
    engagement.hundredths += fit.hundredths;
    fit.hundredths = 0;
  }
  engagement.limit(
      0, half_hundredths,
      {.words = engagement.hundredths < 0 ? std::string("Nobody has less than nothing")
                                          : fmt::format("Engagement gives {} at most", half_max)});
  const LeadThresholds& limits = model_.model.thresholds;
  LeadScore score{.score = (fit.hundredths + engagement.hundredths + 50) / 100,
                  .cell = {letter_of(fit.hundredths, limits, "ABC"),
                           letter_of(engagement.hundredths, limits, "123")},
                  .fit_hundredths = fit.hundredths,
                  .engagement_hundredths = engagement.hundredths,
                  .version = model_.version,
                  .at = at,
                  .contributions = std::move(fit.contributions)};
  std::ranges::move(engagement.contributions, std::back_inserter(score.contributions));
  if (score.score >= limits.warm) score.temperature = LeadTemperature::warm;
  if (score.score >= limits.hot) score.temperature = LeadTemperature::hot;
  return score;
}

Result<LeadScore> Scorer::score(Transaction& transaction, std::int64_t contact_id, Time at) const {
  return score(transaction, TRY(contact_record(transaction, contact_id)), at);
}

void LeadContribution::describe(Fields<LeadContribution>& field) {
  field("words", &LeadContribution::words, "The rule, in its own words.");
  field("group", &LeadContribution::group, "The group of engagement; null for fit.");
  field("points", &LeadContribution::points, "What it gave, or took when negative, by now.");
  field("times", &LeadContribution::times, "How often it happened.");
  field("last_at", &LeadContribution::last_at, "When it last happened; null for fit.");
}

}  // namespace piggy
