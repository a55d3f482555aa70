#include "lead/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "contact/attribute.h"
#include "contact/system_attribute.h"
#include "lead/address.h"
#include "shape/read.h"

namespace piggy {
namespace {

constexpr std::string_view select_newest = R"sql(
  SELECT version, model, created_at FROM lead_model WHERE account_id = $1
  ORDER BY version DESC LIMIT 1
)sql";

constexpr std::string_view select_version = R"sql(
  SELECT version, model, created_at FROM lead_model WHERE account_id = $1 AND version = $2
)sql";

constexpr std::string_view insert_version = R"sql(
  INSERT INTO lead_model (account_id, version, model, created_at) VALUES ($1, $2, $3, $4)
)sql";

struct ModelRow {
  std::int64_t version = 0;
  Value model = {};
  Time created_at = {};
};

Result<LeadModelVersion> version_in(const ModelRow& row) {
  return LeadModelVersion{.version = row.version,
                          .created_at = row.created_at,
                          .model = TRY(read<LeadModel>(row.model, Reading::strict))};
}

constexpr std::size_t value_bytes_max = 200;

bool looks_at_attribute(FitTest test) { return test <= FitTest::at_most; }
bool compares_numbers(FitTest test) {
  return test == FitTest::at_least || test == FitTest::at_most;
}
bool compares_words(FitTest test) {
  return test == FitTest::equals || test == FitTest::contains || test == FitTest::domain;
}

void check_fit(const FitRule& rule, const std::string& path, bool attribute_known,
               std::vector<FieldError>& problems) {
  std::string_view test = word_of(rule.test);
  if (looks_at_attribute(rule.test) && !attribute_known) {
    problems.push_back({path + "/attribute",
                        rule.attribute
                            ? fmt::format("Contacts have no attribute {}.", *rule.attribute)
                            : fmt::format("A rule with the test {} needs an attribute.", test)});
  }
  if (compares_numbers(rule.test) && (!rule.number || !std::isfinite(*rule.number))) {
    problems.push_back(
        {path + "/number", fmt::format("A rule with the test {} needs a number.", test)});
  }
  if (compares_words(rule.test) && !rule.values) {
    problems.push_back(
        {path + "/values", fmt::format("A rule with the test {} needs values.", test)});
  }
}

void check_values(const FitRule& rule, const std::string& path, std::vector<FieldError>& problems) {
  for (std::size_t i = 0; rule.values && i < rule.values->size(); i++) {
    std::size_t length = (*rule.values)[i].size();
    if (length >= 1 && length <= value_bytes_max) continue;
    problems.push_back({fmt::format("{}/values/{}", path, i),
                        fmt::format("A value has 1 to {} characters.", value_bytes_max)});
  }
}

void check_engagement(const LeadModel& model, std::vector<FieldError>& problems) {
  for (std::size_t i = 0; i < model.groups.size(); i++) {
    for (std::size_t j = 0; j < i; j++) {
      if (model.groups[j].name != model.groups[i].name) continue;
      problems.push_back({fmt::format("/groups/{}/name", i), "Two groups have this name."});
      break;
    }
  }
  for (std::size_t i = 0; i < model.engagement_rules.size(); i++) {
    const EngagementRule& rule = model.engagement_rules[i];
    std::string path = fmt::format("/engagement_rules/{}", i);
    if (std::ranges::find(model.groups, rule.group, &EngagementGroup::name) == model.groups.end()) {
      problems.push_back({path + "/group", "There is no group of this name."});
    }
    if (!(rule.half_life_days >= 0.01 && rule.half_life_days <= 36'500)) {
      problems.push_back({path + "/half_life_days", "The half-life must be 0.01 to 36500 days."});
    }
    if (rule.source && rule.activity == LeadActivity::purchase) {
      problems.push_back({path + "/source", "A purchase has no source."});
    }
  }
}

void check_thresholds(const LeadThresholds& limits, std::vector<FieldError>& problems) {
  if (limits.hot <= limits.warm) {
    problems.push_back({"/thresholds/hot", "Hot must begin above warm."});
  }
  if (limits.cell_high <= limits.cell_middle) {
    problems.push_back(
        {"/thresholds/cell_high", "The high cells must begin above the middle ones."});
  }
}

}  // namespace

