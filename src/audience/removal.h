#pragma once

// Who may be on a list at all, and how those come off it who may not any more: at once, by a job of
// their own, before and beside all pushes.

#include <span>

#include "audience/audience.h"
#include "connection/connection.h"
#include "event/follow.h"
#include "schedule/job.h"

namespace piggy {

// A contact as it may be told to others: nothing for one that is deleted or joined to another.
Result<std::optional<ContactRow>> contact_to_tell(Transaction& transaction,
                                                  std::int64_t contact_id);
// Why a contact may not be on the target's list: "" when it may. With a purpose it must be
// subscribed to that. Without one it must not have said no to something and yes to nothing.
Result<std::string> why_withheld(Transaction& transaction, const AudienceTargetRow& target,
                                 const ContactRow& contact);

// From now on the address must come off the list, and will.
Result<> queue_removal(Transaction& transaction, std::int64_t target_id, std::string_view email);
// What of a contact must come off some list, because consent was taken back or its address changed.
void add_audience_follower(Followers& followers);
// When a contact is forgotten, and when it is joined to another: its address comes off all lists.
Result<> forget_audience_members(Transaction& transaction, const ContactRow& contact);
Result<> move_audience_members(Transaction& transaction, const ContactRow& source,
                               const ContactRow& destination);

inline constexpr std::string_view remove_from_audience_kind = "remove_from_audience";
// The job: some of what is queued for one target. As long as anything is, there is a job.
Result<> remove_from_audience(const JobRow& job, Database& database, Connections& connections);

}  // namespace piggy
