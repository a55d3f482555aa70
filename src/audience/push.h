#pragma once

// How a push goes on, step by step. Each step is a job of its own: it looks, acts at the other
// side, and writes down what came of it together with the job of the next step. Whoever crashes in
// between does that step again, which is as good as once; whoever comes too late finds the step
// made and writes nothing.

#include "audience/audience.h"
#include "audience/reach.h"
#include "connection/connection.h"
#include "schedule/job.h"

namespace piggy {

// More of a list than this coming and going at once waits for a person.
inline constexpr std::int64_t change_percent_max = 30;

inline constexpr std::string_view push_audience_kind = "push_audience";
inline constexpr std::string_view push_completed_event = "audience_push_completed";
inline constexpr std::string_view push_held_event = "audience_push_held";
inline constexpr std::string_view push_failed_event = "audience_push_failed";

// The job of a push's next step.
Result<> go_on(Transaction& transaction, const AudiencePushRow& push, std::int64_t pause_seconds);
Result<> push_audience(const JobRow& job, Database& database, Connections& connections);

// The event's `audience_push`; operations.h shows the same.
Result<Value> told(Transaction& transaction, const AudiencePushRow& push);

// Of addresses: each once, in lower case as they were pushed, sorted, a line each.
std::string digest_of_members(std::vector<AudienceMemberRow> members);

}  // namespace piggy
