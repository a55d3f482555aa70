#pragma once

// The rules that an account scores its contacts by: data of the account, in versions that never
// change. Version 1 is the program's own, so that scores work before anybody set anything up.

#include <string>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "shape/shape.h"

namespace piggy {

// Half of a score is fit, half engagement.
inline constexpr std::int64_t half_max = 50;

BOOST_DEFINE_ENUM_CLASS(LeadTemperature, nurture, warm, hot)

// What a rule about who somebody is looks for. The first five look at an attribute, the others at
// the e-mail address.
BOOST_DEFINE_ENUM_CLASS(FitTest, is_set, equals, contains, at_least, at_most, domain, role_account,
                        disposable, company_address)

struct FitRule {
  std::string words = {};  // "Left a phone number": what a contribution is explained by.
  FitTest test = FitTest::is_set;
  std::optional<std::string> attribute = {};
  std::optional<std::vector<std::string>> values = {};  // One of them is enough.
  std::optional<double> number = {};
  std::int64_t points = 0;

  static void describe(Fields<FitRule>& field);
};

// Those of activity/ that say something of a contact, and what the ledger knows.
BOOST_DEFINE_ENUM_CLASS(LeadActivity, form_submitted, mail_opened, mail_clicked, mail_bounced,
                        mail_complained, unsubscribed, subscribed, voucher_redeemed, purchase)

struct EngagementRule {
  std::string words = {};
  LeadActivity activity = LeadActivity::form_submitted;
  std::optional<Uuid> source = {};  // Of this form, campaign, sequence or voucher alone.
  std::int64_t points = 0;          // When it has just happened.
  double half_life_days = 14;       // After so long it counts half.
  std::string group = {};

  static void describe(Fields<EngagementRule>& field);
};

// What its rules may give together, and take away together.
struct EngagementGroup {
  std::string name = {};
  std::int64_t points_max = 0;

  static void describe(Fields<EngagementGroup>& field);
};

struct LeadThresholds {
  std::int64_t warm = 30;  // From this score on.
  std::int64_t hot = 60;
  std::int64_t cell_middle = 17;  // From this fit on B, from this engagement on 2.
  std::int64_t cell_high = 34;    // A, 1.

  static void describe(Fields<LeadThresholds>& field);
};

struct LeadModel {
  std::vector<FitRule> fit_rules = {};
  std::vector<EngagementRule> engagement_rules = {};
  std::vector<EngagementGroup> groups = {};
  LeadThresholds thresholds = {};

  static void describe(Fields<LeadModel>& field);
};

struct LeadModelVersion {
  std::int64_t version = 1;
  std::optional<Time> created_at = {};  // Of version 1: none.
  LeadModel model = {};
};

LeadModel default_lead_model();

// The newest.
Result<LeadModelVersion> lead_model(Transaction& transaction);
// `not_found` for a version that there never was.
Result<LeadModelVersion> lead_model(Transaction& transaction, std::int64_t version);
// Adds a version; the same rules again make none.
Result<LeadModelVersion> put_lead_model(Transaction& transaction, LeadModel model);

// What is wrong with it beyond its fields: all of it. An attribute must be one that contacts have.
Result<std::vector<FieldError>> problems_of(Transaction& transaction, const LeadModel& model);

}  // namespace piggy