LeadModel default_lead_model() {
  auto set = [](std::string words, std::string attribute, std::int64_t points) {
    return FitRule{.words = std::move(words), .attribute = std::move(attribute), .points = points};
  };
  auto bought = [](std::string words, double times, std::int64_t points) {
    return FitRule{.words = std::move(words),
                   .test = FitTest::at_least,
                   .attribute = "loyalty_number_of_transactions",
                   .number = times,
                   .points = points};
  };
  auto did = [](std::string words, LeadActivity activity, std::int64_t points, double half_life,
                std::string group) {
    return EngagementRule{.words = std::move(words),
                          .activity = activity,
                          .points = points,
                          .half_life_days = half_life,
                          .group = std::move(group)};
  };
  using enum LeadActivity;
  return {
      .fit_rules = {set("Gave a first name", "firstname", 5),
                    set("Gave a last name", "lastname", 5),
                    set("Left a telephone number", "phonenumber", 10),
                    set("Left an address", "address", 5),
                    set("Gave a date of birth", "birthdate", 5),
                    {.words = "Writes from a company address",
                     .test = FitTest::company_address,
                     .points = 10},
                    bought("Has bought before", 1, 10),
                    bought("Has bought five times or more", 5, 10),
                    {.words = "A role account, not a person",
                     .test = FitTest::role_account,
                     .points = -15},
                    {.words = "A throwaway address", .test = FitTest::disposable, .points = -100},
                    {.words = "Works for a competitor",
                     .test = FitTest::domain,
                     .values = std::vector<std::string>(),
                     .points = -100}},
      .engagement_rules = {did("Sent in a form", form_submitted, 20, 14, "forms"),
                           did("Opened a mail", mail_opened, 2, 7, "mail"),
                           did("Clicked in a mail", mail_clicked, 6, 14, "mail"),
                           did("Subscribed", subscribed, 8, 30, "mail"),
                           did("Bought", purchase, 20, 30, "shop"),
                           did("Redeemed a voucher", voucher_redeemed, 15, 30, "shop"),
                           did("Unsubscribed", unsubscribed, -20, 60, "refusals"),
                           did("A mail came back", mail_bounced, -10, 90, "refusals"),
                           did("Complained of a mail", mail_complained, -50, 180, "refusals")},
      .groups = {{"forms", 30}, {"mail", 20}, {"shop", 30}, {"refusals", 50}},
      .thresholds = {}};
}

Result<LeadModelVersion> lead_model(Transaction& transaction) {
  auto row = TRY(transaction.first<ModelRow>(select_newest));
  if (!row) return LeadModelVersion{.model = default_lead_model()};
  return version_in(*row);
}

Result<LeadModelVersion> lead_model(Transaction& transaction, std::int64_t version) {
  auto row = TRY(transaction.first<ModelRow>(select_version, {version}));
  if (row) return version_in(*row);
  if (version == 1) return LeadModelVersion{.model = default_lead_model()};
  return fail(ErrorCode::not_found,
              fmt::format("There is no version {} of the lead model.", version));
}

Result<LeadModelVersion> put_lead_model(Transaction& transaction, LeadModel model) {
  LeadModelVersion before = TRY(lead_model(transaction));
  std::string text = to_json(model);
  if (text == to_json(before.model)) return before;
  LeadModelVersion made{
      .version = before.version + 1, .created_at = transaction.now(), .model = std::move(model)};
  TRY(transaction.run(insert_version, {made.version, text, transaction.now()}));
  return made;
}

