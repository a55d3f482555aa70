#pragma once

// The newest score of each contact as it was last counted. It is counted again when something
// happens to the contact, and once a day for everybody, for scores go down by themselves. What is
// counted stands beside the moment from which it is so.

#include <span>
#include <vector>

#include "event/follow.h"
#include "lead/score.h"
#include "operation/page.h"
#include "schedule/job.h"

namespace piggy {

struct LeadScoreRow {
  std::int64_t contact_id = 0;
  std::int64_t score = 0;
  std::int64_t fit_hundredths = 0;
  std::int64_t engagement_hundredths = 0;
  std::string cell = {};
  LeadTemperature temperature = LeadTemperature::nurture;
  std::int64_t version = 0;
  Time scored_at = {};
};

Result<std::optional<LeadScoreRow>> lead_score_of(Transaction& transaction,
                                                  std::int64_t contact_id);
// The highest first. Fills the total of `page`.
Result<std::vector<LeadScoreRow>> lead_scores(Transaction& transaction,
                                              std::optional<LeadTemperature> temperature,
                                              Page& page);

// The event that tells of another cell or temperature; its subject is the contact. Who has never
// been scored counts as C3.
inline constexpr std::string_view lead_score_changed_event = "lead_score_changed";

// Scores again whom events are about.
void add_lead_follower(Followers& followers);

// Scores everybody of the account again, from now on in small lots, and then once a day.
Result<> start_lead_walk(Transaction& transaction);
void add_lead_jobs(Scheduler& scheduler);

// When two contacts become one (who is left is scored again by the event of it), and when one is
// forgotten.
Result<> move_lead_scores(Transaction& transaction, const ContactRow& source,
                          const ContactRow& destination);
Result<> forget_lead_score(Transaction& transaction, const ContactRow& contact);

}  // namespace piggy
