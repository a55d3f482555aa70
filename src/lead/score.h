#pragma once

// How warm a contact is at a moment, and why. A score is counted in whole hundredths of a point, so
// that the same contact, model and moment always give the same, and the contributions add up to it.

#include <string>
#include <vector>

#include "contact/contact.h"
#include "contact/contact_view.h"
#include "lead/model.h"

namespace piggy {

struct LeadContribution {
  std::string words = {};  // The rule's.
  std::optional<std::string> group = {};
  double points = 0;
  std::int64_t times = 1;
  std::optional<Time> last_at = {};

  static void describe(Fields<LeadContribution>& field);
};

struct LeadScore {
  std::int64_t score = 0;  // 0 to 100.
  std::string cell = {};   // A1 to C3.
  LeadTemperature temperature = LeadTemperature::nurture;
  std::int64_t fit_hundredths = 0;
  std::int64_t engagement_hundredths = 0;
  std::int64_t version = 1;
  Time at = {};
  // All that fit counted, then all that engagement counted; what limits took away stands there as
  // well.
  std::vector<LeadContribution> contributions = {};
};

// By the newest model of the account.
class Scorer {
 public:
  static Result<Scorer> of(Transaction& transaction);

  // What happened until then counts, and counts as old as it is then. What stands in the contact
  // itself (attributes, the number of purchases) has no history: it is that of now.
  Result<LeadScore> score(Transaction& transaction, const ContactRecord& contact, Time at) const;
  Result<LeadScore> score(Transaction& transaction, std::int64_t contact_id, Time at) const;

  const LeadModelVersion& model() const { return model_; }

 private:
  struct Facts;
  struct Half;

  Result<Facts> facts_of(Transaction& transaction, const ContactRecord& contact, Time at) const;
  Value attribute_of(const Facts& facts, const std::string& name) const;
  bool fits(const Facts& facts, const FitRule& rule) const;
  Half fit_of(const Facts& facts) const;
  Half engagement_of(const Facts& facts, Time at) const;
  bool asks_for(std::string_view attribute) const;

  LeadModelVersion model_ = {};
  ContactSheet sheet_ = {};  // What attributes of this model are computed from.
};

}  // namespace piggy