Result<std::vector<FieldError>> problems_of(Transaction& transaction, const LeadModel& model) {
  std::vector<FieldError> problems;
  std::vector<AttributeDefinition> custom;
  bool asks = std::ranges::any_of(
      model.fit_rules, [](const FitRule& rule) { return looks_at_attribute(rule.test); });
  if (asks) custom = TRY(custom_attributes(transaction, AttributeEntity::contact));
  for (std::size_t i = 0; i < model.fit_rules.size(); i++) {
    const FitRule& rule = model.fit_rules[i];
    bool known = rule.attribute && (system_attribute(*rule.attribute) ||
                                    std::ranges::find(custom, *rule.attribute,
                                                      &AttributeDefinition::name) != custom.end());
    check_fit(rule, fmt::format("/fit_rules/{}", i), known, problems);
    check_values(rule, fmt::format("/fit_rules/{}", i), problems);
  }
  check_engagement(model, problems);
  check_thresholds(model.thresholds, problems);
  return problems;
}

// Descriptions ------------------------------------------------------------------------------------

void FitRule::describe(Fields<FitRule>& field) {
  field("words", &FitRule::words, "What it means, as people read it in a list of reasons.",
        {.min = 1, .max = 200});
  field(
      "test", &FitRule::test,
      "What it looks for. Of an attribute: is_set, equals or contains one of the values, at_least "
      "or at_most the number. Of the e-mail address: its domain is one of the values or below one, "
      "it is a role_account such as info@, it is disposable, it is a company_address.");
  field("attribute", &FitRule::attribute,
        "The attribute of the contact, by its name; see list_contact_attributes.", {.max = 64});
  field("values", &FitRule::values, "What it is compared with, without regard to case.",
        {.max = 200});
  field("number", &FitRule::number, "What it is compared with by at_least and at_most.");
  field("points", &FitRule::points,
        "What it gives, or takes when negative; what fit cannot lose goes off engagement.",
        {.min = -100, .max = half_max});
}

void EngagementRule::describe(Fields<EngagementRule>& field) {
  field("words", &EngagementRule::words, "What it means, as people read it in a list of reasons.",
        {.min = 1, .max = 200});
  field("activity", &EngagementRule::activity,
        "What the contact did. Each time counts, but of purchases the last one alone.");
  field("source", &EngagementRule::source, "Only with this form, campaign, sequence or voucher.");
  field("points", &EngagementRule::points,
        "What it gives when it has just happened, or takes when negative.",
        {.min = -100, .max = half_max});
  field("half_life_days", &EngagementRule::half_life_days,
        "After so many days it counts half, after twice as many a quarter.");
  field("group", &EngagementRule::group, "The group it counts in.", {.min = 1, .max = 64});
}

void EngagementGroup::describe(Fields<EngagementGroup>& field) {
  field("name", &EngagementGroup::name, "Its name.", {.min = 1, .max = 64});
  field("points_max", &EngagementGroup::points_max,
        "What its rules give together at most, and take together at most.", {.min = 0, .max = 100});
}

void LeadThresholds::describe(Fields<LeadThresholds>& field) {
  field("warm", &LeadThresholds::warm, "From this score on a contact is warm; below: nurture.",
        {.min = 1, .max = 100});
  field("hot", &LeadThresholds::hot, "From this score on a contact is hot.",
        {.min = 1, .max = 100});
  field("cell_middle", &LeadThresholds::cell_middle,
        "From this fit on the cell's letter is B, from this engagement on its digit is 2.",
        {.min = 1, .max = half_max});
  field("cell_high", &LeadThresholds::cell_high,
        "From this fit on the letter is A, from this engagement on the digit is 1.",
        {.min = 1, .max = half_max});
}

void LeadModel::describe(Fields<LeadModel>& field) {
  field("fit_rules", &LeadModel::fit_rules, "Who somebody is: 0 to 50 points that do not decay.",
        {.max = 100});
  field("engagement_rules", &LeadModel::engagement_rules,
        "What somebody did: 0 to 50 points that decay.", {.max = 100});
  field("groups", &LeadModel::groups, "What engagement rules count in, each with a most.",
        {.max = 50});
  field("thresholds", &LeadModel::thresholds, "Where warm, hot and the cells begin.");
}

}  // namespace piggy
